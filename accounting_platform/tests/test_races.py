"""What people and schools do at the same moment across apps: threads with connections of their own, on PostgreSQL."""

import pytest
from django.test import Client
from django.utils import timezone

from accounting_platform.tests.threads import at_once, later
from collection.choices import VersionCause
from collection.models import ArchiveVersion, Profile
from collection.tests.factories import make_pictures, make_profile
from education.choices import EnrolmentState
from education.models import Enrolment
from education.schools.judge import judge
from education.tests.factories import (
    event,
    make_enrolment,
    make_institution,
    make_learner,
    make_offering,
    make_year_rule,
    received,
)
from profile_changes import services
from profile_changes.models import ChangeRequest
from profile_changes.services import WORK
from profile_changes.tests.factories import answers_of, make_changeable, make_studying
from registration.models import Message

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
HOME, AWAY = "440106", "440203"
STUDYING = EnrolmentState.IN_PROGRESS
# Seconds by which one of the two comes later in a round, so that each of them wins some.
HEAD_STARTS = [(0, 0), (0, 0.1), (0.1, 0), (0, 0), (0, 0.005), (0.005, 0)] * 4


def enrol(offering, learner, number):
    """The school reports an enrolment; the code of its refusal, or ""."""
    about = {"learner": learner.public_id, "kind": offering.kind, "year": offering.year}
    sent = event("enrolment.created", enrolment=f"N{number}", **about)
    (verdict,) = judge(offering.institution, [received(f"enrol-{number}", sent)])
    return verdict.refusal.code if verdict.refusal else ""


def complete(study, number):
    """The school reports that a study is done."""
    finished = timezone.now().isoformat()
    sent = event("study.completed", enrolment=study.reference, credits=10, finished_at=finished)
    (verdict,) = judge(study.institution, [received(f"complete-{number}", sent)])
    assert verdict.refusal is None


def move(profile):
    """The person saves another division; True when it was taken."""
    posted = answers_of(profile, WORK, division=AWAY)
    answers, change = services.save_change(profile.pk, WORK, posted, by=profile.accountant.user)
    return change is not None and answers.is_valid()


def test_sixteen_submits_of_one_person_make_one_archive():
    profile = make_profile()
    make_pictures(profile)
    clients = [Client() for _ in range(16)]
    for client in clients:
        client.force_login(profile.accountant.user)

    answers = at_once(
        *[lambda c=client: c.post("/collection/submit/", {"promise": "on"}) for client in clients]
    )

    assert {(answer.status_code, answer.url) for answer in answers} == {(302, "/collection/")}
    assert ArchiveVersion.objects.filter(profile=profile).count() == 1
    assert Profile.objects.get().archive_number is not None


def test_division_never_changes_under_a_running_study():
    """The school is filed for HOME alone, so the two results tell which came first: never both, never neither."""
    make_year_rule()
    offering, outcomes = make_offering(divisions=[HOME]), set()
    for number, (before_move, before_enrolment) in enumerate(HEAD_STARTS):
        profile = make_changeable(division=HOME)
        learner = make_learner(profile, offering.institution)
        moved, refusal = at_once(
            later(before_move, lambda p=profile: move(p)),
            later(before_enrolment, lambda x=learner, n=number: enrol(offering, x, n)),
        )
        profile.refresh_from_db()
        running = Enrolment.objects.filter(profile=profile, state=STUDYING).exists()
        changes = ChangeRequest.objects.filter(profile=profile, status="applied").count()
        outcomes.add((moved, refusal, profile.division, running, changes))

    assert outcomes == {
        (False, "", HOME, True, 0),
        (True, "division_not_covered", AWAY, False, 1),
    }


def test_booked_move_waits_for_the_study_that_came_in_between():
    """The last study ends while another begins: applied at once or when that one ends, but exactly once."""
    make_year_rule()
    offering, outcomes = make_offering(divisions=["44"]), set()
    for number, (before_end, before_enrolment) in enumerate(HEAD_STARTS):
        profile, study = make_studying(division=HOME)
        services.book(profile.pk, AWAY, by=profile.accountant.user)
        learner = make_learner(profile, offering.institution)
        at_once(
            later(before_end, lambda s=study, n=number: complete(s, n)),
            later(before_enrolment, lambda x=learner, n=number: enrol(offering, x, n)),
        )
        outcomes.add(standing(profile))

        complete(Enrolment.objects.get(profile=profile, state=STUDYING), f"{number}-last")

        assert standing(profile) == (AWAY, "applied")
        assert_applied_once(profile)
    assert outcomes == {(AWAY, "applied"), (HOME, "booked")}


def test_booked_move_is_applied_once_when_two_last_studies_end_together():
    make_year_rule()
    for number, (before_first, before_second) in enumerate(HEAD_STARTS[:12]):
        profile, first = make_studying(division=HOME)
        second = make_enrolment(profile, institution=make_institution())
        services.book(profile.pk, AWAY, by=profile.accountant.user)

        at_once(
            later(before_first, lambda s=first, n=number: complete(s, f"{n}-first")),
            later(before_second, lambda s=second, n=number: complete(s, f"{n}-second")),
        )

        assert standing(profile) == (AWAY, "applied")
        assert_applied_once(profile)


def standing(profile):
    """The division, and what became of the one booked move."""
    profile.refresh_from_db()
    return profile.division, ChangeRequest.objects.get(profile=profile).status


def assert_applied_once(profile):
    assert ArchiveVersion.objects.filter(profile=profile, cause=VersionCause.CHANGED).count() == 1
    assert Message.objects.filter(accountant=profile.accountant, title__startswith="您预约").count() == 1
