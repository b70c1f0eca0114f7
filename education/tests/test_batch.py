import pytest
from django.utils import timezone

from education.models import CreditEntry, Delivery, YearTotal
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
from registration.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def study():
    make_year_rule()
    return make_enrolment(offering=make_offering())


def progress(study, **data):
    return event("study.progressed", enrolment=study.reference, **{"percent": 40} | data)


def completion(study, credits=60):
    return event(
        "study.completed", enrolment=study.reference, credits=credits, finished_at=timezone.now().isoformat()
    )


def with_id(message_id, content):
    return {"id": message_id} | content


def test_a_batch_answers_item_by_item_in_order(client, study):
    sent = {
        "events": [
            with_id("a", completion(study, 61)),
            with_id("b", completion(study)),
            with_id("b", completion(study)),
            "nothing",
            completion(study),
            with_id("有", completion(study)),
            with_id("c", event("study.progressed", enrolment="R-0", percent=1)),
        ]
    }

    response = post_signed(client, study.institution, "events/batch", sent)

    results = response.json()["results"]
    assert response.status_code == 200
    assert [(result["id"], result["status"], result.get("code")) for result in results] == [
        ("a", "refused", "too_many_credits"),
        ("b", "accepted", None),
        ("b", "refused", "id_reused"),
        (None, "refused", "invalid"),
        (None, "refused", "invalid"),
        (None, "refused", "invalid"),
        ("c", "refused", "enrolment_unknown"),
    ]
    assert results[0]["errors"][0]["pointer"] == "/events/0/data/credits"
    assert [result["errors"][0]["pointer"] for result in results[3:6]] == [
        "/events/3",
        "/events/4/id",
        "/events/5/id",
    ]
    assert CreditEntry.objects.count() == 1


def test_ids_are_the_same_alone_and_in_batches(client, study):
    sent = progress(study)
    post_signed(client, study.institution, "events", sent, message_id="msg_1")

    response = post_signed(
        client, study.institution, "events/batch", {"events": [with_id("msg_1", sent)]}, message_id="msg_2"
    )
    alone = post_signed(client, study.institution, "events", sent, message_id="msg_2")

    assert response.json()["results"][0]["status"] == "duplicate"
    assert alone.json()["status"] == "accepted"


@pytest.mark.parametrize(
    ("payload", "status", "code"),
    [
        ({"events": []}, 422, "invalid"),
        ({"events": {}}, 422, "invalid"),
        ({}, 422, "invalid"),
        ({"events": [{}] * 1001}, 413, "too_large"),
        (b'{"events": "' + b"a" * 1024 * 1024 + b'"}', 413, "too_large"),
    ],
)
def test_a_batch_has_between_one_and_a_thousand_events(client, study, payload, status, code):
    response = post_signed(client, study.institution, "events/batch", payload)

    assert (response.status_code, response.json()["code"]) == (status, code)


def test_a_big_batch_needs_no_more_queries_than_a_small_one(client, study, django_assert_max_num_queries):
    studies = [make_enrolment(make_collected(), offering=study.offering) for _ in range(40)]
    items = [with_id(f"m{number}", completion(one)) for number, one in enumerate(studies)]
    post_signed(client, study.institution, "events", progress(study))

    # Small enough for one INSERT per table on SQLite as well.
    with django_assert_max_num_queries(13):
        response = post_signed(client, study.institution, "events/batch", {"events": items})

    assert {result["status"] for result in response.json()["results"]} == {"accepted"}
    assert CreditEntry.objects.count() == 40
    assert Message.objects.values("accountant").distinct().count() == 40


def test_an_item_longer_than_a_single_event_is_refused_alone(client, study):
    long = progress(study, note="长" * 22_000)
    sent = {"events": [with_id("a", long), with_id("b", progress(study))]}

    response = post_signed(client, study.institution, "events/batch", sent)

    first, second = response.json()["results"]
    assert (first["id"], first["status"], first["code"]) == ("a", "refused", "too_large")
    assert (second["id"], second["status"]) == ("b", "accepted")
    assert [delivery.message_id for delivery in Delivery.objects.all()] == ["b"]


def test_a_refused_event_spoils_neither_its_neighbours_nor_the_other_way_round(study):
    good = completion(study)["data"]
    learner = make_learner(make_collected(), study.institution).public_id
    about = {"learner": learner, "kind": study.kind, "year": study.year}
    sent = [
        ("a", event("study.completed", **good | {"credits": 100})),
        ("b", event("study.completed", **good)),
        ("c", event("nonsense")),
        ("d", event("enrolment.created", enrolment="R-9", **about)),
        ("d", event("study.progressed", enrolment="R-9", percent=5)),
        ("e", event("study.progressed", enrolment="R-9", percent=5)),
        ("f", event("study.completed", **good | {"enrolment": "R-9"})),
        ("f", event("study.completed", **good | {"enrolment": "R-9"})),
    ]

    verdicts = judge(study.institution, [received(*one) for one in sent])

    answers = [verdict.refusal.code if verdict.refusal else str(verdict.outcome) for verdict in verdicts]
    expected = [
        "too_many_credits",
        "accepted",
        "invalid",
        "accepted",
        "id_reused",
        "accepted",
        "accepted",
        "duplicate",
    ]
    assert Delivery.objects.count() == 7
    assert answers == expected
    assert {total.professional for total in YearTotal.objects.all()} == {60}
