import pytest

from accounting_platform.lib.errors import DomainError
from registration import dispatch, recovery
from registration.models import SmsCode, SmsMessage
from registration.tests.factories import make_accountant, resident_id

pytestmark = pytest.mark.django_db


def ask(number, phone):
    """Ask for a code and do what the worker does; returns the texts that came of it."""
    recovery.request(number, phone)
    dispatch.deliver(SmsMessage.objects.latest("pk").pk)
    return list(SmsMessage.objects.filter(template="code_reset").values_list("state", flat=True))


def test_code_goes_out_where_number_and_phone_match():
    accountant = make_accountant()

    assert ask(accountant.document_number.lower(), accountant.phone) == ["waiting"]
    assert SmsCode.objects.get().binding == f"person:{accountant.pk}"


def test_nothing_goes_out_where_they_do_not_match():
    accountant, other = make_accountant(), make_accountant()

    assert ask(accountant.document_number, other.phone) == []
    assert ask(resident_id(), accountant.phone) == []
    assert ask("无此号码", accountant.phone) == []
    assert not SmsCode.objects.exists()


def test_request_costs_the_same_for_known_and_unknown(django_assert_num_queries):
    accountant = make_accountant()

    # Whether texts go out at all, the limit, the question.
    with django_assert_num_queries(4):
        recovery.request(accountant.document_number, accountant.phone)
    with django_assert_num_queries(4):
        recovery.request(resident_id(), "13900000000")


def test_request_keeps_the_number_sealed_and_forgets_it():
    number = resident_id()
    recovery.request(number, "13900000000")
    message = SmsMessage.objects.get()
    assert message.context == {"number": number}

    dispatch.deliver(message.pk)

    message.refresh_from_db()
    assert (message.state, message.outcome, message.context) == ("sent", "信息不一致，未发送", {})


def test_sixth_code_of_a_day_is_not_sent_and_not_told():
    accountant = make_accountant()

    for _ in range(6):
        recovery.request(accountant.document_number, accountant.phone)
        dispatch.deliver(SmsMessage.objects.filter(template="recovery").latest("pk").pk)

    assert SmsMessage.objects.filter(template="code_reset").count() == 5


def test_one_number_is_asked_for_ten_times_an_hour():
    for _ in range(10):
        recovery.request("440106198001010027", "13900000000")

    with pytest.raises(DomainError, match="找回密码的次数过多"):
        recovery.request("４４０１０６198001010027", "13900000000")
