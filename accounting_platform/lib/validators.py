"""The shape of single values. `clean_*` take what was typed and return the value to keep, `validate_*` judge a kept
value; both raise InputError, which Django's forms read as a ValidationError and services as a DomainError.

This module is the public face; the checkers of numbers with check characters, of passwords and of phones lie beside it.
"""

import re
import unicodedata

from .errors import InputError
from .id_numbers import (
    clean_credit_code,
    credit_code_warning,
    mod_11_2_check_character,
    validate_credit_code,
    validate_resident_id,
)
from .passwords import PasswordRule, validate_password
from .phones import clean_employer_phone, clean_phone, validate_employer_phone, validate_phone
from .text import has_forbidden_characters, normalise, strip_blanks

__all__ = [
    "PasswordRule",
    "clean_credit_code",
    "clean_employer_phone",
    "clean_name",
    "clean_phone",
    "clean_sms_code",
    "credit_code_warning",
    "mod_11_2_check_character",
    "validate_credit_code",
    "validate_employer_phone",
    "validate_name",
    "validate_password",
    "validate_phone",
    "validate_plain_text",
    "validate_resident_id",
]

NAME_LENGTHS = range(2, 31)
NAME_MESSAGE = "姓名只能包含汉字、字母和间隔号"

# Han of every plane by block (Unicode 17), since this Python's tables do not know the newest extensions.
HAN = (
    "\u3007\u3400-\u4dbf\u4e00-\u9fff\ufa0e-\ufa29"
    "\U00020000-\U0002a6df\U0002a700-\U0002b73f\U0002b740-\U0002b81d\U0002b820-\U0002cead"
    "\U0002ceb0-\U0002ebe0\U0002ebf0-\U0002ee5d\U00030000-\U0003134a\U00031350-\U000323af\U000323b0-\U00033479"
)
LATIN = "A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ"

_DOTS = re.compile("[\u2022\u2027\u30fb\uff0e\uff65\u2219\u22c5]")
_DOT_BETWEEN_HAN = re.compile(rf"(?<=[{HAN}]) ?[.\u00b7] ?(?=[{HAN}])")
_BLANK_BETWEEN_HAN = re.compile(rf"(?<=[{HAN}])\s+(?=[{HAN}])")
_NAME = re.compile(rf"[{HAN}{LATIN}]+(?:(?:·|(?<=[{LATIN}])[ '-](?=[{LATIN}]))[{HAN}{LATIN}]+)*")
_SMS_CODE = re.compile(r"[0-9]{6}")


def clean_name(raw: str) -> str:
    """A person's name in NFC, 2 to 30 code points: Han, Latin letters, middle dots as U+00B7."""
    name = normalise(_DOTS.sub("\u00b7", unicodedata.normalize("NFC", raw))).replace("\u2019", "'")
    name = _DOT_BETWEEN_HAN.sub("\u00b7", _BLANK_BETWEEN_HAN.sub("", name))
    name = re.sub(r" +", " ", name)
    if not name:
        raise InputError("请填写姓名", field="name", code="required")
    if not _NAME.fullmatch(name):
        raise InputError(NAME_MESSAGE, field="name", code="name")
    if len(name) not in NAME_LENGTHS:
        raise InputError(f"姓名应为 2 至 30 个字，现在是 {len(name)} 个字", field="name", code="length")
    return name


def validate_name(value: str) -> None:
    """Refuse what clean_name would refuse."""
    clean_name(value)


def clean_sms_code(raw: str) -> str:
    """The six digits of an SMS code, leading zeros kept."""
    code = strip_blanks(normalise(raw))
    if not _SMS_CODE.fullmatch(code):
        raise InputError("请填写短信中的 6 位数字验证码", field="sms_code", code="sms_code")
    return code


def validate_plain_text(value: str) -> None:
    """Refuse NUL, lone surrogates and control characters (line ends may pass) in free text."""
    if has_forbidden_characters(value, multiline=True):
        raise InputError("内容中有无法识别的字符，请删除后重新填写", code="characters")
