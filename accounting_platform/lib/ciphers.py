"""The two cipher suites sealed data may use, and the published vectors that prove this machine computes them right."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12
TAG_BYTES = 16


class Aead(Protocol):
    """An authenticated cipher with its key: ciphertext and tag in one piece, InvalidTag when they do not fit."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes: ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes: ...


class Sm4Gcm:
    """SM4-GCM (RFC 8998) with the interface of cryptography's AESGCM, which has no twin for SM4."""

    def __init__(self, key: bytes) -> None:
        self._algorithm = algorithms.SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        encryptor = Cipher(self._algorithm, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(associated_data)
        return encryptor.update(data) + encryptor.finalize() + encryptor.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        if len(data) < TAG_BYTES:
            raise InvalidTag
        decryptor = Cipher(self._algorithm, modes.GCM(nonce, data[-TAG_BYTES:])).decryptor()
        decryptor.authenticate_additional_data(associated_data)
        return decryptor.update(data[:-TAG_BYTES]) + decryptor.finalize()


@dataclass(frozen=True)
class Suite:
    """One family of algorithms; `mark` is the byte that names it in sealed data."""

    name: str
    mark: int
    cipher: Callable[[bytes], Aead]
    key_bytes: int
    hash: hashes.HashAlgorithm

    def derive(self, master: bytes, purpose: str, length: int) -> bytes:
        """A key of its own for one purpose (HKDF, RFC 5869); the same for the same input, for ever."""
        return HKDF(self.hash, length, salt=None, info=purpose.encode()).derive(master)

    def mac(self, key: bytes) -> HMAC:
        """A keyed hash to copy and feed."""
        return HMAC(key, self.hash)


SUITES = {
    "aes": Suite("aes", 1, AESGCM, 32, hashes.SHA256()),
    "sm4": Suite("sm4", 2, Sm4Gcm, 16, hashes.SM3()),
}
SUITE_BY_MARK = {suite.mark: suite for suite in SUITES.values()}
# The suites by the hash that they look things up with.
SUITE_BY_HASH = {"sm3": SUITES["sm4"], "sha256": SUITES["aes"]}

_x = bytes.fromhex
_SM_KEY = _x("0123456789abcdeffedcba9876543210")


def _hash(algorithm: hashes.HashAlgorithm, data: bytes) -> bytes:
    digest = hashes.Hash(algorithm)
    digest.update(data)
    return digest.finalize()


def _mac(suite: str, key: bytes, data: bytes) -> bytes:
    mac = SUITES[suite].mac(key)
    mac.update(data)
    return mac.finalize()


def _sm4_block() -> bytes:
    return Cipher(algorithms.SM4(_SM_KEY), modes.ECB()).encryptor().update(_SM_KEY)


def _sm4_gcm() -> bytes:
    plaintext = b"".join(bytes([byte]) * 8 for byte in _x("aabbccddeeffeeaa"))
    aad = _x("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    return Sm4Gcm(_SM_KEY).encrypt(_x("00001234567800000000abcd"), plaintext, aad)


_PHRASE = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
# name, computation, published result
VECTORS: list[tuple[str, Callable[[], bytes], str]] = [
    (
        "SM3 (GB/T 32905)",
        lambda: _hash(hashes.SM3(), b"abc"),
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
    ),
    ("SM4 (GB/T 32907)", _sm4_block, "681edf34d206965e86b3e94f536e4246"),
    (
        "SM4-GCM (RFC 8998)",
        _sm4_gcm,
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec",
    ),
    (
        "AES-256-GCM (NIST, test case 14)",
        lambda: AESGCM(bytes(32)).encrypt(bytes(12), bytes(16), b""),
        "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919",
    ),
    (
        "HMAC-SHA256 (RFC 4231, case 2)",
        lambda: _mac("aes", b"Jefe", b"what do ya want for nothing?"),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ),
    (
        "HMAC-SM3 (GM/T 0042)",
        lambda: _mac("sm4", bytes(range(1, 33)), _PHRASE * 2),
        "ca05e144ed05d1857840d1f318a4a8669e559fc8391f414485bfdf7bb408963a",
    ),
]


def failing_vectors() -> list[str]:
    """Names of the published vectors this machine does not reproduce; empty when all is well."""
    return [name for name, compute, result in VECTORS if compute() != _x(result)]
