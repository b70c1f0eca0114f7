"""Callbacks and 我的学习 over a small and a large ledger, side by side in one run.

    DATABASE_URL=postgres://… nice .venv/bin/python benchmarks/ledger_size.py [small] [large] [rounds]

300,000 and 30,000,000 ledger rows unless told otherwise, ten to a person over two years, each with its study, its
delivery and its place in the person's year totals; copied inside PostgreSQL from one row that the platform itself
wrote. The large one takes about 30 GB of disk and the better part of an hour; both databases are dropped after. Rounds take turns
(A B A B): completions through gunicorn as deployed, then 我的学习 of somebody with ten studies. Wanted: rate over the
large ledger ≥ 0.87 of the small one's, the page in at most five queries however many rows.
"""

import sys
import time
from statistics import median

from callbacks import World, completion, timed
from django.test import Client
from django.test.utils import CaptureQueriesContext
from loopback import connection, gunicorn

from collection.models import Profile
from education.models import CreditEntry, Delivery, Enrolment, YearTotal
from education.schools.judge import judge
from education.tests.factories import received
from registration.models import Accountant, User

PER_PERSON, FIRST = 10, 10_000_000
PERSON = f"{FIRST} + n"
OWNER = f"{FIRST} + (n + {PER_PERSON - 1}) / {PER_PERSON}"
ROW = f"{FIRST} + n"
YEAR = "t.year - n % 2"


def copies(row, count, **columns):
    """So many copies of a row, whose columns differ as the SQL expressions over n say."""
    table = row._meta.db_table
    names = [field.column for field in row._meta.concrete_fields]
    values = ", ".join(columns.get(name, f't."{name}"') for name in names)
    quoted = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({quoted}) SELECT {values} FROM {table} t, generate_series(1, {count}) n "
            f"WHERE t.id = {row.pk}"
        )


def fill(world, rows):
    """The ledger, and everybody and everything it speaks of."""
    (study,) = world.make_studies(1)
    judge(world.school, [received("first", completion(study))])
    profile = Profile.objects.select_related("accountant__user").get(pk=study.profile_id)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    people, some = rows // PER_PERSON, "md5(n::text) || md5(n::text)"
    copies(profile.accountant.user, people, id=PERSON, username=some)
    own = {"public_id": "gen_random_uuid()", "document_key": some, "phone_key": some}
    copies(profile.accountant, people, id=PERSON, user_id=PERSON, **own)
    number = {"archive_number": "'L' || n"}
    copies(profile, people, id=PERSON, accountant_id=PERSON, **number)
    copies(Enrolment.objects.get(pk=study.pk), rows, id=ROW, profile_id=OWNER, year=YEAR,
           public_id="gen_random_uuid()", reference="'L' || n")  # fmt: skip
    copies(Delivery.objects.get(), rows, id=ROW, enrolment_id=ROW, public_id="gen_random_uuid()",
           message_id="'l' || n", body="NULL")  # fmt: skip
    copies(CreditEntry.objects.get(), rows, id=ROW, profile_id=OWNER, year=YEAR, enrolment_id=ROW,
           delivery_id=ROW)  # fmt: skip
    of_year = {"id": ROW, "profile_id": f"{FIRST} + (n + 1) / 2", "year": YEAR}
    copies(YearTotal.objects.get(), 2 * people, **of_year, professional=f"{30 * PER_PERSON // 2}")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def page(client):
    """Milliseconds and queries of 我的学习."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/education/my/").status_code == 200
    # Counted before the next request empties the list.
    count, times = len(queries), []
    for _ in range(30):
        began = time.perf_counter()
        client.get("/education/my/")
        times.append(1000 * (time.perf_counter() - began))
    return median(times), count


class Ledger:
    """One size: a database, a server over it, and somebody who studies there."""

    def __init__(self, rows, own_name):
        connection.close()
        connection.settings_dict["NAME"] = own_name
        connection.settings_dict["TEST"]["NAME"] = self.name = f"test_ledger_{rows}"
        connection.creation.create_test_db(verbosity=0, serialize=False)
        began = time.monotonic()
        self.rows, self.world = rows, World()
        fill(self.world, rows)
        self.serving = gunicorn()
        self.server = self.serving.__enter__()
        self.client = Client()
        self.client.force_login(User.objects.get(pk=Accountant.objects.get(pk=FIRST + 7).user_id))
        print(f"{rows} rows loaded in {time.monotonic() - began:.0f} s", flush=True)

    def use(self):
        connection.close()
        connection.settings_dict["NAME"] = self.name

    def round(self, size=300):
        self.use()
        (rate, web, database), _ = timed(self.server, self.world.requests(size))
        return rate, web + database, *page(self.client)

    def drop(self, own_name):
        self.use()
        self.serving.__exit__(None, None, None)
        connection.creation.destroy_test_db(own_name, verbosity=0)


def main(small=300_000, large=30_000_000, rounds=5):
    own_name, ledgers = connection.settings_dict["NAME"], []
    try:
        for rows in (small, large):
            ledgers.append(Ledger(rows, own_name))
        for ledger in ledgers:
            ledger.round(100)
        figures = {ledger.rows: [] for ledger in ledgers}
        for _ in range(rounds):
            for ledger in ledgers:
                figures[ledger.rows].append(ledger.round())
        for rows, rounds_of in figures.items():
            rate, cpu, milliseconds, queries = (median(column) for column in zip(*rounds_of, strict=True))
            print(
                f"{rows:>9} rows: {rate:4.0f} callbacks/s, CPU {cpu:.2f} ms; page {milliseconds:.1f} ms, {queries} queries"
            )
        pairs = list(zip(figures[small], figures[large], strict=True))
        for place, title, way in ((0, "callbacks by rate", 1), (1, "callbacks by CPU", -1), (2, "page", -1)):
            ratio = median((many[place] / few[place]) ** way for few, many in pairs)
            print(f"{title}, large beside small: {ratio:.2f}")
    finally:
        for ledger in ledgers:
            ledger.drop(own_name)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
    connection.close()
