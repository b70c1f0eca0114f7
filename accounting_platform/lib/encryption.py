"""Sealing of personal data, bound to the place it lies in, and keyed hashes for looking it up.

settings.SEALING_KEYS maps key ids to base64 of 32 bytes: the first one seals, all of them open.
settings.SEALING_ALGORITHM is "sm4" (SM4-GCM) or "aes" (AES-256-GCM); both can always be read.
Sealed data is: version, algorithm, length of the key id, key id, nonce (12 bytes), ciphertext and tag.

Keyed hashes have a key and an algorithm of their own (LOOKUP_KEY, LOOKUP_ALGORITHM: "sm3" or "sha256"), so that what
they find stays found when sealing keys come and go.
"""

import json
import os
from functools import cache, lru_cache
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.serializers.json import DjangoJSONEncoder
from django.core.signals import setting_changed
from django.db import models

from .ciphers import (
    NONCE_BYTES,
    SUITE_BY_HASH,
    SUITE_BY_MARK,
    SUITES,
    TAG_BYTES,
    Aead,
    Suite,
    failing_vectors,
)
from .keys import checked_ring, key_of

VERSION = 1
# Enough of sealed data to tell what sealed it: version, algorithm, length and the longest key id.
HEAD_BYTES = 3 + 32
# Contexts and purposes are written in code, so there are a few dozen; the bound is only a net.
_remembered = lru_cache(maxsize=512)


class SealError(Exception):
    """Sealed data does not open: another key, another place, or it was touched."""


class SealedWith(NamedTuple):
    """What sealed something: the id of the key, and the algorithm."""

    key_id: str
    algorithm: str


def seal(data: bytes, context: str) -> bytes:
    """Encrypt under the active key; it opens only in the same context ("table.column", or the kind of file)."""
    header, cipher, associated = _sealing(context)
    nonce = os.urandom(NONCE_BYTES)
    return header + nonce + cipher.encrypt(nonce, data, associated)


def unseal(sealed: bytes | memoryview, context: str) -> bytes:
    """What was sealed in this context, under whichever known key and algorithm, else SealError."""
    sealed = bytes(sealed)
    start = 3 + sealed[2] if len(sealed) > 2 else 3
    if len(sealed) < start + NONCE_BYTES + TAG_BYTES:
        raise SealError("this is not sealed data, or it is cut short")
    cipher, associated = _opening(sealed[:start], context)
    body = start + NONCE_BYTES
    try:
        return cipher.decrypt(sealed[start:body], sealed[body:], associated)
    except InvalidTag:
        key_id = sealed_with(sealed).key_id
        raise SealError(f"sealed data in {context!r} does not open with key {key_id!r}") from None


def sealed_with(head: bytes | memoryview) -> SealedWith:
    """What sealed this, read from its first HEAD_BYTES without opening it, whether or not that key is known here."""
    head = bytes(head[:HEAD_BYTES])
    if len(head) < 3 or head[0] != VERSION or head[1] not in SUITE_BY_MARK or len(head) < 3 + head[2]:
        raise SealError("this is not sealed data")
    return SealedWith(head[3 : 3 + head[2]].decode("ascii", "replace"), SUITE_BY_MARK[head[1]].name)


def sealing_now() -> SealedWith:
    """The key and the algorithm that seal whatever is sealed now."""
    return SealedWith(_active_key_id(), _active_suite().name)


def reseal(sealed: bytes | memoryview, context: str) -> bytes:
    """The same data under the key and algorithm that seal now; SealError when it does not open."""
    return seal(unseal(sealed, context), context)


def known_keys() -> list[str]:
    """The ids of all keys that open, the active one first."""
    return list(_ring())


def fingerprint(key_id: str) -> str:
    """64 hex digits that tell two keys of one name apart and tell nothing about the key."""
    return SUITE_BY_HASH["sm3"].derive(_ring()[key_id], "fingerprint", 32).hex()


def keyed_hash(purpose: str, value: str) -> str:
    """64 hex digits that find a sealed value again and tell nothing without the key; another for each purpose."""
    mac = _look_up_mac(purpose).copy()
    mac.update(value.encode())
    return mac.finalize().hex()


def self_test() -> None:
    """Refuse to go on (ImproperlyConfigured) unless ciphers, hashes and every configured key do what they should."""
    failing = failing_vectors()
    if failing:
        raise ImproperlyConfigured("cryptography gives wrong results for " + ", ".join(failing))
    # Commands that only build have no keys.
    if getattr(settings, "BUILDING", False) and not settings.SEALING_KEYS:
        return
    _active_suite()
    if unseal(seal(b"self-test", "self.test"), "self.test") != b"self-test":
        raise ImproperlyConfigured("sealing does not give back what it was given")
    keyed_hash("self-test", "")


class SealedField(models.Field):
    """Stored as bytes; the context of the seal is table and column, so a renamed column must be sealed anew."""

    def get_internal_type(self) -> str:
        return "BinaryField"

    def cast_db_type(self, connection: Any) -> str | None:
        return self.db_type(connection)

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        self.context = f"{cls._meta.db_table}.{self.column}"

    def get_lookup(self, lookup_name: str) -> type[models.Lookup] | None:
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def get_transform(self, lookup_name: str) -> None:
        return None

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return None if value is None else self.unpack(unseal(value, self.context).decode())

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is None:
            return None
        return connection.Database.Binary(seal(self.pack(value).encode(), self.context))

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if hasattr(value, "as_sql"):
            return value
        return self.get_db_prep_value(value, connection)


class EncryptedTextField(SealedField, models.CharField):
    """A text that lies sealed in the table: a CharField to forms, of any length, not searchable (only isnull)."""

    def pack(self, value: Any) -> str:
        return str(value)

    def unpack(self, text: str) -> str:
        return text


class EncryptedJSONField(SealedField, models.JSONField):
    """A JSON value, dates and decimals as text, that lies sealed in the table; not searchable (only isnull)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("encoder", DjangoJSONEncoder)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        if kwargs.get("encoder") is DjangoJSONEncoder:
            del kwargs["encoder"]
        return name, path, args, kwargs

    def pack(self, value: Any) -> str:
        return json.dumps(value, cls=self.encoder, ensure_ascii=False)

    def unpack(self, text: str) -> Any:
        return json.loads(text, cls=self.decoder)


@cache
def _ring() -> dict[str, bytes]:
    return checked_ring(settings.SEALING_KEYS)


@cache
def _active_key_id() -> str:
    return next(iter(_ring()))


@cache
def _active_suite() -> Suite:
    if settings.SEALING_ALGORITHM not in SUITES:
        raise ImproperlyConfigured(f"SEALING_ALGORITHM must be one of {', '.join(SUITES)}")
    return SUITES[settings.SEALING_ALGORITHM]


@_remembered
def _sealing(context: str) -> tuple[bytes, Aead, bytes]:
    """Header, cipher and associated data (header and context) for sealing."""
    key_id = _active_key_id().encode()
    header = bytes([VERSION, _active_suite().mark, len(key_id)]) + key_id
    return header, *_opening(header, context)


@_remembered
def _opening(header: bytes, context: str) -> tuple[Aead, bytes]:
    """Cipher and associated data for what begins with this header."""
    key_id, algorithm = sealed_with(header)
    if key_id not in _ring():
        raise SealError(f"sealed with key {key_id!r}, which SEALING_KEYS does not hold")
    suite = SUITES[algorithm]
    key = suite.derive(_ring()[key_id], f"seal {context}", suite.key_bytes)
    return suite.cipher(key), header + context.encode()


@_remembered
def _look_up_mac(purpose: str) -> HMAC:
    if settings.LOOKUP_ALGORITHM not in SUITE_BY_HASH:
        raise ImproperlyConfigured(f"LOOKUP_ALGORITHM must be one of {', '.join(SUITE_BY_HASH)}")
    suite = SUITE_BY_HASH[settings.LOOKUP_ALGORITHM]
    return suite.mac(suite.derive(key_of("LOOKUP_KEY", settings.LOOKUP_KEY), f"look up {purpose}", 32))


def _forget_settings(*, setting: str, **_: Any) -> None:
    """Tests change settings; what was derived from them must go."""
    if setting in {"SEALING_KEYS", "SEALING_ALGORITHM", "LOOKUP_KEY", "LOOKUP_ALGORITHM"}:
        for remembered in (_ring, _active_key_id, _active_suite, _sealing, _opening, _look_up_mac):
            remembered.cache_clear()


setting_changed.connect(_forget_settings)
