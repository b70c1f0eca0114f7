import re
from datetime import date

import pytest
from django.contrib.auth import get_user
from django.urls import reverse

from registration import proof
from registration.models import Accountant, SmsMessage
from registration.tests.factories import (
    PASSWORD,
    make_accountant,
    make_announcement,
    phone_number,
    resident_id,
)
from registration.tests.proofs import proof_for

pytestmark = pytest.mark.django_db
NUMBER = resident_id(61, birth_date=date(1970, 3, 7))
NEW, CODES = "/registration/new/", "/registration/sms-codes/"


@pytest.fixture
def visitor(client, sms_outbox, django_capture_on_commit_callbacks, monkeypatch):
    """A client whose posts send what they queue, as they do outside tests; proofs of work come light."""
    monkeypatch.setattr(proof, "COST", 1)
    post = client.post

    def post_and_commit(*args, **kwargs):
        with django_capture_on_commit_callbacks(execute=True):
            return post(*args, **kwargs)

    client.post, client.texts = post_and_commit, sms_outbox
    return client


def answer_targets(visitor, works="yes", holds="no"):
    return visitor.post("/registration/", {"works_in_guangdong": works, "holds_certificate": holds})


def send_code(visitor, purpose="register", phone="13800005678", **fields):
    return visitor.post(CODES, {"purpose": purpose, "phone": phone} | fields)


def last_code(visitor):
    return re.search(r"\d{6}", visitor.texts[-1].text)[0]


def answers(**changes):
    return {
        "name": "林嘉敏",
        "document_type": "resident_id",
        "document_number": NUMBER,
        "password": PASSWORD,
        "confirmation": PASSWORD,
        "phone": "13800005678",
        "consent": "on",
    } | changes


def test_targets_ask_the_two_questions_of_the_manual(client):
    page = client.get("/registration/").text

    assert "是否在广东省内（除深圳）从事会计工作" in page
    assert "是否持有会计专业技术资格证书" in page


def test_targets_need_both_answers(client):
    response = client.post("/registration/", {"works_in_guangdong": "no"})

    assert response.status_code == 400
    assert response.context["form"].errors == {"holds_certificate": ["请选择是否持有会计专业技术资格证书"]}


def test_targets_end_where_neither_applies(client):
    response = client.post(
        "/registration/", {"works_in_guangdong": "no", "holds_certificate": "no"}, follow=True
    )

    assert "无须进行信息采集" in response.text and "您无须采集" in response.text
    assert client.get(NEW).url == "/registration/"


def test_registration_makes_an_account_and_leads_to_login(visitor):
    assert answer_targets(visitor, works="no", holds="yes").url == "/registration/ready/"
    send_code(visitor)

    response = visitor.post(NEW, answers(sms_code=last_code(visitor)))

    accountant = Accountant.objects.get()
    assert response.url == "/login/"
    assert (accountant.works_in_guangdong, accountant.holds_certificate) == (False, True)
    assert accountant.consent_version == "2026-11"
    login = visitor.get("/login/")
    assert "注册成功" in login.text
    assert f'value="{NUMBER}"' in login.text
    assert not get_user(visitor).is_authenticated


def test_registration_keeps_the_number_sealed_in_the_session(visitor):
    answer_targets(visitor)
    send_code(visitor)
    visitor.post(NEW, answers(sms_code=last_code(visitor)))

    assert NUMBER not in str(dict(visitor.session))


def test_registration_names_every_missing_answer(visitor):
    answer_targets(visitor)

    response = visitor.post(NEW, {})

    errors = response.context["form"].errors
    assert response.status_code == 400
    assert {name: words[0] for name, words in errors.items()} == {
        "name": "请填写姓名",
        "document_type": "请选择证件类型",
        "document_number": "请填写证件号码",
        "password": "请填写密码",
        "confirmation": "请再次填写密码",
        "phone": "请填写手机号码",
        "sms_code": "请填写短信验证码",
        "consent": "请先阅读告知书并勾选同意，再完成注册",
    }
    assert "有 8 处需要修改" in response.text and "<title>错误：" in response.text


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"confirmation": "Other-one#1"}, "confirmation", "两次输入的密码不一致，请重新输入"),
        ({"password": "short"}, "password", "密码须为8至19位，且同时包含大写字母、小写字母、数字和特殊字符"),
        ({"password": "Aa#" + NUMBER[6:14], "confirmation": "x"}, "password", "密码过于常见，请更换"),
        ({"document_type": "library_card"}, "document_type", "请选择证件类型"),
        ({"phone": "12800005678"}, "phone", "手机号码格式不正确"),
        ({"name": "张三😀"}, "name", "姓名只能包含汉字、字母和间隔号"),
    ],
)
def test_registration_says_what_is_wrong_and_keeps_what_was_typed(visitor, changes, field, words):
    answer_targets(visitor)

    response = visitor.post(NEW, answers(sms_code="123456") | changes)

    assert response.context["form"].errors[field] == [words]
    assert response.status_code == 400
    assert response.context["form"]["document_number"].value() == NUMBER
    assert PASSWORD not in response.text


def test_registration_shows_the_services_refusal_at_its_field(visitor):
    answer_targets(visitor)

    response = visitor.post(NEW, answers(sms_code="123456"))

    # Passwords never come back, and the page says so where they were.
    assert response.context["form"].errors == {
        "sms_code": ["短信验证码不正确或已失效"],
        "password": ["请重新输入密码"],
        "confirmation": ["请再次输入密码"],
    }
    assert response.text.index("#id_password") < response.text.index("#id_sms_code")


def test_registration_shows_the_manuals_words(visitor):
    answer_targets(visitor)

    page = visitor.get(NEW).text

    for words in (
        "请输入姓名",
        "请输入证件号码",
        "请输入密码",
        "请确认密码",
        "请输入手机号码",
        "请输入短信验证码",
        "0/30",
        "0/11",
        "0/6",
        "获取短信验证码",
        "返回登录",
        "Step 01",
        "Step 02",
        "注册成功后，“姓名”不能修改，请认真填写",
        "注册成功后，“证件号码”不能修改，请认真填写",
        "验证码一天只能接收5次，超出后，请隔天办理",
    ):
        assert words in page
    assert page.count("btn-primary") == 1


def test_code_fragment_says_where_it_went_and_what_remains(visitor):
    response = send_code(visitor, phone="+86 138 0000 5678")

    assert response.status_code == 200
    assert "验证码已发送至 138****5678，5 分钟内有效，今天还可获取 4 次" in response.text
    assert [text.to for text in visitor.texts] == ["13800005678"]
    assert last_code(visitor) not in response.text


def test_code_button_counts_down_after_a_reload(visitor, settings):
    settings.SMS_COOLDOWN_SECONDS = 60
    answer_targets(visitor)
    send_code(visitor)

    page = visitor.get(NEW)

    assert 55 < page.context["sending"].seconds <= 60
    assert "data-countdown-until" in page.text and "138****5678" in page.text


def test_sixth_code_is_refused_with_the_day_it_ends(visitor):
    for _ in range(5):
        send_code(visitor, proof=proof_for(visitor))

    response = send_code(visitor, proof=proof_for(visitor))

    assert response.status_code == 429
    assert "今天的短信验证码已发送5次，请隔天办理" in response.text
    assert "请明天 0 点后再试" in response.text
    assert len(visitor.texts) == 5


@pytest.mark.parametrize("phone", ["", "123", "12800005678", "1380000567８９", "+1 202 555 0100"])
def test_code_for_a_wrong_phone_is_refused(visitor, phone):
    response = send_code(visitor, phone=phone)

    assert (response.status_code, "手机号码格式不正确" in response.text) == (400, True)
    assert not SmsMessage.objects.exists()


def test_code_is_sent_by_post_with_csrf_only(django_user_model):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    refused = strict.post(CODES, {"purpose": "register", "phone": "13800005678"})

    assert refused.status_code == 403 and "页面已过期，请返回刷新后重试" in refused.text
    assert strict.get(CODES).status_code == 405
    assert not SmsMessage.objects.exists()


def test_code_without_script_keeps_everything_typed_but_passwords(visitor):
    answer_targets(visitor)

    response = visitor.post(NEW, answers(send_code="1", name="欧阳娜娜"))

    assert "验证码已发送至 138****5678" in response.text
    assert 'value="欧阳娜娜"' in response.text and f'value="{NUMBER}"' in response.text
    assert PASSWORD not in response.text
    assert "请重新输入密码" in response.text and "请再次输入密码" in response.text
    assert response.context["form"].errors == {}
    assert not Accountant.objects.exists()


def test_code_without_script_shows_the_refusal_on_top(visitor):
    answer_targets(visitor)

    response = visitor.post(NEW, answers(send_code="1", phone="123"))

    assert response.status_code == 400
    assert '<a href="#id_phone">手机号码格式不正确</a>' in response.text


def test_code_reply_does_not_tell_whether_the_phone_is_known(visitor):
    known = make_accountant().phone

    replies = [
        send_code(visitor, phone=phone, proof=proof_for(visitor)).text.replace(phone[-4:], "")
        for phone in (known, phone_number())
    ]

    assert re.sub(r"\d{10}", "", replies[0]) == re.sub(r"\d{10}", "", replies[1])


@pytest.mark.parametrize("purpose", ["phone", "password"])
def test_members_codes_lead_visitors_to_login(client, purpose):
    assert "/login/" in client.post(CODES, {"purpose": purpose, "phone": "13800005678"}).url
    assert client.post(CODES, {"purpose": "other"}).status_code == 404


def test_reset_answers_the_same_for_match_and_mismatch(visitor):
    accountant = make_accountant()

    match = send_code(visitor, "reset", accountant.phone, document_number=accountant.document_number)
    other = {"document_number": resident_id(), "proof": proof_for(visitor)}
    mismatch = send_code(visitor, "reset", "13900000000", **other)

    for response in (match, mismatch):
        assert response.status_code == 200 and "如信息一致，验证码已发送至预留手机" in response.text
    assert [text.to for text in visitor.texts] == [accountant.phone]


def test_reset_sets_the_password_and_leads_to_login(visitor):
    accountant = make_accountant()
    send_code(visitor, "reset", accountant.phone, document_number=accountant.document_number)
    new = {"password": "Shao-guan#82", "confirmation": "Shao-guan#82", "sms_code": last_code(visitor)}

    response = visitor.post(
        "/password-reset/", {"document_number": accountant.document_number, "phone": accountant.phone} | new
    )

    assert response.url == "/login/"
    assert "密码已重置，请使用新密码登录" in visitor.get("/login/").text
    assert not get_user(visitor).is_authenticated
    assert "已通过密码找回重置" in visitor.texts[-1].text
    assert visitor.texts[-1].to == accountant.phone


def test_reset_ends_all_sessions(visitor):
    from django.test import Client

    accountant, elsewhere = make_accountant(), Client()
    elsewhere.force_login(accountant.user)
    send_code(visitor, "reset", accountant.phone, document_number=accountant.document_number)

    visitor.post(
        "/password-reset/",
        {
            "document_number": accountant.document_number,
            "phone": accountant.phone,
            "sms_code": last_code(visitor),
            "password": "Shao-guan#82",
            "confirmation": "Shao-guan#82",
        },
    )

    assert elsewhere.get(reverse("registration:account")).status_code == 302


def test_announcement_shows_what_is_published(client):
    shown = make_announcement(body="<b>第一段</b>")
    over = make_announcement(ends_on="2020-01-01")

    assert (
        "&lt;b&gt;第一段&lt;/b&gt;" in client.get(reverse("registration:announcement", args=[shown.pk])).text
    )
    for number in (over.pk, 10**30):
        assert client.get(reverse("registration:announcement", args=[number])).status_code == 404


@pytest.mark.parametrize("odd", ["\x00", "😀" * 500, "%00", "'\"<script>", "ａ" * 99, "\u202e1"])
@pytest.mark.parametrize("path", ["/registration/", NEW, CODES, "/login/", "/password-reset/"])
def test_odd_input_is_refused_without_a_server_error(visitor, path, odd):
    answer_targets(visitor)
    names = (
        "name",
        "document_type",
        "document_number",
        "password",
        "confirmation",
        "phone",
        "sms_code",
        "next",
    )

    for purpose in ("register", "reset", odd):
        response = visitor.post(path, dict.fromkeys(names, odd) | {"purpose": purpose})
        assert response.status_code in (200, 400, 404)
        assert "<script>'" not in response.text
