"""The proof of work in Chromium, under the platform's own content policy."""

import time

import pytest
from playwright.sync_api import expect

from registration import login
from registration.models import SmsMessage, SpentProof
from registration.tests.factories import PASSWORD, make_accountant
from registration.tests.test_browser import answer_targets, browser_context_args  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
CODES, PROOF = "**/registration/sms-codes/", "**/registration/proof/"
PHONE = "13800005678"


def press(page):
    """Press 获取短信验证码 and return how many seconds passed until the request went out."""
    begun = time.monotonic()
    with page.expect_request(CODES):
        page.click("#send_code")
    return time.monotonic() - begun


def send_first(page, live_server):
    answer_targets(page, live_server)
    page.fill("#id_phone", PHONE)
    press(page)
    expect(page.locator("#sms_status")).to_contain_text("今天还可获取 4 次")


def test_second_send_solves_a_proof_unseen(page, live_server):
    statuses = []
    page.on("response", lambda answer: "sms-codes" in answer.url and statuses.append(answer.status))
    send_first(page, live_server)

    press(page)

    expect(page.locator("#sms_status")).to_contain_text("今天还可获取 3 次")
    expect(page.locator("#send_code")).to_have_text("获取短信验证码")
    press(page)
    expect(page.locator("#sms_status")).to_contain_text("今天还可获取 2 次")
    assert statuses == [200, 200, 200]
    assert (SmsMessage.objects.count(), SpentProof.objects.count()) == (3, 2)


def test_work_begins_when_the_phone_is_left_so_that_the_press_waits_no_second(page, live_server):
    send_first(page, live_server)
    page.goto(f"{live_server.url}/registration/new/")
    page.fill("#id_phone", PHONE)
    with page.expect_response(PROOF):
        page.locator("#id_phone").blur()
    page.fill("#id_name", "林嘉敏")

    waited = press(page)

    expect(page.locator("#sms_status")).to_contain_text("今天还可获取 3 次")
    assert waited < 1


def test_work_begins_when_the_pause_is_over(page, live_server, settings):
    settings.SMS_COOLDOWN_SECONDS = 2
    send_first(page, live_server)

    page.wait_for_event("response", lambda answer: answer.url.endswith("/registration/proof/"))

    assert press(page) < 1
    expect(page.locator("#sms_status")).to_contain_text("今天还可获取 3 次")


def test_proof_that_the_page_did_not_know_of_is_made_after_the_press(page, live_server, settings):
    answer_targets(page, live_server)
    page.fill("#id_phone", PHONE)
    settings.SMS_PER_MINUTE = 0

    page.dblclick("#send_code")

    expect(page.locator("#sms_status")).to_contain_text("今天还可获取 4 次")
    assert (SmsMessage.objects.count(), SpentProof.objects.count()) == (1, 1)


def test_press_goes_out_where_no_proof_can_be_made_and_the_page_says_what_to_do(page, live_server):
    page.route("**/pbkdf2.js", lambda route: route.abort())
    send_first(page, live_server)

    press(page)

    expect(page.locator("#sms_status")).to_contain_text("请启用 JavaScript 或换一个浏览器")
    expect(page.locator("#send_code")).to_have_text("获取短信验证码")
    expect(page.locator("#send_code")).to_be_enabled()
    assert SmsMessage.objects.count() == 1


def test_without_script_the_first_send_works_and_the_second_says_what_to_do(
    browser,
    browser_context_args,  # noqa: F811
    live_server,
):
    context = browser.new_context(**browser_context_args | {"java_script_enabled": False})
    page = context.new_page()
    answer_targets(page, live_server)
    button, plain = page.get_by_role("button", name="获取短信验证码"), page.locator("noscript p")
    page.fill("#id_phone", PHONE)
    expect(plain).to_have_count(0)
    button.click()
    expect(page.locator("#sms_status")).to_contain_text("今天还可获取 4 次")
    expect(plain).to_contain_text("请启用 JavaScript 或换一个浏览器")

    button.click()

    expect(page.locator("[data-summary]")).to_contain_text("须先由浏览器完成安全验证")
    expect(plain).to_have_count(0)
    expect(page.locator("#id_phone")).to_have_value(PHONE)
    assert SmsMessage.objects.count() == 1
    context.close()


def test_login_that_takes_a_proof_goes_through_by_enter(page, live_server, monkeypatch):
    accountant = make_accountant()
    # A visitor from this machine has no address that counts; the page and the server are told otherwise.
    monkeypatch.setattr(login, "proof_wanted", lambda: True)
    monkeypatch.setattr(login, "takes_proof", lambda address, failures: True)
    page.goto(f"{live_server.url}/login/")
    page.fill("#id_document_number", accountant.document_number)
    page.fill("#id_password", PASSWORD)

    page.press("#id_password", "Enter")

    page.wait_for_url("**/collection/")
    assert SpentProof.objects.count() == 1
