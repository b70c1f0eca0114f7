"""The steps in Chromium at 360 px: rows, errors, two pages open, double clicks, no script, no sideways scroll."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from collection.models import ArchiveVersion, Profile
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


# --- rows


def rows(page):
    return page.locator("[data-rows=talent_programmes] [data-row]")


def test_a_new_row_gets_the_focus_and_asks_what_fits(page, enter):
    enter(page, make_profile(), "professional")

    press(page, "新增高端会计人才信息")

    expect(rows(page)).to_have_count(1)
    expect(page.get_by_label(re.compile("会计人才类型"))).to_be_focused()
    expect(page.get_by_label(re.compile("毕业年度"))).to_be_hidden()
    page.get_by_label(re.compile("培养状态")).select_option(label="已毕业")
    expect(page.get_by_label(re.compile("毕业年度"))).to_be_visible()


def test_a_filled_row_is_removed_after_a_question_and_brought_back(page, enter):
    enter(page, make_profile(), "professional")
    press(page, "新增高端会计人才信息")
    page.get_by_label(re.compile("入选年度")).fill("2015")

    rows(page).get_by_role("button", name=re.compile("^删除")).click()
    expect(page.get_by_text("要删除“高端会计人才信息 1”吗？")).to_be_visible()
    press(page, "确定删除")
    expect(rows(page)).to_have_count(0)

    press(page, "撤销")
    expect(page.get_by_label(re.compile("入选年度"))).to_have_value("2015")


def test_rows_of_both_kinds_are_stored(page, enter):
    profile = make_profile()
    make_pictures(profile)
    enter(page, profile, "awards")
    for name in ("第一个奖励", "第二个奖励"):
        press(page, "新增奖励")
        page.get_by_label(re.compile("奖励名称")).last.fill(name)
        page.get_by_label(re.compile("奖励级别")).last.select_option(label="地市级")

    press(page, "下一步")

    page.wait_for_url("**/submit/#awards")
    assert list(profile.award_set.values_list("name", flat=True)) == ["第一个奖励", "第二个奖励"]


# --- errors, two devices, double click


def test_the_error_summary_leads_to_the_field(page, enter):
    enter(page, make_profile(), "work")
    control(page, "employer_address").fill("")
    press(page, "下一步")
    expect(page.locator("[data-summary]")).to_be_focused()
    expect(page).to_have_title(re.compile("^错误："))

    page.get_by_role("link", name="请填写单位地址").click()

    expect(control(page, "employer_address")).to_be_focused()


def test_the_older_of_two_devices_chooses_between_both_versions(page, browser, browser_context_args, enter):
    profile = make_profile()
    make_pictures(profile)
    other = browser.new_context(**browser_context_args).new_page()
    for device in (page, other):
        enter(device, profile, "work")
    control(other, "employer_address").fill("电脑上保存的地址 1 号")
    control(other, "employer_phone").fill("020-12345678")
    press(other, "下一步")
    other.wait_for_url(re.compile("/submit/"))
    control(page, "employer_address").fill("手机上填写的地址 2 号")
    control(page, "employer_name").fill("手机上填写的公司")

    press(page, "下一步")
    expect(page.get_by_role("heading", name="页面已更新，请刷新后重试")).to_be_visible()
    address, phone = (page.get_by_role("group", name=name, exact=True) for name in ("单位地址", "单位电话"))
    expect(address.get_by_label("电脑上保存的地址 1 号")).to_be_visible()
    expect(address.get_by_label("手机上填写的地址 2 号")).to_be_checked()
    expect(phone.get_by_label("020-12345678")).to_be_checked()
    address.get_by_label("电脑上保存的地址 1 号").press(" ")
    press(page, "下一步")

    page.wait_for_url(re.compile("/submit/"))
    stored = Profile.objects.get()
    assert stored.employer_address == "电脑上保存的地址 1 号"
    assert (stored.employer_name, stored.employer_phone) == ("手机上填写的公司", "020-12345678")
    other.context.close()


def test_back_after_a_refusal_is_one_step_back_with_what_was_saved(page, enter):
    profile = make_profile()
    make_pictures(profile)
    enter(page, profile, "education")
    page.goto(page.url.replace("education", "work"))
    control(page, "employer_address").fill("改过的地址 3 号")
    control(page, "employer_phone").fill("12")
    press(page, "下一步")
    expect(page.get_by_text(re.compile("^其余内容已保存"))).to_be_visible()
    control(page, "employer_phone").fill("020-83330001")
    press(page, "下一步")
    page.wait_for_url(re.compile("/submit/"))

    page.go_back()
    page.wait_for_url("**/work/")
    expect(control(page, "employer_address")).to_have_value("改过的地址 3 号")
    expect(control(page, "employer_phone")).to_have_value("020-83330001")
    page.go_back()
    page.wait_for_url("**/education/")
    expect(page.get_by_role("heading", level=1)).to_have_text("填写学历信息")


def test_what_looks_odd_is_asked_about_once_and_found_again_on_the_check_page(page, enter):
    profile = make_profile()
    make_pictures(profile)
    enter(page, profile, "work")
    control(page, "accounting_years").fill("3")
    press(page, "下一步")
    page.wait_for_url("**/work/?check")
    expect(page.get_by_role("heading", name="已保存，请核对后继续")).to_be_visible()
    page.get_by_role("link", name=re.compile("从事会计工作年限填的是 3 年")).click()
    expect(control(page, "accounting_years")).to_be_focused()

    press(page, "确认无误，下一步")

    page.wait_for_url(re.compile("/submit/"))
    page.get_by_role("link", name="去核对“从事会计工作年限”").click()
    page.wait_for_url("**/work/#id_accounting_years_field")
    expect(control(page, "accounting_years")).to_be_focused()


def test_a_cut_network_keeps_what_was_typed(page, enter):
    enter(page, make_profile(), "work")
    control(page, "employer_address").fill("还没有保存的地址 4 号")
    page.route("**/work/", lambda route: route.abort())

    press(page, "下一步")

    expect(page.get_by_text(re.compile("^网络不通，还没有保存"))).to_be_visible()
    expect(control(page, "employer_address")).to_have_value("还没有保存的地址 4 号")
    expect(page.get_by_role("button", name="下一步", exact=True)).to_be_enabled()


def test_a_double_click_submits_once(page, enter):
    profile = make_profile()
    make_pictures(profile)
    enter(page, profile, "review")
    page.get_by_label("我承诺填写信息的真实性").press(" ")

    page.get_by_role("button", name="提交", exact=True).dblclick()

    expect(page.get_by_text("您已完成信息采集")).to_be_visible()
    expect(page.get_by_text(re.compile(r"4401-\d{4}-\d{7}")).first).to_be_visible()
    assert ArchiveVersion.objects.count() == 1


# --- without a script


def test_status_division_and_rows_work_without_a_script(browser, browser_context_args, enter):
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    page = context.new_page()
    enter(page, make_profile(), "work")

    page.locator("[name=duty_status][value=unemployed]").check(force=True)
    page.get_by_label("市", exact=True).select_option(label="梅州市")
    press(page, "更新")
    expect(control(page, "home_address")).to_be_visible()
    press(page, "更新县（市、区）列表")
    page.get_by_label("县（市、区）", exact=True).select_option(label="梅江区")
    control(page, "home_address").fill("梅州市梅江区示范路 1 号")
    press(page, "下一步")

    stored = Profile.objects.get()
    assert (stored.duty_status, stored.division, stored.credit_code) == ("unemployed", "441402", "")
    page.goto(page.url.split("/collection/")[0] + reverse("collection:section", args=["education"]))
    press(page, "新增非全日制教育")
    expect(page.get_by_role("group", name="非全日制教育 1", exact=True)).to_be_visible()
    page.get_by_role("button", name=re.compile(r"^删除\s*这一条非全日制教育")).click()
    expect(page.get_by_role("group", name="非全日制教育 1", exact=True)).to_have_count(0)
    context.close()


@pytest.mark.parametrize("width", [320, 360, 1280])
@pytest.mark.parametrize(
    "key", ["status", "personal", "education", "work", "professional", "awards", "review"]
)
def test_no_step_is_wider_than_the_window(page, enter, key, width):
    page.set_viewport_size({"width": width, "height": 740})

    enter(page, make_profile(), key)

    assert page.evaluate("document.documentElement.scrollWidth") <= width
