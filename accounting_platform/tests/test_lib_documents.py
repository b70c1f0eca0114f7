import random
from datetime import date

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st
from id_validator import validator as id_validator
from stdnum.cn import ric

from accounting_platform.lib import documents, id_numbers
from accounting_platform.lib.errors import InputError
from accounting_platform.tests import vectors

VALID = [row for row in vectors.rows("id_numbers") if row["valid"] == "true"]
REFUSED = [row for row in vectors.rows("id_numbers") if row["valid"] == "false"]


def refusal_of(document_type, raw):
    number = documents.normalise_number(document_type, raw)
    with pytest.raises(InputError) as refusal:
        documents.check_number(document_type, number)
    return refusal.value


def resident_id(region="440106", born="19920808", sequence="002"):
    digits = region + born + sequence
    return digits + id_numbers.mod_11_2_check_character(digits)


@pytest.mark.parametrize("row", VALID, ids=vectors.label)
def test_vectors_that_are_valid(row):
    number = documents.normalise_number(row["document_type"], row["input"])
    documents.check_number(row["document_type"], number)
    facts = documents.facts(row["document_type"], number)

    assert number == row["normalised"]
    assert str(facts.birth_date or "") == row["birth_date"]
    assert (facts.gender or "") == row["gender"]


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: f"{row['document_type']}-{row['reason']}")
def test_vectors_that_are_refused(row):
    refusal = refusal_of(row["document_type"], row["input"])

    assert refusal.field == "document_number"
    assert not any(word in refusal.message for word in ("非法", "无效", "必须的"))


def test_vectors_are_all_there():
    assert (len(VALID), len(REFUSED)) == (30, 33)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("", "请填写证件号码"),
        ("44010619920808002", "身份证号码应为 18 位，现在是 17 位"),
        ("440106920808002", "15 位的旧身份证号码已停用，请填写 18 位身份证号码"),
        ("440106199208080028", "身份证号码最后一位校验不符，请核对"),
        ("440106199X08080027", "身份证号码前 17 位应为数字，请核对第 10 位"),
        ("440106199002300012", "身份证号码第 7 至 14 位不是真实的出生日期，请核对"),
        ("440106209912310013", "身份证号码第 7 至 14 位的出生日期晚于今天，请核对"),
        ("990000199001010017", "身份证号码前两位不是省份代码，请核对"),
        ("810000199001010019", "这是居住证的号码，请把证件类型改为港澳或台湾居民居住证"),
    ],
)
def test_resident_id_messages_say_what_to_mend(raw, message):
    assert refusal_of("resident_id", raw).message == message


@pytest.mark.parametrize("day", ["18991231", "00000101", "99990101"])
def test_resident_id_of_another_century_is_refused(day):
    assert "出生日期" in refusal_of("resident_id", resident_id(born=day)).message


@time_machine.travel("2026-11-22T16:30:00+00:00", tick=False)
def test_resident_id_born_today_in_shanghai_is_accepted_and_tomorrow_not():
    documents.check_number("resident_id", resident_id(born="20261123"))

    assert "晚于今天" in refusal_of("resident_id", resident_id(born="20261124")).message


@settings(max_examples=25)
@given(st.dates(date(1950, 1, 1), date(2020, 12, 31)), st.integers(0, 999))
def test_resident_id_agrees_with_two_public_checkers(born, sequence):
    number = resident_id("440103", f"{born:%Y%m%d}", f"{sequence:03}")
    wrong = number[:17] + random.Random(sequence).choice("0123456789X".replace(number[17], ""))

    documents.check_number("resident_id", number)
    # The libraries' region tables refuse true numbers, so only their check characters are asked.
    assert ric.calc_check_digit(number) == number[17]
    assert not id_validator.is_valid(wrong)
    assert refusal_of("resident_id", wrong).message == "身份证号码最后一位校验不符，请核对"


@given(st.sampled_from(sorted(documents.DOCUMENT_TYPES)), st.text(max_size=40))
def test_any_text_is_refused_or_kept_unchanged(document_type, raw):
    number = documents.normalise_number(document_type, raw)
    assert documents.normalise_number(document_type, number) == number
    try:
        documents.check_number(document_type, number)
    except InputError:
        return
    documents.facts(document_type, number)


@pytest.mark.parametrize(
    ("document_type", "number", "form"),
    [
        ("resident_id", "44060419880229006X", "44060419880229006X"),
        ("hk_mo_permit", "H0000000100", "H00000001"),
        ("hk_mo_permit", "H00000001", "H00000001"),
        ("tw_permit", "0000000101", "00000001"),
        ("tw_permit", "0000000101A", "00000001"),
        ("passport_foreign", "AB123456789", "AB123456789"),
        ("unheard_of", "1234", "1234"),
    ],
)
def test_comparison_form_stays_when_a_paper_is_issued_anew(document_type, number, form):
    assert documents.comparison_form(document_type, number) == form


@pytest.mark.parametrize(
    ("document_type", "number", "country"),
    [
        ("resident_id", "440106199208080027", "CHN"),
        ("hk_mo_residence", "810000198307040013", "HKG"),
        ("hk_mo_residence", "820000198307040023", "MAC"),
        ("tw_residence", "830000198307040033", "TWN"),
        ("hk_mo_permit", "M00000002", "MAC"),
        ("passport_foreign", "X1234567", None),
        ("foreign_permanent", "944840198501010018", None),
    ],
)
def test_facts_tell_the_country_where_the_number_does(document_type, number, country):
    assert documents.facts(document_type, number).country == country
    assert documents.DOCUMENT_TYPES[document_type].needs_country == (country is None)


def test_final_sign_of_an_officers_number_is_dropped_and_full_width_halved():
    assert documents.normalise_number("military_officer", "军字第 １２３４５６７ 号") == "军字第1234567"


def test_letters_that_only_look_latin_do_not_become_latin():
    assert refusal_of("passport_foreign", "ſ1234567").message == "护照号码应为 5 至 17 位字母和数字，请核对"


def test_other_documents_exist_only_where_switched_on(settings):
    settings.ALLOW_OTHER_DOCUMENTS = False
    assert "other" not in [kind.key for kind in documents.offered_types()]
    assert refusal_of("other", "AB-1234").field == "document_type"

    settings.ALLOW_OTHER_DOCUMENTS = True
    assert "other" in [kind.key for kind in documents.offered_types()]
    documents.check_number("other", documents.normalise_number("other", "ab-(1234)"))


@pytest.mark.parametrize("document_type", ["", "unheard_of"])
def test_unknown_document_types_are_refused(document_type):
    refusal = refusal_of(document_type, "440106199208080027")

    assert (refusal.field, refusal.status, refusal.message) == ("document_type", 400, "请选择证件类型")
