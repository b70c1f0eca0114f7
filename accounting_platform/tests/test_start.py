"""What a serving process makes sure of first."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection

from accounting_platform import start
from accounting_platform.celery import check_before_work

answers = []


def checked():
    """Stands for a check: gives or raises what the test has laid out."""
    answer = answers.pop(0)
    if answer:
        raise answer


@pytest.fixture(autouse=True)
def checks(settings, monkeypatch):
    settings.START_CHECKS = ["accounting_platform.tests.test_start.checked"]
    # The test's own connection stays.
    monkeypatch.setattr(start.connections, "close_all", lambda: None)
    answers.clear()
    yield answers
    start.connection_created.disconnect(start.check_first_connection)


def test_check_refuses_to_start(checks):
    checks.append(ImproperlyConfigured("wrong key"))

    with pytest.raises(ImproperlyConfigured, match="wrong key"):
        start.check()


def test_worker_ends_instead_of_working(checks):
    checks.append(ImproperlyConfigured("wrong key"))

    with pytest.raises(SystemExit, match="worker not started: wrong key"):
        check_before_work()


@pytest.mark.django_db
def test_check_waits_for_a_database_that_is_away_and_lets_nobody_in_before(checks, monkeypatch):
    checks += [OperationalError("no server"), ImproperlyConfigured("wrong key"), None]
    start.check()

    first, second = connection.copy(), connection.copy()
    closed = []
    monkeypatch.setattr(first, "close", lambda: closed.append(first))

    with pytest.raises(ImproperlyConfigured):
        first.ensure_connection()
    second.ensure_connection()
    second.close()

    assert checks == [] and closed == [first]
