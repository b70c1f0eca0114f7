"""Staff come in with password and code; everything about the code and its substitutes."""

import re

import pytest
from django.contrib.auth import get_user
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from registration import staff_codes
from registration.models import AuditEvent, RescueCode, StaffDevice
from registration.tests.factories import (
    PASSWORD,
    code_of,
    make_accountant,
    make_device,
    make_staff,
    staff_login,
)

pytestmark = pytest.mark.django_db
LOGIN, CODE, ENROL, DESK = "/admin/login/", "/admin/login/code/", "/admin/login/device/", "/admin/"
NEW_PASSWORD = "Banyan#Root88"


@pytest.fixture
def staff():
    return make_staff(username="gz-office")


@pytest.fixture
def device(staff):
    return make_device(staff)


def show_password(client, password=PASSWORD, **fields):
    return client.post(LOGIN, {"username": "gz-office", "password": password} | fields)


def show_code(client, code, address=CODE):
    return client.post(address, {"code": code})


def kinds():
    return list(AuditEvent.objects.order_by("pk").values_list("kind", flat=True))


def codes_on(page):
    return re.findall(r"<li><code>([a-z0-9]{5}-[a-z0-9]{5})</code></li>", page.text)


# --- the two steps


def test_password_and_code_open_the_desk(client, device):
    way = [show_password(client, next="/admin/registration/user/").url]
    assert not get_user(client).is_authenticated
    way.append(show_code(client, code_of(device)).url)

    assert way == [CODE, "/admin/registration/user/"]
    assert client.get(DESK).status_code == 200
    assert kinds() == ["login.ok"]


def test_password_alone_opens_nothing(client, device):
    show_password(client)

    assert client.get(DESK).url.startswith(LOGIN)
    assert client.get("/account/").url.startswith("/login/")


def test_session_changes_at_both_steps(client, device):
    client.get(LOGIN)
    keys = [show_password(client) and client.session.session_key]
    keys.append(show_code(client, code_of(device)) and client.session.session_key)

    assert len(set(keys)) == 2


@pytest.mark.parametrize("code", ["000000", "", "12345", "abc", "١٢٣٤٥٦", "1" * 300])
def test_wrong_code_is_refused(client, device, code):
    show_password(client)
    code = "111111" if code == code_of(device) else code

    answer = show_code(client, code)

    assert answer.status_code == 400
    assert "code" in answer.context["form"].errors
    assert not get_user(client).is_authenticated


def test_code_is_taken_however_it_is_typed(client, device):
    show_password(client)
    code = code_of(device)

    assert show_code(client, f" {code[:3]} {code[3:]} ").status_code == 302


def test_code_works_once(client, device):
    code = code_of(device)
    show_password(client)
    show_code(client, code)
    other = Client()
    show_password(other)

    assert show_code(other, code).status_code == 400
    assert show_code(other, code_of(device, steps=1)).status_code == 302


@pytest.mark.parametrize(("steps", "status"), [(-2, 400), (-1, 302), (1, 302), (2, 400)])
def test_code_may_be_one_step_off(client, device, steps, status):
    show_password(client)

    assert show_code(client, code_of(device, steps=steps)).status_code == status


def test_five_wrong_codes_lock_for_a_quarter_of_an_hour(client, device, at):
    at("2026-03-01 10:00:00")
    show_password(client)
    wrong = "111111" if code_of(device) == "000000" else "000000"
    statuses = [show_code(client, wrong).status_code for _ in range(5)]

    locked = show_code(client, code_of(device))
    at("2026-03-01 10:15:01")
    show_password(client)
    later = show_code(client, code_of(device))

    assert statuses == [400] * 5
    assert locked.status_code == 429 and "验证码错误次数过多，请15分钟后再试" in locked.text
    assert later.status_code == 302


def test_password_is_forgotten_after_ten_minutes(client, device, at):
    at("2026-03-01 10:00:00")
    show_password(client)
    at("2026-03-01 10:10:01")

    answer = client.post(CODE, {"code": code_of(device)}, follow=True)

    assert answer.redirect_chain == [(LOGIN, 302)]
    assert "等待时间过长，请重新登录" in answer.text


def test_changed_password_ends_the_wait(client, staff, device):
    show_password(client)
    staff.set_password(NEW_PASSWORD)
    staff.save()

    assert show_code(client, code_of(device)).url == LOGIN


def test_failures_of_the_password_lock_like_everybodys(client, device):
    failures = [show_password(client, "Wrong-pass#1") for _ in range(5)]

    locked = show_password(client)

    assert all(page.status_code == 400 and "用户名或密码不正确" in page.text for page in failures)
    assert locked.status_code == 429
    assert "登录失败次数过多，请15分钟后再试或找回密码" in locked.text


def test_accounts_of_others_are_refused_as_unknown_ones(client):
    accountant = make_accountant()

    for name in (accountant.user.username, accountant.document_number, "nobody"):
        page = client.post(LOGIN, {"username": name, "password": PASSWORD})
        assert page.status_code == 400 and "用户名或密码不正确" in page.text


def test_desk_closes_after_half_an_hour_without_use(client, staff, at):
    at("2026-03-01 10:00:00")
    staff_login(client, staff)
    at("2026-03-01 10:29:00")
    assert client.get(DESK).status_code == 200
    at("2026-03-01 11:00:00")

    assert client.get(DESK).url.startswith(LOGIN)


# --- binding an app


def test_first_login_binds_an_app_and_tells_ten_rescue_codes(client, staff):
    assert show_password(client).url == ENROL
    page, device = client.get(ENROL), staff_codes.waiting_device(staff)
    assert staff_codes.secret_in_groups(device) in page.text
    assert 'src="data:image/svg+xml' in page.text and "otpauth://totp/" in page.text

    answer = show_code(client, code_of(device), ENROL)

    assert len(set(codes_on(answer))) == 10
    assert client.get(DESK).status_code == 200
    assert kinds() == ["staff.device_enrolled", "login.ok"]


def test_binding_needs_a_right_code_and_the_password_first(client, staff):
    assert client.get(ENROL).url == LOGIN
    show_password(client)

    answer = show_code(client, "12345", ENROL)

    assert answer.status_code == 400 and not codes_on(answer)
    assert staff_codes.device_of(staff) is None
    assert client.get(DESK).url.startswith(LOGIN)


def test_bound_accounts_are_never_asked_to_bind_again(client, device):
    show_password(client)

    assert client.get(ENROL).url == LOGIN
    assert StaffDevice.objects.count() == 1


def test_secret_and_rescue_codes_lie_sealed(staff, device):
    told = staff_codes.new_rescue_codes(staff)[0].replace("-", "")

    for table, column, value in (
        ("staffdevice", "secret", device.secret),
        ("rescuecode", "code", told),
    ):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {column} FROM registration_{table}")
            stored = [bytes(row[0]) for row in cursor.fetchall()]
        assert stored and not any(value.encode() in each for each in stored)


# --- rescue codes


def test_rescue_code_works_once_and_is_noted(client, staff, device):
    code = staff_codes.new_rescue_codes(staff)[0]
    show_password(client)
    answer = client.post(CODE + "?rescue", {"code": code.upper()}, follow=True)
    assert "还剩 9 个" in answer.text
    other = Client()
    show_password(other)

    again = show_code(other, code, CODE + "?rescue")

    assert again.status_code == 400 and "恢复码不正确或已使用过" in again.text
    assert kinds() == ["staff.rescue_code_used", "login.ok", "login.code_failed"]


def test_new_rescue_codes_take_the_place_of_the_old(client, staff, device):
    old = staff_codes.new_rescue_codes(staff)
    staff_login(client, staff)

    answer = client.post(reverse("admin:rescue_codes"), {"code": code_of(device)})

    assert len(codes_on(answer)) == 10 and not set(old) & set(codes_on(answer))
    assert staff_codes.rescue_codes_left(staff) == 10


# --- another app


def test_another_app_replaces_the_first_and_ends_its_sessions(client, staff, device):
    elsewhere = Client()
    for each in (client, elsewhere):
        staff_login(each, staff)
    proof = {"password": PASSWORD, "code": code_of(device)}

    assert client.post(reverse("admin:replace_device"), proof).url == ENROL
    assert staff_codes.device_of(staff) == device
    new = staff_codes.waiting_device(staff)
    assert len(codes_on(show_code(client, code_of(new), ENROL))) == 10

    assert staff_codes.device_of(staff) == new
    assert client.get(DESK).status_code == 200
    assert elsewhere.get(DESK).url.startswith(LOGIN)


def test_another_app_needs_password_and_code(client, staff, device):
    staff_login(client, staff)

    for proof in (
        {"password": "Wrong-pass#1", "code": code_of(device)},
        {"password": PASSWORD, "code": "12"},
        {},
    ):
        assert client.post(reverse("admin:replace_device"), proof).status_code == 400
    assert staff_codes.waiting_device(staff) is None


# --- reset by a colleague


def test_superuser_resets_a_colleagues_app_with_a_reason(client, staff, device):
    busy = Client()
    staff_login(busy, staff)
    chief = make_staff(is_superuser=True)
    staff_login(client, chief)
    address = reverse("admin:registration_user_reset_device", args=[staff.pk])
    assert address in client.get(reverse("admin:registration_user_change", args=[staff.pk])).text
    assert client.post(address, {"reason": "丢了"}).status_code == 400
    assert client.post(address, {"reason": "本人来电 13800138000"}).status_code == 400

    client.post(address, {"reason": "手机遗失，本人到场申请"})

    event = AuditEvent.objects.get(kind="staff.device_reset")
    assert (event.actor_id, event.subject_id) == (chief.pk, str(staff.pk))
    assert event.detail == {"reason": "手机遗失，本人到场申请"}
    assert not StaffDevice.objects.filter(user=staff).exists()
    assert busy.get(DESK).url.startswith(LOGIN)
    assert show_password(Client()).url == ENROL


def test_only_superusers_reset_and_only_staff(client, staff):
    staff_login(client, make_staff(permissions=["registration.change_user"]))
    assert client.get(reverse("admin:registration_user_reset_device", args=[staff.pk])).status_code == 403

    staff_login(client, make_staff(is_superuser=True))
    member = make_accountant().user
    assert client.get(reverse("admin:registration_user_reset_device", args=[member.pk])).status_code == 404


def test_reset_staff_code_command(staff, device, capsys):
    staff_codes.new_rescue_codes(staff)

    call_command("reset_staff_code", "gz-office")

    assert not StaffDevice.objects.exists() and not RescueCode.objects.exists()
    assert AuditEvent.objects.get().kind == "staff.device_reset"
    assert "gz-office" in capsys.readouterr().out
    with pytest.raises(CommandError, match="nobody"):
        call_command("reset_staff_code", "nobody")


# --- the own account


def test_account_shows_the_own_log_ins(client, staff, device):
    make_staff(username="other")
    client.post(LOGIN, {"username": "other", "password": "Wrong-pass#1"})
    show_password(client, "Wrong-pass#1")
    show_password(client)
    show_code(client, "12345")
    show_code(client, code_of(device))

    page = client.get(reverse("admin:account"))

    assert [login.name for login in page.context["logins"]] == ["登录成功", "验证码不正确", "密码不正确"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"old_password": "Wrong-pass#1"}, "当前密码不正确，请重新输入"),
        ({"new_password1": "short", "new_password2": "short"}, "密码须为8至19位"),
        ({"new_password2": "Banyan#Root89"}, "不一致"),
        ({"code": "12345"}, "验证码不正确"),
    ],
)
def test_password_change_says_what_is_wrong(client, staff, device, changes, words):
    staff_login(client, staff)

    answer = client.post(reverse("admin:password_change"), new_password(device) | changes)

    assert answer.status_code == 400 and words in answer.text
    staff.refresh_from_db()
    assert staff.check_password(PASSWORD)


def test_password_change_ends_the_other_sessions(client, staff, device):
    elsewhere = Client()
    for each in (client, elsewhere):
        staff_login(each, staff)

    answer = client.post(reverse("admin:password_change"), new_password(device))

    assert answer.url == reverse("admin:account")
    assert client.get(DESK).status_code == 200
    assert elsewhere.get(DESK).url.startswith(LOGIN)
    assert kinds() == ["password.changed"]


def new_password(device):
    pair = {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    return {"old_password": PASSWORD, "code": code_of(device)} | pair
