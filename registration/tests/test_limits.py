from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounting_platform.lib.errors import DomainError
from registration import limits
from registration.models import AttemptCount

pytestmark = pytest.mark.django_db
KEY = "a" * 64


def tries(name, times):
    remaining = []
    for _ in range(times):
        try:
            remaining.append(limits.count(name, KEY))
        except DomainError as refusal:
            remaining.append((refusal.status, str(refusal)))
    return remaining


def test_count_refuses_the_sixth_of_a_day(at):
    at("2026-03-01 23:58:00")

    assert tries("sms_day", 6) == [4, 3, 2, 1, 0, (429, "今天的短信验证码已发送5次，请隔天办理")]


def test_count_starts_again_at_midnight_in_guangdong(at):
    at("2026-03-01 23:59:59")
    tries("sms_day", 6)

    at("2026-03-02 00:00:00")

    assert tries("sms_day", 1) == [4]


def test_count_does_not_start_again_at_midnight_utc(at):
    at("2026-03-02 07:59:00")
    tries("sms_day", 5)

    at("2026-03-02 08:01:00")

    assert tries("sms_day", 1)[0][0] == 429


def test_lock_lasts_a_quarter_of_an_hour_from_the_last_failure(at):
    at("2026-03-01 10:00:00")
    tries("login", 4)
    at("2026-03-01 10:10:00")
    tries("login", 1)

    at("2026-03-01 10:24:59")
    locked = tries("login", 1)
    at("2026-03-01 10:25:00")

    assert locked == [(429, "登录失败次数过多，请15分钟后再试或找回密码")]
    assert tries("login", 1) == [4]


def test_hour_runs_from_the_first_try(at):
    at("2026-03-01 10:00:00")
    tries("recovery", 9)
    at("2026-03-01 10:50:00")
    assert tries("recovery", 2) == [0, (429, "找回密码的次数过多，请10分钟后再试")]

    at("2026-03-01 11:00:00")

    assert tries("recovery", 1) == [9]


def test_add_refuses_nobody_and_tells_when_the_limit_is_reached(at):
    at("2026-03-01 10:00:00")
    assert [limits.add("sms_address", KEY) for _ in range(29)] == list(range(1, 30))
    assert not limits.reached("sms_address", KEY)

    assert [limits.add("sms_address", KEY) for _ in range(2)] == [30, 31]

    assert limits.reached("sms_address", KEY)
    at("2026-03-01 11:00:00")
    assert not limits.reached("sms_address", KEY)


@pytest.mark.parametrize(
    ("sends", "address", "in_hour", "in_minute", "wanted"),
    [
        (0, "203.0.113.7", 29, 2, False),
        (1, "203.0.113.7", 0, 0, True),
        (0, "203.0.113.7", 30, 0, True),
        (0, "198.51.100.1", 30, 0, False),
        (0, "198.51.100.1", 0, 3, True),
        (0, "127.0.0.1", 0, 0, False),
    ],
)
def test_proof_is_wanted_where_the_limits_ask_for_it(settings, sends, address, in_hour, in_minute, wanted):
    settings.SMS_PER_MINUTE = 3
    for _ in range(in_hour):
        limits.add("sms_address", limits.address_key("203.0.113.7"))
    for _ in range(in_minute):
        limits.add("sms_minute", limits.PLATFORM)

    assert limits.proof_wanted(address=address, session_sends=sends) is wanted


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.7", "203.0.113.8", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
    ],
)
def test_ipv6_is_counted_by_its_network(one, other, same):
    assert (limits.address_key(one) == limits.address_key(other)) is same
    assert one not in limits.address_key(one)


@pytest.mark.parametrize("address", ["", "127.0.0.1", "127.8.8.8", "::1"])
def test_loopback_is_not_counted(address):
    assert limits.address_key(address) == ""


def test_pause_says_how_many_seconds_remain(at, settings):
    settings.SMS_COOLDOWN_SECONDS = 60
    at("2026-03-01 10:00:00")
    tries("sms_pause", 1)

    at("2026-03-01 10:00:18")

    assert tries("sms_pause", 1) == [(429, "请在42秒后再获取")]


def test_pause_of_zero_counts_nothing(settings):
    settings.SMS_COOLDOWN_SECONDS = 0

    tries("sms_pause", 3)

    assert not AttemptCount.objects.exists()


def test_give_back_and_clear_free_tries():
    tries("sms_day", 5)
    limits.give_back("sms_day", KEY)
    after_one = limits.left("sms_day", KEY)
    limits.clear("sms_day", KEY)

    assert (after_one, limits.left("sms_day", KEY)) == (1, 5)


@pytest.mark.parametrize("name", limits.LIMITS)
@pytest.mark.parametrize("counting", [limits.count, limits.add])
def test_counting_is_one_statement(name, counting, settings, django_assert_num_queries):
    settings.SMS_COOLDOWN_SECONDS = 60

    with django_assert_num_queries(1):
        counting(name, KEY)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_count_lets_exactly_the_maximum_through_at_once():
    def one(_):
        try:
            limits.count("login", KEY)
            return True
        except DomainError:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        passed = sum(pool.map(one, range(60)))

    assert passed == 5
