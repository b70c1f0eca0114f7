"""The identity documents people may register with: one table, read by forms, log-in and the institutions' interface."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from . import id_numbers
from .errors import InputError
from .text import normalise, strip_blanks, upper_ascii

Check = Callable[[str], None]


@dataclass(frozen=True)
class Facts:
    """What a number itself tells; None where it does not. Gender is male or female, country ISO 3166-1 alpha-3."""

    birth_date: date | None = None
    gender: str | None = None
    country: str | None = None


@dataclass(frozen=True)
class DocumentType:
    """One kind of document. `comparison_length`: characters that stay when the paper is issued anew.

    `countries` maps the beginning of a number to the holder's country; empty: the holder is asked (`needs_country`).
    `optional` kinds exist only where settings.ALLOW_OTHER_DOCUMENTS switches them on.
    """

    key: str
    label: str
    pattern: re.Pattern[str]
    advice: str
    ga_t_517_code: str = ""
    tax_code: str = ""
    check: Check | None = None
    tidy: Callable[[str], str] = str
    comparison_length: int | None = None
    countries: tuple[tuple[str, str], ...] = ()
    optional: bool = False

    @property
    def needs_country(self) -> bool:
        return not self.countries

    @property
    def offered(self) -> bool:
        return not self.optional or settings.ALLOW_OTHER_DOCUMENTS

    def has_check_character(self, number: str) -> bool:
        """Whether this number carries birth date, gender and a MOD 11-2 check character."""
        return self.check is not None and len(number) == 18


def _check_residence_permit(number: str) -> None:
    id_numbers.validate_18_characters(number, "居住证号码")
    id_numbers.validate_birth_and_check(number, "居住证号码")


def _check_foreign_permanent(number: str) -> None:
    if len(number) == 18:
        id_numbers.validate_18_characters(number, "永久居留证号码")
        id_numbers.validate_birth_and_check(number, "永久居留证号码")


def _without_final_sign(number: str) -> str:
    return number.removesuffix("号")


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.ASCII)


_BORN = r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]"
_TYPES = [
    DocumentType(
        key="resident_id",
        label="居民身份证",
        pattern=_pattern(rf"[1-9]\d{{5}}{_BORN}"),
        advice="请按身份证填写 18 位号码",
        ga_t_517_code="111",
        tax_code="201",
        check=id_numbers.validate_resident_id,
        countries=(("", "CHN"),),
    ),
    DocumentType(
        key="hk_mo_permit",
        label="港澳居民来往内地通行证",
        pattern=_pattern(r"[HM]\d{8}(?:\d{2})?"),
        advice="通行证号码应为字母 H 或 M 加 8 位数字，旧证另加 2 位换证次数，请核对",
        ga_t_517_code="516",
        tax_code="210",
        comparison_length=9,
        countries=(("H", "HKG"), ("M", "MAC")),
    ),
    DocumentType(
        key="tw_permit",
        label="台湾居民来往大陆通行证",
        pattern=_pattern(r"\d{8}(?:\d{2}[A-Z]?)?"),
        advice="通行证号码应为 8 位数字，旧证另加 2 位换证次数和 1 个字母，请核对",
        ga_t_517_code="511",
        tax_code="213",
        comparison_length=8,
        countries=(("", "TWN"),),
    ),
    DocumentType(
        key="passport_cn",
        label="护照（中国）",
        pattern=_pattern(r"[EG]\d{8}|E[A-HJ-NP-Z]\d{7}|[DPS]\d{8}|(?:DE|PE|SE)\d{7}"),
        advice="中国护照号码应为 9 位，如 E 加 8 位数字，字母中没有 I 和 O，请核对",
        ga_t_517_code="414",
        tax_code="227",
        countries=(("", "CHN"),),
    ),
    DocumentType(
        key="passport_foreign",
        label="护照（外国）",
        pattern=_pattern(r"[A-Z0-9]{5,17}"),
        advice="护照号码应为 5 至 17 位字母和数字，请核对",
        ga_t_517_code="414",
        tax_code="208",
    ),
    DocumentType(
        key="military_officer",
        label="军官证",
        pattern=_pattern(r"[\u4e00-\u9fa5]{1,2}字第\d{4,8}"),
        advice="请按证件填写，如“军字第1234567号”",
        ga_t_517_code="114",
        tax_code="202",
        tidy=_without_final_sign,
        countries=(("", "CHN"),),
    ),
    DocumentType(
        key="police_officer",
        label="武警警官证",
        pattern=_pattern(r"武字第\d{4,8}"),
        advice="请按证件填写，如“武字第1234567号”",
        ga_t_517_code="115",
        tax_code="203",
        tidy=_without_final_sign,
        countries=(("", "CHN"),),
    ),
    DocumentType(
        key="foreign_permanent",
        label="外国人永久居留身份证",
        pattern=_pattern(r"[A-Z]{3}\d{12}|9\d{16}[\dX]"),
        advice="永久居留证号码应为 9 开头的 18 位，或 3 个字母加 12 位数字，请核对",
        ga_t_517_code="553",
        tax_code="233",
        check=_check_foreign_permanent,
    ),
    DocumentType(
        key="hk_mo_residence",
        label="港澳居民居住证",
        pattern=_pattern(rf"8[12]0000{_BORN}"),
        advice="港澳居民居住证号码以 810000 或 820000 开头，请核对号码和证件类型",
        tax_code="237",
        check=_check_residence_permit,
        countries=(("81", "HKG"), ("82", "MAC")),
    ),
    DocumentType(
        key="tw_residence",
        label="台湾居民居住证",
        pattern=_pattern(rf"830000{_BORN}"),
        advice="台湾居民居住证号码以 830000 开头，请核对号码和证件类型",
        tax_code="238",
        check=_check_residence_permit,
        countries=(("83", "TWN"),),
    ),
    DocumentType(
        key="other",
        label="其他有效证件",
        pattern=_pattern(r"[A-Z0-9（）()\-]{4,30}"),
        advice="证件号码应为 4 至 30 位字母和数字，请核对",
        ga_t_517_code="990",
        tax_code="299",
        optional=True,
    ),
]
DOCUMENT_TYPES = {kind.key: kind for kind in _TYPES}


def offered_types() -> list[DocumentType]:
    """The document types people may choose here, in the order of the form."""
    return [kind for kind in _TYPES if kind.offered]


def normalise_number(document_type: str, raw: str) -> str:
    """The number as it is kept: half-width, upper case, no blanks; an unknown type changes no more than that."""
    number = upper_ascii(strip_blanks(normalise(raw)))
    kind = DOCUMENT_TYPES.get(document_type)
    return kind.tidy(number) if kind else number


def check_number(document_type: str, number: str) -> None:
    """Refuse (InputError, a DomainError) a normalised number that is none of this type, saying what to mend."""
    kind = DOCUMENT_TYPES.get(document_type)
    if kind is None or not kind.offered:
        raise InputError("请选择证件类型", field="document_type", code="document_type")
    if not number:
        raise InputError("请填写证件号码", field="document_number", code="required")
    # The checker speaks first: it names the place, the pattern's advice is general.
    if kind.check:
        kind.check(number)
    if not kind.pattern.fullmatch(number):
        raise InputError(kind.advice, field="document_number", code="document_number")


def comparison_form(document_type: str, number: str) -> str:
    """What stays of a normalised number when the same person's paper is issued anew; one account per such form."""
    kind = DOCUMENT_TYPES.get(document_type)
    return number[: kind.comparison_length] if kind else number


def facts(document_type: str, number: str) -> Facts:
    """Birth date, gender and country as far as a checked number of this type tells them."""
    kind = DOCUMENT_TYPES[document_type]
    country = next((code for prefix, code in kind.countries if number.startswith(prefix)), None)
    if not kind.has_check_character(number):
        return Facts(country=country)
    return Facts(id_numbers.birth_date_in(number), id_numbers.gender_in(number), country)
