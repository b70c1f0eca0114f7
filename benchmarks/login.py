"""CPU time of one log-in, from middleware to answer, beside the check of a password alone: `python benchmarks/login.py`.

Hash and log-in take turns in one process with the platform's own hasher, on a database of its own (SQLite, or
PostgreSQL with DATABASE_URL). Refusals of known and unknown numbers are measured beside each other as well. Ends with
1 when the log-in costs more than LIMIT times the hash.
"""

import os
import statistics
import sys
import time
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "accounting_platform.settings_test"

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth.hashers import check_password, make_password  # noqa: E402
from django.core.handlers.base import BaseHandler  # noqa: E402
from django.db import connection  # noqa: E402
from django.middleware.csrf import _get_new_csrf_string  # noqa: E402
from django.test import RequestFactory  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402

from registration.models import AttemptCount  # noqa: E402
from registration.tests.factories import PASSWORD, make_accountant, resident_id  # noqa: E402

LIMIT, ROUNDS, A_ROUND = 1.1, 5, 60
WRONG = "Wrong-pass#1"
# Each try comes from elsewhere: many failures from one address would ask for a proof of work.
ADDRESSES = (f"203.{number // 65536}.{number // 256 % 256}.{number % 256}" for number in count(1))


def spent(call):
    """CPU milliseconds of one call."""
    start = time.process_time()
    call()
    return (time.process_time() - start) * 1000


def post(handler, number, password, expected):
    """CPU milliseconds of one posted log-in form; the request is made beforehand, CSRF check and all."""
    token = _get_new_csrf_string()
    answers = {"document_number": number, "password": password, "csrfmiddlewaretoken": token}
    form = "application/x-www-form-urlencoded"
    request = RequestFactory(REMOTE_ADDR=next(ADDRESSES)).post(
        "/login/", urlencode(answers), content_type=form
    )
    request.COOKIES[settings.CSRF_COOKIE_NAME] = token
    request._dont_enforce_csrf_checks = False
    statuses = []
    milliseconds = spent(lambda: statuses.append(handler.get_response(request).status_code))
    assert statuses == [expected], statuses
    return milliseconds


def one_round(handler, people, encoded):
    """Medians of the hash alone, a log-in, and refusals of a known and an unknown number."""
    columns = {"hash": [], "login": [], "known": [], "unknown": []}
    for person in people:
        number = person.document_number
        measures = {
            "hash": lambda: spent(lambda: check_password(PASSWORD, encoded)),
            "login": lambda number=number: post(handler, number, PASSWORD, 302),
            "known": lambda number=number: post(handler, number, WRONG, 400),
            "unknown": lambda: post(handler, resident_id(), WRONG, 400),
        }
        for name, measure in measures.items():
            # As in life: the page comes before its form. Else each would find the processor's cache as a hash left it.
            handler.get_response(RequestFactory().get("/login/"))
            columns[name].append(measure())
    AttemptCount.objects.all().delete()
    return {name: statistics.median(values) for name, values in columns.items()}


def main():
    setup_test_environment()
    settings.PASSWORD_HASHERS = ["registration.hashers.PlatformArgon2Hasher"]
    old_name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0)
    try:
        handler = BaseHandler()
        handler.load_middleware()
        people = [make_accountant() for _ in range(A_ROUND)]
        encoded = make_password(PASSWORD)
        one_round(handler, people[:5], encoded)
        return report([one_round(handler, people, encoded) for _ in range(ROUNDS)])
    finally:
        connection.creation.destroy_test_db(old_name, verbosity=0)


def report(rounds):
    for each in rounds:
        columns = ", ".join(f"{name} {value:.2f}" for name, value in each.items())
        print(f"{connection.vendor}: {columns} ms CPU, log-in {each['login'] / each['hash']:.3f} x the hash")
    ratio = statistics.median(each["login"] / each["hash"] for each in rounds)
    apart = statistics.median(each["known"] - each["unknown"] for each in rounds)
    print(f"log-in {ratio:.3f} x the hash, limit {LIMIT}; known and unknown numbers {apart:+.2f} ms apart")
    return int(ratio > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
