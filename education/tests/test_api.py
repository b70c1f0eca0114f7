from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from accounting_platform.lib.kept import forget_all
from education.models import CreditEntry, Delivery, Institution
from education.schools import judge, rate
from education.tests.factories import (
    event,
    make_collected,
    make_enrolment,
    make_learner,
    make_offering,
    make_year_rule,
    post_signed,
)

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


def test_an_event_is_accepted_once_and_a_duplicate_ever_after(client, study):
    sent = completion(study)
    first = post_signed(client, study.institution, "events", sent, message_id="msg_1")
    second = post_signed(client, study.institution, "events", sent, message_id="msg_1")

    delivery = str(Delivery.objects.get().public_id)
    assert (first.status_code, first.json()) == (200, {"status": "accepted", "delivery": delivery})
    assert (second.status_code, second.json()) == (200, {"status": "duplicate", "delivery": delivery})
    assert CreditEntry.objects.count() == 1


def test_a_correction_is_held(client, study):
    sent = event("credits.revoked", enrolment=study.reference, reason="代学")

    assert post_signed(client, study.institution, "events", sent).json()["status"] == "held"


def test_a_refusal_is_a_problem_document_and_keeps_its_delivery(client, study):
    response = post_signed(client, study.institution, "events", completion(study, 60.5))

    assert response.status_code == 422
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == {
        "status": 422,
        "code": "too_many_credits",
        "detail": "学分超过该课程或该年度的上限。",
        "errors": [{"pointer": "/data/credits", "detail": "学分超过该课程或该年度的上限。"}],
        "request_id": response["X-Request-ID"],
    }
    assert Delivery.objects.get().code == "too_many_credits"


def test_a_conflict_has_no_errors_list(client, study):
    post_signed(client, study.institution, "events", progress(study), message_id="msg_1")

    response = post_signed(
        client, study.institution, "events", progress(study, percent=50), message_id="msg_1"
    )

    assert (response.status_code, response.json()["code"]) == (409, "id_reused")
    assert "errors" not in response.json()


def test_bad_values_are_named_each_with_its_pointer(client, study):
    sent = {
        "type": "study.completed",
        "timestamp": "2026-11-23 14:00",
        "data": {},
    }
    assert pointers(post_signed(client, study.institution, "events", sent)) == {"/timestamp"}
    sent["timestamp"] = "2026-11-23T14:00:00+08:00"
    sent["data"] = {
        "enrolment": "",
        "credits": "60",
        "general_professional": True,
        "year": "2026",
        "kind": "both",
    }

    response = post_signed(client, study.institution, "events", sent)

    assert response.json()["code"] == "invalid"
    assert pointers(response) == {
        "/data/enrolment", "/data/credits", "/data/finished_at", "/data/general_professional", "/data/year", "/data/kind",
    }  # fmt: skip


def pointers(response):
    assert response.status_code == 422
    return {error["pointer"] for error in response.json()["errors"]}


def test_no_session_cookie_or_csrf_token_is_needed(study):
    client = Client(enforce_csrf_checks=True)

    response = post_signed(client, study.institution, "events", progress(study))

    assert response.status_code == 200
    assert not response.cookies
    assert response["Cache-Control"] == "no-store"


def test_a_database_that_is_away_means_repeat_later(client, study, monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError("gone")

    monkeypatch.setattr(judge, "Docket", away)

    response = post_signed(client, study.institution, "events", progress(study))

    assert (response.status_code, response.json()["code"]) == (503, "unavailable")
    assert int(response["Retry-After"]) > 0


def test_a_race_lost_twice_means_repeat_later(client, study, monkeypatch):
    def taken(*args, **kwargs):
        raise judge.IntegrityError("taken meanwhile")

    monkeypatch.setattr(judge, "Docket", taken)

    response = post_signed(client, study.institution, "events", progress(study))

    assert (response.status_code, response.json()["code"]) == (503, "unavailable")
    assert response["Retry-After"] == "5"


def test_requests_over_the_rate_are_told_to_wait_and_leave_nothing(client, study, monkeypatch):
    monkeypatch.setattr(rate, "LIMIT", 3)
    monkeypatch.setattr(rate.time, "time", lambda: 1_800_000_000)

    answers = [post_signed(client, study.institution, "events", progress(study)) for _ in range(5)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert (answers[-1].json()["code"], answers[-1]["Retry-After"]) == ("rate", "1")
    assert Delivery.objects.count() == 3


def test_the_last_receipt_is_noted_once_a_minute(client, study):
    post_signed(client, study.institution, "events", progress(study))
    first = Institution.objects.get().last_delivery_at
    post_signed(client, study.institution, "events", progress(study))
    assert Institution.objects.get().last_delivery_at == first

    Institution.objects.update(last_delivery_at=first - timedelta(minutes=2))
    forget_all()
    post_signed(client, study.institution, "events", progress(study))
    assert Institution.objects.get().last_delivery_at >= first


@pytest.mark.parametrize("kind", ["enrolment.created", "study.completed", "study.progressed"])
def test_queries_of_one_event_are_few(client, study, django_assert_max_num_queries, kind):
    learner = make_learner(make_collected(), study.institution).public_id
    sent = {
        "enrolment.created": event(kind, enrolment="R-1", learner=learner, kind=study.kind, year=study.year),
        "study.completed": completion(study),
        "study.progressed": progress(study),
    }[kind]
    post_signed(client, study.institution, "events", progress(study))

    # Two of them are the savepoint that stands for BEGIN and COMMIT here; one is a receiver of studies_ended, one
    # the message that tells of credits.
    with django_assert_max_num_queries(13):
        assert post_signed(client, study.institution, "events", sent).status_code == 200


def test_the_content_of_a_delivery_lies_sealed(client, study):
    post_signed(client, study.institution, "events", progress(study))

    assert study.reference in Delivery.objects.get().body
    (raw,) = Delivery.objects.extra(select={"raw": "body"}).values_list("raw", flat=True)
    assert study.reference.encode() not in bytes(raw)


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("get", "/api/v1/institutions/zhujiang/nothing", 404, "not_found"),
        ("post", "/api/v2/", 404, "not_found"),
        ("get", "/api/v1/institutions/zhujiang/events", 405, "method"),
        ("delete", "/api/v1/institutions/zhujiang/credits", 405, "method"),
        ("post", "/api/docs/", 405, "method"),
    ],
)
def test_unknown_addresses_and_methods_are_problem_documents(client, method, path, status, code):
    response = getattr(client, method)(path)

    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    assert (response.json()["code"], response.json()["status"]) == (code, status)
    assert response.json()["request_id"] == response["X-Request-ID"]
    assert ("Allow" in response) == (status == 405)
