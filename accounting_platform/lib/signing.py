"""Signatures of the institutions' interface: Standard Webhooks, with HMAC-SM3 beside HMAC-SHA256."""

import base64
import binascii
import hmac
import re
import secrets as random_source
from collections.abc import Mapping, Sequence

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC

TOLERANCE_SECONDS = 300
MAX_SIGNATURES = 5
SECRET_PREFIX = "whsec_"

_MESSAGE_ID = re.compile(r"[\x21-\x7e]{1,128}")
_TIMESTAMP = re.compile(r"[0-9]{1,12}")


def _hmac_sha256(key: bytes, content: bytes) -> bytes:
    return hmac.digest(key, content, "sha256")


def _hmac_sm3(key: bytes, content: bytes) -> bytes:
    mac = HMAC(key, hashes.SM3())
    mac.update(content)
    return mac.finalize()


VERSIONS = {"v1": _hmac_sha256, "v1sm3": _hmac_sm3}


def new_secret() -> str:
    """A fresh institution secret: `whsec_` and the base64 of 32 random bytes."""
    return SECRET_PREFIX + base64.b64encode(random_source.token_bytes(32)).decode()


def sign(secret: str, message_id: str, timestamp: int, body: bytes, *, version: str = "v1") -> str:
    """One `webhook-signature` entry (`v1,…` or `v1sm3,…`) over `id.timestamp.body`; timestamp in Unix seconds."""
    content = b"%b.%d.%b" % (message_id.encode(), timestamp, body)
    digest = VERSIONS[version](_key(secret), content)
    return f"{version},{base64.b64encode(digest).decode()}"


def verify(secrets: Sequence[str], headers: Mapping[str, str], body: bytes, now: float) -> bool:
    """Whether any of the live secrets signed this body at most 300 s before or after `now` (Unix seconds).

    `headers` are found by lower-case name, as in `request.headers`; whatever is missing or malformed is False.
    """
    message_id = headers.get("webhook-id", "")
    timestamp = headers.get("webhook-timestamp", "")
    given = headers.get("webhook-signature", "").split(" ")
    if not (_MESSAGE_ID.fullmatch(message_id) and _TIMESTAMP.fullmatch(timestamp)):
        return False
    if abs(now - int(timestamp)) > TOLERANCE_SECONDS or len(given) > MAX_SIGNATURES:
        return False

    wanted = {entry.partition(",")[0] for entry in given} & VERSIONS.keys()
    matched = False
    for secret in secrets:
        for version in wanted:
            expected = sign(secret, message_id, int(timestamp), body, version=version).encode()
            for entry in given:
                # No early exit: the time taken must not tell which secret came close.
                matched |= hmac.compare_digest(expected, entry.encode("utf-8", "replace"))
    return matched


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error:
        raise ValueError("an institution secret is whsec_ and base64") from None
