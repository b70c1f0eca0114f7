import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from accounting_platform.lib import signing

NOW = 1_795_415_525
BODY = '{"type": "study.completed", "名": "张三"}'.encode()


def headers(secret, *, message_id="msg_1", timestamp=NOW, body=BODY, signature=None):
    signature = signature or signing.sign(secret, message_id, timestamp, body)
    return {"webhook-id": message_id, "webhook-timestamp": str(timestamp), "webhook-signature": signature}


def other_entry(version="v1"):
    return signing.sign(signing.new_secret(), "msg_1", NOW, BODY, version=version)


@given(
    st.text("abcdefgh_.0123456789", min_size=1, max_size=40),
    st.integers(0, 2_000_000_000),
    st.text(max_size=50),
)
def test_signatures_are_those_of_the_public_library(message_id, timestamp, body):
    secret = signing.new_secret()
    public = Webhook(secret).sign(message_id, datetime.fromtimestamp(timestamp, UTC), body)

    assert signing.sign(secret, message_id, timestamp, body.encode()) == public
    sent = {"webhook-id": message_id, "webhook-timestamp": str(timestamp), "webhook-signature": public}
    assert signing.verify([secret], sent, body.encode(), timestamp)


def test_the_public_library_accepts_our_signature():
    secret, now = signing.new_secret(), int(datetime.now(UTC).timestamp())
    sent = headers(secret, timestamp=now)

    assert Webhook(secret).verify(BODY.decode(), sent)["type"] == "study.completed"
    with pytest.raises(WebhookVerificationError):
        Webhook(signing.new_secret()).verify(BODY.decode(), sent)


@pytest.mark.parametrize("version", ["v1", "v1sm3"])
def test_tampering_with_body_id_time_or_secret_is_noticed(version):
    secret = signing.new_secret()
    entry = signing.sign(secret, "msg_1", NOW, BODY, version=version)
    good = headers(secret, signature=entry)

    assert signing.verify([secret], good, BODY, NOW)
    assert not signing.verify([secret], good, BODY + b" ", NOW)
    assert not signing.verify([secret], good | {"webhook-id": "msg_2"}, BODY, NOW)
    assert not signing.verify([secret], good | {"webhook-timestamp": str(NOW + 1)}, BODY, NOW)
    assert not signing.verify([signing.new_secret()], good, BODY, NOW)
    assert not signing.verify([], good, BODY, NOW)


def test_a_version_is_no_other_version():
    secret = signing.new_secret()
    digest = signing.sign(secret, "msg_1", NOW, BODY).partition(",")[2]

    for version in ("v1sm3", "v2", "v1a", "", "V1"):
        assert not signing.verify([secret], headers(secret, signature=f"{version},{digest}"), BODY, NOW)


@pytest.mark.parametrize(
    ("off", "accepted"), [(0, True), (300, True), (-300, True), (300.5, False), (-301, False)]
)
def test_time_may_be_five_minutes_off_either_way(off, accepted):
    secret = signing.new_secret()

    assert signing.verify([secret], headers(secret), BODY, NOW + off) == accepted


def test_two_live_secrets_both_count():
    old, new = signing.new_secret(), signing.new_secret()

    assert [signing.verify([new, old], headers(secret), BODY, NOW) for secret in (old, new)] == [True, True]


def test_one_right_signature_among_five_is_enough_and_a_sixth_too_many():
    secret = signing.new_secret()
    right = signing.sign(secret, "msg_1", NOW, BODY)
    four = [other_entry("v1sm3"), other_entry(), "v1a,abc=", "v1,é"]

    assert signing.verify([secret], headers(secret, signature=" ".join([*four, right])), BODY, NOW)
    assert not signing.verify(
        [secret], headers(secret, signature=" ".join([*four, other_entry()])), BODY, NOW
    )
    assert not signing.verify([secret], headers(secret, signature=" ".join([right, *four, right])), BODY, NOW)


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
@pytest.mark.parametrize("value", [None, "", " ", "\x00", "１２３", "-1", "9" * 400, "v1", ",", "\ud800"])
def test_missing_and_malformed_headers_are_false(name, value):
    secret = signing.new_secret()
    sent = headers(secret) | {name: value}
    if value is None:
        del sent[name]

    assert signing.verify([secret], sent, BODY, NOW) is False


def test_secrets_are_random_and_written_as_documented():
    secrets = {signing.new_secret() for _ in range(50)}

    assert len(secrets) == 50
    assert {len(base64.b64decode(secret.removeprefix("whsec_"))) for secret in secrets} == {32}


def test_a_malformed_secret_is_our_own_mistake_and_raises():
    with pytest.raises(ValueError, match="whsec_"):
        signing.sign("whsec_???", "msg_1", NOW, BODY)
