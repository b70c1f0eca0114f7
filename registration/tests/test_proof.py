import base64
import json

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st

from accounting_platform.lib import context
from accounting_platform.lib.errors import DomainError
from accounting_platform.tests.threads import at_once
from registration import housekeeping, limits, proof
from registration.models import SpentProof
from registration.tests.proofs import proof_for, solve

pytestmark = pytest.mark.django_db
URL, COST = "/registration/proof/", proof.COST


@pytest.fixture(autouse=True)
def light(monkeypatch):
    monkeypatch.setattr(proof, "COST", 1)


@pytest.fixture
def session():
    store = SessionStore()
    store.create()
    return store


def request_of(session, payload=None):
    request = RequestFactory().post("/", {} if payload is None else {"proof": payload})
    request.session = session
    return request


def solved(session):
    return solve(proof.challenge(request_of(session)))


def verdict(session, payload):
    """None for a proof that counts, else the refusal's status and words."""
    try:
        proof.spend(request_of(session, payload))
    except DomainError as refusal:
        assert refusal.code == "proof"
        return refusal.status, str(refusal)
    return None


def changed(payload, part, name, value):
    """The payload with another value somewhere in it."""
    whole = json.loads(base64.b64decode(payload))
    place = whole["challenge"]["parameters"] if part == "parameters" else whole[part]
    assert place[name] != value
    place[name] = value
    return base64.b64encode(json.dumps(whole).encode()).decode()


def test_challenge_is_altchas_and_says_nothing_about_anybody(client, at):
    at("2026-03-01 10:00:00")

    answer = client.get(URL)

    made = answer.json()
    parameters = made.pop("parameters")
    assert answer.headers["Cache-Control"] == "no-store"
    assert made.keys() == {"signature", "seconds"} and made["seconds"] == 300
    assert parameters["algorithm"] == "PBKDF2/SHA-256"
    assert parameters["expiresAt"] == 1772330700
    assert parameters.keys() <= {
        "algorithm", "cost", "expiresAt", "keyLength", "keyPrefix", "keySignature", "nonce", "salt",
    }  # fmt: skip


def test_challenge_costs_what_was_measured(client, monkeypatch):
    monkeypatch.setattr(proof, "COST", COST)

    assert client.get(URL).json()["parameters"]["cost"] == 5000


def test_challenge_begins_no_session_and_keeps_nothing(client):
    client.get(URL)

    assert not client.cookies and not SpentProof.objects.exists()


def test_proof_counts_once(session):
    payload = solved(session)

    assert [verdict(session, payload), verdict(session, payload)] == [None, (400, proof.USED)]


def test_two_solutions_of_one_challenge_count_once(session):
    """Only the answer is compared, so the numbers beside it may be anything."""
    payload = solved(session)

    verdicts = [verdict(session, payload), verdict(session, changed(payload, "solution", "counter", 9999))]

    assert verdicts == [None, (400, proof.USED)]


def test_proof_stays_used_when_the_cache_is_lost(session):
    payload = solved(session)
    verdict(session, payload)

    cache.clear()

    assert verdict(session, payload) == (400, proof.USED)


@pytest.mark.parametrize(
    ("part", "name", "value"),
    [
        ("parameters", "cost", 2),
        ("parameters", "keyPrefix", ""),
        ("parameters", "expiresAt", 4102444800),
        ("parameters", "expiresAt", None),
        ("parameters", "nonce", "00" * 16),
        ("parameters", "keySignature", None),
        ("challenge", "signature", "00" * 32),
        ("challenge", "signature", None),
        ("solution", "derivedKey", "00" * 32),
        ("solution", "derivedKey", None),
    ],
)
def test_tampered_proof_is_refused(session, part, name, value):
    payload = solved(session)

    assert verdict(session, changed(payload, part, name, value)) == (400, proof.FAILED)
    assert verdict(session, payload) is None


@pytest.mark.parametrize(
    ("moment", "expected"), [("10:05:00", None), ("10:05:01", (400, "安全验证已过期，请重试"))]
)
def test_proof_lasts_five_minutes(session, at, moment, expected):
    at("2026-03-01 10:00:00")
    payload = solved(session)

    at(f"2026-03-01 {moment}")

    assert verdict(session, payload) == expected


def test_proof_of_another_session_is_refused(session):
    other = SessionStore()
    other.create()

    for stranger in (other, SessionStore(), SessionStore("never-issued" * 3)):
        assert verdict(stranger, solved(session)) == (400, proof.FAILED)


def test_proof_without_a_session_counts_for_visitors_without_one():
    payload = solved(SessionStore("never-issued" * 3))

    assert verdict(SessionStore(), payload) is None


def test_missing_proof_says_what_to_do(session, settings):
    settings.SERVICE_PHONE = "020-8765 4321"

    status, words = verdict(session, None)

    assert status == 429
    assert "请启用 JavaScript 或换一个浏览器" in words and "020-8765 4321" in words


@given(st.text() | st.binary().map(lambda raw: base64.b64encode(raw).decode()))
@settings(max_examples=50)
def test_any_text_is_no_proof(session, payload):
    assert verdict(session, payload)[0] in (400, 429)


@pytest.mark.parametrize(
    "whole",
    [
        [],
        {"challenge": [], "solution": {}},
        {"challenge": {"parameters": {}}, "solution": {}},
        {"challenge": {"parameters": "x"}, "solution": 1},
        "x" * 3000,
    ],
)
def test_any_json_is_no_proof(session, whole):
    payload = base64.b64encode(json.dumps(whole).encode()).decode()

    assert verdict(session, payload) == (400, proof.FAILED)


def test_address_may_ask_a_thousand_times_in_a_quarter(client):
    far, near = {"REMOTE_ADDR": "203.0.113.7"}, {"REMOTE_ADDR": "203.0.113.8"}
    for _ in range(3):
        client.get(URL, **far)
    assert limits.used("proof", limits.address_key("203.0.113.7")) == 3
    limits.running(limits.LIMITS["proof"], limits.address_key("203.0.113.7")).update(count=1000)

    refused = client.get(URL, **far)

    assert (refused.status_code, refused.json()) == (
        429,
        {"message": "安全验证请求过于频繁，请15分钟后再试"},
    )
    assert client.get(URL, **near).status_code == client.get(URL).status_code == 200


def test_purge_forgets_used_proofs_an_hour_after_their_end(session, at):
    at("2026-03-01 10:00:00")
    payload = solved(session)
    verdict(session, payload)

    at("2026-03-01 11:04:59")
    housekeeping.purge()
    kept = SpentProof.objects.count()
    at("2026-03-01 11:05:01")
    housekeeping.purge()

    assert (kept, SpentProof.objects.count()) == (1, 0)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_proof_counts_once_however_many_use_it_at_once():
    session = SessionStore()
    session.create()
    for _ in range(10):
        payload = solved(session)

        verdicts = at_once(*[lambda p=payload: verdict(SessionStore(session.session_key), p)] * 16)

        assert verdicts.count(None) == 1
        assert verdicts.count((400, proof.USED)) == 15
    assert SpentProof.objects.count() == 10


def test_proof_for_a_client_counts_in_its_session(client):
    client.post("/registration/", {"works_in_guangdong": "yes", "holds_certificate": "no"})

    with context.bound(context.RequestContext(address="203.0.113.7")):
        assert verdict(client.session, proof_for(client)) is None
