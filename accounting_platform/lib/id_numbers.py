"""Numbers with a check character: resident IDs (GB 11643) and unified social credit codes (GB 32100, GB 11714)."""

import re
from collections.abc import Iterator
from datetime import date

from . import clock
from .errors import InputError
from .text import normalise, strip_blanks, upper_ascii

# Provinces by the first two digits; 71 and 81 to 83 are written on other papers.
PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65".split()
)

_RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_RESIDENT_CHECKS = "10X98765432"

_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_VALUES = {character: value for value, character in enumerate(_CREDIT_ALPHABET)}
_CREDIT_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
# Letters the standard left out because they are misread, and what was probably meant.
_IMPOSSIBLE = {"I": "数字 1", "O": "数字 0", "Z": "数字 2", "S": "数字 5", "V": "字母 U 或 Y"}
_LOOK_ALIKES = (
    "0DQ",
    "1JLT7",
    "27",
    "38",
    "5S6",
    "6G",
    "8B",
    "9GQ",
    "CG",
    "EF",
    "HN",
    "KX",
    "MN",
    "PR",
    "UW",
    "XY",
)


def mod_11_2_check_character(digits: str) -> str:
    """The 18th character (0-9 or X) for 17 digits: ISO 7064 MOD 11-2 as GB 11643 uses it."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, _RESIDENT_WEIGHTS, strict=True))
    return _RESIDENT_CHECKS[total % 11]


def validate_resident_id(value: str) -> None:
    """Refuse anything but a normalised 18-character resident ID with a known province, a past birth date, right check."""
    if re.fullmatch(r"[0-9]{15}", value):
        _refuse("15 位的旧身份证号码已停用，请填写 18 位身份证号码")
    validate_18_characters(value, "身份证号码")
    if value.startswith(("81", "82", "83")):
        _refuse("这是居住证的号码，请把证件类型改为港澳或台湾居民居住证")
    if value[:2] not in PROVINCES:
        _refuse("身份证号码前两位不是省份代码，请核对")
    validate_birth_and_check(value, "身份证号码")


def validate_18_characters(value: str, label: str) -> None:
    """Refuse what is not 17 ASCII digits and one more or X, saying where to look."""
    if not value:
        _refuse(f"请填写{label}")
    if len(value) != 18:
        _refuse(f"{label}应为 18 位，现在是 {len(value)} 位")
    for place, character in enumerate(value[:17], start=1):
        if character not in "0123456789":
            _refuse(f"{label}前 17 位应为数字，请核对第 {place} 位")
    if value[17] not in "0123456789X":
        _refuse(f"{label}最后一位应为数字或字母 X，请核对")


def validate_birth_and_check(value: str, label: str) -> None:
    """Refuse an impossible or future birth date in places 7 to 14, and a wrong last character."""
    try:
        birth_date = birth_date_in(value)
    except ValueError:
        _refuse(f"{label}第 7 至 14 位不是真实的出生日期，请核对")
    if birth_date.year < clock.EARLIEST_YEAR:
        _refuse(f"{label}第 7 至 14 位的出生日期早于 {clock.EARLIEST_YEAR} 年，请核对")
    if birth_date > clock.today():
        _refuse(f"{label}第 7 至 14 位的出生日期晚于今天，请核对")
    if mod_11_2_check_character(value[:17]) != value[17]:
        _refuse(f"{label}最后一位校验不符，请核对")


def birth_date_in(number: str) -> date:
    """The birth date in places 7 to 14 of an 18-character number; ValueError when there is no such day."""
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def gender_in(number: str) -> str:
    """male or female, by the 17th digit of an 18-character number (odd is male)."""
    return "male" if int(number[16]) % 2 else "female"


def clean_credit_code(raw: str) -> str:
    """A unified social credit code in upper case without blanks, its check character right (GB 32100)."""
    code = upper_ascii(strip_blanks(normalise(raw)))
    validate_credit_code(code)
    return code


def validate_credit_code(value: str) -> None:
    """Refuse anything but a normalised credit code, saying which characters to look at."""
    if not value:
        _refuse("请填写统一社会信用代码", "credit_code")
    if re.fullmatch(r"[0-9]{15}", value):
        _refuse("15 位的是旧工商注册号，请填写 18 位统一社会信用代码", "credit_code")
    if len(value) != 18:
        _refuse(f"统一社会信用代码应为 18 位，现在是 {len(value)} 位", "credit_code")
    for place, character in enumerate(value, start=1):
        if character in _IMPOSSIBLE:
            advice = f"请核对第 {place} 位，可能是{_IMPOSSIBLE[character]}"
            _refuse(f"统一社会信用代码不使用字母 {character}，{advice}", "credit_code")
        if character not in _CREDIT_VALUES:
            _refuse(f"统一社会信用代码只有数字和大写字母，请核对第 {place} 位", "credit_code")
    if not re.fullmatch(r"[0-9]{6}", value[2:8]):
        _refuse("统一社会信用代码第 3 至 8 位是行政区划代码，应为数字，请核对", "credit_code")
    if not _credit_check_fits(value):
        _refuse(f"统一社会信用代码校验不符，{_where_to_look(value)}", "credit_code")


def credit_code_warning(code: str) -> str | None:
    """A hint where the inner organisation code (GB 11714, places 9 to 17) does not fit; real codes may have that."""
    values = [int(character, 36) for character in code[8:16]]
    total = sum(value * weight for value, weight in zip(values, _ORGANISATION_WEIGHTS, strict=True))
    if "0123456789X"[-total % 11] == code[16]:
        return None
    return "统一社会信用代码第 9 至 17 位与组织机构代码的校验不符，请再核对一遍，确认无误可以继续"


def _credit_check_fits(code: str) -> bool:
    total = sum(
        _CREDIT_VALUES[character] * weight for character, weight in zip(code, _CREDIT_WEIGHTS, strict=False)
    )
    return _CREDIT_ALPHABET[-total % 31] == code[17]


def _where_to_look(code: str) -> str:
    """The places where one misread or two swapped characters would explain the wrong check, and the check itself."""
    places = sorted(
        {place for place, guess in _guesses(code) if _is_credit_shape(guess) and _credit_check_fits(guess)}
    )
    if not places:
        return "请逐位核对，并留意 0 与 D、8 与 B 等相近字符"
    return f"请重点核对第 {'、'.join(map(str, sorted({*places, 18})))} 位"


def _is_credit_shape(code: str) -> bool:
    return code[2:8].isdigit() and all(character in _CREDIT_VALUES for character in code)


def _guesses(code: str) -> Iterator[tuple[int, str]]:
    for index, character in enumerate(code):
        for group in _LOOK_ALIKES:
            if character in group:
                for other in group.replace(character, ""):
                    yield index + 1, code[:index] + other + code[index + 1 :]
    for index in range(17):
        swapped = code[:index] + code[index + 1] + code[index] + code[index + 2 :]
        if swapped != code:
            yield index + 1, swapped
            yield index + 2, swapped


def _refuse(message: str, field: str = "document_number") -> None:
    raise InputError(message, field=field, code=field)
