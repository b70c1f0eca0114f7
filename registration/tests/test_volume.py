import logging

import pytest
from django.urls import reverse

from accounting_platform.tests.threads import at_once
from registration import breaker, dispatch, limits, outbox, sms_codes, volume
from registration.models import AuditEvent, SmsMessage
from registration.tests.factories import make_staff, staff_login

pytestmark = pytest.mark.django_db
PHONE = "13800005678"
CODES = "/registration/sms-codes/"


def alarms(kind="sms.budget"):
    return [event.detail["percent"] for event in AuditEvent.objects.filter(kind=kind).order_by("pk")]


@pytest.mark.parametrize(
    ("budget", "sounded"), [(10, {5: 50, 8: 75, 10: 100}), (3, {2: 50, 3: 100}), (1, {1: 100})]
)
def test_budget_sounds_each_alarm_once(settings, budget, sounded):
    settings.SMS_DAILY_BUDGET = budget
    heard = {}
    for number in range(1, budget + 4):
        before = len(alarms())
        volume.count_text()
        heard |= {number: alarms()[-1]} if len(alarms()) > before else {}

    assert heard == sounded


def test_alarms_are_log_lines(settings, caplog):
    settings.SMS_DAILY_BUDGET = 4
    for _ in range(4):
        volume.count_text()

    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [
        (logging.WARNING, "SMS budget of the day: 50 % used"),
        (logging.WARNING, "SMS budget of the day: 75 % used"),
        (logging.ERROR, "SMS budget of the day: 100 % used"),
    ]


def test_budget_begins_again_at_midnight_in_guangdong(settings, at):
    settings.SMS_DAILY_BUDGET = 1
    at("2026-03-01 23:59:59")
    volume.count_text()
    assert volume.is_used_up()

    at("2026-03-02 00:00:00")

    assert not volume.is_used_up() and volume.used_today() == 0


def test_only_what_may_have_gone_out_is_counted(settings):
    dispatch.deliver(outbox.put(PHONE, "password_changed").pk)
    settings.SMS_BACKENDS = []
    dispatch.deliver(outbox.put(PHONE, "password_changed").pk)

    assert volume.used_today() == 1


def test_used_up_budget_stops_codes_and_lets_notices_through(settings, sms_outbox):
    issued = sms_codes.issue(PHONE, "register", "session-1")
    settings.SMS_DAILY_BUDGET = 1
    volume.count_text()

    dispatch.deliver(issued.message_id)
    dispatch.deliver(outbox.put(PHONE, "password_changed").pk)

    code, notice = SmsMessage.objects.order_by("pk")
    assert (code.state, code.outcome, notice.state) == ("refused", "当日短信额度已用完，未发送", "sent")
    assert limits.left("sms_day", code.phone_key) == 5
    assert len(sms_outbox) == 1


def test_page_says_so_when_the_budget_is_used_up(client, settings):
    settings.SMS_DAILY_BUDGET = 1
    volume.count_text()

    response = client.post(CODES, {"purpose": "register", "phone": PHONE})

    assert (response.status_code, "短信服务暂时不可用，请稍后再试" in response.text) == (503, True)
    assert not SmsMessage.objects.exists()


def test_minute_of_very_many_sends_sounds_once_and_asks_everybody_for_a_proof(client, settings):
    settings.SMS_PER_MINUTE = 2
    for _ in range(2):
        assert not limits.proof_wanted(address="203.0.113.7", session_sends=0)
        volume.count_send()
    volume.count_send()

    assert alarms("sms.minute") == [100]
    assert client.post(CODES, {"purpose": "register", "phone": PHONE}).status_code == 429


def test_refused_press_does_not_count_towards_the_minute(client):
    client.post(CODES, {"purpose": "register", "phone": "123"})
    assert limits.used("sms_minute", limits.PLATFORM) == 0

    client.post(CODES, {"purpose": "register", "phone": PHONE})
    assert limits.used("sms_minute", limits.PLATFORM) == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_alarms_sound_once_when_texts_go_out_at_once(settings):
    settings.SMS_DAILY_BUDGET = 20

    at_once(*[volume.count_text] * 24)

    assert sorted(alarms()) == [50, 75, 100]
    assert volume.used_today() == 24


def test_staff_see_the_day_above_the_list(client, settings):
    settings.SMS_DAILY_BUDGET = 2
    staff_login(client, make_staff(is_superuser=True))
    url = reverse("admin:registration_smsmessage_changelist")
    volume.count_text()
    assert "今天已发送 1 条，每日额度 2 条（50%）" in client.get(url).text

    volume.count_text()
    breaker.open_for_a_minute(settings.SMS_BACKENDS[0])

    said = client.get(url).text
    assert "（100%），额度已用完，验证码暂停发送，短信渠道连续失败，验证码暂停发送" in said
