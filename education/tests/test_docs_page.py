"""The pages for schools' engineers in a browser: under our content security policy, on a phone and a computer."""

import base64
import hashlib
import hmac
import re
import time

import pytest
from playwright.sync_api import expect

from accounting_platform.lib import signing

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
PAGES = ("/api/docs/", "/api/docs/reference/", "/api/docs/signature/")


@pytest.mark.parametrize("width", [360, 1280])
def test_docs_are_read_from_local_files_within_the_width(live_server, page, console_errors, width):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_viewport_size({"width": width, "height": 800})

    for path in PAGES:
        page.goto(live_server.url + path)
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path

    page.goto(live_server.url + PAGES[0])
    page.locator("details.sample summary").first.click()
    expect(page.locator("details.sample[open] .copy button")).to_be_visible()
    assert [url for url in asked if not url.startswith((live_server.url, "data:"))] == []


def test_signature_checker_tells_what_is_wrong_and_sends_nothing(live_server, page, console_errors):
    """Id, time, body and secret in turn; what is typed never leaves the browser."""
    secret, body, now = signing.new_secret(), '{"a": 1}', str(int(time.time()))
    sent = []
    page.on("request", lambda request: sent.append(request.url + (request.post_data or "")))
    page.goto(live_server.url + PAGES[2])
    result = page.locator("[data-result]")

    def check(given, **fields):
        for name, value in {"id": "msg_1", "time": now, "body": body, "secret": secret, **fields}.items():
            page.locator(f"#check-{name}").fill(value)
        page.locator("#check-given").fill(given)
        page.get_by_role("button", name="检查").click()

    def sign(key, content):
        return "v1," + base64.b64encode(hmac.digest(key, content.encode(), hashlib.sha256)).decode()

    key = base64.b64decode(secret.removeprefix("whsec_"))
    right = signing.sign(secret, "msg_1", int(now), body.encode())
    check(right)
    expect(result).to_contain_text("签名与编号、时间、正文、密钥相符")
    check(right, time=now + "000")
    expect(result).to_contain_text("这是毫秒")
    check(right, id="编 号")
    expect(result).to_contain_text("不含空格和汉字")
    check(sign(secret.encode(), f"msg_1.{now}.{body}"))
    expect(result).to_contain_text("整段当作密钥")
    check(sign(key, f'msg_1.{now}.{{"a":1}}'))
    expect(result).to_contain_text("重新排版过的 JSON")
    check(right, secret=secret[:-8])
    expect(result).to_contain_text(re.compile("应为 32 个|须为 Base64"))
    check(right, body=body + " ")
    expect(result).to_contain_text("不相符，也不是常见的几种写法")
    page.get_by_role("button", name="填入一个正确的例子").click()
    expect(result).to_contain_text("签名与编号、时间、正文、密钥相符")

    assert not [each for each in sent if secret in each or "msg_1" in each]
