from functools import partial

import pytest
from django.contrib.auth import get_user
from django.core.files.storage import default_storage
from django.test import Client

from accounting_platform.lib.errors import DomainError
from accounting_platform.tests.threads import at_once
from registration import closing, export, services
from registration.choices import SmsPurpose
from registration.models import (
    Accountant,
    AuditEvent,
    DataExport,
    Message,
    RecoveryRequest,
    SmsCode,
    SmsMessage,
    User,
)
from registration.tests.factories import (
    PASSWORD,
    make_accountant,
    make_export,
    make_message,
    make_recovery_request,
    phone_number,
    sms_code_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def this_app_alone(settings):
    settings.CLOSING_PARTS, settings.EXPORT_PARTS = [], ["registration.own_data.part"]


def close(accountant, current=PASSWORD):
    code = sms_code_of(accountant.phone, SmsPurpose.CLOSE, f"person:{accountant.pk}")
    closing.close(accountant, current=current, code=code)
    return Accountant.objects.get(pk=accountant.pk)


def register_again(accountant, **fields):
    phone = phone_number()
    answers = {
        "name": accountant.name,
        "document_type": accountant.document_type,
        "document_number": accountant.document_number,
        "password": "Shao-guan#82",
        "phone": phone,
        "code": sms_code_of(phone, SmsPurpose.REGISTER, "session"),
        "binding": "session",
        "works_in_guangdong": True,
        "holds_certificate": True,
        "consent_version": "2026-11",
    }
    return services.register(**answers | fields)


def test_closing_leaves_name_and_keyed_hash_alone():
    accountant = make_accountant(collected=True)

    closed = close(accountant)

    assert (closed.name, closed.document_key) == (accountant.name, accountant.document_key)
    assert (closed.phone, closed.phone_key, closed.document_number) == ("", "", "")
    assert closed.is_closed and not closed.user.is_active and not closed.user.has_usable_password()
    assert AuditEvent.objects.latest("id").kind == "account.closed"


def test_closing_deletes_messages_exports_requests_codes_and_texts(django_capture_on_commit_callbacks):
    accountant = make_accountant()
    export.make(make_export(accountant).pk)
    make_message(accountant)
    make_recovery_request(accountant=accountant)
    services.send_message(accountant, "password_changed").__class__.objects.update(
        settled_at=accountant.registered_at
    )

    with django_capture_on_commit_callbacks(execute=True):
        close(accountant)

    for model in (Message, DataExport, RecoveryRequest, SmsCode):
        assert not model.objects.exists(), model
    assert default_storage.listdir("exports")[1] == []
    assert list(SmsMessage.objects.values_list("template", flat=True)) == ["account_closed"]


def test_closing_spares_others_with_the_same_phone():
    accountant, child = make_accountant(phone="13800005678"), make_accountant(phone="13800005678")
    make_message(child)
    sms_code_of("13800005678", SmsPurpose.PASSWORD, f"person:{child.pk}")

    close(accountant)

    child.refresh_from_db()
    assert child.phone == "13800005678" and child.user.is_active
    assert SmsCode.objects.filter(purpose=SmsPurpose.PASSWORD).exists()
    assert Message.objects.filter(accountant=child).exists()


def test_closing_ends_every_session(client):
    accountant, elsewhere = make_accountant(), Client()
    for each in (client, elsewhere):
        each.force_login(accountant.user)
    code = sms_code_of(accountant.phone, SmsPurpose.CLOSE, f"person:{accountant.pk}")

    response = client.post("/account/close/", {"current": PASSWORD, "sms_code": code, "understood": "on"})

    assert response.url == "/" and "账号已注销" in client.get("/").text
    for each in (client, elsewhere):
        assert not get_user(each).is_authenticated


@pytest.mark.parametrize(
    ("missing", "field"), [("current", "current"), ("sms_code", "sms_code"), ("understood", "understood")]
)
def test_closing_needs_password_code_and_tick(client, missing, field):
    accountant = make_accountant()
    client.force_login(accountant.user)
    code = sms_code_of(accountant.phone, SmsPurpose.CLOSE, f"person:{accountant.pk}")
    answers = {"current": PASSWORD, "sms_code": code, "understood": "on"}
    wrong = {"current": "Wrong-pass#1", "sms_code": "000000", "understood": ""}

    response = client.post("/account/close/", answers | {missing: wrong[missing]})

    assert response.status_code == 400 and field in response.context["form"].errors
    # Beside it only the password, which has to be typed again.
    assert set(response.context["form"].errors) <= {field, "current"}
    assert not Accountant.objects.get().is_closed


def test_closed_account_answers_like_an_unknown_one(client):
    accountant = make_accountant()
    close(accountant)

    response = client.post("/login/", {"document_number": accountant.document_number, "password": PASSWORD})

    assert response.status_code == 400
    assert response.context["form"].non_field_errors() == ["证件号码或密码不正确"]


def test_closing_page_says_what_other_apps_warn_of(client, settings, monkeypatch):
    settings.CLOSING_PARTS = ["registration.tests.closing_part"]
    client.force_login(make_accountant().user)

    assert "您还有一门课程正在学习" in client.get("/account/close/").text


def test_registering_again_opens_the_same_account(client):
    accountant = make_accountant(collected=True)
    close(accountant)

    again = register_again(accountant)

    again.refresh_from_db()
    assert (again.pk, again.user_id) == (accountant.pk, accountant.user_id)
    assert again.document_number == accountant.document_number and again.holds_certificate
    assert not again.is_closed and not again.is_collected and again.user.is_active
    response = client.post(
        "/login/", {"document_number": accountant.document_number, "password": "Shao-guan#82"}
    )
    assert response.status_code == 302
    kinds = set(AuditEvent.objects.values_list("kind", flat=True))
    assert {"account.closed", "account.reopened"} <= kinds


def test_registering_again_takes_the_same_name():
    accountant = make_accountant()
    close(accountant)

    with pytest.raises(DomainError, match="姓名与当时登记的不一致") as refusal:
        register_again(accountant, name="陈大文")

    assert refusal.value.field == "name"
    assert Accountant.objects.get().is_closed


def test_registering_again_needs_a_right_code():
    accountant = make_accountant()
    close(accountant)

    with pytest.raises(DomainError, match="短信验证码不正确或已失效"):
        register_again(accountant, code="000000")
    assert Accountant.objects.get().is_closed


def test_account_opens_again_once():
    accountant = make_accountant()
    close(accountant)
    register_again(accountant)

    with pytest.raises(DomainError, match="该证件号码已注册"):
        register_again(accountant)
    with pytest.raises(DomainError, match="该证件号码已注册"):
        closing.reopen(accountant.pk, accountant, hashed=User().password)


def test_closed_account_gets_no_texts():
    closed = close(make_accountant())

    assert services.send_message(closed, "password_changed") is None


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_many_registrations_of_a_closed_number_open_it_once():
    accountant = make_accountant()
    close(accountant)
    phones = [phone_number() for _ in range(12)]
    codes = [sms_code_of(phone, SmsPurpose.REGISTER, "session") for phone in phones]

    def one(phone, code):
        try:
            return register_again(accountant, phone=phone, code=code).phone
        except DomainError as refusal:
            return refusal.message

    answers = at_once(*[partial(one, *each) for each in zip(phones, codes, strict=True)])

    again = Accountant.objects.get()
    assert sorted(answers) == sorted([again.phone, *[closing.ALREADY_REGISTERED] * 11])
