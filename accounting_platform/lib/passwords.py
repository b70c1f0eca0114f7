"""What a password must be: the platform's one rule, and a refusal of those an attacker tries first."""

import string
from collections.abc import Iterable
from typing import Any

from .common_passwords import is_common, pattern_for_browsers
from .errors import InputError

LENGTHS = range(8, 20)
RULE_MESSAGE = "密码须为8至19位，且同时包含大写字母、小写字母、数字和特殊字符"
COMMON_MESSAGE = "密码过于常见，请更换"

_CLASSES = [frozenset(letters) for letters in (string.ascii_uppercase, string.ascii_lowercase)]
_CLASSES += [frozenset(letters) for letters in (string.digits, string.punctuation)]
_PRINTABLE = frozenset().union(*_CLASSES)
_PLATFORM_WORDS = (
    "guangdong",
    "guangzhoukuaiji",
    "kuaiji",
    "caizheng",
    "gdczt",
    "czt.gd",
    "gdkj",
    "kjgd",
    "gdcz",
    "jixujiaoyu",
    "xinxicaiji",
    "accounting",
    "accountant",
)
# Of a document number or phone, the last six characters and any eight in a row count as the number itself:
# the whole of it is too long to fit, and these are the parts people put in.
_TAIL, _RUN = 6, 8


def validate_password(password: str, personal: Iterable[str] = ()) -> None:
    """Refuse what breaks the rule (8 to 19 of U+0021 to U+007E, four classes), is common or holds `personal` numbers.

    The password is judged as it is: never trimmed, cut or case-folded.
    """
    characters = set(password)
    if len(password) not in LENGTHS or not characters <= _PRINTABLE:
        raise InputError(RULE_MESSAGE, field="password", code="password_rule")
    if any(characters.isdisjoint(letters) for letters in _CLASSES):
        raise InputError(RULE_MESSAGE, field="password", code="password_rule")

    folded = password.lower()
    guessable = [*_PLATFORM_WORDS, *(part for value in personal for part in _telling_parts(value))]
    if any(part in folded for part in guessable) or is_common(folded):
        raise InputError(COMMON_MESSAGE, field="password", code="password_common")


def _telling_parts(value: str) -> set[str]:
    folded = (value or "").lower()
    if len(folded) < _TAIL:
        return set()
    runs = {folded[start : start + _RUN] for start in range(len(folded) - _RUN + 1)}
    return runs | {folded[-_TAIL:]}


def rules_for_browsers() -> dict[str, Any]:
    """What a page needs to say the same when the field is left, without sending a password anywhere."""
    return {
        "rule": RULE_MESSAGE,
        "common": COMMON_MESSAGE,
        "pattern": pattern_for_browsers(),
        "words": _PLATFORM_WORDS,
        "tail": _TAIL,
        "run": _RUN,
    }


class PasswordRule:
    """The same rule for Django's own password forms (settings.AUTH_PASSWORD_VALIDATORS)."""

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse (InputError, a ValidationError) what validate_password refuses; a staff account's name counts as personal."""
        validate_password(password, [user.get_username()] if user else [])

    def get_help_text(self) -> str:
        return RULE_MESSAGE
