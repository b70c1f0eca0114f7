"""How much a phone has to fetch before somebody can fill in a step: everything, with nothing in the cache."""

import pytest

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 360, "height": 740}}
MOST_BYTES = 150_000


@pytest.fixture
def browser_context_args(browser_context_args):
    return browser_context_args | PHONE


def enter(page, stack):
    """Log in as the demo's person who has not collected yet, and promise, so that the steps open."""
    person = stack.logins()[0]
    page.goto(f"{stack.base_url}/login/")
    page.locator("[name=document_number]").fill(person["document_number"])
    page.locator("[name=password]").fill(person["password"])
    page.locator("main button.btn-primary").click()
    page.wait_for_url("**/collection/**")
    page.goto(f"{stack.base_url}/collection/notice/")
    page.locator("[name=promise]").press(" ")
    page.locator("main button.btn-primary").click()
    page.wait_for_url("**/collection/personal/")


def test_the_heaviest_step_comes_in_150_kilobytes(page, stack, browser, browser_context_args):
    enter(page, stack)
    fresh = browser.new_context(**browser_context_args, storage_state=page.context.storage_state())
    cold = fresh.new_page()
    network = fresh.new_cdp_session(cold)
    network.send("Network.enable")
    fetched = []
    network.on("Network.loadingFinished", lambda event: fetched.append(event["encodedDataLength"]))

    # With the picture tools this step is the heaviest.
    cold.goto(f"{stack.base_url}/collection/personal/", wait_until="networkidle")

    assert cold.locator("#section-form").is_visible()
    fresh.close()
    assert len(fetched) > 10
    assert sum(fetched) <= MOST_BYTES, f"{sum(fetched)} bytes in {len(fetched)} files"
