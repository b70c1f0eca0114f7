"""The rules between answers."""

from datetime import date

import pytest

from collection.choices import DutyStatus
from collection.sections import SECTION_BY_KEY
from collection.tests.factories import (
    answers_for,
    make_draft,
    make_passport_holder,
    make_profile,
)
from registration.tests.factories import make_accountant, resident_id

pytestmark = pytest.mark.django_db
ACCOUNTING = DutyStatus.ACCOUNTING


def born(day):
    return make_accountant(document_number=resident_id(birth_date=day))


def errors_of(key, profile, data):
    """{label of the field: message}."""
    answers = SECTION_BY_KEY[key].form_for(profile, data)
    answers.is_valid()
    return {label: message for _target, label, message in answers.problems}


def work_errors(profile, **changes):
    return errors_of("work", profile, answers_for(ACCOUNTING, "work", **changes))


# --- 工作信息

TOO_EARLY = "开始从事会计工作时间应晚于年满16周岁。"


@pytest.mark.parametrize(
    ("since", "refused"),
    [("1996-03-06", True), ("1996-03-07", False), ("1996-02", True), ("1996-03", False), ("2003-07", False)],
)
def test_accounting_begins_after_the_sixteenth_birthday(since, refused):
    profile = make_profile(accountant=born(date(1980, 3, 7)))

    errors = work_errors(profile, accounting_since=since, technical_position="00")

    assert errors == ({"开始从事会计工作时间": TOO_EARLY} if refused else {})


def test_accounting_does_not_begin_in_the_future(at):
    at("2026-03-01 10:00")
    profile = make_profile()

    assert work_errors(profile, accounting_since="2026-03") == {}
    assert work_errors(profile, accounting_since="2026-04") == {
        "开始从事会计工作时间": "开始从事会计工作时间不能晚于今天，请核对"
    }


def test_years_that_do_not_fit_the_beginning_are_no_error():
    assert work_errors(make_profile(), accounting_years="1") == {}


@pytest.mark.parametrize("years", ["-1", "71", "十年"])
def test_years_out_of_reason_are_refused(years):
    assert work_errors(make_profile(), accounting_years=years) == {
        "从事会计工作年限": "从事会计工作年限应为 0 至 70 的整数，请核对"
    }


def test_without_a_position_its_date_is_not_asked_and_not_kept():
    profile = make_profile()
    data = answers_for(ACCOUNTING, "work", technical_position="00", technical_position_since="不是日期")

    answers = SECTION_BY_KEY["work"].form_for(profile, data)

    assert answers.is_valid()
    assert answers.differences()["technical_position_since"] == ["2008-12-01", None]


def test_with_a_position_its_date_is_insisted_on():
    assert work_errors(make_profile(), technical_position_since="") == {
        "会计专业技术职务聘任时间": "请填写会计专业技术职务聘任时间"
    }


def test_a_position_is_given_after_the_sixteenth_birthday():
    profile = make_profile()
    profile.accountant.birth_date = date(1990, 3, 7)

    errors = work_errors(
        profile, accounting_since="2010-07", accounting_years="9", technical_position_since="2005-12"
    )

    assert errors == {"会计专业技术职务聘任时间": "会计专业技术职务聘任时间应晚于年满16周岁。"}


def test_everything_missing_is_named_with_what_to_do():
    errors = errors_of("work", make_profile(), {"duty_status": "other_work"})

    assert errors == {
        "行政区划": "请选择行政区划",
        "工作单位名称": "请填写工作单位名称",
        "统一社会信用代码": "请填写统一社会信用代码",
        "工作单位所属行业": "请选择工作单位所属行业",
        "工作单位经济类型": "请选择工作单位经济类型",
        "单位地址": "请填写单位地址",
        "单位电话": "请填写单位电话",
    }


@pytest.mark.parametrize(
    ("status", "hint"),
    [
        ("accounting", "请选择单位所在行政区划"),
        ("other_work", "请选择单位所在行政区划"),
        ("unemployed", "请选择户口所在地或者居住证所在行政区划"),
        ("student", "请选择学校所在行政区划"),
    ],
)
def test_division_is_explained_in_the_manuals_words(status, hint):
    form = SECTION_BY_KEY["work"].form_for(make_profile(), {"duty_status": status}).form

    assert form.fields["division"].help_text == hint


# --- 个人信息


def test_identity_is_asked_only_where_the_document_does_not_tell():
    section = SECTION_BY_KEY["personal"]
    resident, passport = make_draft(), make_draft(make_passport_holder())

    assert list(section.form_for(resident).form.fields) == ["ethnic_group", "political_status", "email"]
    assert list(section.form_for(passport).form.fields)[:3] == ["gender", "birth_date", "country"]


def test_somebody_under_sixteen_is_refused(at):
    at("2026-03-01 10:00")
    profile = make_draft(make_passport_holder())
    data = answers_for(ACCOUNTING, "personal", gender="male", country="USA")

    assert errors_of("personal", profile, data | {"birth_date": "2010-03-01"}) == {}
    assert errors_of("personal", profile, data | {"birth_date": "2010-03-02"}) == {
        "出生日期": "会计人员应年满 16 周岁，请核对出生日期"
    }


def test_posting_what_the_document_tells_changes_nothing():
    profile = make_draft()
    data = answers_for(ACCOUNTING, "personal", gender="male", birth_date="1990-01-01", country="USA")

    answers = SECTION_BY_KEY["personal"].form_for(profile, data)

    assert answers.is_valid()
    assert answers.identity_answers() == {}
    assert set(answers.differences()) == {"ethnic_group", "political_status", "email"}


# --- locked fields


def test_a_locked_field_is_shown_and_not_taken():
    profile = make_profile()
    data = answers_for(ACCOUNTING, "work", employer_address="新地址 1 号")
    locked = {"division": "继续教育有在途未完成数据，行政区划不能修改"}

    same = SECTION_BY_KEY["work"].form_for(profile, data, locked=locked)
    moved = SECTION_BY_KEY["work"].form_for(profile, data | {"division": "440103"}, locked=locked)

    assert same.is_valid()
    assert same.differences() == {"employer_address": ["广州市天河区示范路 18 号", "新地址 1 号"]}
    assert not moved.is_valid()
    assert moved.problems == [("id_division_0", "行政区划", locked["division"])]


def test_a_locked_field_may_be_left_out_of_the_post():
    data = answers_for(ACCOUNTING, "work")
    del data["division"]

    answers = SECTION_BY_KEY["work"].form_for(make_profile(), data, locked=["division"])

    assert answers.is_valid()
    assert answers.differences() == {}


# --- words


FORBIDDEN = ("非法", "无效", "必须的", "Ensure", "valid")


@pytest.mark.parametrize("key", SECTION_BY_KEY)
def test_messages_say_what_to_do(key):
    profile = make_profile()
    rows = {one.key: [dict.fromkeys(one.columns, "\x00错" * 200)] for one in SECTION_BY_KEY[key].lists}
    junk = dict.fromkeys(SECTION_BY_KEY[key].columns, "\x00错" * 200) | {"duty_status": "accounting"} | rows

    for data in (junk, {"duty_status": "accounting"} | {key: [{"id": "x"}] for key in rows}):
        answers = SECTION_BY_KEY[key].form_for(profile, data)
        answers.is_valid()
        for _target, label, message in answers.problems:
            assert label and "请" in message or "应" in message, message
            assert not any(word in message for word in FORBIDDEN), message
