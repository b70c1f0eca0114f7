import pytest
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.urls import reverse

from registration import limits
from registration.accounts import attempts_key
from registration.models import AuditEvent
from registration.tests.factories import PASSWORD, make_accountant, make_staff, resident_id

pytestmark = pytest.mark.django_db
REFUSAL = "证件号码或密码不正确"
LOCKED = "登录失败次数过多，请15分钟后再试或找回密码"


def log_in(client, number, password=PASSWORD, **fields):
    return client.post(
        reverse("registration:login"), {"document_number": number, "password": password} | fields
    )


def test_login_leads_to_the_members_page(client, settings):
    accountant = make_accountant()

    response = log_in(client, accountant.document_number)

    assert response.url == reverse(settings.LOGIN_REDIRECT_URL)
    assert get_user(client) == accountant.user
    assert AuditEvent.objects.get().accountant_id == accountant.pk


@pytest.mark.parametrize(
    "typed", ["44010619800101002x", " 440106 19800101 002X ", "４４０１０６１９８００１０１００２Ｘ"]
)
def test_login_takes_the_number_however_it_is_typed(client, typed):
    number = next(number for number in map(resident_id, range(500)) if number.endswith("X"))
    accountant = make_accountant(document_number=number)
    typed = typed.replace("002", number[14:17]).replace(
        "００２", "".join(chr(ord(d) + 0xFEE0) for d in number[14:17])
    )

    log_in(client, typed)

    assert get_user(client) == accountant.user


def test_login_tries_every_document_type_that_accepts_the_number(client):
    make_accountant(document_type="passport_foreign", document_number="E12345678", password="Shao-guan#82")
    accountant = make_accountant(document_type="passport_cn", document_number="E12345678")

    log_in(client, "e12345678")

    assert get_user(client) == accountant.user


def test_login_refuses_known_and_unknown_alike(client):
    accountant = make_accountant()

    known = log_in(client, accountant.document_number, "Wrong-pass#1")
    unknown = log_in(client, resident_id(), "Wrong-pass#1")

    for response in (known, unknown):
        assert response.status_code == 400
        assert response.context["form"].non_field_errors() == [REFUSAL]


def test_login_hashes_once_for_known_and_unknown(client, monkeypatch):
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashes, encode = [], MD5PasswordHasher.encode
    accountant = make_accountant()
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *args: hashes.append(1) or encode(*args))

    log_in(client, accountant.document_number, "Wrong-pass#1")
    for_known = len(hashes)
    log_in(client, resident_id(), "Wrong-pass#1")

    assert (for_known, len(hashes) - for_known) == (1, 1)


@pytest.mark.parametrize("types", [(), ("passport_cn",), ("passport_cn", "passport_foreign")])
def test_login_hashes_as_often_however_many_people_a_number_may_mean(client, monkeypatch, types):
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashes, encode = [], MD5PasswordHasher.encode
    for each in types:
        make_accountant(document_type=each, document_number="E12345678")
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *args: hashes.append(1) or encode(*args))

    log_in(client, "E12345678", "Wrong-pass#1")

    assert len(hashes) == 2


def test_login_asks_the_database_as_often_for_known_and_unknown(client, django_assert_max_num_queries):
    counts = []
    for number in (make_accountant().document_number, resident_id()):
        with django_assert_max_num_queries(12) as queries:
            log_in(client, number, "Wrong-pass#1")
        counts.append(len(queries))

    assert len(set(counts)) == 1


@pytest.mark.parametrize("known", [True, False])
def test_login_locks_after_five_failures(client, at, known):
    at("2026-03-01 10:00:00")
    number = make_accountant().document_number if known else resident_id()
    failures = [log_in(client, number, "Wrong-pass#1").status_code for _ in range(5)]

    locked = log_in(client, number.lower())
    at("2026-03-01 10:15:00")
    later = log_in(client, number)

    assert failures == [400] * 5
    assert (locked.status_code, locked.context["form"].non_field_errors()) == (429, [LOCKED])
    assert later.status_code == (302 if known else 400)


def test_login_success_clears_the_failures(client):
    accountant = make_accountant()
    for _ in range(4):
        log_in(client, accountant.document_number, "Wrong-pass#1")

    log_in(client, accountant.document_number)

    assert limits.left("login", attempts_key(accountant.document_number)) == 5


def test_login_failure_keeps_the_number_and_offers_recovery_after_the_third(client):
    number = resident_id()

    pages = [log_in(client, number, "Wrong-pass#1") for _ in range(3)]

    assert all(f'value="{number}"' in page.text and "Wrong-pass" not in page.text for page in pages)
    assert [bool(page.context["offers_recovery"]) for page in pages] == [False, False, True]
    assert "忘记密码了" in pages[2].text and "忘记密码了" not in pages[1].text


@pytest.mark.parametrize(
    ("target", "leads_to"),
    [
        ("/account/?a=1", "/account/?a=1"),
        ("https://example.com/", "/collection/"),
        ("//example.com", "/collection/"),
        ("/\\example.com", "/collection/"),
        ("http://testserver/account/", "/collection/"),
        ("javascript:alert(1)", "/collection/"),
        ("account/", "/collection/"),
    ],
)
def test_login_follows_next_on_this_host_only(client, target, leads_to):
    accountant = make_accountant()

    assert log_in(client, accountant.document_number, next=target).url == leads_to


def test_login_refuses_switched_off_accounts_and_staff(client):
    accountant, staff = make_accountant(), make_staff()
    accountant.user.is_active = False
    accountant.user.save()

    assert log_in(client, accountant.document_number).status_code == 400
    assert log_in(client, staff.username).status_code == 400


def test_session_changes_at_login_and_dies_at_logout(client):
    client.get(reverse("registration:targets"))
    session = client.session
    session["begun"] = True
    session.save()
    before, accountant = client.cookies["session"].value, make_accountant()
    log_in(client, accountant.document_number)
    during = client.cookies["session"].value

    client.post(reverse("registration:logout"))

    assert before != during
    assert not Session.objects.filter(session_key__in=[before, during]).exists()


def test_logout_by_get_changes_nothing(client):
    client.force_login(make_accountant().user)

    assert client.get(reverse("registration:logout")).status_code == 405
    assert get_user(client).is_authenticated


def test_login_page_asks_the_database_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get(reverse("registration:login"))


def test_login_page_sends_those_logged_in_to_their_own_place(client):
    client.force_login(make_accountant().user)
    assert client.get("/login/?next=/account/").url == "/account/"
    assert client.get("/login/").url == "/collection/"

    client.force_login(make_staff())
    assert client.get("/login/").url == "/admin/"
