"""试运行: judged like the real thing, and gone afterwards."""

import pytest
from django.apps import apps
from django.utils import timezone

from accounting_platform.lib import clock
from education.schools import trial
from education.tests.factories import (
    event,
    make_collected,
    make_institution,
    make_learner,
    make_offering,
    make_year_rule,
    post_signed,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    make_year_rule()
    institution = make_institution()
    make_offering(institution, divisions=("4402",))
    return institution


def rows():
    """Everything in the tables that a booking writes to, and everybody who could be made up."""
    names = ("Delivery", "Enrolment", "CreditEntry", "YearTotal", "Learner", "Institution", "Ticket")
    models = [apps.get_model("education", name) for name in names]
    models += [apps.get_model(name) for name in ("registration.User", "registration.AuditEvent")]
    models += [apps.get_model("collection.Profile")]
    return {model._meta.label: sorted(map(repr, model.objects.values_list())) for model in models}


def enrolled(learner=trial.LEARNER, **data):
    about = {"learner": learner, "kind": "professional", "year": clock.year()}
    return event("enrolment.created", enrolment="T-1", **about | data)


def completed(credits=60, **data):
    finished = timezone.now().isoformat()
    return event("study.completed", enrolment="T-1", credits=credits, finished_at=finished, **data)


def test_the_made_up_learner_goes_the_whole_way_and_leaves_nothing(client, school):
    before = rows()

    who = post_signed(client, school, "tickets?dry_run=1", {"ticket": "sandbox"}).json()
    first = post_signed(client, school, "events?dry_run=1", enrolled(who["learner"]))
    done = {"id": "m2"} | completed()
    events = [{"id": "m1"} | enrolled(), done, done]
    batch = post_signed(client, school, "events/batch?dry_run=1", {"events": events})

    assert (who["division"], who["kind"], who["year"]) == ("4402", "professional", clock.year())
    assert first.status_code == 200
    assert (first.json()["status"], first.json()["dry_run"]) == ("accepted", True)
    assert [one["status"] for one in batch.json()["results"]] == ["accepted", "accepted", "duplicate"]
    assert batch.json()["dry_run"] is True
    assert rows() == before


def test_real_learners_are_judged_by_their_own_records(client, school):
    elsewhere = make_learner(make_collected(division="440106"), school)

    late = {"learner": trial.LEARNER, "kind": "professional", "year": clock.year()}

    refused = post_signed(client, school, "events?dry_run=1", enrolled(elsewhere.public_id))
    too_many = post_signed(client, school, "events?dry_run=1", completed(61, **late))

    assert (refused.status_code, refused.json()["code"]) == (422, "division_not_covered")
    assert (too_many.status_code, too_many.json()["code"]) == (422, "too_many_credits")


def test_nobody_made_up_is_known_outside_a_trial(client, school):
    ticket = post_signed(client, school, "tickets", {"ticket": "sandbox"})
    enrolment = post_signed(client, school, "events", enrolled())
    other = post_signed(client, school, "tickets?dry_run=1", {"ticket": "another"})

    assert (ticket.status_code, ticket.json()["code"]) == (404, "ticket_unknown")
    assert (enrolment.status_code, enrolment.json()["code"]) == (404, "learner_unknown")
    assert other.json()["code"] == "ticket_unknown"


def test_a_booking_says_nothing_of_trials(client, school):
    learner = make_learner(make_collected(division="440203"), school)

    answer = post_signed(client, school, "events", enrolled(learner.public_id)).json()

    assert set(answer) == {"status", "delivery"}


@pytest.mark.parametrize("value", ["true", "", "yes"])
def test_what_may_have_been_meant_as_a_trial_is_refused(client, school, value):
    before = rows()

    answer = post_signed(client, school, f"events?dry_run={value}", enrolled())

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.json()["errors"][0]["pointer"] == "/dry_run"
    assert rows() == before
