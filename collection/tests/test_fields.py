"""Single answers: how they may be typed and what is kept of them."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from collection.fields import (
    DayField,
    DivisionField,
    EmailField,
    NumberField,
    TextField,
    YesNoField,
    code_choices,
    formfield,
)
from collection.models import Profile, Schooling

pytestmark = pytest.mark.django_db


def refusal(field, value):
    with pytest.raises(ValidationError) as refused:
        field.clean(value)
    return refused.value.messages[0]


@pytest.mark.parametrize(
    "typed",
    ["1993-07", "1993/7", "1993.07", "1993年7月", "1993 年 7 月", "199307", "１９９３－０７", "1993-07-01"],
)
def test_a_month_may_be_typed_in_many_ways(typed):
    assert DayField(label="入学时间").clean(typed) == date(1993, 7, 1)


def test_a_day_is_shown_as_a_month_where_only_that_is_known():
    field = DayField(label="入学时间")

    assert field.prepare_value(date(1993, 7, 1)) == "1993-07"
    assert field.prepare_value(date(1993, 7, 5)) == "1993-07-05"
    assert field.prepare_value("93年") == "93年"


@pytest.mark.parametrize("typed", ["93-7", "七月", "1993-13", "1993-02-30", "2999-01"])
def test_a_day_that_cannot_be_is_refused(typed):
    assert refusal(DayField(label="入学时间"), typed)


def test_texts_lose_outer_blanks_and_keep_full_width_brackets():
    assert TextField(label="学校").clean("\u3000 广州（天河）学院 ") == "广州（天河）学院"


@pytest.mark.parametrize("typed", ["学\x00校", "学\x07校", "学\ud800校"])
def test_characters_nobody_can_read_are_a_field_error(typed):
    assert refusal(TextField(label="学校"), typed) == "学校中有无法识别的字符，请删除后重新填写"


def test_a_text_that_is_too_long_is_told_by_how_much():
    assert (
        refusal(TextField(label="学校", max_length=3), "广州学院") == "学校最多 3 个字，现在是 4 个字，请删减"
    )


def test_lengths_count_characters_not_units():
    assert TextField(label="学校", max_length=3).clean("𠮷𠮷𠮷") == "𠮷𠮷𠮷"


@pytest.mark.parametrize(("typed", "kept"), [("20", 20), ("２０", 20), ("20 年", 20), ("0", 0), (20, 20)])
def test_numbers_are_read_generously(typed, kept):
    assert NumberField(label="年限").clean(typed) == kept


def test_a_figure_of_another_script_is_refused():
    assert refusal(NumberField(label="年限"), "٢٠")


@pytest.mark.parametrize(
    ("typed", "kept"), [("yes", True), ("no", False), ("True", True), (False, False), ("是", True)]
)
def test_yes_and_no(typed, kept):
    assert YesNoField(label="是否是税务师").clean(typed) is kept


def test_yes_or_no_is_insisted_on():
    assert refusal(YesNoField(label="是否是税务师"), "") == "请选择是否是税务师"
    assert refusal(YesNoField(label="是否是税务师"), "maybe") == "请重新选择是否是税务师"


def test_email_takes_full_width_signs():
    assert EmailField(label="电子邮箱").clean(" lin＠example．com ") == "lin@example.com"
    assert refusal(EmailField(label="电子邮箱"), "lin@") == "请核对电子邮箱，写成 name@example.com 的样子"


@pytest.mark.parametrize("code", ["440106", "441900", "442000", "440000-B"])
def test_division_takes_counties_and_what_has_none(code):
    assert DivisionField(label="行政区划").clean(code) == code


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("440100", "请选择县（市、区）"),
        ("440300", "请重新选择行政区划"),
        ("440304", "请重新选择行政区划"),
        ("110101", "请重新选择行政区划"),
        ("", "请选择行政区划"),
    ],
)
def test_division_refuses_what_is_half_or_elsewhere(code, words):
    assert refusal(DivisionField(label="行政区划"), code) == words


def test_abacus_grade_calls_nothing_by_its_name():
    choices = formfield(Profile._meta.get_field("abacus_grade")).choices

    assert list(choices)[:2] == [("", "无"), ("A1", "能手一级")]


def test_long_lists_come_in_groups():
    groups = dict(choice for choice in code_choices("industry") if isinstance(choice[1], list))

    assert ("22", "造纸和纸制品业") in groups["制造业"]


def test_a_code_outside_the_list_is_refused():
    field = formfield(Schooling._meta.get_field("education_level"))

    assert field.clean("31") == "31"
    assert refusal(field, "32") == "请重新选择学历"
