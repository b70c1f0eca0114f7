"""The browser of the journeys: set up like a user's in Guangdong, and nothing that goes wrong in it passes unseen."""

import pytest

pytestmark = pytest.mark.browser


def test_browser_is_set_up_like_a_users_in_guangdong(page):
    page.goto("about:blank")

    assert page.evaluate("navigator.language") == "zh-CN"
    assert page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone") == "Asia/Shanghai"


def test_chinese_is_drawn_with_a_font_that_has_it(page):
    page.set_content("<span style='font: 40px sans-serif'>会计</span>")

    assert page.locator("span").bounding_box()["width"] == pytest.approx(80, abs=2)


@pytest.mark.parametrize(
    ("fault", "event"), [("throw new Error('broken')", "weberror"), ("console.error('broken')", "console")]
)
def test_faults_of_scripts_are_noticed(page, console_errors, fault, event):
    with page.context.expect_event(event):
        page.goto(f"data:text/html,<script>{fault}</script>")

    assert "broken" in console_errors.pop()


def test_home_page_loads_without_a_fault(page, stack, console_errors):
    page.goto(stack.base_url)

    assert "广东省会计信息服务平台" in page.title()
    assert console_errors == []


def test_missing_parts_of_a_page_are_noticed(page, stack, console_errors):
    page.goto(stack.base_url)
    with page.expect_response("**/missing.png"):
        page.evaluate("document.body.appendChild(new Image()).src = '/static/missing.png'")

    assert console_errors.pop().startswith("404 ")
