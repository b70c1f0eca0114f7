"""Many requests at once for one phone send exactly five codes: `python benchmarks/sms_race.py [rounds]` (1,000).

Each round is 40 presses of 获取短信验证码 for another phone: whole requests through every middleware, each in a thread
and a session of its own, on PostgreSQL (DATABASE_URL). A round is right when five are answered 200, all others are
refused, and five texts went out. Refused is 429, or 503 on a machine so busy that a request waited two seconds for its
lock; the latter are counted. Ends with 1 when one round is not right.
"""

import logging
import os
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "accounting_platform.settings_test"
# What a whole day and minute may hold is not asked here.
os.environ |= {"SMS_PER_MINUTE": "1000000", "SMS_DAILY_BUDGET": "1000000"}

import django  # noqa: E402

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402

from accounting_platform.lib import sms  # noqa: E402
from registration.limits import LIMITS  # noqa: E402

ROUNDS, AT_ONCE, REPORT_EVERY = 1000, 40, 100
FIVE = LIMITS["sms_day"].most


def press(phone, start):
    """One request that starts together with the others of its round; its status."""
    client = Client(raise_request_exception=False)
    start.wait()
    return client.post("/registration/sms-codes/", {"purpose": "register", "phone": phone}).status_code


def one_round(pool, number):
    """The statuses of a round, and how many texts went out."""
    phone, start = f"138{number:08}", Barrier(AT_ONCE)
    statuses = Counter(pool.map(lambda _: press(phone, start), range(AT_ONCE)))
    texts = [text.to for text in sms.outbox]
    sms.outbox.clear()
    return statuses, texts.count(phone), len(texts)


def race(rounds):
    """How many rounds were not as they should be, and how many requests found the machine too busy."""
    wrong, busy, began = 0, 0, time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for number in range(rounds):
            statuses, sent, all_sent = one_round(pool, number)
            busy += statuses[503]
            refused = statuses[429] + statuses[503]
            if (statuses[200], refused, sent, all_sent) != (FIVE, AT_ONCE - FIVE, FIVE, FIVE):
                wrong += 1
                print(f"round {number}: {dict(statuses)}, {sent} sent", flush=True)
            if (number + 1) % REPORT_EVERY == 0:
                seconds = time.monotonic() - began
                print(f"{number + 1} rounds, {wrong} wrong, {busy} busy, {seconds:.0f} s", flush=True)
        leave = Barrier(AT_ONCE)
        list(pool.map(lambda _: (leave.wait(), connection.close()), range(AT_ONCE)))
    return wrong, busy


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    if connection.vendor != "postgresql":
        sys.exit("SQLite writes one at a time and cannot show this race: set DATABASE_URL to PostgreSQL.")
    logging.disable(logging.ERROR)
    setup_test_environment()
    old_name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0)
    began = time.monotonic()
    try:
        wrong, busy = race(rounds)
    finally:
        # Dropping a database may take longer than a request's statement may.
        connection.settings_dict["OPTIONS"] = {}
        connection.creation.destroy_test_db(old_name, verbosity=0)
    seconds = time.monotonic() - began
    print(f"{rounds} rounds of {AT_ONCE} at once, {wrong} wrong, {busy} busy, {seconds:.0f} s")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
