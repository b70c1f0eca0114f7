import hashlib
import time
from decimal import Decimal

import pytest
from django.utils import timezone

from accounting_platform.lib import clock, signing
from education.schools import reconcile
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
    make_offering(institution)
    return institution


def get_signed(client, institution, path, secret=None, **query):
    sent_at = int(time.time())
    signature = signing.sign(secret or institution.plain_secret, "msg_get", sent_at, b"")
    headers = {"webhook-id": "msg_get", "webhook-timestamp": str(sent_at), "webhook-signature": signature}
    return client.get(f"/api/v1/institutions/{institution.code}/{path}", query, headers=headers)


def complete(client, institution, reference, message_id):
    learner = make_learner(make_collected(), institution)
    data = {"learner": learner.public_id, "kind": "professional", "year": clock.year(), "credits": 60}
    finished = timezone.now().isoformat()
    content = event("study.completed", enrolment=reference, finished_at=finished, **data)
    response = post_signed(client, institution, "events", content, message_id=message_id)
    assert response.status_code == 200, response.content
    return learner


def test_enrolments_credits_and_deliveries_tell_what_the_platform_holds(client, school):
    learner = complete(client, school, "R-1", "msg_1")

    (study,) = get_signed(client, school, "enrolments").json()["items"]
    (credit,) = get_signed(client, school, "credits").json()["items"]
    (delivery,) = get_signed(client, school, "deliveries").json()["items"]

    assert (study["enrolment"], study["learner"], study["state"]) == ("R-1", learner.public_id, "completed")
    assert (credit["message"], credit["credits"], credit["kind"]) == ("msg_1", 60, "professional")
    assert (delivery["id"], delivery["status"], delivery["code"]) == ("msg_1", "accepted", None)


def test_summary_counts_and_digests_a_day(client, school):
    for number in (1, 2):
        complete(client, school, f"R-{number}", f"msg_{number}")

    today = clock.today().isoformat()
    content = get_signed(client, school, "summary", date=today).json()

    digest = hashlib.sha256(b"msg_1\nmsg_2\n").hexdigest()
    assert content == {"date": today, "accepted": 2, "digest": digest, "credits": 120}


def test_nothing_of_another_school_is_told(client, school):
    other = make_institution()
    complete(client, school, "R-1", "msg_1")

    for path in ("enrolments", "credits", "deliveries"):
        assert get_signed(client, other, path).json() == {"items": [], "cursor": None}


def test_pages_follow_each_other_by_cursor(client, school, monkeypatch):
    monkeypatch.setattr(reconcile, "PAGE", 2)
    for number in range(5):
        complete(client, school, f"R-{number}", f"msg_{number}")

    found, cursor = [], ""
    while cursor is not None:
        page = get_signed(client, school, "enrolments", cursor=cursor).json()
        found += [item["enrolment"] for item in page["items"]]
        cursor = page["cursor"]

    assert found == [f"R-{number}" for number in range(5)]


def test_days_narrow_the_answer_down(client, school):
    complete(client, school, "R-1", "msg_1")

    assert get_signed(client, school, "credits", **{"from": "2100-01-01"}).json()["items"] == []
    assert get_signed(client, school, "credits", to="2021-01-01").json()["items"] == []
    assert len(get_signed(client, school, "credits", to=clock.today().isoformat()).json()["items"]) == 1


@pytest.mark.parametrize(
    ("path", "query", "pointer"),
    [
        ("enrolments", {"from": "yesterday"}, "/from"),
        ("credits", {"to": "2026-02-30"}, "/to"),
        ("credits", {"to": "9999-12-31"}, "/to"),
        ("deliveries", {"cursor": "nonsense"}, "/cursor"),
        ("deliveries", {"cursor": "ÿ"}, "/cursor"),
        ("summary", {}, "/date"),
    ],
)
def test_odd_questions_are_refused_with_the_place(client, school, path, query, pointer):
    response = get_signed(client, school, path, **query)

    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == pointer


def test_a_question_must_be_signed(client, school):
    assert get_signed(client, school, "credits", secret=signing.new_secret()).status_code == 401
    assert client.get(f"/api/v1/institutions/{school.code}/credits").status_code == 401


def test_amounts_are_json_numbers():
    assert [reconcile.number(Decimal(text)) for text in ("60.00", "7.50")] == [60, 7.5]
