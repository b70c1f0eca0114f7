import pytest
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounting_platform.lib import quick_insert
from accounting_platform.lib.quick_insert import adding, insert, overwriting, run
from registration.models import Accountant, AuditEvent, Message
from registration.tests.factories import make_accountant

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("detail", [{}, {"fields": ["phone"], "reason": "核对“证件” 100%"}])
def test_row_is_what_save_would_have_made(detail):
    columns = {"kind": "seen", "detail": detail, "address": "203.0.113.7", "created_at": timezone.now()}
    saved = AuditEvent.objects.create(**columns)
    quick = AuditEvent(**columns)

    insert(quick)

    assert quick.pk == saved.pk + 1
    kept, other = AuditEvent.objects.filter(pk__in=[saved.pk, quick.pk]).order_by("pk").values()
    assert kept | {"id": 0} == other | {"id": 0}


def test_moments_of_writing_are_filled_in():
    message = Message(accountant=make_accountant(), title="x", body="y")

    insert(message)

    assert Message.objects.get().created_at == message.created_at


def test_key_that_is_taken_is_refused():
    columns = {"session_key": "k", "session_data": "", "expire_date": timezone.now()}
    insert(Session(**columns))

    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Session(**columns))


def test_many_rows_get_their_keys_in_order(monkeypatch):
    """Also where one statement does not hold them all."""
    monkeypatch.setattr(quick_insert, "MOST_VALUES", 12)
    accountant = make_accountant()
    messages = [Message(accountant=accountant, title=f"{number}", body="y") for number in range(7)]

    insert(*messages)
    insert()

    assert dict(Message.objects.values_list("pk", "title")) == {row.pk: row.title for row in messages}


def test_a_row_may_refer_to_one_that_got_its_key_later():
    accountant = make_accountant()
    message = Message(accountant=Accountant(), title="x", body="y")
    message.accountant.pk = accountant.pk

    insert(message)

    assert Message.objects.get().accountant_id == message.accountant_id == accountant.pk


def test_overwriting_changes_the_named_columns_only():
    one, two = (Message.objects.create(accountant=make_accountant(), title=name, body="y") for name in "ab")
    for row in (one, two):
        row.title, row.body, row.read_at = row.title.upper(), "z", timezone.now()

    run(
        [
            *overwriting([one, two], ["title", "read_at"]),
            *adding([Message(accountant=one.accountant, title="c")]),
        ]
    )

    assert list(Message.objects.order_by("pk").values_list("title", "body")) == [
        ("A", "y"),
        ("B", "y"),
        ("c", ""),
    ]
    assert Message.objects.get(pk=one.pk).read_at == one.read_at
