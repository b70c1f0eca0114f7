"""What events do; what they are refused for is in test_judge_refusals.py."""

from datetime import timedelta
from decimal import Decimal
from itertools import count

import pytest
from django.utils import timezone

from education import studies
from education.choices import CreditSource, DeliveryOutcome, EnrolmentState
from education.models import CreditEntry, Delivery, Enrolment, YearTotal
from education.schools.judge import judge
from education.tests.factories import (
    event,
    make_collected,
    make_enrolment,
    make_learner,
    make_offering,
    make_year_rule,
    received,
)
from registration.models import Message
from registration.tests.factories import make_staff

pytestmark = pytest.mark.django_db
State = EnrolmentState
_ids = count(1)


@pytest.fixture
def offering():
    make_year_rule()
    return make_offering(title="企业会计准则")


@pytest.fixture
def study(offering):
    return make_enrolment(offering=offering)


def send(institution, kind, /, *, id=None, at=None, **data):
    """The verdict on one event."""
    (verdict,) = judge(institution, [received(id or f"msg_{next(_ids)}", event(kind, at=at, **data))])
    return verdict


def completed(study, credits=60, **data):
    finished = timezone.now().isoformat()
    return send(
        study.institution,
        "study.completed",
        enrolment=study.reference,
        credits=credits,
        finished_at=finished,
        **data,
    )


def created(offering, profile, /, reference="R-1", **data):
    learner = make_learner(profile, offering.institution).public_id
    about = {"kind": offering.kind, "year": offering.year, "learner": learner} | data
    return send(offering.institution, "enrolment.created", enrolment=reference, **about)


def state_of(study):
    study.refresh_from_db()
    return study.state


def test_created_makes_a_study_in_progress_that_holds_the_division(offering):
    profile = make_collected()

    verdict = created(offering, profile, title="新收入准则")

    study = Enrolment.objects.get()
    assert verdict.outcome == DeliveryOutcome.ACCEPTED
    assert (study.profile, study.reference, study.title, study.offering) == (
        profile,
        "R-1",
        "新收入准则",
        offering,
    )
    assert list(studies.in_progress(profile)) == [study]
    assert Delivery.objects.get().enrolment == study


def test_created_takes_the_offerings_title_when_none_is_given(offering):
    created(offering, make_collected())

    assert Enrolment.objects.get().title == "企业会计准则"


def test_created_finds_people_who_came_directly_by_their_document(offering):
    profile = make_collected(name="欧阳娜", document_number="11010519491231002X")
    document = {"type": "resident_id", "number": " 11010519491231002x", "name": "欧阳娜"}

    verdict = send(
        offering.institution,
        "enrolment.created",
        enrolment="D-1",
        document=document,
        kind=offering.kind,
        year=offering.year,
        offering=str(offering.public_id),
    )

    assert verdict.outcome == DeliveryOutcome.ACCEPTED
    assert Enrolment.objects.get().profile == profile


def test_cancelled_ends_the_study_and_says_so(study, told):
    verdict = send(study.institution, "enrolment.cancelled", enrolment=study.reference, reason="学员退课")

    assert verdict.outcome == DeliveryOutcome.ACCEPTED
    assert (state_of(study), study.reason) == (State.CANCELLED, "学员退课")
    assert told == [[study.profile_id]]


def test_a_cancelled_study_can_be_taken_up_again_under_its_reference(study, offering):
    send(study.institution, "enrolment.cancelled", enrolment=study.reference)

    created(offering, study.profile, study.reference)

    assert state_of(study) == State.IN_PROGRESS
    assert study.ended_at is None


def test_progress_is_kept_and_older_progress_does_not_undo_newer(study):
    now = timezone.now()
    send(study.institution, "study.progressed", enrolment=study.reference, hours=12.5, percent=40, at=now)

    late = send(
        study.institution,
        "study.progressed",
        enrolment=study.reference,
        percent=10,
        at=now - timedelta(hours=1),
    )

    study.refresh_from_db()
    assert late.outcome == DeliveryOutcome.ACCEPTED
    assert (study.hours, study.percent, study.state) == (Decimal("12.5"), 40, State.IN_PROGRESS)


def test_completed_books_the_credits_once_and_for_all_to_see(study, told):
    verdict = completed(study, 45.5, general_professional=20)

    entry = CreditEntry.objects.get()
    total = YearTotal.objects.get()
    assert verdict.outcome == DeliveryOutcome.ACCEPTED
    assert (state_of(study), study.credits, study.percent) == (State.COMPLETED, Decimal("45.5"), 100)
    assert (entry.enrolment, entry.delivery, entry.source) == (study, verdict.delivery, CreditSource.STUDY)
    assert (entry.credits, entry.general_professional) == (Decimal("45.5"), 20)
    assert (total.profile, total.year, total.professional) == (study.profile, study.year, Decimal("45.5"))
    assert (total.public, total.general_professional) == (0, 20)
    assert told == [[study.profile_id]]


def test_credits_of_several_studies_add_up(study, offering):
    other = make_enrolment(study.profile, offering=offering)
    public = make_enrolment(study.profile, offering=make_offering(offering.institution, kind="public"))

    completed(study, 30.25)
    completed(other, 9.75)
    completed(public, 30)

    total = YearTotal.objects.get()
    assert (total.professional, total.public, total.total) == (40, 30, 70)


def test_completed_makes_the_row_when_the_enrolment_was_never_announced(offering, told):
    profile = make_collected()
    learner = make_learner(profile, offering.institution).public_id

    verdict = send(
        offering.institution,
        "study.completed",
        enrolment="N-1",
        credits=60,
        finished_at=timezone.now().isoformat(),
        learner=learner,
        kind="professional",
        year=offering.year,
    )

    study = Enrolment.objects.get()
    assert verdict.outcome == DeliveryOutcome.ACCEPTED
    assert (study.profile, study.state, study.credits) == (profile, State.COMPLETED, 60)
    assert YearTotal.objects.get().professional == 60
    assert told == []


@pytest.mark.parametrize(
    ("kind", "data"),
    [("enrolment.cancelled", {}), ("study.progressed", {"percent": 5})],
)
def test_completion_is_final_whatever_comes_after(study, kind, data):
    completed(study)

    verdict = send(study.institution, kind, enrolment=study.reference, **data)

    assert verdict.outcome == DeliveryOutcome.ACCEPTED
    assert (state_of(study), study.percent) == (State.COMPLETED, 100)
    assert YearTotal.objects.get().professional == 60


def test_an_enrolment_that_comes_after_its_completion_changes_nothing(study, offering):
    completed(study)

    verdict = created(offering, study.profile, study.reference)

    assert verdict.outcome == DeliveryOutcome.ACCEPTED
    assert state_of(study) == State.COMPLETED


def test_a_second_completion_with_the_same_credits_is_a_duplicate(study):
    completed(study, 60)

    verdict = completed(study, 60.0)

    assert verdict.outcome == DeliveryOutcome.DUPLICATE
    assert Delivery.objects.filter(outcome=DeliveryOutcome.DUPLICATE).count() == 1
    assert CreditEntry.objects.count() == 1
    assert YearTotal.objects.get().professional == 60


def test_a_released_study_can_still_be_completed(study, told):
    studies.release(study.pk, by=make_staff(), reason="机构未回传")

    verdict = completed(study)

    assert verdict.outcome == DeliveryOutcome.ACCEPTED
    assert state_of(study) == State.COMPLETED
    assert told == [[study.profile_id]]


def test_credits_count_also_when_a_cancelled_study_is_completed(study):
    send(study.institution, "enrolment.cancelled", enrolment=study.reference)

    assert completed(study).outcome == DeliveryOutcome.ACCEPTED
    assert state_of(study) == State.COMPLETED


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("credits.corrected", {"credits": 50, "reason": "统计有误"}),
        ("credits.revoked", {"reason": "经核实为代学"}),
    ],
)
def test_corrections_wait_for_staff(study, kind, data):
    completed(study)

    verdict = send(study.institution, kind, id="msg_held", enrolment=study.reference, **data)

    assert verdict.outcome == DeliveryOutcome.HELD
    assert YearTotal.objects.get().professional == 60
    assert Delivery.objects.get(message_id="msg_held").enrolment == study


def test_one_id_with_the_same_content_is_a_duplicate_for_ever(study):
    sent = event(
        "study.completed", enrolment=study.reference, credits=60, finished_at="2026-11-20T10:00:00+08:00"
    )
    first = judge(study.institution, [received("msg_same", sent)])[0]

    again = [judge(study.institution, [received("msg_same", sent)])[0] for _ in range(3)]

    assert [verdict.outcome for verdict in again] == [DeliveryOutcome.DUPLICATE] * 3
    assert {verdict.delivery for verdict in again} == {first.delivery}
    delivery = Delivery.objects.get()
    assert (delivery.outcome, delivery.repeats) == (DeliveryOutcome.ACCEPTED, 3)
    assert CreditEntry.objects.count() == 1


def test_the_same_content_counts_as_the_same_however_it_is_written():
    at = timezone.now()
    one = received("a", event("study.completed", at=at, enrolment="R", credits=60, finished_at="x"))
    reordered = event("study.completed", at=at, finished_at="x", credits=60, enrolment="R")
    two = received("b", {"id": "b"} | dict(reversed(reordered.items())))

    assert one.digest == two.digest


def test_two_schools_may_use_the_same_id_and_reference(study, offering):
    other = make_offering(title="另一家")
    profile = make_collected()
    first = created(offering, profile, "SAME")
    second = created(other, profile, "SAME")

    assert [first.outcome, second.outcome] == [DeliveryOutcome.ACCEPTED] * 2
    assert Enrolment.objects.filter(reference="SAME").count() == 2


def test_completed_tells_the_person_once_of_school_kind_year_and_credits(study):
    completed(study, 7.5)
    completed(study, 7.5)

    message = Message.objects.get(accountant=study.profile.accountant)
    assert message.title == "学分已入账"
    for words in (study.institution.name, f"{study.year} 年度专业课", "7.5 学分"):
        assert words in message.body


def test_completed_unannounced_tells_the_person_too(offering):
    profile = make_collected()
    learner = make_learner(profile, offering.institution).public_id
    about = {"kind": offering.kind, "year": offering.year, "learner": learner}
    finished = timezone.now().isoformat()

    send(offering.institution, "study.completed", enrolment="R-9", credits=30, finished_at=finished, **about)

    assert Message.objects.get().accountant == profile.accountant
