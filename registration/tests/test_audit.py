import pytest
from django.db import DatabaseError, connection, transaction

from accounting_platform.lib import context
from accounting_platform.lib.errors import DomainError
from registration import audit
from registration.models import AuditEvent
from registration.tests.factories import make_accountant, make_message, make_staff

pytestmark = pytest.mark.django_db


def test_record_keeps_who_what_and_from_where():
    accountant, staff = make_accountant(), make_staff()
    with context.bound(context.RequestContext(request_id="r1", address="203.0.113.7")):
        audit.record("person.viewed", actor=staff, subject=accountant, detail={"fields": ["phone"]})

    event = AuditEvent.objects.get()
    assert (event.actor_id, event.actor_kind, event.accountant_id) == (staff.pk, "staff", accountant.pk)
    assert (event.subject_type, event.subject_id) == ("registration.accountant", str(accountant.pk))
    assert (event.address, event.request_id, event.result) == ("203.0.113.7", "r1", "ok")


def test_record_finds_the_accountant_behind_a_subject():
    accountant = make_accountant()

    for subject in (accountant, accountant.user, make_message(accountant), None):
        audit.record("seen", actor=accountant, subject=subject)

    people = AuditEvent.objects.order_by("pk").values_list("accountant_id", flat=True)
    assert list(people) == [accountant.pk] * 3 + [None]


@pytest.mark.parametrize(
    "reason",
    [
        "来电 13800138000 核对",
        "来电138-0013-8000",
        "本人 138 0013 8000 申请",
        "核对440106199208080027",
        "核对44010619920808002X",
    ],
)
def test_record_refuses_numbers_of_people_in_a_reason(reason):
    with pytest.raises(DomainError, match="请不要填写证件号码、手机号码"):
        audit.record("person.viewed", actor=None, detail={"reason": reason})
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize(
    "reason", ["按粤财会〔2026〕12号核对", "2026-11-23 至 2026-11-24 核对", "020-83330000"]
)
def test_record_takes_other_numbers_in_a_reason(reason):
    audit.record("person.viewed", actor=None, detail={"reason": reason})

    assert AuditEvent.objects.get().detail == {"reason": reason}


def test_model_refuses_to_rewrite_the_audit():
    audit.record("seen", actor=None)
    event = AuditEvent.objects.get()

    with pytest.raises(DomainError):
        event.save()
    with pytest.raises(DomainError):
        event.delete()


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows.update(kind="other"),
        lambda rows: rows.delete(),
        lambda rows: rows.bulk_update(list(rows), ["kind"]),
    ],
)
def test_model_refuses_to_rewrite_many_at_once(change):
    audit.record("seen", actor=None)

    with pytest.raises(DomainError):
        change(AuditEvent.objects.all())
    assert AuditEvent.objects.get().kind == "seen"


@pytest.mark.postgres
def test_trigger_lets_a_digest_be_filled_once_and_nothing_else():
    audit.record("seen", actor=None)
    change("UPDATE registration_auditevent SET digest = 'a'")

    for statement in (
        "UPDATE registration_auditevent SET digest = 'b'",
        "UPDATE registration_auditevent SET digest = ''",
        "UPDATE registration_auditevent SET kind = 'other'",
        "DELETE FROM registration_auditevent",
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(statement)
    assert AuditEvent.objects.get().digest == "a"


def change(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
