import itertools
import string

import pytest
from django.contrib.auth.password_validation import (
    get_password_validators,
)
from django.contrib.auth.password_validation import (
    validate_password as django_validate,
)
from django.core.exceptions import ValidationError

from accounting_platform.lib import common_passwords
from accounting_platform.lib.errors import InputError
from accounting_platform.lib.passwords import COMMON_MESSAGE, RULE_MESSAGE, validate_password
from accounting_platform.tests import vectors

ID_NUMBER, PHONE = "440106199208080027", "13800138000"


def message_for(password, personal=()):
    try:
        validate_password(password, personal)
    except InputError as refusal:
        return refusal.message
    return None


@pytest.mark.parametrize("row", vectors.rows("password"), ids=vectors.label)
def test_password_vectors(row):
    assert message_for(row["input"]) == (None if row["valid"] == "true" else RULE_MESSAGE)


def test_password_vectors_are_all_there():
    assert len(vectors.rows("password")) == 12


def test_every_ascii_sign_counts_as_special_and_nothing_else_passes():
    assert len(string.punctuation) == 32
    assert {message_for(f"Rv7xu{sign}kmq") for sign in string.punctuation} == {None}
    assert {message_for(f"Rv7x#{odd}kmqa") for odd in " \x00\t\x7f\u0301密é０𠮷\ud800"} == {RULE_MESSAGE}


def test_password_is_not_trimmed():
    assert message_for(" Rv7x#kmqa") == RULE_MESSAGE


def fits_the_rule(password):
    return message_for(password) != RULE_MESSAGE


def test_thousands_of_common_passwords_are_refused():
    words = [word.capitalize() for word in common_passwords.WORDS + common_passwords.KEYBOARD_RUNS]
    digits = ["1", "12", "123", "1234", "123456", "520", "888", "2024", "19900101"]
    shapes = ["{0}@{1}", "{0}{1}!", "{1}#{0}", "{0}{1}."]
    built = [shape.format(*pair) for pair in itertools.product(words, digits) for shape in shapes]
    tried = {password for password in built if fits_the_rule(password)}

    assert len(tried) > 3000
    assert {message_for(password) for password in tried} == {COMMON_MESSAGE}


@pytest.mark.parametrize(
    "password",
    "P@ssw0rd Passw0rd! Password1! Aa123456! Abc123!@# 1qaz@WSX !QAZ2wsx Qwe123!@# Woaini520! Huawei@123 Zhangwei@123 "
    "1q2w3e4R! A@123456a Guangzhou@2024 Summer2024! Admin@123 123456Aa! Test@1234 Iloveyou1! Qq123456.".split(),
)
def test_well_known_passwords_are_refused(password):
    assert message_for(password) == COMMON_MESSAGE


@pytest.mark.parametrize("password", ["Kuaiji#7mvq", "x9!GuangDongQ", "Gdczt-77vQm"])
def test_platform_words_are_refused_in_any_case(password):
    assert message_for(password) == COMMON_MESSAGE


@pytest.mark.parametrize("password", ["Rv#080027kmq", "Rv#13800138000", "Rv#19920808kq", "Rv#138000kmq"])
def test_personal_numbers_and_their_telling_parts_are_refused(password):
    assert message_for(password) is None
    assert message_for(password, [ID_NUMBER, PHONE, "", None]) == COMMON_MESSAGE


@pytest.mark.parametrize("password", ["Maple7-River", "Tz-4471-vRq", "Xk9#mTq2", "Rv#0027kmqa"])
def test_other_passwords_pass(password):
    assert message_for(password, [ID_NUMBER, PHONE]) is None


def test_django_validator_gives_the_same_sentences():
    rule = get_password_validators([{"NAME": "accounting_platform.lib.validators.PasswordRule"}])

    django_validate("Maple7-River", password_validators=rule)
    with pytest.raises(ValidationError) as refusal:
        django_validate("short", password_validators=rule)
    assert refusal.value.messages == [RULE_MESSAGE]
    assert rule[0].get_help_text() == RULE_MESSAGE
