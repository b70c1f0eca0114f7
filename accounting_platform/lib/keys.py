"""Secrets out of the environment or out of files, and the ring of sealing keys among them."""

import base64
import binascii
import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32
_KEY_ID = re.compile(r"[A-Za-z0-9._-]{1,32}")
_READABLE_BY_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def read_secret(name: str, environment: Mapping[str, str]) -> str:
    """The secret `name`, or what stands in the file that `name`_FILE names; "" without either, a refusal with both."""
    value, path = environment.get(name, ""), environment.get(f"{name}_FILE", "")
    if value and path:
        raise ImproperlyConfigured(f"Set {name} or {name}_FILE, not both.")
    return _private_text(name, Path(path)) if path else value


def read_ring(text: str) -> dict[str, str]:
    """{key id: base64} of "id:base64" pairs, separated by commas or line ends; lines that begin with # are comments."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    ring: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in ",".join(lines).split(","))):
        key_id, colon, encoded = pair.partition(":")
        if not colon:
            # The part itself is not shown: it may be a key without its name.
            raise ImproperlyConfigured("SEALING_KEYS: write id:base64 of 32 bytes, several by comma")
        if key_id in ring:
            raise ImproperlyConfigured(f"SEALING_KEYS names {key_id!r} twice")
        ring[key_id] = encoded.strip()
    return ring


def checked_ring(encoded: Mapping[str, str]) -> dict[str, bytes]:
    """The bytes of each sealing key; ImproperlyConfigured where a name or a key will not do."""
    if not encoded:
        raise ImproperlyConfigured(
            "SEALING_KEYS holds no key: write id:base64 of 32 bytes, the active one first"
        )
    for key_id in encoded:
        if not _KEY_ID.fullmatch(key_id):
            raise ImproperlyConfigured(f"SEALING_KEYS: {key_id!r} is not a short name in ASCII")
    return {key_id: key_of(f"SEALING_KEYS: key {key_id!r}", text) for key_id, text in encoded.items()}


def key_of(what: str, encoded: str) -> bytes:
    """32 bytes out of base64; ImproperlyConfigured begins with `what` and never shows the key."""
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured(f"{what} must be {KEY_BYTES} random bytes in base64")
    return key


def _private_text(name: str, path: Path) -> str:
    try:
        if os.stat(path).st_mode & _READABLE_BY_OTHERS:
            raise ImproperlyConfigured(f"{name}_FILE may be read by others than its owner: chmod 600 {path}")
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error}") from None
