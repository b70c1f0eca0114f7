"""Text as people type it: full-width letters and digits, stray blanks, characters nobody can see."""

import re
import unicodedata

# U+FF01 to U+FF5E are the full-width twins of U+0021 to U+007E.
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_ASCII_UPPER = {code: code - 32 for code in range(ord("a"), ord("z") + 1)}
# Marks that come along when a number is copied out of a chat or an address book.
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"
_EDGES = "".join(chr(c) for c in range(0x3001) if chr(c).isspace()) + _INVISIBLE
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_FORBIDDEN_IN_LINES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_BLANKS = re.compile(r"\s+")


def normalise(text: str) -> str:
    """A code or number in NFC and half-width characters, without blanks or invisible marks around it."""
    return unicodedata.normalize("NFC", text).translate(_HALF_WIDTH).strip(_EDGES)


def strip_blanks(text: str) -> str:
    """The text without any blank, inner ones too."""
    return _BLANKS.sub("", text)


def upper_ascii(text: str) -> str:
    """Upper case for a to z alone: str.upper() would also turn letters such as U+0131 into ASCII ones."""
    return text.translate(_ASCII_UPPER)


def has_forbidden_characters(text: str, *, multiline: bool = False) -> bool:
    """Whether NUL, a lone surrogate or a control character is inside; `multiline` lets tab and line ends pass."""
    pattern = _FORBIDDEN_IN_LINES if multiline else _FORBIDDEN
    return pattern.search(text) is not None
