"""What happens at the same moment: threads with connections of their own, on PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from collection import services as collection_services
from education import studies
from education.choices import DeliveryOutcome, EnrolmentState
from education.learning import launch
from education.models import CreditEntry, Delivery, Enrolment, Learner, YearTotal
from education.schools import rate
from education.schools.judge import judge
from education.tests.factories import (
    event,
    make_collected,
    make_enrolment,
    make_learner,
    make_offering,
    make_year_rule,
    post_signed,
    received,
)

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


@pytest.fixture(autouse=True)
def no_rate(monkeypatch):
    monkeypatch.setattr(rate, "LIMIT", 10_000)


@pytest.fixture
def offering():
    make_year_rule()
    return make_offering(divisions=["440106"])


def at_once(*calls):
    """The results of calls that start together, each in a thread with its own connection."""
    start = Barrier(len(calls))

    def run(call):
        try:
            connection.ensure_connection()
            start.wait()
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [task.result() for task in [pool.submit(run, call) for call in calls]]


def completion(reference, credits=60, **data):
    finished = timezone.now().isoformat()
    return event("study.completed", enrolment=reference, credits=credits, finished_at=finished, **data)


def test_one_event_forty_times_at_once_is_accepted_once(offering):
    study = make_enrolment(offering=offering)
    sent = completion(study.reference)

    def post():
        return post_signed(Client(), study.institution, "events", sent, message_id="msg_1")

    answers = at_once(*[post] * 40)

    assert {answer.status_code for answer in answers} == {200}
    assert sorted(answer.json()["status"] for answer in answers) == ["accepted"] + ["duplicate"] * 39
    assert CreditEntry.objects.count() == Delivery.objects.count() == 1
    assert YearTotal.objects.get().professional == 60


def test_thirty_races_of_forty_book_one_credit_each(offering):
    """The short form of benchmarks/callback_races.py: every other race under forty ids of their own."""
    races = [make_enrolment(offering=offering) for _ in range(30)]
    sent, start = [completion(study.reference) for study in races], Barrier(40)

    def run(runner):
        outcomes = []
        for number, study in enumerate(races):
            message = received(f"m{number}" if number % 2 else f"m{number}-{runner}", sent[number])
            start.wait()
            outcomes.append(str(judge(study.institution, [message])[0].outcome))
        return outcomes

    told = at_once(*[lambda n=n: run(n) for n in range(40)])

    for outcomes in zip(*told, strict=True):
        assert sorted(outcomes) == ["accepted"] + ["duplicate"] * 39
    assert CreditEntry.objects.count() == 30
    assert {total.professional for total in YearTotal.objects.all()} == {60}


def test_one_enrolment_completed_under_many_ids_is_credited_once(offering):
    study = make_enrolment(offering=offering)
    sent = completion(study.reference)

    verdicts = at_once(
        *[lambda n=n: judge(study.institution, [received(f"m{n}", sent)])[0] for n in range(20)]
    )

    outcomes = sorted(str(verdict.outcome) for verdict in verdicts)
    assert outcomes == ["accepted"] + ["duplicate"] * 19
    assert YearTotal.objects.get().professional == 60


def test_one_id_for_different_people_is_taken_once_without_a_fault(offering):
    learners = [make_learner(make_collected(), offering.institution).public_id for _ in range(12)]

    def created(number):
        about = {"learner": learners[number], "kind": offering.kind, "year": offering.year}
        sent = event("enrolment.created", enrolment=f"R-{number}", **about)
        return post_signed(Client(), offering.institution, "events", sent, message_id="msg_1")

    answers = at_once(*[lambda n=n: created(n) for n in range(12)])

    assert {answer.status_code for answer in answers} == {200, 409}
    assert [answer.status_code for answer in answers].count(200) == 1
    assert Enrolment.objects.count() == 1


def test_one_reference_for_different_people_stays_with_the_first(offering):
    learners = [make_learner(make_collected(), offering.institution).public_id for _ in range(2)]

    def created(number):
        about = {"learner": learners[number], "kind": offering.kind, "year": offering.year}
        (verdict,) = judge(
            offering.institution,
            [received(f"m{number}", event("enrolment.created", enrolment="R-1", **about))],
        )
        return verdict.refusal.code if verdict.refusal else "accepted"

    answers = at_once(*[lambda n=n: created(n) for n in range(2)])

    assert sorted(answers) == ["accepted", "enrolment_conflict"]
    assert Enrolment.objects.count() == 1


@pytest.mark.parametrize("same_ids", [True, False])
def test_batches_in_opposite_order_do_not_deadlock(offering, same_ids):
    people = [make_enrolment(make_collected(), offering=offering) for _ in range(120)]
    others = make_offering()
    twins = [make_enrolment(study.profile, offering=others) for study in people]
    forth = [received(f"m{n}", completion(study.reference)) for n, study in enumerate(people)]
    back = [received(f"m{n}", completion(twin.reference)) for n, twin in enumerate(twins)]
    second, institution = (forth, offering.institution) if same_ids else (back, others.institution)

    def forwards():
        return judge(offering.institution, forth)

    def backwards():
        return judge(institution, list(reversed(second)))

    for _ in range(3):
        told = at_once(forwards, backwards, forwards, backwards)

    assert {verdict.outcome for verdicts in told for verdict in verdicts} == {DeliveryOutcome.DUPLICATE}
    assert CreditEntry.objects.count() == (120 if same_ids else 240)
    assert {total.professional for total in YearTotal.objects.all()} == {60 if same_ids else 120}


def test_a_move_and_an_enrolment_never_both_succeed(offering):
    def move(profile):
        with transaction.atomic():
            locked = collection_services.lock_profile(profile.pk)
            if not studies.in_progress(locked).exists():
                locked.division = "440203"
                locked.save(update_fields=["division"])

    def enrol(learner, number):
        about = {"learner": learner.public_id, "kind": offering.kind, "year": offering.year}
        judge(
            offering.institution,
            [received(f"m{number}", event("enrolment.created", enrolment=f"R{number}", **about))],
        )

    outcomes = set()
    for number in range(30):
        profile = make_collected()
        learner = make_learner(profile, offering.institution)
        calls = [lambda p=profile: move(p), lambda x=learner, n=number: enrol(x, n)]
        at_once(*(calls if number % 2 else reversed(calls)))
        profile.refresh_from_db()
        outcomes.add((profile.division, Enrolment.objects.filter(profile=profile).exists()))

    assert outcomes <= {("440106", True), ("440203", False)}
    assert outcomes


def test_a_study_ends_once_between_release_and_completion(offering):
    for number in range(10):
        study = make_enrolment(offering=offering)
        sent = received(f"m{number}", completion(study.reference))

        def release(study=study):
            try:
                studies.release(study.pk, by=None, reason="久未回传")
            except studies.DomainError:
                return "refused"

        at_once(release, lambda sent=sent, study=study: judge(study.institution, [sent]))

        study.refresh_from_db()
        assert (study.state, study.credits) == (EnrolmentState.COMPLETED, 60)


def test_a_ticket_used_many_times_at_once_is_redeemed_once(offering):
    profile = make_collected()
    ticket = launch.start(profile, offering=offering, by=profile.accountant.user).split("ticket=")[1]

    def redeem():
        return post_signed(Client(), offering.institution, "tickets", {"ticket": ticket}).status_code

    assert sorted(at_once(*[redeem] * 12)) == [200] + [404] * 11
    assert Learner.objects.count() == 1
