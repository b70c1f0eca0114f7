"""Telephone numbers: personal mobiles and the lines of employers."""

import re

import phonenumbers

from .errors import InputError
from .text import normalise, strip_blanks

PHONE_MESSAGE = "手机号码格式不正确"
EMPLOYER_PHONE_MESSAGE = "单位电话格式不正确，请写区号和号码，如 020-83330000，有分机再写“转801”"

# Our own pattern: the library's numbering plan lacks prefixes that are in use.
MOBILE = re.compile(r"1[3-9][0-9]{9}")
_INTERNATIONAL = re.compile(r"(?:\+|00|86)[0-9-]+")
_EMPLOYER_PHONE = re.compile(
    r"""(?: (?P<area>0(?:10|2[0-9]|[3-9][0-9]{2})) -? (?P<line>[1-9][0-9]{6,7})
      | (?P<service>[48]00) -? (?P<service_1>[0-9]{3,4}) -? (?P<service_2>[0-9]{3,4})
      | (?P<mobile>1[3-9][0-9]{9})
    ) (?: (?:转|分机|转分机|ext\.?|x|\#|-) :? (?P<extension>[0-9]{1,6}) )?""",
    re.VERBOSE | re.IGNORECASE,
)


def clean_phone(raw: str) -> str:
    """A mainland mobile as 11 ASCII digits, without blanks and +86, 0086 or 86 before it."""
    phone = strip_blanks(normalise(raw))
    if _INTERNATIONAL.fullmatch(phone):
        phone = _national_number(phone)
    validate_phone(phone)
    return phone


def validate_phone(value: str) -> None:
    """Refuse anything but 11 digits of a mainland mobile."""
    if not MOBILE.fullmatch(value):
        raise InputError(PHONE_MESSAGE, field="phone", code="phone")


def clean_employer_phone(raw: str) -> str:
    """020-83330000, 400-830-0000 or a mobile, with 转 before an extension: one written form for each number."""
    parts = _EMPLOYER_PHONE.fullmatch(_joined(raw))
    if parts is None:
        raise InputError(EMPLOYER_PHONE_MESSAGE, field="employer_phone", code="employer_phone")
    if parts["area"]:
        number = f"{parts['area']}-{parts['line']}"
    elif parts["service"]:
        rest = parts["service_1"] + parts["service_2"]
        if len(rest) != 7:
            raise InputError(EMPLOYER_PHONE_MESSAGE, field="employer_phone", code="employer_phone")
        number = f"{parts['service']}-{rest[:3]}-{rest[3:]}"
    else:
        number = parts["mobile"]
    return f"{number}转{parts['extension']}" if parts["extension"] else number


def validate_employer_phone(value: str) -> None:
    """Refuse what clean_employer_phone would refuse."""
    clean_employer_phone(value)


def _joined(raw: str) -> str:
    """Without blanks, brackets round the area code and the many dashes people type."""
    text = re.sub(r"[\u2010-\u2015\u2212—]", "-", strip_blanks(normalise(raw)))
    return re.sub(r"^\(([0-9]{3,4})\)-?", r"\1-", text)


def _national_number(phone: str) -> str:
    try:
        number = phonenumbers.parse(f"+{phone}" if phone.startswith("86") else phone, "CN")
    except phonenumbers.NumberParseException:
        return ""
    return str(number.national_number) if number.country_code == 86 else ""
