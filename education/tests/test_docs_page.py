"""The institutions' documents in a browser: Swagger's scripts under our content security policy, on a phone too."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


@pytest.mark.parametrize("width", [360, 1280])
def test_docs_draw_the_events_from_local_files_only(live_server, page, width):
    foreign = []
    page.on("request", lambda request: foreign.append(request.url) if "://" in request.url else None)
    page.set_viewport_size({"width": width, "height": 800})

    page.goto(f"{live_server.url}/api/docs/")
    page.get_by_text("发送一条消息").click()

    expect(page.locator(".highlight-code").first).to_contain_text("enrolment.created")
    assert [url for url in foreign if not url.startswith((live_server.url, "data:"))] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
