"""The work step in Chromium at 360 px: another 在岗状态, finding division and employer, proposed years."""

import re

import pytest
from playwright.sync_api import expect

from collection.choices import DutyStatus
from collection.models import Employer, Profile
from collection.tests.browser import PHONE, control, open_step, press
from collection.tests.factories import make_pictures, make_profile

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


@pytest.fixture
def browser_context_args(browser_context_args):
    return browser_context_args | {"viewport": PHONE}


@pytest.fixture
def enter(client, live_server):
    """enter(page, profile, key): one step, logged in as the profile's owner."""
    return lambda page, profile, key: open_step(page, client, live_server, profile, key)


def choose_status(page, label):
    # The box is drawn over the input.
    page.get_by_label(label, exact=True).press(" ")


# --- 在岗状态


def test_another_status_shows_its_fields_without_a_reload(page, enter):
    enter(page, make_profile(duty_status=DutyStatus.OTHER_WORK), "work")
    page.evaluate("window.notLoadedAnew = true")

    choose_status(page, "会计工作岗位")

    expect(control(page, "accounting_post")).to_be_visible()
    expect(control(page, "employer_name")).to_have_value("广州市示范纸品有限公司")
    assert page.evaluate("window.notLoadedAnew")


def test_another_status_asks_before_it_empties_and_can_be_undone(page, enter):
    enter(page, make_profile(), "work")
    choose_status(page, "待业")
    expect(page.locator(".ask")).to_contain_text(re.compile("已填写的.+等 12 项将不再保留。要更改吗？"))

    press(page, "不改了")
    expect(page.get_by_label("会计工作岗位", exact=True)).to_be_checked()

    choose_status(page, "待业")
    press(page, "确定更改")
    expect(control(page, "home_address")).to_be_visible()
    expect(control(page, "employer_name")).to_have_count(0)

    press(page, "撤销")
    expect(control(page, "employer_name")).to_have_value("广州市示范纸品有限公司")
    expect(page.get_by_label("会计工作岗位", exact=True)).to_be_checked()


def test_a_changed_status_is_saved_with_what_it_asks(page, enter):
    profile = make_profile()
    make_pictures(profile)
    enter(page, profile, "work")
    choose_status(page, "待业")
    press(page, "确定更改")
    control(page, "home_address").fill("广州市天河区示范路 20 号")

    press(page, "下一步")
    page.wait_for_url("**/work/?check")
    press(page, "确认无误，下一步")

    page.wait_for_url("**/submit/#work")
    stored = Profile.objects.get()
    assert (stored.duty_status, stored.employer_name) == ("unemployed", "")


def test_students_get_the_place_for_their_proof(page, enter):
    enter(page, make_profile(), "work")

    choose_status(page, "在校生")
    press(page, "确定更改")

    proof = page.get_by_role("region", name="学生证明附件")
    expect(proof.get_by_role("button", name=re.compile("选择照片|从相册选"))).to_be_visible()


# --- helps of the work step


def test_a_city_fills_its_counties_and_some_have_none(page, enter):
    enter(page, make_profile(), "work")
    city, county = page.get_by_label("市", exact=True), page.get_by_label("县（市、区）", exact=True)

    city.select_option(label="梅州市")
    expect(county.locator("option")).to_have_count(9)
    city.select_option(label="东莞市")
    expect(county).to_be_hidden()


def test_a_division_is_found_by_pinyin(page, enter):
    enter(page, make_profile(), "work")
    finder = page.get_by_label(re.compile("快速查找行政区划"))
    finder.press_sequentially("mz mj")
    page.get_by_role("option", name="广东省梅州市梅江区").wait_for()

    finder.press("ArrowDown")
    finder.press("Enter")

    expect(page.get_by_label("市", exact=True)).to_have_value("441400")
    expect(page.get_by_label("县（市、区）", exact=True)).to_have_value("441402")


def make_employer():
    return Employer.objects.create(
        name="东莞市示范纸业集团",
        name_pinyin="dgssfzyjt",
        credit_code="91441900MAXX00023N",
        industry="22",
        economic_type="160",
        address="东莞市示范路 1 号",
        phone="0769-83330000",
        verified=True,
    )


def test_an_employer_is_found_and_fills_four_fields_that_stay_editable(page, enter):
    make_employer()
    enter(page, make_profile(), "work")
    name = control(page, "employer_name")
    name.fill("")
    name.press_sequentially("东莞")
    page.get_by_role("option", name=re.compile("东莞市示范纸业集团")).click()

    expect(name).to_have_value("东莞市示范纸业集团")
    expect(control(page, "credit_code")).to_have_value("91441900MAXX00023N")
    expect(control(page, "employer_phone")).to_have_value("0769-83330000")
    expect(page.get_by_text("已自动填充")).to_have_count(4)
    control(page, "employer_phone").press_sequentially("1")
    expect(page.get_by_text("已自动填充")).to_have_count(3)


def test_a_whole_code_fills_what_is_empty(page, enter):
    make_employer()
    enter(page, make_profile(), "work")
    for field in ("employer_name", "employer_address"):
        control(page, field).fill("")
    control(page, "credit_code").fill("91441900maxx00023n")
    control(page, "credit_code").blur()

    expect(control(page, "employer_name")).to_have_value("东莞市示范纸业集团")
    expect(control(page, "employer_address")).to_have_value("东莞市示范路 1 号")
    expect(control(page, "employer_phone")).to_have_value("020-83330000")


def test_an_unknown_employer_is_no_obstacle(page, enter):
    enter(page, make_profile(), "work")
    name = control(page, "employer_name")
    name.fill("")
    name.press_sequentially("没有的单位")
    expect(page.get_by_text("没有找到，请直接填写单位全称")).to_be_visible()

    name.press("Escape")
    expect(name).to_have_value("没有的单位")
    expect(page.locator(".hits")).to_have_count(0)


def test_years_are_proposed_from_the_beginning(page, enter):
    enter(page, make_profile(accounting_years=None), "work")
    since, years = control(page, "accounting_since"), control(page, "accounting_years")

    since.fill("1993 年 7 月")
    since.blur()
    expect(years).to_have_value(re.compile(r"^3\d$"))
    expect(page.get_by_text(re.compile(r"按开始时间推算为 3\d 年，可以修改"))).to_be_visible()

    years.fill("10")
    years.blur()
    expect(page.get_by_text("中间有间断的可以不改")).to_be_visible()
    since.fill("1994-07")
    since.blur()
    expect(years).to_have_value("10")


def test_without_a_position_its_date_goes_away(page, enter):
    enter(page, make_profile(), "work")

    control(page, "technical_position").select_option(label="无职务")
    expect(control(page, "technical_position_since")).to_be_hidden()
    control(page, "technical_position").select_option(label="会计师")
    expect(control(page, "technical_position_since")).to_be_visible()
