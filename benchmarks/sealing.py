"""CPU time of sealing an ID number, and how fast a rotation of keys goes: `python benchmarks/sealing.py`.

Runs on a database of its own (SQLite, or PostgreSQL with DATABASE_URL). Ends with 1 when sealing or opening an ID
number takes longer than the limit in either algorithm.
"""

import base64
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "accounting_platform.settings_test"

import django  # noqa: E402

django.setup()

from django.contrib.auth.hashers import make_password  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import override_settings  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounting_platform.lib.encryption import keyed_hash, seal, unseal  # noqa: E402
from registration import chain, rotation  # noqa: E402
from registration.models import Accountant, AuditEvent, User  # noqa: E402

LIMIT_US, REPEATS, ROUNDS, ROWS = 10, 20_000, 9, 20_000
CONTEXT, NUMBER = "registration_accountant.document_number", b"440106199208080027"


def key(byte):
    return base64.b64encode(bytes([byte]) * 32).decode()


OLD = {"SEALING_KEYS": {"old": key(1)}, "SEALING_ALGORITHM": "aes"}
NEW = {"SEALING_KEYS": {"new": key(2), "old": key(1)}, "SEALING_ALGORITHM": "sm4"}


def microseconds(work):
    """CPU time of one call, in the best of some rounds: what else the machine does is not ours."""
    best = min(one_round(work) for _ in range(ROUNDS))
    return best / REPEATS * 1e6


def one_round(work):
    start = time.process_time()
    for _ in range(REPEATS):
        work()
    return time.process_time() - start


def sealing():
    """Prints the times of both algorithms; the longest of them."""
    longest = 0
    for algorithm in ("sm4", "aes"):
        with override_settings(SEALING_ALGORITHM=algorithm):
            sealed = seal(NUMBER, CONTEXT)
            times = [microseconds(lambda: seal(NUMBER, CONTEXT))]
            times.append(microseconds(lambda sealed=sealed: unseal(sealed, CONTEXT)))
        print("{}: seal {:.1f} µs, open {:.1f} µs CPU".format(algorithm, *times))
        longest = max(longest, *times)
    print(f"keyed hash {microseconds(lambda: keyed_hash('document', NUMBER.decode())):.1f} µs CPU")
    return longest


def make_people():
    """Accountants with two sealed columns each, under the old key."""
    now, nobody = timezone.now(), make_password(None)
    users = User.objects.bulk_create(User(username=f"{n:064}", password=nobody) for n in range(ROWS))
    told = {
        "works_in_guangdong": True,
        "holds_certificate": False,
        "consent_version": "1",
        "consented_at": now,
    }
    Accountant.objects.bulk_create(
        [
            Accountant(
                user=user, document_number=NUMBER.decode(), document_key=user.username, phone="1", **told
            )
            for user in users
        ],
        batch_size=500,
    )


def rotating():
    """Prints how fast rows are sealed anew, and how fast a second run finds nothing to do."""
    with override_settings(**OLD):
        make_people()
    with override_settings(**NEW):
        for what in ("rotation", "run that finds nothing to do"):
            start = time.perf_counter()
            report = rotation.rotate(say=lambda line: None)
            seconds = time.perf_counter() - start
            print(f"{what}: {ROWS / seconds:,.0f} rows/s ({report.sealed_anew} sealed anew, {seconds:.1f} s)")


def chaining():
    """Prints how fast audit rows are chained and looked at."""
    began = timezone.now() - 2 * chain.MARGIN
    AuditEvent.objects.bulk_create([AuditEvent(kind="seen", created_at=began) for _ in range(ROWS)], 1000)
    for what, work in (("chained", chain.extend), ("verified", chain.verify)):
        start = time.perf_counter()
        work()
        print(f"audit rows {what}: {ROWS / (time.perf_counter() - start):,.0f} rows/s")


def main():
    old_name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0)
    print(connection.vendor)
    try:
        longest = sealing()
        rotating()
        chaining()
    finally:
        connection.creation.destroy_test_db(old_name, verbosity=0)
    return int(longest > LIMIT_US)


if __name__ == "__main__":
    sys.exit(main())
