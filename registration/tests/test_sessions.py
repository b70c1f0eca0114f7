from datetime import datetime, timedelta
from importlib import import_module

import pytest
from django.contrib.auth import get_user
from django.contrib.sessions.backends.base import UpdateError
from django.core.cache.backends.redis import RedisCache
from django.urls import reverse

from accounting_platform.lib.cache import BriefRedisCache
from registration.models import Accountant, DataExport
from registration.tests.factories import make_accountant

pytestmark = pytest.mark.django_db
ACCOUNT = "/account/"


@pytest.fixture
def member(client, at):
    at("2026-03-01 10:00:00")
    client.force_login(make_accountant().user)
    return client


def test_session_ends_after_half_an_hour_without_use(member, at):
    at("2026-03-01 10:29:00")
    assert member.get(ACCOUNT).status_code == 200
    at("2026-03-01 10:58:00")
    assert member.get(ACCOUNT).status_code == 200

    at("2026-03-01 11:28:01")
    response = member.get(ACCOUNT)

    assert response.url == f"/login/?next={ACCOUNT}"
    assert "登录已超时，请重新登录" in member.get(response.url).text
    assert not get_user(member).is_authenticated


def test_session_ends_after_twelve_hours_in_any_case(member, at):
    for thirds in range(1, 36):
        at(f"2026-03-01 {10 + thirds // 3}:{thirds % 3 * 20:02}:00")
        assert member.get(ACCOUNT).status_code == 200
    at("2026-03-01 22:00:01")

    assert member.get(ACCOUNT).status_code == 302


def test_last_use_is_written_at_most_once_a_minute(member, at, django_assert_max_num_queries):
    at("2026-03-01 10:00:59")
    with django_assert_max_num_queries(3) as queries:
        member.get("/account/logins/")
    assert not any("UPDATE" in query["sql"] for query in queries)

    at("2026-03-01 10:01:00")
    with django_assert_max_num_queries(6) as queries:
        member.get("/account/logins/")
    assert any("UPDATE" in query["sql"] for query in queries)


def test_what_a_page_asks_by_itself_is_no_use(member, at):
    export = DataExport.objects.create(accountant=Accountant.objects.get())
    for minute in (10, 20, 30):
        at(f"2026-03-01 10:{minute}:00")
        assert member.get(f"/account/export/{export.pk}/state/").status_code == 200

    at("2026-03-01 10:30:01")
    assert member.get(f"/account/export/{export.pk}/state/").status_code == 302


def test_session_is_kept_by_asking_for_it(member, at):
    at("2026-03-01 10:29:00")
    assert member.post("/session/").text == "1800"
    at("2026-03-01 10:58:00")
    assert member.post("/session/").text == "1800"

    at("2026-03-01 11:29:00")
    assert member.post("/session/").status_code == 403


def test_session_is_kept_to_the_twelfth_hour_only(member, at):
    for minute in range(20, 12 * 60, 20):
        at(datetime(2026, 3, 1, 10) + timedelta(minutes=minute))
        left = member.post("/session/").text
    assert left == "1200"


def test_public_pages_go_on_for_expired_people(member, at):
    at("2026-03-01 11:00:00")

    response = member.get(reverse("registration:targets"))

    assert response.status_code == 200 and "登录已超时，请重新登录" in response.text


def test_unknown_session_id_is_never_adopted(client):
    client.cookies["session"] = "chosenbysomebodyelse12345678901234"

    client.post("/registration/sms-codes/", {"purpose": "register", "phone": "13800005678"})

    assert client.cookies["session"].value != "chosenbysomebodyelse12345678901234"


@pytest.mark.parametrize("engine", ["db", "cached_db"])
def test_session_that_others_ended_never_comes_back(engine, settings):
    store = import_module(f"django.contrib.sessions.backends.{engine}").SessionStore
    session = store()
    session["member"] = 1
    session.save()
    in_flight = store(session.session_key)
    assert in_flight["member"] == 1
    session.flush()

    in_flight["seen"] = 2
    with pytest.raises(UpdateError):
        in_flight.save()

    assert not store(in_flight.session_key).exists(in_flight.session_key)


def test_sessions_stay_in_the_cache_for_a_minute_at_most(monkeypatch):
    kept = []
    monkeypatch.setattr(RedisCache, "set", lambda self, *given: kept.append(given))

    BriefRedisCache("redis://127.0.0.1:1/0", {}).set("session", {}, 12 * 3600)

    assert kept == [("session", {}, 60, None)]
