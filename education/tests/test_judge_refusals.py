"""Every reason an event is refused for, and what a refusal leaves behind."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounting_platform.lib.clock import today
from collection.choices import ProfileState
from education import studies
from education.choices import DeliveryOutcome, EnrolmentState
from education.models import CreditEntry, Delivery, Enrolment, Offering, OfferingDivision, YearTotal
from education.schools.judge import judge
from education.tests.factories import (
    event,
    make_collected,
    make_enrolment,
    make_institution,
    make_learner,
    make_offering,
    make_year_rule,
    received,
)
from registration.tests.factories import make_accountant

pytestmark = pytest.mark.django_db


@pytest.fixture
def offering():
    make_year_rule()
    return make_offering()


@pytest.fixture
def study(offering):
    return make_enrolment(offering=offering)


def send(institution, kind, /, *, id="msg_1", **data):
    (verdict,) = judge(institution, [received(id, event(kind, **data))])
    return verdict


def created(offering, profile=None, /, **data):
    """The data of a right enrolment."""
    profile = profile or make_collected()
    learner = make_learner(profile, offering.institution).public_id
    return {"enrolment": "R-1", "learner": learner, "kind": offering.kind, "year": offering.year} | data


def completed(study, **data):
    finished = timezone.now().isoformat()
    return {"enrolment": study.reference, "credits": 60, "finished_at": finished} | data


def check(verdict, code, status, *pointers):
    """Refused with this answer, and kept as a delivery that says so."""
    assert verdict.outcome == DeliveryOutcome.REFUSED
    assert (verdict.refusal.code, verdict.refusal.status) == (code, status)
    assert tuple(pointer for pointer, _sentence in verdict.refusal.errors) == pointers
    kept = Delivery.objects.get(pk=verdict.delivery.pk)
    assert (kept.outcome, kept.code) == (DeliveryOutcome.REFUSED, code)
    assert kept.body and kept.reason


def test_somebody_who_has_not_finished_collection_is_not_collected(offering):
    draft = make_collected(accountant=make_accountant(), state=ProfileState.DRAFT)
    check(
        send(offering.institution, "enrolment.created", **created(offering, draft)),
        "not_collected",
        422,
        "/data/learner",
    )
    assert not Enrolment.objects.exists()


def test_somebody_registered_without_a_profile_is_not_collected(offering):
    accountant = make_accountant(name="陈小明")
    data = created(offering) | {
        "document": {"type": "resident_id", "number": accountant.document_number, "name": "陈小明"},
        "learner": None,
    }

    check(send(offering.institution, "enrolment.created", **data), "not_collected", 422, "/data/document")


def test_a_division_outside_the_filing_is_not_covered(offering):
    OfferingDivision.objects.update(prefix="4401")
    inside, outside = make_collected(division="440106"), make_collected(division="440203")

    assert send(offering.institution, "enrolment.created", **created(offering, inside)).refusal is None
    verdict = send(
        offering.institution, "enrolment.created", id="msg_2", **created(offering, outside, enrolment="R-2")
    )

    check(verdict, "division_not_covered", 422, "/data/learner")


@pytest.mark.parametrize("lacking", ["other_kind", "no_offering", "unfiled"])
def test_a_kind_the_school_is_not_filed_for_is_refused(offering, lacking):
    data = created(offering)
    if lacking == "other_kind":
        data["kind"] = "public"
    elif lacking == "no_offering":
        Offering.objects.all().delete()
    else:
        offering.institution.filed = False
        offering.institution.save()

    check(send(offering.institution, "enrolment.created", **data), "kind_not_filed", 422, "/data/kind")


def test_a_closed_offering_still_takes_enrolments_since_it_stays_filed(offering):
    Offering.objects.update(is_open=False)

    assert send(offering.institution, "enrolment.created", **created(offering)).refusal is None


@pytest.mark.parametrize(
    "window",
    [
        {"closed_at": timezone.now()},
        {"closes_on": today() - timedelta(days=1), "opens_on": today() - timedelta(days=9)},
        {"opens_on": today() + timedelta(days=1)},
    ],
)
def test_a_year_outside_its_window_is_closed(study, offering, window):
    data = created(offering)
    make_year_rule(**window)

    check(send(offering.institution, "enrolment.created", **data), "year_closed", 422, "/data/year")
    late = send(offering.institution, "study.completed", id="msg_2", **completed(study))
    check(late, "year_closed", 422, "/data/enrolment")
    assert not CreditEntry.objects.exists()


def test_a_closed_study_is_refused_until_staff_open_the_year_again(study):
    studies.close_year(study.year, by=None)
    check(
        send(study.institution, "study.completed", **completed(study)), "year_closed", 422, "/data/enrolment"
    )

    make_year_rule(study.year)

    assert send(study.institution, "study.completed", **completed(study)).outcome == DeliveryOutcome.ACCEPTED


def test_a_year_without_a_rule_is_unsupported(offering):
    data = created(offering, year=2099)

    check(send(offering.institution, "enrolment.created", **data), "year_unsupported", 422, "/data/year")


@pytest.mark.parametrize(
    ("maximum", "credits", "taken"),
    [(None, 60, True), (None, 60.01, False), (72, 72, True), (40, 40.5, False)],
)
def test_credits_end_at_the_offerings_maximum_else_the_years(study, maximum, credits, taken):
    Offering.objects.update(max_credits=maximum)

    verdict = send(study.institution, "study.completed", **completed(study, credits=credits))

    assert (verdict.refusal is None) == taken
    if not taken:
        check(verdict, "too_many_credits", 422, "/data/credits")
        assert not YearTotal.objects.exists()


def test_public_courses_have_no_general_professional_part(offering):
    public = make_enrolment(offering=make_offering(offering.institution, kind="public"))
    data = completed(public, credits=30, general_professional=5)

    check(send(public.institution, "study.completed", **data), "invalid", 422, "/data/general_professional")


@pytest.mark.parametrize("who", ["nobody", "of_another_school", "wrong_name", "unknown_document"])
def test_a_learner_this_school_cannot_know_is_unknown(offering, who):
    profile = make_collected(name="欧阳娜")
    number = profile.accountant.document_number
    stranger = make_learner(profile, make_institution()).public_id
    person = {
        "nobody": {"learner": "lrn_nobody"},
        "of_another_school": {"learner": stranger},
        "wrong_name": {"document": {"type": "resident_id", "number": number, "name": "欧阳菲"}},
        "unknown_document": {
            "document": {"type": "resident_id", "number": "11010519491231002X", "name": "欧阳娜"}
        },
    }[who]
    data = created(offering) | {"learner": None} | person

    check(send(offering.institution, "enrolment.created", **data), "learner_unknown", 404)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("enrolment.cancelled", {}),
        ("study.progressed", {"percent": 50}),
        ("study.completed", {"credits": 60, "finished_at": "2026-11-20T10:00:00+08:00"}),
        ("credits.corrected", {"credits": 60, "reason": "有误"}),
        ("credits.revoked", {"reason": "有误"}),
    ],
)
def test_a_missing_and_another_schools_enrolment_are_the_same_unknown(study, kind, data):
    missing = send(study.institution, kind, enrolment="R-0", **data)
    foreign = send(make_institution(), kind, enrolment=study.reference, **data)

    check(missing, "enrolment_unknown", 404)
    check(foreign, "enrolment_unknown", 404)
    assert missing.refusal.message == foreign.refusal.message
    study.refresh_from_db()
    assert study.state == EnrolmentState.IN_PROGRESS


def test_a_reference_stands_for_one_learner_kind_and_year(study, offering):
    make_offering(offering.institution, kind="public")
    make_year_rule(offering.year - 1)
    make_offering(offering.institution, year=offering.year - 1)
    same = created(offering, study.profile, enrolment=study.reference)

    for number, difference in enumerate(
        [
            {"learner": make_learner(make_collected(), offering.institution).public_id},
            {"kind": "public"},
            {"year": offering.year - 1},
        ]
    ):
        verdict = send(offering.institution, "enrolment.created", id=f"msg_{number}", **same | difference)
        check(verdict, "enrolment_conflict", 409)
    assert send(offering.institution, "enrolment.created", **same).refusal is None


def test_a_second_completion_with_other_credits_is_a_conflict(study):
    send(study.institution, "study.completed", **completed(study, credits=60))

    verdict = send(study.institution, "study.completed", id="msg_2", **completed(study, credits=50))

    check(verdict, "enrolment_conflict", 409)
    assert YearTotal.objects.get().professional == 60


def test_a_taken_id_with_another_content_is_reused(study):
    send(study.institution, "study.progressed", enrolment=study.reference, percent=40)

    verdict = send(study.institution, "study.progressed", enrolment=study.reference, percent=50)

    check(verdict, "id_reused", 409)
    study.refresh_from_db()
    assert study.percent == 40


def test_a_refused_id_is_judged_anew_with_the_same_or_a_mended_content(study):
    bad = completed(study, credits=61)
    check(send(study.institution, "study.completed", **bad), "too_many_credits", 422, "/data/credits")
    check(send(study.institution, "study.completed", **bad), "too_many_credits", 422, "/data/credits")

    verdict = send(study.institution, "study.completed", **completed(study, credits=60))

    assert verdict.outcome == DeliveryOutcome.ACCEPTED
    outcomes = list(Delivery.objects.order_by("pk").values_list("outcome", flat=True))
    assert outcomes == ["refused", "refused", "accepted"]


def test_an_unannounced_completion_says_what_is_missing(offering):
    learner = make_learner(make_collected(), offering.institution).public_id
    data = {"enrolment": "N-1", "credits": 60, "finished_at": timezone.now().isoformat(), "learner": learner}

    check(send(offering.institution, "study.completed", **data), "invalid", 422, "/data/kind", "/data/year")


def test_an_offering_of_somebody_else_or_of_another_kind_is_invalid(offering):
    data = created(offering, offering=str(make_offering().public_id))

    check(send(offering.institution, "enrolment.created", **data), "invalid", 422, "/data/offering")


@pytest.mark.parametrize(
    ("finished", "code"),
    [
        ("2026-11-24T11:59:00+08:00", None),
        ("2026-11-24T12:01:00+08:00", "invalid"),
        ("2021-01-01T00:00:00+08:00", None),
        ("2020-12-31T23:59:59+08:00", "invalid"),
    ],
)
def test_a_study_is_finished_since_2021_and_not_after_tomorrow(at, finished, code):
    at("2026-11-23 12:00")
    make_year_rule()
    study = make_enrolment(offering=make_offering())
    data = {"enrolment": study.reference, "credits": 30, "finished_at": finished}

    (verdict,) = judge(study.institution, [received("msg_1", event("study.completed", **data))])

    assert (verdict.refusal and verdict.refusal.code) == code
    if code:
        assert [pointer for pointer, _ in verdict.refusal.errors] == ["/data/finished_at"]
