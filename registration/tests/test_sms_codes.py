import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounting_platform.lib import context
from accounting_platform.lib.errors import DomainError
from registration import breaker, limits, sms_codes
from registration.models import Accountant, SmsCode, SmsMessage

pytestmark = pytest.mark.django_db
PHONE, SESSION = "13800005678", "session-1"


def issue(phone=PHONE, purpose="register", binding=SESSION):
    """Issue one code and return it, as the worker would read it."""
    sms_codes.issue(phone, purpose, binding)
    return SmsMessage.objects.latest("pk").context["code"]


def is_accepted(code, phone=PHONE, purpose="register", binding=SESSION):
    try:
        sms_codes.consume(phone, purpose, binding, code)
    except DomainError as refusal:
        assert str(refusal) == "短信验证码不正确或已失效"
        return False
    return True


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06}"


def test_code_is_six_digits_and_kept_only_as_a_hash():
    code = issue()

    kept = SmsCode.objects.values().get()
    assert re.fullmatch(r"\d{6}", code)
    assert code not in str(kept)


def test_code_works_once():
    code = issue()

    assert [is_accepted(code), is_accepted(code)] == [True, False]


@pytest.mark.parametrize(
    "other",
    [{"phone": "13800005679"}, {"purpose": "reset"}, {"binding": "session-2"}],
    ids=lambda each: next(iter(each)),
)
def test_code_is_bound_to(other):
    code = issue()

    assert not is_accepted(code, **other)
    assert is_accepted(code)


def test_code_dies_after_five_minutes(at):
    at("2026-03-01 10:00:00")
    first = issue()
    at("2026-03-01 10:04:59")
    assert is_accepted(first)

    second = issue()
    at("2026-03-01 10:09:59")

    assert not is_accepted(second)


def test_older_code_dies_when_a_newer_one_is_sent():
    older = issue()
    newer = issue(binding="session-2")

    assert not is_accepted(older)
    assert is_accepted(newer, binding="session-2")


@pytest.mark.parametrize(("wrong_tries", "works"), [(4, True), (5, False)])
def test_code_dies_after_five_wrong_tries(wrong_tries, works):
    code = issue()
    for _ in range(wrong_tries):
        is_accepted(wrong(code))

    assert is_accepted(code) is works


def test_sixth_send_of_a_day_is_refused_over_all_purposes():
    for purpose in ("register", "reset", "phone", "password", "register"):
        issue(purpose=purpose)

    with pytest.raises(DomainError, match="^今天的短信验证码已发送5次，请隔天办理$") as refusal:
        issue()
    assert refusal.value.status == 429
    assert SmsMessage.objects.count() == 5


def test_refused_send_is_not_counted(settings, at):
    settings.SMS_COOLDOWN_SECONDS = 60
    at("2026-03-01 10:00:00")
    issue()
    with pytest.raises(DomainError, match="请在60秒后再获取"):
        issue()

    at("2026-03-01 10:01:00")

    assert sms_codes.issue(PHONE, "register", SESSION).left_today == 3


def test_address_is_counted_and_never_refused():
    with context.bound(context.RequestContext(address="203.0.113.7")):
        for number in range(31):
            assert issue(phone=f"138000{number:05}")
        assert limits.proof_wanted(address=context.client_address(), session_sends=0)


def test_nothing_is_counted_while_no_provider_may_be_asked(settings):
    breaker.open_for_a_minute(settings.SMS_BACKENDS[0])

    with pytest.raises(DomainError, match="^短信服务暂时不可用，请稍后再试$") as refusal:
        issue()

    assert refusal.value.status == 503
    assert not SmsMessage.objects.exists()
    assert limits.left("sms_day", Accountant.key_of_phone(PHONE)) == 5


def at_once(call, times):
    def one(number):
        try:
            return call(number)
        except DomainError:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        return list(pool.map(one, range(times)))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_forty_sends_at_once_send_exactly_five(sms_outbox):
    for number in range(30):
        phone = f"139000{number:05}"
        at_once(lambda _, phone=phone: sms_codes.issue(phone, "register", SESSION), 40)

        assert len([text for text in sms_outbox if text.to == phone]) == 5


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_many_uses_at_once_succeed_once(sms_outbox):
    sms_codes.issue(PHONE, "register", SESSION)
    code = re.search(r"\d{6}", sms_outbox[0].text)[0]

    answers = at_once(lambda _: is_accepted(code), 5)

    assert sorted(answers) == [False, False, False, False, True]
