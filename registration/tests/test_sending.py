"""When the button 获取短信验证码, and a log-in, take a proof of work."""

import pytest
from django.contrib.auth import get_user
from django.test import Client

from registration import limits, proof
from registration.models import SmsMessage, SpentProof
from registration.tests.factories import PASSWORD, make_accountant, resident_id
from registration.tests.proofs import proof_for

pytestmark = pytest.mark.django_db
CODES, NEW = "/registration/sms-codes/", "/registration/new/"
FAR = {"REMOTE_ADDR": "203.0.113.7"}
WANTED, MISSED = "data-proof-wanted", "data-proof-missed"
PLAIN = "请启用 JavaScript 或换一个浏览器"
NOSCRIPT = f'<noscript><p class="form-text">这一步须由浏览器完成安全验证。{PLAIN}'


@pytest.fixture(autouse=True)
def light(monkeypatch):
    monkeypatch.setattr(proof, "COST", 1)


def send(client, phone="13800005678", *, purpose="register", extra=None, **fields):
    return client.post(CODES, {"purpose": purpose, "phone": phone} | fields, **extra or {})


def count_as(name, address, count):
    """So many tries counted for this client address."""
    key = limits.address_key(address)
    limits.add(name, key)
    limits.running(limits.LIMITS[name], key).update(count=count)


def test_second_send_of_a_session_takes_a_proof(client):
    first = send(client)
    without = send(client)
    with_one = send(client, proof=proof_for(client))

    assert [each.status_code for each in (first, without, with_one)] == [200, 429, 200]
    assert WANTED in first.text and MISSED not in first.text
    assert MISSED in without.text and PLAIN in without.text
    assert SmsMessage.objects.count() == 2


def test_second_send_takes_a_proof_whatever_the_purpose(client):
    accountant = make_accountant()
    reset = {"purpose": "reset", "document_number": accountant.document_number}
    send(client)
    client.force_login(accountant.user)

    answers = [send(client, purpose=purpose) for purpose in ("register", "phone", "password")]
    answers.append(send(client, accountant.phone, **reset))

    assert {each.status_code for each in answers} == {429}
    assert send(client, accountant.phone, **reset, proof=proof_for(client)).status_code == 200


def test_used_proof_is_refused_and_a_new_one_taken(client):
    send(client)
    used = proof_for(client)
    send(client, proof=used)

    again = send(client, proof=used)

    assert (again.status_code, proof.USED in again.text, MISSED in again.text) == (400, True, True)
    assert send(client, proof=proof_for(client)).status_code == 200


def test_slip_in_the_phone_costs_no_proof(client):
    send(client)
    payload = proof_for(client)

    slip = send(client, "123", proof=payload)

    assert (slip.status_code, MISSED in slip.text) == (400, False)
    assert send(client, proof=payload).status_code == 200


def test_refused_send_does_not_make_the_next_one_the_second(client):
    send(client, "123")

    assert send(client).status_code == 200


def test_proof_of_another_session_sends_nothing(client):
    send(client)

    answer = send(client, proof=proof_for(Client()))

    assert (answer.status_code, proof.FAILED in answer.text) == (400, True)
    assert SmsMessage.objects.count() == 1


def test_address_of_many_sends_takes_a_proof_from_the_first_one_on(client):
    count_as("sms_address", "203.0.113.7", 30)

    without = send(client, extra=FAR)
    with_one = send(client, extra=FAR, proof=proof_for(client, **FAR))

    assert (without.status_code, with_one.status_code) == (429, 200)
    assert send(Client()).status_code == 200


def test_page_tells_those_without_script_what_to_do(client):
    client.post("/registration/", {"works_in_guangdong": "yes", "holds_certificate": "no"})
    typed = {"send_code": "1", "name": "欧阳娜娜", "phone": "13800005678", "purpose": "register"}
    before = client.get(NEW).text
    first = client.post(NEW, typed)

    second = client.post(NEW, typed | {"password": PASSWORD})

    assert WANTED not in before and NOSCRIPT not in before
    assert first.status_code == 200 and NOSCRIPT in first.text
    assert second.status_code == 429
    assert f'<a href="#id_sms_code">{proof.WANTED}' in second.text
    assert 'value="欧阳娜娜"' in second.text and 'value="13800005678"' in second.text
    assert PASSWORD not in second.text


@pytest.mark.parametrize(
    ("path", "after"), [("/account/phone/", "id_phone"), ("/account/password/", "id_current")]
)
def test_page_names_the_field_whose_leaving_starts_the_work(client, path, after):
    client.force_login(make_accountant().user)

    assert f'data-proof-after="{after}"' in client.get(path).text


# --- log-in


def log_in(client, number, password=PASSWORD, *, extra=FAR, **fields):
    return client.post("/login/", {"document_number": number, "password": password} | fields, **extra)


def test_login_after_many_failures_of_an_address_takes_a_proof(client):
    accountant = make_accountant()
    count_as("login_address", "203.0.113.7", 100)
    hundred_and_first = log_in(client, resident_id(), "Wrong-pass#1")

    without = log_in(client, accountant.document_number)
    with_one = log_in(client, accountant.document_number, proof=proof_for(client, **FAR))

    assert hundred_and_first.status_code == 400
    assert without.status_code == 429 and not SmsMessage.objects.exists()
    assert PLAIN in without.context["form"].non_field_errors()[0]
    assert NOSCRIPT in without.text and WANTED in without.text
    assert f'value="{accountant.document_number}"' in without.text
    assert with_one.status_code == 302 and get_user(client) == accountant.user


def test_login_at_a_hundred_failures_takes_none(client):
    accountant = make_accountant()
    count_as("login_address", "203.0.113.7", 100)

    assert "data-proof" not in client.get("/login/", **FAR).text
    assert log_in(client, accountant.document_number).status_code == 302


def test_login_from_elsewhere_takes_none(client):
    accountant = make_accountant()
    count_as("login_address", "203.0.113.7", 500)

    assert log_in(client, accountant.document_number, extra={}).status_code == 302
    assert not SpentProof.objects.exists()


def test_login_failure_counts_for_the_address_and_a_missing_proof_does_not(client):
    key = limits.address_key("203.0.113.7")
    log_in(client, resident_id(), "Wrong-pass#1")
    log_in(Client(), make_accountant().document_number)
    counted = limits.used("login_address", key)
    count_as("login_address", "203.0.113.7", 101)

    number = resident_id()
    for _ in range(6):
        log_in(client, number, "Wrong-pass#1")

    assert (counted, limits.used("login_address", key)) == (1, 101)
    assert log_in(client, number, "Wrong-pass#1", proof=proof_for(client, **FAR)).status_code == 400
