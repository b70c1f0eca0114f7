from datetime import timedelta

import pytest
from django.utils import timezone

from accounting_platform.lib import sms
from accounting_platform.lib.sms import gateways
from registration import dispatch, limits, outbox, recovery, sms_codes, tasks
from registration.models import Accountant, SmsMessage
from registration.tests.factories import make_accountant

pytestmark = pytest.mark.django_db
PHONE = "13800005678"


class Gateway:
    """A gateway that answers as told and counts the texts."""

    answer = sms.Outcome("sent", "ok")
    texts, values = [], []

    def send(self, message):
        Gateway.texts.append(message.text)
        Gateway.values.append((message.template, message.values))
        if isinstance(Gateway.answer, Exception):
            raise Gateway.answer
        return Gateway.answer


@pytest.fixture
def gateway(settings, monkeypatch):
    settings.SMS_BACKENDS = [f"{__name__}.Gateway"]
    # Import paths of tests are the runner's own affair.
    monkeypatch.setattr(gateways, "backend", lambda path: Gateway())
    for name in ("texts", "values"):
        monkeypatch.setattr(Gateway, name, [])
    return lambda answer: monkeypatch.setattr(Gateway, "answer", answer)


def queued_code(phone=PHONE):
    issued = sms_codes.issue(phone, "register", "session-1")
    return SmsMessage.objects.get(pk=issued.message_id)


def after(message):
    dispatch.deliver(message.pk)
    message.refresh_from_db()
    return message.state


def left():
    return limits.left("sms_day", Accountant.key_of_phone(PHONE))


def test_deliver_sends_once_and_forgets_the_code(gateway):
    gateway(sms.Outcome("sent", "ok"))
    message = queued_code()
    code = message.context["code"]

    assert [after(message), after(message)] == ["sent", "sent"]
    assert len(Gateway.texts) == 1
    assert code in Gateway.texts[0] and "用户注册" in Gateway.texts[0] and "请忽略" in Gateway.texts[0]
    assert message.context == {}


def test_providers_get_the_template_and_its_values_in_order(gateway):
    gateway(sms.Outcome("sent"))
    after(outbox.put(PHONE, "phone_changed", phone="138****5678"))
    code = queued_code("13900005678").context["code"]
    after(SmsMessage.objects.latest("pk"))

    assert Gateway.values == [
        ("phone_changed", {"phone": "138****5678"}),
        ("code_register", {"code": code}),
    ]


@pytest.mark.parametrize(
    ("outcome", "remaining"),
    [
        (("sent", "Ok r-1"), 4),
        (("unknown", "timeout"), 4),
        (("refused", "blacklisted", "phone"), 5),
        (("refused", "arrears", "ours"), 5),
    ],
)
def test_only_a_definite_refusal_gives_the_count_back(gateway, outcome, remaining):
    gateway(sms.Outcome(*outcome))
    message = queued_code()

    assert after(message) == outcome[0]
    assert left() == remaining
    assert (message.outcome, message.backend) == (outcome[1], "Gateway")


def test_count_is_given_back_once(gateway):
    gateway(sms.Outcome("refused", "", "phone"))
    message = queued_code()
    queued_code()

    assert after(message) == "refused"
    dispatch.settle(message, "refused", "again")
    tasks.send_message(message.pk)

    assert left() == 4


@pytest.mark.parametrize("answer", [sms.GatewayError("away"), sms.Outcome("refused", "too-fast", "busy")])
def test_certainly_not_sent_waits_twice_as_long_each_time(gateway, at, answer):
    gateway(answer)
    at("2026-03-01 10:00:00")
    message = queued_code()
    waits = []
    for _ in range(7):
        waits.append(dispatch.deliver(message.pk))
        assert dispatch.deliver(message.pk) is None, "tried again before its time"
        SmsMessage.objects.update(due_at=None)

    message.refresh_from_db()
    assert waits == [2, 4, 8, 16, 32, 60, 60]
    assert (message.state, message.tries, "code" in message.context) == ("waiting", 7, True)
    assert len(Gateway.texts) == 7


def test_second_try_sends_when_the_gateway_is_back(gateway, at):
    gateway(sms.GatewayError("away"))
    at("2026-03-01 10:00:00")
    message = queued_code()
    tasks.send_message(message.pk)

    gateway(sms.Outcome("sent"))
    at("2026-03-01 10:00:03")
    tasks.sweep_messages()

    message.refresh_from_db()
    assert (message.state, left()) == ("sent", 4)


def test_code_older_than_five_minutes_is_given_up(gateway, at):
    at("2026-03-01 10:00:00")
    message = queued_code()
    at("2026-03-01 10:05:01")

    assert after(message) == "refused"
    assert Gateway.texts == []
    assert left() == 5


def test_notice_is_given_up_after_a_day(gateway, at):
    gateway(sms.Outcome("sent"))
    at("2026-03-01 10:00:00")
    old, late = (outbox.put(PHONE, "password_changed") for _ in range(2))
    SmsMessage.objects.filter(pk=late.pk).update(created_at=timezone.now() + timedelta(hours=2))
    at("2026-03-02 11:00:00")

    assert [after(old), after(late)] == ["refused", "sent"]


def test_refusal_after_midnight_is_given_back_to_its_own_day(gateway, at):
    gateway(sms.Outcome("refused", "", "phone"))
    at("2026-03-01 23:59:59")
    message = queued_code()
    at("2026-03-02 00:00:01")
    after(message)

    at("2026-03-01 23:59:59")
    assert left() == 5


def test_broker_away_does_not_fail_the_request_and_the_sweep_sends(
    gateway, monkeypatch, django_capture_on_commit_callbacks
):
    gateway(sms.Outcome("sent"))
    with monkeypatch.context() as away:
        away.setattr(tasks.send_message, "apply_async", lambda *args, **options: 1 / 0)
        with django_capture_on_commit_callbacks(execute=True):
            message = outbox.put(PHONE, "password_changed")
    assert Gateway.texts == []

    tasks.sweep_messages()

    message.refresh_from_db()
    assert (message.state, len(Gateway.texts)) == ("sent", 1)


def test_message_of_a_dead_worker_counts_as_sent():
    message = queued_code()
    SmsMessage.objects.update(state="sending", taken_at=timezone.now() - timedelta(minutes=3))

    tasks.sweep_messages()

    message.refresh_from_db()
    assert (message.state, left()) == ("unknown", 4)


def test_message_that_is_being_sent_again_is_not_closed_for_its_age(at):
    at("2026-03-01 10:00:00")
    message = queued_code()
    at("2026-03-01 10:04:00")
    SmsMessage.objects.update(state="sending", taken_at=timezone.now())

    dispatch.settle_stuck()

    message.refresh_from_db()
    assert message.state == "sending"


def test_question_of_a_dead_worker_is_asked_again(gateway):
    gateway(sms.Outcome("sent"))
    accountant = make_accountant()
    question = recovery.request(accountant.document_number, accountant.phone)
    SmsMessage.objects.update(state="sending", taken_at=timezone.now() - timedelta(minutes=3))

    tasks.sweep_messages()

    question.refresh_from_db()
    assert (question.state, SmsMessage.objects.latest("pk").template) == ("sent", "code_reset")


@pytest.mark.parametrize(
    ("template", "action"),
    [
        ("code_register", "用户注册"),
        ("code_reset", "找回密码"),
        ("code_phone", "更换手机号码"),
        ("code_password", "修改密码"),
        ("code_close", "注销账号"),
        ("code_lost", "手机号码停用申请"),
    ],
)
def test_text_names_the_action_and_says_to_ignore_it(gateway, template, action):
    gateway(sms.Outcome("sent"))

    after(outbox.put(PHONE, template, code="012345"))

    assert (
        "012345" in Gateway.texts[0]
        and action in Gateway.texts[0]
        and "如非本人操作，请忽略" in Gateway.texts[0]
    )


def test_purge_forgets_what_is_spent(at):
    at("2026-01-01 10:00:00")
    message = queued_code()
    SmsMessage.objects.update(state="sent")
    at("2026-03-01 10:00:00")
    kept = outbox.put(PHONE, "password_changed")

    tasks.purge()

    assert list(SmsMessage.objects.all()) == [kept]
    assert message.pk != kept.pk
    assert not sms_codes.SmsCode.objects.exists()
    assert not limits.AttemptCount.objects.exists()
