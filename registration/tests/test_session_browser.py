"""The end of a log-in as somebody sees it who is filling in a long form."""

import pytest
from playwright.sync_api import expect

from accounting_platform.tests.stack import Stack

pytestmark = pytest.mark.browser
SECONDS = 9


@pytest.fixture(scope="module")
def running():
    """A platform whose log-ins last a few seconds."""
    with Stack(SESSION_IDLE_SECONDS=str(SECONDS)) as stack:
        yield stack


@pytest.fixture
def member(running, page):
    """Somebody on the page that changes personal answers."""
    page.person = next(one for one in running.logins() if "(collected)" in one["who"])
    page.goto(f"{running.base_url}/login/?next=/changes/personal/")
    log_in(page)
    return page


def log_in(page):
    page.fill("#id_document_number", page.person["document_number"])
    page.fill("#id_password", page.person["password"])
    page.locator("main").get_by_role("button", name="登录").click()


def test_warning_goes_on_with_one_press_and_typed_text_outlives_the_log_in(member):
    soon, over = member.get_by_text("登录快要超时了"), member.get_by_text("登录已超时。")
    expect(soon).to_be_visible()
    email = member.locator("#id_email")
    email.fill("lin.new@example.com")
    member.wait_for_timeout(SECONDS * 600)
    member.get_by_role("button", name="继续填写").click()
    member.wait_for_timeout(SECONDS * 600)
    expect(soon).to_be_visible()
    expect(over).to_be_hidden()

    expect(over).to_be_visible(timeout=SECONDS * 1000)
    member.wait_for_timeout(1500)
    member.get_by_role("link", name="重新登录").click()
    log_in(member)

    expect(email).to_have_value("lin.new@example.com")
    expect(member.get_by_text("已恢复您登录超时前填写的文字")).to_be_visible()
    assert "/changes/personal/" in member.url


def test_typed_text_is_gone_after_logging_out(member):
    member.locator("#id_email").fill("lin.new@example.com")
    member.get_by_role("button", name="退出").first.click()
    expect(member.get_by_text("您已退出登录")).to_be_visible()

    assert member.evaluate("Object.keys(sessionStorage).filter((name) => name.startsWith('typed:'))") == []
