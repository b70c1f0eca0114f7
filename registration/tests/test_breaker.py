import pytest
from django.db import connection

from accounting_platform.lib import sms
from accounting_platform.lib.sms import gateways
from accounting_platform.tests.threads import at_once
from registration import breaker, dispatch, outbox, sms_codes
from registration.models import AttemptCount, AuditEvent, SmsMessage

pytestmark = pytest.mark.django_db
FIRST, SECOND = "first.Backend", "second.Backend"


@pytest.fixture
def providers(settings, monkeypatch):
    """Two providers; `providers[path] = Outcome` is what one answers, `providers.asked` who was asked."""
    settings.SMS_BACKENDS = [FIRST, SECOND]

    class Answers(dict):
        asked = []

    answers = Answers({FIRST: sms.Outcome("unknown"), SECOND: sms.Outcome("sent")})

    class Backend:
        def __init__(self, path):
            self.path = path

        def send(self, message):
            answers.asked.append(self.path)
            return answers[self.path]

    monkeypatch.setattr(gateways, "backend", Backend)
    Answers.asked = []
    return answers


def send(times=1):
    for _ in range(times):
        dispatch.deliver(outbox.put("13800005678", "password_changed").pk)
    return SmsMessage.objects.latest("pk")


def fail(path, times):
    for _ in range(times):
        breaker.DatabaseBreaker().note(path, failed=True)


def test_twenty_failures_in_a_minute_open_it(providers, at):
    at("2026-03-01 10:00:00")
    send(20)
    assert set(providers.asked) == {FIRST}

    message = send()

    assert providers.asked[-1] == SECOND
    assert (message.state, message.backend) == ("sent", "Backend")
    assert AuditEvent.objects.get(kind="sms.breaker").detail == {"backend": "Backend"}


def test_twenty_failures_over_more_than_a_minute_do_not(at):
    at("2026-03-01 10:00:00")
    fail(FIRST, 19)
    at("2026-03-01 10:01:00")
    fail(FIRST, 19)

    assert breaker.DatabaseBreaker().lets(FIRST)


def test_service_is_down_when_all_are_open(providers, at):
    at("2026-03-01 10:00:00")
    fail(FIRST, 20)
    assert not breaker.is_open()

    fail(SECOND, 20)

    assert breaker.is_open()
    at("2026-03-01 10:01:01")
    assert not breaker.is_open()


def test_message_waits_while_all_are_open(providers, at):
    at("2026-03-01 10:00:00")
    fail(FIRST, 20)
    fail(SECOND, 20)

    assert (send().state, providers.asked) == ("waiting", [])


def test_after_its_minute_a_single_message_tries(at):
    at("2026-03-01 10:00:00")
    fail(FIRST, 20)
    at("2026-03-01 10:01:01")

    assert [breaker.DatabaseBreaker().lets(FIRST) for _ in range(3)] == [True, False, False]


def test_a_success_closes_it_and_a_failure_keeps_it_open(at):
    at("2026-03-01 10:00:00")
    fail(FIRST, 20)
    at("2026-03-01 10:01:01")
    one = breaker.DatabaseBreaker()
    assert one.lets(FIRST)
    one.note(FIRST, failed=True)
    assert not breaker.DatabaseBreaker().lets(FIRST)

    at("2026-03-01 10:02:02")
    assert one.lets(FIRST)
    one.note(FIRST, failed=False)

    assert [breaker.DatabaseBreaker().lets(FIRST) for _ in range(3)] == [True, True, True]
    assert not AttemptCount.objects.filter(limit=breaker.OPEN).exists()


def test_refusals_about_phones_do_not_open_it(providers):
    providers[FIRST] = sms.Outcome("refused", "limit", "phone")

    send(25)

    assert set(providers.asked) == {FIRST}
    assert SmsMessage.objects.filter(state="refused").count() == 25


def test_page_says_so_and_nothing_is_sent(client, settings):
    fail(settings.SMS_BACKENDS[0], 20)

    response = client.post("/registration/sms-codes/", {"purpose": "register", "phone": "13800005678"})

    assert response.status_code == 503
    assert "短信服务暂时不可用，请稍后再试" in response.text
    assert not SmsMessage.objects.exists() and not sms_codes.SmsCode.objects.exists()


def test_recovery_says_so_too_and_counts_nothing(client, settings):
    fail(settings.SMS_BACKENDS[0], 20)

    asked = {"purpose": "reset", "phone": "13800005678", "document_number": "11010519491231002X"}
    response = client.post("/registration/sms-codes/", asked)

    assert response.status_code == 503
    assert not AttemptCount.objects.filter(limit="recovery").exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_failures_at_once_lose_no_count_and_one_process_tries_after_the_minute():
    at_once(*[lambda: fail(FIRST, 1)] * 20)
    assert AuditEvent.objects.filter(kind="sms.breaker").count() == 1
    with connection.cursor() as cursor:
        cursor.execute("UPDATE registration_attemptcount SET expires_at = now() - interval '1 second'")

    assert sum(at_once(*[lambda: breaker.DatabaseBreaker().lets(FIRST)] * 20)) == 1
