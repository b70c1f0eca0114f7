import pytest
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounting_platform.lib.quick_insert import insert
from registration.models import AuditEvent, Message
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
