"""Held corrections and revocations: what confirming and refusing them does to ledger, totals and delivery."""

from decimal import Decimal
from itertools import count

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounting_platform.lib.errors import DomainError
from education import corrections
from education.choices import CreditSource, DeliveryOutcome
from education.models import CreditEntry, Delivery, YearTotal
from education.schools.judge import judge
from education.tests.factories import event, make_enrolment, make_offering, make_year_rule, received
from education.tests.test_races import at_once
from registration.models import AuditEvent, Message
from registration.tests.factories import make_staff

pytestmark = pytest.mark.django_db
_ids = count(1)


def send(study, kind, **data):
    """The delivery that an event about a study leaves."""
    sent = received(f"msg_c{next(_ids)}", event(kind, enrolment=study.reference, **data))
    (verdict,) = judge(study.institution, [sent])
    return verdict.delivery


def make_completed(credits=60, general=20):
    make_year_rule()
    study = make_enrolment(offering=make_offering())
    finished = timezone.now().isoformat()
    send(study, "study.completed", credits=credits, general_professional=general, finished_at=finished)
    Message.objects.all().delete()
    return study


def books(study):
    """What the study shows and the year's totals, after proving that the totals equal the ledger."""
    call_command("check_totals")
    study.refresh_from_db()
    total = YearTotal.objects.get(profile=study.profile)
    return study.credits, total.professional, total.general_professional


def test_confirm_books_the_difference_of_a_correction_and_tells_the_person():
    study, staff = make_completed(), make_staff()
    delivery = send(study, "credits.corrected", credits=45.5, reason="学时统计有误")
    assert delivery.outcome == DeliveryOutcome.HELD and books(study) == (60, 60, 20)

    entry = corrections.confirm(delivery.pk, by=staff)

    assert (entry.source, entry.credits, entry.general_professional) == (
        CreditSource.CORRECTION,
        Decimal("-14.5"),
        0,
    )
    assert books(study) == (Decimal("45.5"), Decimal("45.5"), 20)
    assert Delivery.objects.get(pk=delivery.pk).outcome == DeliveryOutcome.ACCEPTED
    message = Message.objects.get(accountant=study.profile.accountant)
    assert message.title == "学分已更正" and "学分由 60 改为 45.5，原因：学时统计有误" in message.body
    assert AuditEvent.objects.filter(kind="credits.change_confirmed", actor_id=staff.pk).exists()


@pytest.mark.parametrize(
    ("asked", "after"),
    [
        ({"credits": 60, "general_professional": 30}, (60, 60, 30)),
        ({"credits": 10}, (10, 10, 10)),
        ({"credits": 50, "general_professional": 0}, (50, 50, 0)),
    ],
)
def test_confirm_keeps_the_general_part_unless_it_is_given_or_too_large(asked, after):
    study = make_completed()
    delivery = send(study, "credits.corrected", reason="更正专业通识", **asked)

    corrections.confirm(delivery.pk, by=None)

    assert books(study) == after


def test_confirm_takes_back_all_that_stands_after_a_revocation():
    study = make_completed()
    corrections.confirm(send(study, "credits.corrected", credits=50, reason="更正").pk, by=None)

    entry = corrections.confirm(send(study, "credits.revoked", reason="经核实为代学").pk, by=None)

    assert (entry.source, entry.credits, entry.general_professional) == (CreditSource.REVOCATION, -50, -20)
    assert books(study) == (0, 0, 0)
    assert CreditEntry.objects.filter(enrolment=study).count() == 3
    assert "学分由 50 改为 0，其中专业通识由 20 改为 0" in Message.objects.latest("pk").body


def test_refuse_changes_nothing_but_the_delivery_and_leaves_its_reason():
    study = make_completed()
    delivery = send(study, "credits.revoked", reason="误报")

    corrections.refuse(delivery.pk, by=make_staff(), reason=" 请附核实材料 ")

    delivery.refresh_from_db()
    assert (delivery.outcome, delivery.code, delivery.reason) == ("refused", "not_confirmed", "请附核实材料")
    assert books(study) == (60, 60, 20)
    assert Message.objects.get().title == "学分撤销未予确认"


def test_refuse_asks_for_a_reason_of_some_length():
    delivery = send(make_completed(), "credits.revoked", reason="误报")

    with pytest.raises(DomainError, match="至少 5 个字"):
        corrections.refuse(delivery.pk, by=None, reason=" 不行 ")
    assert Delivery.objects.get(pk=delivery.pk).outcome == DeliveryOutcome.HELD


@pytest.mark.parametrize("first", ["confirm", "refuse"])
def test_a_delivery_is_decided_once(first):
    study = make_completed()
    delivery = send(study, "credits.corrected", credits=50, reason="更正")
    decide = {
        "confirm": lambda: corrections.confirm(delivery.pk, by=None),
        "refuse": lambda: corrections.refuse(delivery.pk, by=None, reason="请附核实材料"),
    }
    decide[first]()
    after = books(study)

    for again in decide.values():
        with pytest.raises(DomainError, match="已经处理过"):
            again()
    assert books(study) == after


def test_what_would_change_nothing_cannot_be_confirmed():
    study = make_completed()
    same = send(study, "credits.corrected", credits=60, reason="更正")
    unfinished = send(make_enrolment(offering=study.offering), "credits.revoked", reason="误报")

    with pytest.raises(DomainError, match="没有可改的"):
        corrections.confirm(same.pk, by=None)
    with pytest.raises(DomainError, match="还没有入账的学分"):
        corrections.confirm(unfinished.pk, by=None)
    assert CreditEntry.objects.count() == 1


def test_a_refused_message_may_come_again_under_its_id():
    study = make_completed()
    sent = received("msg_again", event("credits.revoked", enrolment=study.reference, reason="误报"))
    (first,) = judge(study.institution, [sent])
    corrections.refuse(first.delivery.pk, by=None, reason="请附核实材料")

    (second,) = judge(study.institution, [sent])

    assert second.outcome == DeliveryOutcome.HELD and second.delivery.pk != first.delivery.pk


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_confirmed_many_times_at_once_is_booked_once():
    study = make_completed()
    delivery = send(study, "credits.corrected", credits=50, reason="更正")

    def confirm():
        try:
            corrections.confirm(delivery.pk, by=None)
        except DomainError:
            return "refused"
        return "confirmed"

    assert sorted(at_once(*[confirm] * 8)) == ["confirmed"] + ["refused"] * 7
    assert books(study) == (50, 50, 20)
