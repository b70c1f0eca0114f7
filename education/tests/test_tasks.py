from datetime import timedelta

import pytest
from django.utils import timezone

from accounting_platform.lib.clock import today
from education import tasks
from education.choices import DeliveryOutcome, EnrolmentState
from education.models import Delivery, Ticket, YearRule
from education.schools.judge import judge
from education.tests.factories import (
    event,
    make_enrolment,
    make_institution,
    make_offering,
    make_year_rule,
    received,
)

pytestmark = pytest.mark.django_db


def test_close_years_closes_what_is_over_and_ends_stragglers():
    YearRule.objects.all().delete()
    over = make_year_rule(2024, opens_on=today() - timedelta(days=9), closes_on=today() - timedelta(days=1))
    make_year_rule(2025)
    old, running = make_enrolment(year=2024), make_enrolment(year=2025)
    tasks.close_years()
    straggler = make_enrolment(year=2024)

    tasks.close_years()

    states = [one.__class__.objects.get(pk=one.pk).state for one in (old, running, straggler)]
    assert states == [EnrolmentState.CLOSED, EnrolmentState.IN_PROGRESS, EnrolmentState.CLOSED]
    over.refresh_from_db()
    assert over.closed_at is not None


def make_delivery(institution, message_id, age):
    judge(institution, [received(message_id, event("study.progressed", enrolment="R", percent=1))])
    Delivery.objects.filter(message_id=message_id).update(received_at=timezone.now() - age)


def test_purge_empties_bodies_after_ninety_days_and_keeps_the_rest(monkeypatch):
    monkeypatch.setattr(tasks, "CHUNK", 2)
    institution = make_institution()
    for number in range(3):
        make_delivery(institution, f"old-{number}", timedelta(days=91))
    make_delivery(institution, "young", timedelta(days=89))

    tasks.purge()

    kept = {delivery.message_id: delivery.body is not None for delivery in Delivery.objects.all()}
    assert kept == {"old-0": False, "old-1": False, "old-2": False, "young": True}
    assert all(Delivery.objects.values_list("digest", flat=True))


def test_purge_keeps_what_staff_have_yet_to_decide():
    institution = make_institution()
    make_delivery(institution, "held", timedelta(days=91))
    Delivery.objects.update(outcome=DeliveryOutcome.HELD)

    tasks.purge()

    assert Delivery.objects.get().body


def test_an_emptied_delivery_is_still_known_as_a_duplicate():
    study = make_enrolment(institution=make_institution())
    sent = received("msg_1", event("study.progressed", enrolment=study.reference, percent=1))
    judge(study.institution, [sent])
    Delivery.objects.update(received_at=timezone.now() - timedelta(days=100))
    tasks.purge()

    (verdict,) = judge(study.institution, [sent])

    assert verdict.outcome == DeliveryOutcome.DUPLICATE


def test_purge_forgets_tickets_a_day_after_they_expired():
    offering = make_offering()
    profile = make_enrolment(institution=offering.institution).profile
    for number, hours in enumerate((25, 1)):
        Ticket.objects.create(
            ticket_hash=str(number),
            institution=offering.institution,
            profile=profile,
            offering=offering,
            expires_at=timezone.now() - timedelta(hours=hours),
        )

    tasks.purge()

    assert list(Ticket.objects.values_list("ticket_hash", flat=True)) == ["1"]
