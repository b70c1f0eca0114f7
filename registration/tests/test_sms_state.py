import pytest

from registration import tasks
from registration.models import SmsMessage
from registration.tests.factories import make_accountant, resident_id

pytestmark = pytest.mark.django_db
CODES, STATE, RESET = "/registration/sms-codes/", "/registration/sms-codes/state/", "/password-reset/"
SLOW, NOT_SENT = "短信发送较慢，请稍候或稍后再试", "短信未能发出，本次不计次数"


@pytest.fixture
def pressed(client, at):
    """`pressed("register")` has asked for a code at 10:00; no worker runs."""

    def press(purpose="register", **fields):
        at("2026-03-01 10:00:00")
        response = client.post(CODES, {"purpose": purpose, "phone": "13800005678"} | fields)
        assert response.status_code == 200
        return response.text

    return press


def words(client, purpose="register"):
    return client.get(STATE, {"purpose": purpose}).text


def test_page_looks_again_after_the_press(pressed):
    assert f'hx-get="{STATE}?purpose=register" hx-trigger="load delay:8s"' in pressed()


@pytest.mark.parametrize(
    ("moment", "slow", "look"),
    [
        ("10:00:08", False, "53s"),
        ("10:00:59", False, "2s"),
        ("10:01:00", True, "20s"),
        ("10:04:59", True, "20s"),
    ],
)
def test_message_that_nobody_takes_is_called_slow_after_a_minute(client, pressed, at, moment, slow, look):
    pressed()
    at(f"2026-03-01 {moment}")

    said = words(client)

    assert (SLOW in said, "138****5678" in said) == (slow, not slow)
    assert f"delay:{look}" in said


def test_page_says_so_after_a_reload_too(client, pressed, at):
    pressed("reset", document_number=resident_id())
    at("2026-03-01 10:01:30")

    assert SLOW in client.get(RESET).text


def test_sent_message_is_looked_at_no_more(client, pressed, at):
    pressed()
    tasks.sweep_messages()
    at("2026-03-01 10:01:30")

    said = words(client)

    assert "138****5678" in said and "delay" not in said


def test_refused_message_is_told_and_the_button_is_free(client, pressed, at, settings):
    settings.SMS_COOLDOWN_SECONDS = 60
    pressed("reset", document_number=resident_id())
    SmsMessage.objects.update(state="refused")
    at("2026-03-01 10:00:08")

    page = client.get(RESET)

    assert NOT_SENT in page.text and not page.context["sending"].rests
    assert NOT_SENT in words(client, "reset") and "delay" not in words(client, "reset")


def test_nothing_is_said_after_five_minutes(client, pressed, at):
    pressed()
    at("2026-03-01 10:05:00")

    assert words(client).strip() == ""


def test_recovery_looks_the_same_for_match_and_mismatch(client, pressed, at):
    accountant = make_accountant()
    said = []
    for number, phone in (
        (accountant.document_number, accountant.phone),
        (resident_id(), "13900001111"),
    ):
        client.cookies.clear()
        pressed("reset", document_number=number, phone=phone)
        tasks.sweep_messages()
        at("2026-03-01 10:01:30")
        said.append(words(client, "reset"))

    assert SmsMessage.objects.filter(template="code_reset").count() == 1
    assert said[0] == said[1] and SLOW not in said[0]


def test_another_session_is_told_nothing(client, pressed):
    pressed()
    client.cookies.clear()

    assert client.get(STATE, {"purpose": "register"}).status_code == 404
    assert client.get(STATE, {"purpose": "reset"}).status_code == 404
