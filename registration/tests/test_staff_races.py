"""One code at the same moment in many hands: threads with connections of their own, on PostgreSQL."""

import pytest
from django.test import Client

from accounting_platform.lib.errors import DomainError
from accounting_platform.tests.threads import at_once
from registration import staff_codes
from registration.models import RescueCode, StaffDevice
from registration.tests.factories import code_of, make_device, make_staff, staff_login

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
HANDS, ROUNDS = 5, 8


def tries(call, *arguments):
    """Whether each of the calls made at once was let through."""

    def once():
        try:
            return call(*arguments)
        except DomainError:
            return None

    return [bool(answer) for answer in at_once(*[once] * HANDS)]


def test_code_of_the_app_lets_one_in():
    for _ in range(ROUNDS):
        device = make_device(make_staff())
        code = code_of(device)

        assert sum(tries(staff_codes.check, device.user, code)) == 1


def test_rescue_code_lets_one_in():
    for _ in range(ROUNDS):
        user = make_device(make_staff()).user
        code = staff_codes.new_rescue_codes(user)[0]

        assert sum(tries(staff_codes.check, user, code)) == 1
        assert RescueCode.objects.filter(user=user, used_at=None).count() == 9


def test_app_is_bound_once_and_its_ten_codes_are_those_told():
    for _ in range(ROUNDS):
        device = make_device(make_staff(), confirmed=False)

        assert sum(tries(staff_codes.confirm_enrolment, device, code_of(device))) == 1
        assert RescueCode.objects.filter(user=device.user).count() == 10


def test_enrolments_begun_at_once_leave_one_device_waiting():
    for _ in range(ROUNDS):
        user = make_staff()

        assert all(tries(staff_codes.begin_enrolment, user))
        assert StaffDevice.objects.filter(user=user, confirmed=False).count() == 1


def test_wrong_codes_at_once_are_all_counted():
    device = make_device(make_staff())
    wrong = "111111" if code_of(device) == "000000" else "000000"

    assert sum(tries(staff_codes.check, device.user, wrong)) == 0
    with pytest.raises(DomainError, match="验证码错误次数过多"):
        staff_codes.check(device.user, code_of(device))


def test_desk_answers_many_requests_of_one_session():
    client, staff = Client(), make_staff(is_superuser=True)
    staff_login(client, staff)

    def ask():
        mine = Client()
        mine.cookies = client.cookies
        return mine.get("/admin/account/").status_code

    assert at_once(*[ask] * HANDS) == [200] * HANDS
