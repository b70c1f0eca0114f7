"""From step 2 to the archive for a 在岗状态 each, at 360 px: on a slow phone, by keyboard alone, without a script.

The fourth state goes the whole way in accounting_platform/tests/test_journey_browser.py; EVERY_STATE=1 sends all four
through the slow phone as well.
"""

import os
import re

import pytest
from playwright.sync_api import expect

from collection.choices import DutyStatus
from collection.models import Profile
from collection.tests.browser import PHONE, control, open_step, press
from collection.tests.factories import WORK, answers_for, make_draft, make_pictures
from registration.tests.factories import make_accountant

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
SLOW = [status for status in DutyStatus if os.environ.get("EVERY_STATE") or status == DutyStatus.STUDENT]


@pytest.fixture
def browser_context_args(browser_context_args):
    return browser_context_args | {"viewport": PHONE}


@pytest.fixture
def begin(client, live_server):
    """begin(page, status): at step 2 with the pictures given, as somebody for whom nothing is odd."""

    def open_notice(page, status):
        works = status == DutyStatus.ACCOUNTING
        profile = make_draft(make_accountant(works_in_guangdong=works))
        make_pictures(profile)
        make_pictures(profile, "student_proof")
        open_step(page, client, live_server, profile, "notice")
        expect(page.get_by_role("heading", level=1)).to_have_text("阅读采集须知")
        return profile

    return open_notice


def slow_down(page):
    """A cheap phone on slow 4G."""
    session = page.context.new_cdp_session(page)
    # The whole suite has ten minutes; all states together take the slowest of phones.
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4 if len(SLOW) > 1 else 2})
    speed = {"latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 95_000}
    session.send("Network.emulateNetworkConditions", {"offline": False} | speed)


def arrive(page, heading):
    expect(page.get_by_role("heading", level=1)).to_have_text(heading, timeout=20_000)
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def fill(page, answers):
    """Every answer by the name of its column, as a finger or mouse would."""
    for name, value in answers.items():
        if not value or name in ("duty_status", "division"):
            continue
        one = control(page, name).first
        if one.get_attribute("type") == "radio":
            page.locator(f"#section-form [name={name}][value={value}]").check(force=True)
        elif one.evaluate("one => one.tagName") == "SELECT":
            one.select_option(value)
        else:
            one.fill(value)
            one.press("Escape")


def choose_division(page):
    page.get_by_label("市", exact=True).select_option(label="梅州市")
    page.get_by_label("县（市、区）", exact=True).select_option(label="梅江区")


def school(status):
    """Who studies is not done with it."""
    answers = answers_for(status, "education")
    return answers | ({"full_time-0-graduated_on": ""} if status == DutyStatus.STUDENT else {})


def work(status):
    # Registered nowhere in particular, as bodies of the province are.
    return {n: v for n, v in WORK[status].items()} | (
        {"credit_code": "91440000MA0000015J"} if "credit_code" in WORK[status] else {}
    )


@pytest.mark.parametrize("status", SLOW)
def test_the_way_on_a_slow_phone(page, begin, status):
    begin(page, status)
    slow_down(page)
    page.get_by_label("我承诺填写信息的真实性").check()
    press(page, "下一步")
    arrive(page, "填写个人信息")
    fill(page, answers_for(status, "personal"))
    press(page, "下一步")
    arrive(page, "填写学历信息")
    fill(page, school(status))
    press(page, "下一步")
    arrive(page, "填写工作信息")
    page.get_by_label(status.label, exact=True).check(force=True)
    expect(control(page, next(iter(WORK[status])))).to_be_visible(timeout=20_000)
    choose_division(page)
    fill(page, work(status))
    press(page, "下一步")
    arrive(page, "填写专业技术信息")
    fill(page, {"is_cpa": "no", "is_tax_adviser": "no", "is_asset_appraiser": "no"})
    press(page, "下一步")
    arrive(page, "填写奖励信息")
    press(page, "下一步")
    arrive(page, "检查并提交")
    page.get_by_label("我承诺填写信息的真实性").check()
    press(page, "提交")

    arrive(page, "采集状态")
    expect(page.get_by_text("您已完成信息采集")).to_be_visible()
    assert (Profile.objects.get().duty_status, Profile.objects.get().division) == (status, "441402")


# --- by keyboard alone


def tab_to(page, target):
    """Go on with Tab until the focus is there; radios are entered at their first box."""
    for _press in range(60):
        if target.evaluate("one => one === document.activeElement"):
            return target
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {target}")


def type_in(page, name, text):
    tab_to(page, control(page, name))
    page.keyboard.insert_text(text)


def step_down(page, name, times=1):
    tab_to(page, control(page, name))
    for _press in range(times):
        page.keyboard.press("ArrowDown")


def press_enter(page, heading):
    page.keyboard.press("Enter")
    arrive(page, heading)


def fill_work_by_keyboard(page):
    """非会计工作岗位, a division found by its initials, an employer nobody knows."""
    tab_to(page, page.locator("#id_duty_status_0"))
    page.keyboard.press("ArrowDown")
    expect(control(page, "employer_name")).to_be_visible()
    expect(page.locator("#id_duty_status_1")).to_be_focused()
    tab_to(page, page.get_by_label(re.compile("快速查找行政区划")))
    page.keyboard.type("mz mj")
    page.get_by_role("option", name="广东省梅州市梅江区").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_label("县（市、区）", exact=True)).to_be_focused()
    type_in(page, "employer_name", "广东省示范研究院")
    type_in(page, "credit_code", "91440000MA0000015J")
    type_in(page, "employer_phone", "020-83330000")
    step_down(page, "industry", 2)
    step_down(page, "economic_type", 2)
    type_in(page, "employer_address", "梅州市梅江区示范路 1 号")


def test_the_way_by_keyboard_alone(page, begin):
    begin(page, DutyStatus.OTHER_WORK)
    tab_to(page, page.get_by_label("我承诺填写信息的真实性"))
    page.keyboard.press("Space")
    press_enter(page, "填写个人信息")
    step_down(page, "ethnic_group")
    step_down(page, "political_status")
    type_in(page, "email", "lin@example.com")
    press_enter(page, "填写学历信息")
    step_down(page, "full_time-0-education_level", 4)
    for name, text in (("school", "广东某某财经学校"), ("major", "会计学")):
        type_in(page, f"full_time-0-{name}", text)
    for name, text in (("entered_on", "2000-09"), ("graduated_on", "2003-07")):
        type_in(page, f"full_time-0-{name}", text)
    press_enter(page, "填写工作信息")
    fill_work_by_keyboard(page)
    press_enter(page, "填写专业技术信息")
    for name in ("is_cpa", "is_tax_adviser", "is_asset_appraiser"):
        tab_to(page, page.locator(f"#id_{name}_0"))
        page.keyboard.press("ArrowDown")
    press_enter(page, "填写奖励信息")
    tab_to(page, page.get_by_role("button", name="下一步", exact=True).last)
    press_enter(page, "检查并提交")
    tab_to(page, page.get_by_label("我承诺填写信息的真实性"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="提交", exact=True))
    press_enter(page, "采集状态")

    expect(page.get_by_text("您已完成信息采集")).to_be_visible()
    assert Profile.objects.get().employer_name == "广东省示范研究院"


# --- without a script


def test_the_way_without_a_script(browser, browser_context_args, begin):
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    page = context.new_page()
    profile = begin(page, DutyStatus.UNEMPLOYED)
    page.get_by_label("我承诺填写信息的真实性").check(force=True)
    press(page, "下一步")
    fill_plainly(page, answers_for(DutyStatus.UNEMPLOYED, "personal"), "填写学历信息")
    refused = answers_for(DutyStatus.UNEMPLOYED, "education") | {"full_time-0-graduated_on": "1999-07"}
    fill_plainly(page, refused, "填写学历信息")
    expect(page.get_by_role("link", name="毕业时间应晚于入学时间，请核对")).to_be_visible()
    fill_plainly(page, {"full_time-0-graduated_on": "2003-07"}, "填写工作信息")
    page.locator("[name=duty_status][value=unemployed]").check(force=True)
    page.get_by_label("市", exact=True).select_option(label="东莞市")
    press(page, "更新")
    fill_plainly(page, WORK[DutyStatus.UNEMPLOYED], "填写专业技术信息")
    certifications = {"is_cpa": "no", "is_tax_adviser": "no", "is_asset_appraiser": "no"}
    fill_plainly(page, certifications, "填写奖励信息")
    fill_plainly(page, {}, "检查并提交")
    press(page, "提交")
    expect(page.get_by_role("link", name="请勾选“承诺填写信息的真实性”")).to_be_visible()
    page.get_by_label("我承诺填写信息的真实性").check(force=True)
    press(page, "提交")

    expect(page.get_by_text("您已完成信息采集")).to_be_visible()
    profile.refresh_from_db()
    assert (profile.division, profile.duty_status) == ("441900", "unemployed")
    context.close()


def fill_plainly(page, answers, heading):
    for name, value in answers.items():
        one = page.locator(f"#section-form [name={name}]").first
        if one.get_attribute("type") == "radio":
            page.locator(f"#section-form [name={name}][value={value}]").check(force=True)
        elif one.get_attribute("type"):
            one.fill(value)
        elif value:
            one.select_option(value)
    press(page, "下一步")
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
