from datetime import timedelta

import pytest
from django.utils import timezone

from education.schools import rate
from education.schools.refusals import Refusal
from education.tests.factories import make_institution
from registration.models import AttemptCount

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch):
    """Both clocks of the counter, standing still until `clock.second` is raised."""

    class Clock:
        second = 1_800_000_000

    start = timezone.now()
    monkeypatch.setattr(rate.time, "time", lambda: Clock.second)
    monkeypatch.setattr(rate.timezone, "now", lambda: start + timedelta(seconds=Clock.second - 1_800_000_000))
    monkeypatch.setattr(rate, "_counts", {})
    return Clock


def refused(times, code="school"):
    """How many of so many requests are refused."""
    count = 0
    for _ in range(times):
        try:
            rate.count(code)
        except Refusal as refusal:
            assert (refusal.status, refusal.retry_after) == (429, 1)
            count += 1
    return count


def test_fifty_requests_a_second_pass_and_the_next_second_begins_anew(clock):
    assert refused(60) == 10
    clock.second += 1
    assert refused(50) == 0


def test_each_school_has_its_own_count(clock):
    assert refused(60, "one") == 10
    assert refused(50, "two") == 0


def test_what_another_process_counted_counts_too(clock, monkeypatch):
    refused(40)
    monkeypatch.setattr(rate, "_counts", {})

    # The new process learns of the others with its tenth request.
    assert refused(9) == 0
    assert refused(11) == 10


@pytest.mark.parametrize(("waiting", "status"), [(16, 401), (17, 503)])
def test_a_server_with_too_much_before_it_sends_schools_away(client, waiting, status):
    """Whoever asks, before anything is looked up; people's pages go on waiting."""
    code = make_institution().code
    asked = {"content_type": "application/json", "platform.waiting": waiting}

    for answer in (
        client.post(f"/api/v1/institutions/{code}/events", {}, **asked),
        client.get(f"/api/v1/institutions/{code}/credits", **{"platform.waiting": waiting}),
    ):
        assert answer.status_code == status
        assert answer.headers.get("Retry-After") == ("2" if status == 503 else None)
    assert client.get("/", **{"platform.waiting": waiting}).status_code == 200


def test_a_quiet_school_costs_no_query(clock, django_assert_num_queries):
    with django_assert_num_queries(0):
        refused(9)
    assert not AttemptCount.objects.exists()
