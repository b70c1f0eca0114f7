"""Redis away: limits, codes and log-ins are as exact as ever, and texts go out a sweep later."""

import re
from functools import partial

import pytest
from celery import current_app

from registration import tasks
from registration.models import SmsMessage
from registration.tests.factories import PASSWORD, make_accountant

pytestmark = pytest.mark.django_db
CODES, LOGIN = "/registration/sms-codes/", "/login/"
# Nobody listens there.
AWAY = "redis://127.0.0.1:1/0"


@pytest.fixture
def no_redis(settings, monkeypatch):
    """Cache, sessions and broker as in production, with nothing behind them."""
    caches = {"default": "ForgivingRedisCache", "sessions": "BriefRedisCache"}
    settings.CACHES = {
        alias: {"BACKEND": f"accounting_platform.lib.cache.{name}", "LOCATION": AWAY}
        for alias, name in caches.items()
    }
    settings.SESSION_CACHE_ALIAS = "sessions"
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
    ring = tasks.send_message.apply_async
    broker = current_app.connection_for_write(AWAY, transport_options={"max_retries": 1, "interval_start": 0})
    monkeypatch.setattr(tasks.send_message, "apply_async", partial(ring, connection=broker, retry=False))
    current_app.conf.task_always_eager = False
    yield
    current_app.conf.task_always_eager = True


def press(client, **fields):
    return client.post(CODES, {"purpose": "register", "phone": "13800005678"} | fields)


def test_five_codes_a_day_and_not_one_more(client, no_redis, django_capture_on_commit_callbacks, caplog):
    statuses = []
    for _ in range(6):
        client.cookies.clear()
        with django_capture_on_commit_callbacks(execute=True):
            statuses.append(press(client).status_code)

    assert statuses == [200] * 5 + [429]
    # The bell was rung in vain each time, and no request failed of it.
    assert caplog.text.count("waits for the sweep: OperationalError") == 5
    assert "cache away: ConnectionError" in caplog.text
    assert SmsMessage.objects.filter(state="waiting").count() == 5


def test_what_waits_is_sent_and_the_code_is_good(client, no_redis, sms_outbox):
    press(client)
    message = SmsMessage.objects.get()

    tasks.send_message(message.pk)

    message.refresh_from_db()
    assert (message.state, len(sms_outbox)) == ("sent", 1)
    assert re.search(r"\d{6}", sms_outbox[0].text)


def test_lock_of_a_number_stays(client, no_redis):
    number = make_accountant().document_number
    for _ in range(5):
        client.post(LOGIN, {"document_number": number, "password": "Wrong-one#1"})

    response = client.post(LOGIN, {"document_number": number, "password": PASSWORD})

    assert response.status_code == 429
    assert "登录失败次数过多，请15分钟后再试或找回密码" in response.text
