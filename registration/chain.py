"""The audit as a chain: each row's digest covers the row and the digest before it, in the order of ids.

Rows are chained by a task and not where they are written, since that would let only one transaction at a time write.
The digest is keyed (LOOKUP_KEY): who can write to the table, but does not hold the key, cannot make a chain anew.
"""

import json
import logging
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import takewhile

from django.db import connection, transaction
from django.utils import timezone

from accounting_platform.lib.encryption import keyed_hash
from registration.models import AuditEvent

logger = logging.getLogger(__name__)
TABLE = AuditEvent._meta.db_table
BATCH, BATCHES_A_RUN = 1000, 200
# Columns that came later and are empty do not change a digest, so a new one may be added at the end.
COLUMNS = (
    "id",
    "kind",
    "actor_id",
    "actor_kind",
    "subject_type",
    "subject_id",
    "accountant_id",
    "result",
    "detail",
    "address",
    "request_id",
    "created_at",
)
# The clocks of our machines may differ by a minute (/readyz refuses more), and writing takes a moment.
MARGIN = timedelta(seconds=90)
# When the oldest transaction began that may still commit a row with a low id: whoever inserts holds this lock until
# its end. One that hides its beginning (another role's) counts as older than everything.
OLDEST_WRITER = """
SELECT least(clock_timestamp(), min(coalesce(activity.xact_start, '-infinity')))
FROM pg_locks AS held LEFT JOIN pg_stat_activity AS activity USING (pid)
WHERE held.relation = %s::regclass AND held.mode = 'RowExclusiveLock'
  AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND held.pid IS DISTINCT FROM pg_backend_pid()
"""


# --- making it


def extend():
    """Chain every row that is settled and return how many; safe to repeat and to run twice at once."""
    total = 0
    for _ in range(BATCHES_A_RUN):
        chained = extend_by_a_batch()
        total += chained
        if chained < BATCH:
            break
    return total


@transaction.atomic
def extend_by_a_batch():
    if not alone():
        return 0
    last_id, digest = end_of_chain()
    before = settled_before()
    rows = AuditEvent.objects.filter(pk__gt=last_id).order_by("pk").values(*COLUMNS)[:BATCH]
    links = []
    for row in takewhile(lambda row: row["created_at"] < before, rows):
        digest = digest_of(digest, row)
        links.append((digest, row["id"]))
    if links:
        with connection.cursor() as cursor:
            cursor.executemany(f"UPDATE {TABLE} SET digest = %s WHERE id = %s AND digest = ''", links)
        # Kept outside the database as well: what stood here can be asked of verify_audit later.
        logger.info("audit chained up to %s:%s", links[-1][1], digest)
    return len(links)


def alone():
    """Whether no other task is chaining; holds until the end of the transaction. SQLite has one writer anyway."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s::regclass::bigint)", [TABLE])
        return cursor.fetchone()[0]


def settled_before():
    """Rows from before this moment are settled: none with a lower id can still be committed."""
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(OLDEST_WRITER, [TABLE])
        oldest = cursor.fetchone()[0]
    # psycopg gives the beginning of time for -infinity, from which nothing can be taken away.
    return max(oldest, datetime(2000, 1, 1, tzinfo=UTC)) - MARGIN


def end_of_chain():
    """(id, digest) of the last chained row."""
    chained = AuditEvent.objects.exclude(digest="").order_by("-pk")
    return chained.values_list("pk", "digest").first() or (0, "")


def digest_of(previous, row):
    """64 hex digits over the digest before and everything in this row."""
    filled = {name: row[name] for name in COLUMNS if row[name] not in (None, "", {})}
    filled["created_at"] = row["created_at"].astimezone(UTC).isoformat(timespec="microseconds")
    text = json.dumps(filled, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return keyed_hash("audit", f"{previous}\n{text}")


# --- looking at it


class Broken(Exception):
    """The chain does not hold; the sentence says where."""


def verify(expected=()):
    """Walk the whole audit: a Counter of rows that are chained, unchained, and missing ids between them; or Broken.

    `expected` are (id, digest) pairs noted earlier, which must still stand there.
    """
    found, digest, last_id = Counter(), "", 0
    expected = dict(expected)
    rows = AuditEvent.objects.order_by("pk").values(*COLUMNS, "digest")
    while batch := list(rows.filter(pk__gt=last_id)[:BATCH]):
        for row in batch:
            # Rolled back transactions leave gaps as well: told, but no proof of anything.
            found["gaps"] += row["id"] - last_id - 1
            last_id = row["id"]
            if row["digest"]:
                digest = check_link(digest, row, found)
                if expected.pop(last_id, digest) != digest:
                    raise Broken(f"row {last_id} is not the one that was noted")
            found["chained" if row["digest"] else "unchained"] += 1
    if expected:
        raise Broken(f"row {min(expected)} was noted and is not chained here")
    return found


def check_link(digest, row, found):
    """The digest of this row, or Broken."""
    if found["unchained"]:
        raise Broken(f"a row before {row['id']} stands outside the chain")
    if row["digest"] != digest_of(digest, row):
        raise Broken(f"row {row['id']} or what stood before it was changed, removed or put in")
    return row["digest"]
