import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.contrib.auth import get_user
from django.contrib.auth.hashers import check_password
from django.db import connection
from django.utils import timezone

from accounting_platform.lib.errors import DomainError
from registration import accounts, closing, limits, services, sms_codes
from registration.models import Accountant, AuditEvent, Message, SmsMessage, User
from registration.tests.factories import PASSWORD, make_accountant, phone_number, resident_id

pytestmark = pytest.mark.django_db


def code_for(phone, purpose="register", binding="session-1"):
    sms_codes.issue(phone, purpose, binding)
    return SmsMessage.objects.latest("pk").context["code"]


def register(**fields):
    phone = fields.pop("phone", None) or phone_number()
    answers = {
        "name": "林嘉敏",
        "document_type": "resident_id",
        "document_number": resident_id(),
        "password": PASSWORD,
        "phone": phone,
        "binding": "session-1",
        "works_in_guangdong": True,
        "holds_certificate": False,
        "consent_version": "2026-11",
    }
    if "code" not in fields:
        fields["code"] = code_for(phone)
    return services.register(**answers | fields)


def test_register_keeps_what_number_and_name_tell():
    accountant = register(
        name=" 欧阳•娜娜 ", document_number=resident_id(7, birth_date=date(1975, 3, 1), gender="male").lower()
    )

    kept = Accountant.objects.get(pk=accountant.pk)
    assert (kept.name, kept.name_pinyin) == ("欧阳·娜娜", "ou yang · na na")
    assert (kept.gender, kept.birth_date, kept.country) == ("male", date(1975, 3, 1), "CHN")
    assert kept.user.username == kept.document_key
    assert check_password(PASSWORD, kept.user.password)


def test_register_leaves_an_audit_row_without_values():
    accountant = register()

    event = AuditEvent.objects.get(kind="account.registered")
    assert (event.accountant_id, event.actor_id, event.detail) == (accountant.pk, accountant.user_id, {})


def test_register_tells_a_registered_number_only_after_a_right_code():
    number = resident_id()
    register(document_number=number)

    with pytest.raises(DomainError, match="短信验证码不正确或已失效"):
        register(document_number=number, code="000000" if code_for("13800000000") != "000000" else "000001")
    with pytest.raises(DomainError, match="^该证件号码已注册，请直接登录或找回密码$"):
        register(document_number=number)
    assert User.objects.count() == 1


def test_register_takes_a_reissued_permit_for_the_same_person():
    register(document_type="hk_mo_permit", document_number="H12345678")

    with pytest.raises(DomainError, match="已注册"):
        register(document_type="hk_mo_permit", document_number="H1234567802")


def test_register_spends_the_code_even_when_the_number_is_taken():
    number, phone = resident_id(), phone_number()
    register(document_number=number)
    code = code_for(phone)

    with pytest.raises(DomainError, match="已注册"):
        register(document_number=number, phone=phone, code=code)
    with pytest.raises(DomainError, match="短信验证码"):
        register(phone=phone, code=code)


@pytest.mark.parametrize(("today", "registers"), [("2026-03-01", False), ("2026-03-02", True)])
def test_register_takes_people_from_sixteen_on(at, today, registers):
    at(f"{today} 12:00:00")
    number = resident_id(3, birth_date=date(2010, 3, 2))

    if registers:
        assert register(document_number=number)
    else:
        with pytest.raises(DomainError, match="年满16周岁"):
            register(document_number=number)


def test_register_allows_three_accounts_per_phone():
    phone = phone_number()
    for _ in range(3):
        register(phone=phone)

    with pytest.raises(DomainError, match="该手机号码已用于 3 个账号"):
        register(phone=phone)
    assert Accountant.objects.count() == 3


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"document_type": "library_card"}, "请选择证件类型"),
        ({"document_number": "440106198001010001"}, "身份证"),
        ({"password": "Abc12345"}, "密码须为8至19位"),
        ({"name": "张3"}, "姓名只能包含汉字"),
    ],
)
def test_register_refuses_before_it_spends_the_code(fields, words):
    phone = phone_number()
    code = code_for(phone)

    with pytest.raises(DomainError, match=words):
        register(phone=phone, code=code, **fields)
    assert register(phone=phone, code=code)


def test_reset_password_needs_number_and_phone_of_one_person():
    accountant, other = make_accountant(), make_accountant()
    code = code_for(accountant.phone, "reset", f"person:{accountant.pk}")

    with pytest.raises(DomainError, match="短信验证码不正确或已失效"):
        services.reset_password(
            number=other.document_number, phone=accountant.phone, code=code, new_password="Shao-guan#82"
        )
    services.reset_password(
        number=accountant.document_number, phone=accountant.phone, code=code, new_password="Shao-guan#82"
    )

    accountant.user.refresh_from_db()
    assert accountant.user.check_password("Shao-guan#82")
    assert AuditEvent.objects.filter(kind="password.reset", accountant_id=accountant.pk).exists()
    assert SmsMessage.objects.latest("pk").template == "password_reset"


def test_reset_password_costs_the_same_whether_number_and_phone_belong_together(
    django_assert_max_num_queries,
):
    accountant, counts = make_accountant(), []
    for phone in (accountant.phone, phone_number()):
        with (
            django_assert_max_num_queries(10) as queries,
            pytest.raises(DomainError, match=sms_codes.REFUSAL),
        ):
            services.reset_password(
                number=accountant.document_number, phone=phone, code="000000", new_password="Shao-guan#82"
            )
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_reset_password_clears_the_lock_and_ends_sessions(client):
    accountant = make_accountant()
    key = accounts.attempts_key(accountant.document_number)
    for _ in range(5):
        limits.count("login", key)
    client.force_login(accountant.user)
    code = code_for(accountant.phone, "reset", f"person:{accountant.pk}")

    services.reset_password(
        number=accountant.document_number, phone=accountant.phone, code=code, new_password="Shao-guan#82"
    )

    assert limits.left("login", key) == 5
    assert not get_user(client).is_authenticated
    assert AuditEvent.objects.latest("id").kind == "password.reset"


def test_change_phone_tells_the_old_phone():
    accountant = make_accountant(phone="13800005678")
    code = code_for("13900001234", "phone", f"person:{accountant.pk}")

    services.change_phone(accountant, phone="+86 139 0000 1234", code=code, current=PASSWORD)

    accountant.refresh_from_db()
    told = SmsMessage.objects.latest("pk")
    assert (accountant.phone, told.phone, told.context) == (
        "13900001234",
        "13800005678",
        {"phone": "139****1234"},
    )
    assert Message.objects.get().accountant == accountant


def test_change_phone_needs_the_current_password():
    accountant = make_accountant()
    code = code_for("13900001234", "phone", f"person:{accountant.pk}")

    for _ in range(5):
        with pytest.raises(DomainError, match="当前密码不正确"):
            services.change_phone(accountant, phone="13900001234", code=code, current="Wrong-pass#1")
    with pytest.raises(DomainError, match="当前密码错误次数过多"):
        services.change_phone(accountant, phone="13900001234", code=code, current=PASSWORD)


def test_change_password_needs_password_and_code():
    accountant = make_accountant()
    code = code_for(accountant.phone, "password", f"person:{accountant.pk}")

    services.change_password(accountant, current=PASSWORD, code=code, new_password="Shao-guan#82")

    accountant.user.refresh_from_db()
    assert accountant.user.check_password("Shao-guan#82")


def test_mark_collected_keeps_the_first_time():
    accountant, first = make_accountant(), timezone.now()
    services.mark_collected(accountant, first)

    services.mark_collected(accountant, timezone.now())

    assert Accountant.objects.get().collected_at == first
    assert accountant.is_collected


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_forty_registrations_of_one_number_make_one_account(sms_outbox):
    number, phones = resident_id(), [phone_number() for _ in range(40)]
    for phone in phones:
        sms_codes.issue(phone, "register", "session-1")
    codes = {text.to: re.search(r"\d{6}", text.text)[0] for text in sms_outbox}

    def one(phone):
        try:
            return register(document_number=number, phone=phone, code=codes[phone]) and "registered"
        except DomainError as refusal:
            return str(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(40) as pool:
        answers = list(pool.map(one, phones))

    assert sorted(set(answers)) == ["registered", closing.ALREADY_REGISTERED]
    assert answers.count("registered") == Accountant.objects.count() == User.objects.count() == 1
