import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from accounting_platform.lib import validators
from accounting_platform.lib.errors import InputError
from accounting_platform.tests import vectors

CREDIT_CODES = vectors.rows("uscc")
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def cleaned(clean, raw):
    """The kept value, or None where it is refused."""
    try:
        return clean(raw)
    except InputError:
        return None


@pytest.mark.parametrize("row", vectors.rows("name"), ids=vectors.label)
def test_name_vectors(row):
    assert cleaned(validators.clean_name, row["input"]) == (row["normalised"] or None)


@pytest.mark.parametrize("row", vectors.rows("mobile"), ids=vectors.label)
def test_mobile_vectors(row):
    assert cleaned(validators.clean_phone, row["input"]) == (row["normalised"] or None)


@pytest.mark.parametrize("row", vectors.rows("sms_code"), ids=vectors.label)
def test_sms_code_vectors(row):
    assert (cleaned(validators.clean_sms_code, row["input"]) is not None) == (row["valid"] == "true")


@pytest.mark.parametrize("row", CREDIT_CODES, ids=vectors.label)
def test_credit_code_vectors(row):
    code = cleaned(validators.clean_credit_code, row["input"])

    assert code == (row["normalised"] or None)
    if code:
        assert (validators.credit_code_warning(code) is None) == (row["valid"] == "true")


def test_vectors_are_all_there():
    names = ("name", "mobile", "sms_code", "uscc")
    assert [len(vectors.rows(name)) for name in names] == [16, 18, 7, 25]


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("张　三", "张三"),
        ("阿卜杜拉.买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉‧买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉・买买提", "阿卜杜拉·买买提"),
        ("ＪＯＨＮ  O’Brien-Smith", "JOHN O'Brien-Smith"),
        ("Jose\u0301 Núñez", "José Núñez"),
        ("\U000323b0\U00031350", "\U000323b0\U00031350"),
        ("李〇", "李〇"),
    ],
)
def test_names_are_kept_in_one_written_form(raw, kept):
    assert validators.clean_name(raw) == kept


@pytest.mark.parametrize(
    "raw",
    [
        "·张三",
        "张三·",
        "张··三",
        "张-三",
        "Smith-",
        "张\u202e三",
        "张\u200b三",
        "张\x00三",
        "张\ud800三",
        "Иван",
        "张\u0378三",
        "ばなな",
        "张\ue000",
    ],
)
def test_names_with_other_characters_get_the_one_sentence(raw):
    with pytest.raises(InputError) as refusal:
        validators.clean_name(raw)

    assert refusal.value.message == "姓名只能包含汉字、字母和间隔号"


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("0086-138-0013-8000", "13800138000"),
        ("86 138 0013 8000", "13800138000"),
        ("86-13800138000", "13800138000"),
        ("+86 154 0000 0000", "15400000000"),
        ("8616000000000", "16000000000"),
        ("+852 9123 4567", None),
        ("+44 13800138000", None),
        ("013800138000", None),
        ("138-0013-8000", None),
        ("١٣٨٠٠١٣٨٠٠٠", None),
        ("13800138000;1", None),
        ("+86 1380013800a", None),
        ("13800138000\x00", None),
    ],
)
def test_country_prefixes_are_removed_and_nothing_else_is_guessed(raw, kept):
    assert cleaned(validators.clean_phone, raw) == kept


def test_phone_refusal_is_the_baselines_sentence():
    with pytest.raises(InputError, match="^手机号码格式不正确$") as refusal:
        validators.clean_phone("12345")

    assert (refusal.value.field, refusal.value.status) == ("phone", 400)


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("020-83330000", "020-83330000"),
        ("02083330000", "020-83330000"),
        ("（020）8333 0000", "020-83330000"),
        ("0753－2233445", "0753-2233445"),
        ("020-83330000 转 801", "020-83330000转801"),
        ("020-83330000分机801", "020-83330000转801"),
        ("020-83330000-801", "020-83330000转801"),
        ("400-830-0000", "400-830-0000"),
        ("4008300000", "400-830-0000"),
        ("800 8300 000", "800-830-0000"),
        ("13800138000", "13800138000"),
        ("83330000", None),
        ("020-83330000转", None),
        ("020-8333", None),
        ("400-83000", None),
        ("电话", None),
        ("", None),
    ],
)
def test_employer_phones_are_kept_in_one_written_form(raw, kept):
    assert cleaned(validators.clean_employer_phone, raw) == kept


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("91440101MA0000015", "统一社会信用代码应为 18 位，现在是 17 位"),
        ("440101000000001", "15 位的是旧工商注册号，请填写 18 位统一社会信用代码"),
        ("91440101MAO0000156", "统一社会信用代码不使用字母 O，请核对第 11 位，可能是数字 0"),
        ("91440101MAV0000156", "统一社会信用代码不使用字母 V，请核对第 11 位，可能是字母 U 或 Y"),
        ("91440101MA-0000156", "统一社会信用代码只有数字和大写字母，请核对第 11 位"),
        ("914401A1MA00000156", "统一社会信用代码第 3 至 8 位是行政区划代码，应为数字，请核对"),
        ("91440101MA00000157", "统一社会信用代码校验不符，请重点核对第 4、5、7、8、18 位"),
    ],
)
def test_credit_code_messages_say_where_to_look(raw, message):
    with pytest.raises(InputError) as refusal:
        validators.clean_credit_code(raw)

    assert refusal.value.message == message


@pytest.mark.parametrize(
    ("mistyped", "place"),
    [
        ("91440101MAD0000156", "11"),
        ("91440101AM00000156", "9、10"),
        ("91440101MA0000015G", "18"),
        ("91440107MA00000156", "8"),
    ],
)
def test_a_misread_or_swapped_character_is_pointed_at(mistyped, place):
    with pytest.raises(InputError) as refusal:
        validators.clean_credit_code(mistyped)

    places = refusal.value.message.partition("请重点核对第 ")[2].removesuffix(" 位").split("、")
    assert set(place.split("、")) <= set(places)


@given(
    st.sampled_from("123459"),
    st.sampled_from("1239"),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(ALPHABET, min_size=9, max_size=9),
)
def test_credit_code_agrees_with_a_public_checker(office, kind, region, organisation):
    body = office + kind + region + organisation
    code = body + uscc.calc_check_digit(body)

    validators.validate_credit_code(code)
    other = ALPHABET[(ALPHABET.index(code[17]) + 1) % 31]
    assert cleaned(validators.clean_credit_code, body + other) is None


@given(st.text(max_size=40))
def test_any_text_is_refused_or_kept_unchanged(raw):
    for clean in (
        validators.clean_name,
        validators.clean_phone,
        validators.clean_employer_phone,
        validators.clean_credit_code,
        validators.clean_sms_code,
    ):
        kept = cleaned(clean, raw)
        assert kept is None or clean(kept) == kept


def test_plain_text_refuses_what_no_database_takes():
    validators.validate_plain_text("广州市天河区\n体育西路 1 号 😀")

    for text in ("a\x00", "\ud800"):
        with pytest.raises(InputError):
            validators.validate_plain_text(text)
