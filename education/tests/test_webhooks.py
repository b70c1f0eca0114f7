import base64
import json
import logging
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from accounting_platform.lib import signing
from accounting_platform.lib.kept import forget_all
from education.models import Delivery, InstitutionSecret
from education.schools import webhooks
from education.tests.factories import event, make_enrolment, make_institution, post_signed

pytestmark = pytest.mark.django_db


@pytest.fixture
def study():
    return make_enrolment(institution=make_institution())


def progress(study, **data):
    return event("study.progressed", enrolment=study.reference, percent=40, **data)


def post(client, study, body, headers, content_type="application/json"):
    url = f"/api/v1/institutions/{study.institution.code}/events"
    return client.post(url, body, content_type=content_type, headers=headers)


def library_headers(secret, body, message_id="msg_library"):
    now = datetime.now(UTC)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, now, body),
    }


def test_a_request_signed_by_the_public_library_is_taken(client, study):
    body = json.dumps(progress(study))

    response = post(client, study, body, library_headers(study.institution.plain_secret, body))

    assert (response.status_code, response.json()["status"]) == (200, "accepted")


def test_our_signature_is_accepted_by_the_public_library():
    secret, body, sent_at = signing.new_secret(), b'{"a": 1}', int(time.time())
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(sent_at),
        "webhook-signature": signing.sign(secret, "msg_1", sent_at, body),
    }

    assert Webhook(secret).verify(body, headers) == {"a": 1}


def test_sm3_signatures_are_taken_too(client, study):
    body, sent_at = json.dumps(progress(study)).encode(), int(time.time())
    signature = signing.sign(study.institution.plain_secret, "msg_sm3", sent_at, body, version="v1sm3")
    headers = {
        "webhook-id": "msg_sm3",
        "webhook-timestamp": str(sent_at),
        "webhook-signature": f"v1,{base64.b64encode(b'0' * 32).decode()} {signature}",
    }

    assert post(client, study, body, headers).status_code == 200


def changed(name, value):
    return lambda headers, body: (headers | {name: value}, body)


@pytest.mark.parametrize(
    "tamper",
    [
        changed("webhook-id", "msg_other"),
        changed("webhook-id", ""),
        changed("webhook-id", "msg 1"),
        changed("webhook-timestamp", str(int(time.time()) - 5)),
        changed("webhook-timestamp", "yesterday"),
        changed("webhook-timestamp", ""),
        changed("webhook-signature", ""),
        changed("webhook-signature", "v1,AAAA"),
        changed("webhook-signature", "v1,签名"),
        lambda headers, body: (headers, body.replace("40", "99")),
        lambda headers, body: ({}, body),
    ],
)
def test_whatever_does_not_fit_the_signature_gets_one_answer_and_leaves_nothing(client, study, tamper):
    body = json.dumps(progress(study))
    headers, body = tamper(library_headers(study.institution.plain_secret, body), body)

    response = post(client, study, body, headers)

    problem = response.json()
    assert response["Content-Type"] == "application/problem+json"
    assert (problem["status"], problem["code"]) == (401, "signature")
    assert problem["detail"] == "签名验证未通过，请检查消息编号、时间、正文和密钥。"
    assert problem["request_id"] == response["X-Request-ID"]
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(("seconds", "status"), [(-301, 401), (-290, 200), (290, 200), (302, 401)])
def test_signatures_hold_five_minutes_either_way(client, study, seconds, status):
    response = post_signed(
        client, study.institution, "events", progress(study), sent_at=time.time() + seconds
    )

    assert response.status_code == status


def test_another_schools_secret_does_not_sign(client, study):
    other = make_institution()

    response = post_signed(client, study.institution, "events", progress(study), secret=other.plain_secret)

    assert response.status_code == 401


def test_two_secrets_live_at_once_until_one_ends(client, study):
    old, new = study.institution.plain_secret, signing.new_secret()
    study.institution.secrets.create(secret=new)
    assert post_signed(client, study.institution, "events", progress(study), secret=new).status_code == 200
    assert post_signed(client, study.institution, "events", progress(study), secret=old).status_code == 200

    first = study.institution.secrets.earliest("pk")
    first.ends_at = timezone.now()
    first.save()

    assert post_signed(client, study.institution, "events", progress(study), secret=new).status_code == 200
    assert post_signed(client, study.institution, "events", progress(study), secret=old).status_code == 401


def test_a_secret_ended_in_another_process_is_refused_after_two_seconds(client, study, monkeypatch):
    assert post_signed(client, study.institution, "events", progress(study)).status_code == 200
    # As another process writes it: nothing here hears of it.
    InstitutionSecret.objects.update(ends_at=timezone.now())
    kept = webhooks.kept_secrets

    monkeypatch.setattr(kept, "read_at", kept.read_at - 2)

    assert post_signed(client, study.institution, "events", progress(study)).status_code == 401


def test_use_of_a_secret_is_noted_once_a_minute(client, study):
    secret = study.institution.secrets.get()
    post_signed(client, study.institution, "events", progress(study))
    secret.refresh_from_db()
    first = secret.last_used_at
    post_signed(client, study.institution, "events", progress(study))
    secret.refresh_from_db()
    assert first == secret.last_used_at

    long_ago = timezone.now() - timedelta(minutes=2)
    InstitutionSecret.objects.update(last_used_at=long_ago)
    forget_all()
    post_signed(client, study.institution, "events", progress(study))
    secret.refresh_from_db()
    assert secret.last_used_at > long_ago


@pytest.mark.parametrize("code", ["nowhere", "学校", "a%00b", "x" * 30])
def test_an_unknown_institution_is_not_found(client, study, code):
    study.institution.code = code

    response = post_signed(client, study.institution, "events", progress(study))

    assert (response.status_code, response.json()["code"]) == (404, "institution_unknown")


def test_bodies_over_64_kib_are_refused_before_the_signature(client, study):
    body = b'{"a": "' + b"a" * 64 * 1024 + b'"}'

    response = post(client, study, body, {})

    assert (response.status_code, response.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=gbk"]
)
def test_other_media_types_are_refused(client, study, content_type):
    response = post(client, study, b"{}", {}, content_type)

    assert (response.status_code, response.json()["code"]) == (415, "media_type")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'"text"',
        b'{"type": "a", "type": "b"}',
        b'{"data": {"a": 1, "a": 2}}',
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": "\\ud800"}',
        b'{"\\udfff": 1}',
        b"\xef\xbb\xbf{}",
        b'{"a": "\xff"}',
        '{"a": "中"}'.encode("gbk"),
        b'{"a": ' + b"[" * 30000 + b"]" * 30000 + b"}",
        b'{"a": ' + b"9" * 5000 + b"}",
        b'{"a": 1e99999999999999999999}',
    ],
)
def test_what_is_no_strict_json_object_is_malformed(client, study, body):
    response = post_signed(client, study.institution, "events", body)

    assert (response.status_code, response.json()["code"]) == (400, "malformed")
    assert not Delivery.objects.exists()


def test_the_security_log_is_capped_and_names_nobody(client, study, caplog, at, monkeypatch):
    # What other tests logged in this minute does not count here, and the minute does not end meanwhile.
    at("2026-11-23 14:32:05")
    monkeypatch.setattr(webhooks.security_log, "count", 0)
    caplog.set_level(logging.WARNING, "education.security")
    for _ in range(60):
        post(client, study, json.dumps(progress(study, learner="lrn_secret")), {})

    lines = [record.getMessage() for record in caplog.records if record.name == "education.security"]
    assert len(lines) == 20
    assert not any("lrn_secret" in line for line in lines)
