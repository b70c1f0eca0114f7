"""The rules within the rows of 学历信息 and 专业技术信息."""

import pytest

from collection.sections import SECTION_BY_KEY
from collection.tests.factories import CERTIFICATIONS, QUALIFICATION, SCHOOLING, TALENT, make_profile, posted
from collection.tests.test_forms import errors_of
from registration.tests.factories import make_accountant

pytestmark = pytest.mark.django_db


def schooling_errors(profile, **changes):
    return errors_of("education", profile, posted("full_time", SCHOOLING | changes))


# --- 学历信息


def test_one_full_time_row_is_needed():
    errors = errors_of("education", make_profile(), posted("part_time", SCHOOLING))

    assert errors == {"全日制教育": "请至少填写一项全日制教育"}


def test_no_schooling_asks_nothing_else_and_keeps_nothing_else():
    answers = SECTION_BY_KEY["education"].form_for(
        make_profile(), posted("full_time", SCHOOLING | {"education_level": "90", "entered_on": "无"})
    )

    assert answers.is_valid()
    (row,) = answers.rows("full_time").after()
    kept = {name: value for name, value in row.items() if name != "id" and value}
    assert kept == {"education_level": "90"}


@pytest.mark.parametrize(
    ("level", "asked"), [("61", False), ("71", False), ("41", True), ("31", True), ("21", True)]
)
def test_below_secondary_vocational_neither_major_nor_degree_is_asked(level, asked):
    errors = schooling_errors(make_profile(), education_level=level, major="", degree="X00")
    answers = SECTION_BY_KEY["education"].form_for(
        make_profile(), posted("full_time", SCHOOLING | {"education_level": level, "degree": "X00"})
    )
    answers.is_valid()

    assert errors == ({"所学专业": "请填写所学专业"} if asked else {})
    assert bool(answers.rows("full_time").after()[0]["degree"]) is asked


@pytest.mark.parametrize("graduated", ["2000-09", "1999-07"])
def test_graduation_comes_after_entry(graduated):
    assert schooling_errors(make_profile(), graduated_on=graduated) == {
        "毕业时间": "毕业时间应晚于入学时间，请核对"
    }


@pytest.mark.parametrize(
    ("status", "asked"), [("student", False), ("", False), ("accounting", True), ("unemployed", True)]
)
def test_only_students_may_leave_graduation_open(status, asked):
    profile = make_profile()
    profile.duty_status = status

    errors = schooling_errors(profile, graduated_on="")

    assert errors == ({"毕业时间": "请填写毕业时间"} if asked else {})


def test_several_rows_are_told_apart_in_the_summary():
    data = posted("full_time", SCHOOLING, SCHOOLING | {"school": ""})

    errors = errors_of("education", make_profile(), data)

    assert errors == {"全日制教育第 2 条：毕业院校": "全日制教育第 2 条：请填写毕业院校"}


# --- 专业技术信息


def talent_errors(**changes):
    return errors_of(
        "professional", make_profile(), CERTIFICATIONS | posted("talent_programmes", TALENT | changes)
    )


def test_graduation_year_belongs_to_graduates():
    assert talent_errors(graduation_year="") == {"毕业年度": "请填写毕业年度"}
    assert talent_errors(state="in_training", graduation_year="不详") == {}


def test_graduation_year_is_not_before_selection():
    assert talent_errors(graduation_year="2012") == {}
    assert talent_errors(graduation_year="2011") == {"毕业年度": "毕业年度不能早于入选年度，请核对"}


def test_years_have_begun(at):
    at("2026-03-01 10:00")

    assert talent_errors(selected_year="2027", state="in_training") == {
        "入选年度": "入选年度不能晚于今年，请核对"
    }
    assert talent_errors(selected_year="12", state="in_training") == {
        "入选年度": "入选年度请写 4 位数字的年份，如 2019"
    }


def test_certifications_are_asked_with_yes_and_no():
    errors = errors_of("professional", make_profile(), {"abacus_grade": ""})

    assert errors == {
        "是否是注册会计": "请选择是否是注册会计",
        "是否是税务师": "请选择是否是税务师",
        "是否是资产评估": "请选择是否是资产评估",
    }


@pytest.mark.parametrize(
    ("works", "holds", "needed"), [(False, True, True), (True, True, False), (True, False, False)]
)
def test_who_came_for_a_certificate_alone_has_to_name_one(works, holds, needed):
    profile = make_profile(accountant=make_accountant(works_in_guangdong=works, holds_certificate=holds))

    without = errors_of("professional", profile, CERTIFICATIONS)
    with_one = errors_of("professional", profile, CERTIFICATIONS | posted("qualifications", QUALIFICATION))

    assert without == ({"专业技术资格信息": "请至少填写一项专业技术资格信息"} if needed else {})
    assert with_one == {}
