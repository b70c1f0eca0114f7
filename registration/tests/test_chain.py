from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounting_platform.tests.threads import at_once
from registration import audit, chain, tasks
from registration.models import AuditEvent
from registration.tests.factories import make_accountant

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(hours=1)
INSERT = f"""
INSERT INTO {chain.TABLE} (kind, created_at, actor_kind, subject_type, subject_id, result, detail, address, request_id, digest)
VALUES (%s, %s, '', '', '', 'ok', '{{}}', '', '', '')
"""


def make_events(count=5):
    """Events written an hour ago, which are settled."""
    began = timezone.now() - LONG_AGO
    rows = [AuditEvent(kind=f"e{n}", created_at=began, detail={"fields": ["手机"]}) for n in range(count)]
    return AuditEvent.objects.bulk_create(rows)


def digests():
    return list(AuditEvent.objects.order_by("pk").values_list("digest", flat=True))


def tamper(statement, *values):
    """What somebody with the right to write could do to the table."""
    on_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if on_postgresql:
            cursor.execute(f"ALTER TABLE {chain.TABLE} DISABLE TRIGGER USER")
        cursor.execute(statement.format(table=chain.TABLE), values)
        if on_postgresql:
            cursor.execute(f"ALTER TABLE {chain.TABLE} ENABLE TRIGGER USER")


def test_extend_chains_what_is_settled_once():
    make_events(3)

    assert (chain.extend(), chain.extend()) == (3, 0)
    first = digests()
    assert len(set(first)) == 3 and all(len(digest) == 64 for digest in first)

    make_events(2)
    tasks.chain_audit()
    assert digests()[:3] == first and "" not in digests()


def test_extend_goes_in_batches(monkeypatch):
    monkeypatch.setattr(chain, "BATCH", 2)
    make_events(5)

    assert chain.extend() == 5
    assert chain.verify()["chained"] == 5


def test_digest_covers_every_column_but_itself():
    columns = {field.attname for field in AuditEvent._meta.concrete_fields}

    assert columns == {*chain.COLUMNS, "digest"}


def test_digest_is_another_without_the_key(settings):
    make_events(1)
    chain.extend()
    settings.LOOKUP_KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="

    with pytest.raises(chain.Broken):
        chain.verify()


def test_real_events_hold_after_they_were_read_back():
    accountant = make_accountant()
    detail = {"z": 1.5, "a": ["二", None, True], "nested": {"b": 1, "a": 10**6}}
    audit.record("seen", actor=accountant, subject=accountant, detail=detail)
    AuditEvent.objects.bulk_create([AuditEvent(kind="old", created_at=timezone.now() - LONG_AGO)])
    tamper("UPDATE {table} SET created_at = %s", timezone.now() - LONG_AGO)

    assert chain.extend() == 2
    assert chain.verify()["chained"] == 2


@pytest.mark.parametrize(
    ("statement", "where"),
    [
        ("UPDATE {table} SET kind = 'other' WHERE id = %s", 2),
        ("UPDATE {table} SET detail = '{{}}' WHERE id = %s", 2),
        ("UPDATE {table} SET address = '203.0.113.9' WHERE id = %s", 2),
        ("UPDATE {table} SET created_at = created_at + interval '1 second' WHERE id = %s", 2),
        ("DELETE FROM {table} WHERE id = %s", 2),
        ("DELETE FROM {table} WHERE id = %s", 0),
        ("UPDATE {table} SET digest = '' WHERE id = %s", 2),
        ("UPDATE {table} SET id = -5 WHERE id = %s", 2),
    ],
)
def test_verify_finds_what_was_changed_or_removed(statement, where):
    if connection.vendor == "sqlite":
        statement = statement.replace("created_at + interval '1 second'", "datetime(created_at, '+1 second')")
    rows = make_events()
    chain.extend()
    assert chain.verify()["chained"] == 5

    tamper(statement, rows[where].pk)

    with pytest.raises(chain.Broken, match="row"):
        chain.verify()


def test_verify_finds_rows_that_changed_places():
    first, second, *_rest = make_events()
    chain.extend()

    tamper("UPDATE {table} SET id = -1 WHERE id = %s", first.pk)
    tamper("UPDATE {table} SET id = %s WHERE id = %s", first.pk, second.pk)
    tamper("UPDATE {table} SET id = %s WHERE id = -1", second.pk)

    with pytest.raises(chain.Broken, match=f"row {first.pk} "):
        chain.verify()


def test_verify_finds_a_row_put_in():
    rows = make_events()
    tamper("DELETE FROM {table} WHERE id = %s", rows[2].pk)
    chain.extend()
    assert chain.verify()["gaps"] >= 1

    AuditEvent.objects.bulk_create([AuditEvent(pk=rows[2].pk, kind="put in")])

    with pytest.raises(chain.Broken, match="outside the chain"):
        chain.verify()
    assert chain.extend() == 0


def test_verify_names_the_first_broken_row():
    rows = make_events()
    chain.extend()

    for row in rows[1:3]:
        tamper("UPDATE {table} SET result = 'x' WHERE id = %s", row.pk)

    with pytest.raises(CommandError, match=f"broken: row {rows[1].pk} "):
        call_command("verify_audit")


def test_verify_audit_tells_the_tail_and_the_gaps(capsys):
    rows = make_events()
    tamper("DELETE FROM {table} WHERE id = %s", rows[3].pk)
    chain.extend()
    make_events(2)

    call_command("verify_audit")

    said = capsys.readouterr().out
    assert f"4 rows are chained and hold, up to {rows[4].pk}:{digests()[3]}." in said
    assert "2 rows behind them are not chained yet" in said and "ids are missing" in said


def test_verify_audit_with_a_noted_end_finds_what_was_cut_off():
    rows = make_events()
    chain.extend()
    noted = f"{rows[4].pk}:{digests()[4]}"
    call_command("verify_audit", f"--expect={noted}")

    tamper("DELETE FROM {table} WHERE id = %s", rows[4].pk)
    call_command("verify_audit")

    with pytest.raises(CommandError, match="was noted and is not chained here"):
        call_command("verify_audit", f"--expect={noted}")


def test_extend_notes_the_end_in_the_log(caplog):
    caplog.set_level("INFO")
    rows = make_events(2)

    chain.extend()

    assert f"audit chained up to {rows[1].pk}:{digests()[1]}" in caplog.text


@pytest.fixture
def writer():
    """A transaction of another process that has written one row and is still open."""
    other = connection.copy()
    other.ensure_connection()
    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute(INSERT, ["early", timezone.now()])
    yield other
    other.close()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_row_waits_while_a_lower_one_may_still_be_committed(writer, monkeypatch):
    monkeypatch.setattr(chain, "MARGIN", timedelta(0))
    late = [AuditEvent(kind="late", created_at=timezone.now()) for _ in range(2)]
    AuditEvent.objects.bulk_create(late)

    assert chain.extend() == 0
    writer.commit()

    assert chain.extend() == 3
    assert AuditEvent.objects.order_by("pk").first().kind == "early"
    assert chain.verify()["chained"] == 3


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_open_transaction_does_not_hold_rows_from_long_before_it(writer):
    make_events(3)

    assert chain.extend() == 3


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_chain_tasks_at_once_chain_every_row_once(monkeypatch):
    monkeypatch.setattr(chain, "BATCH", 50)
    make_events(400)

    chained = at_once(*[chain.extend] * 4)
    while chain.extend():
        pass

    assert sum(chained) <= 400
    assert chain.verify()["chained"] == 400


@pytest.mark.postgres
def test_fresh_rows_wait_for_the_clocks():
    audit.record("seen", actor=None)

    assert chain.extend() == 0
    assert chain.verify()["unchained"] == 1
