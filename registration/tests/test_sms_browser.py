"""The page asks by itself what became of a text: with a worker that is away, and one that sends."""

import pytest
from playwright.sync_api import expect

from registration import outbox, sms_state
from registration.models import SmsMessage
from registration.tests.factories import resident_id

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


@pytest.fixture
def no_worker(monkeypatch):
    """Nobody takes messages, and the page looks in quick steps."""
    monkeypatch.setattr(outbox, "ring", lambda message_id, **options: None)
    for name, seconds in {"FIRST_LOOK": 1, "SLOW_AFTER": 3, "AGAIN": 1}.items():
        monkeypatch.setattr(sms_state, name, seconds)


def press(page, live_server):
    page.goto(f"{live_server.url}/password-reset/")
    page.fill("#id_document_number", resident_id())
    page.fill("#id_phone", "13800005678")
    page.click("#send_code")
    expect(page.locator("#sms_status")).to_contain_text("如信息一致，验证码已发送至预留手机")
    expect(page.locator("#id_sms_code")).to_be_focused()


def test_page_says_that_a_text_is_slow_and_leaves_the_focus_alone(
    page, live_server, no_worker, console_errors
):
    press(page, live_server)
    page.focus("#id_password")

    expect(page.locator("#sms_status")).to_contain_text("短信发送较慢，请稍候或稍后再试")
    expect(page.locator("#id_password")).to_be_focused()

    SmsMessage.objects.update(state="refused")
    expect(page.locator("#sms_status")).to_contain_text("短信未能发出，本次不计次数")
    expect(page.locator("#sms_status [hx-get]")).to_have_count(0)


def test_page_asks_no_more_when_the_text_is_sent(page, live_server, no_worker, console_errors):
    press(page, live_server)
    expect(page.locator("#sms_status [hx-get]")).to_have_count(1)

    SmsMessage.objects.update(state="sent")

    expect(page.locator("#sms_status [hx-get]")).to_have_count(0)
    expect(page.locator("#sms_status")).to_contain_text("验证码已发送至预留手机")
