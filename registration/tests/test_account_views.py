import re

import pytest
from django.contrib.auth import get_user
from django.test import Client

from registration import audit
from registration.models import Message
from registration.tests.factories import PASSWORD, make_accountant, make_message, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(client, sms_outbox, django_capture_on_commit_callbacks):
    """Somebody logged in, whose posts send what they queue."""
    post = client.post

    def post_and_commit(*args, **kwargs):
        with django_capture_on_commit_callbacks(execute=True):
            return post(*args, **kwargs)

    accountant = make_accountant(phone="13800005678")
    client.force_login(accountant.user)
    client.post, client.texts, client.accountant = post_and_commit, sms_outbox, accountant
    return client


def code_to(member, purpose, **fields):
    member.post("/registration/sms-codes/", {"purpose": purpose} | fields)
    return re.search(r"\d{6}", member.texts[-1].text)[0]


def test_account_shows_masked_numbers(member):
    page = member.get("/account/").text

    assert "138****5678" in page and "13800005678" not in page
    assert member.accountant.document_number not in page


def test_account_lists_own_messages_and_looks_only(member):
    staff, other = make_staff(display_name="广州市财政局"), make_accountant()
    make_message(member.accountant, title="学分到账")
    make_message(other, title="别人的消息")
    audit.record("person.viewed", actor=staff, subject=member.accountant, detail={"reason": "核对工作单位"})
    audit.record("person.viewed", actor=staff, subject=other, detail={"reason": "别人的理由"})

    page = member.get("/account/").text

    for words in ("学分到账", "未读", "广州市财政局", "核对工作单位"):
        assert words in page
    assert "别人的" not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_account_asks_the_database_the_same_however_much_there_is(
    member, rows, django_assert_max_num_queries
):
    for _ in range(rows):
        make_message(member.accountant)
        audit.record("person.viewed", actor=make_staff(), subject=member.accountant)

    with django_assert_max_num_queries(7):
        member.get("/account/")


def test_messages_are_read_by_post_and_only_the_own_ones(member):
    make_message(member.accountant)
    other = make_message(make_accountant())
    member.get("/account/")

    member.post("/account/messages/")

    assert list(Message.objects.filter(read_at=None)) == [other]


def test_phone_moves_to_the_one_that_got_the_code(member):
    code = code_to(member, "phone", phone="13900001234")

    response = member.post("/account/phone/", {"phone": "13900001234", "sms_code": code, "current": PASSWORD})

    member.accountant.refresh_from_db()
    assert response.url == "/account/"
    assert member.accountant.phone == "13900001234"
    assert (member.texts[-1].to, "139****1234" in member.texts[-1].text) == ("13800005678", True)


def test_phone_change_ends_other_sessions_and_keeps_this_one(member):
    elsewhere = Client()
    elsewhere.force_login(member.accountant.user)
    code = code_to(member, "phone", phone="13900001234")

    member.post("/account/phone/", {"phone": "13900001234", "sms_code": code, "current": PASSWORD})

    assert elsewhere.get("/account/").status_code == 302
    assert get_user(member).check_password(PASSWORD)


def test_phone_change_needs_the_current_password(member):
    code = code_to(member, "phone", phone="13900001234")

    response = member.post(
        "/account/phone/", {"phone": "13900001234", "sms_code": code, "current": "Wrong-pass#1"}
    )

    assert response.context["form"].errors["current"] == ["当前密码不正确，请重新输入"]
    member.accountant.refresh_from_db()
    assert member.accountant.phone == "13800005678"


def test_member_cannot_have_codes_sent_to_ever_more_phones(member, monkeypatch):
    monkeypatch.setattr("registration.limits.proof_wanted", lambda **about: False)
    answers = [
        member.post("/registration/sms-codes/", {"purpose": "phone", "phone": f"139000012{number}"})
        for number in range(10, 21)
    ]

    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert "今天更换手机号码的次数过多" in answers[-1].text


def test_phone_code_is_for_the_new_phone_only(member):
    code = code_to(member, "phone", phone="13900001234")

    response = member.post("/account/phone/", {"phone": "13900009999", "sms_code": code, "current": PASSWORD})

    assert response.context["form"].errors["sms_code"] == ["短信验证码不正确或已失效"]


def test_password_changes_here_and_ends_other_sessions(member):
    elsewhere = Client()
    elsewhere.force_login(member.accountant.user)
    code = code_to(member, "password")
    new = {"password": "Shao-guan#82", "confirmation": "Shao-guan#82"}

    response = member.post("/account/password/", {"current": PASSWORD, "sms_code": code} | new)

    assert response.url == "/account/"
    assert get_user(member).check_password("Shao-guan#82")
    assert elsewhere.get("/account/").status_code == 302


def test_password_needs_the_current_one(member):
    code = code_to(member, "password")
    new = {"password": "Shao-guan#82", "confirmation": "Shao-guan#82"}

    response = member.post("/account/password/", {"current": "Wrong-pass#1", "sms_code": code} | new)

    assert response.context["form"].errors["current"] == ["当前密码不正确，请重新输入"]


def test_password_may_not_hold_the_persons_numbers(member):
    password = "Aa#" + member.accountant.document_number[6:14]

    response = member.post(
        "/account/password/", {"current": PASSWORD, "sms_code": "123456", "password": password}
    )

    assert response.context["form"].errors["password"] == ["密码过于常见，请更换"]


@pytest.mark.parametrize("path", ["/account/phone/", "/account/password/"])
def test_code_without_script_keeps_the_page(member, path):
    response = member.post(path, {"phone": "13900001234", "send_code": "1", "current": PASSWORD})

    assert "今天还可获取 4 次" in response.text
    assert PASSWORD not in response.text
