import ast

import pytest
from django.urls import reverse

from accounting_platform.tests.repository import files, tree
from collection.tests.factories import make_profile
from registration import audit, audit_events
from registration.models import AuditEvent
from registration.tests.factories import make_staff, staff_login

pytestmark = pytest.mark.django_db
LIST = reverse("admin:registration_auditevent_changelist")


def shown(client, **query):
    page = client.get(LIST, query)
    return [(event.kind, event.accountant_id) for event in page.context["cl"].result_list]


def recorded_kinds():
    """Every kind that some audit.record(...) of ours may write; an f-string stands for the words it begins with."""
    for path in files(".py"):
        if {"tests", "migrations", "benchmarks"} & set(path.parts):
            continue
        for function in ast.walk(tree(path)):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                yield from kinds_in(function)


def kinds_in(function):
    for call in ast.walk(function):
        if not (isinstance(call, ast.Call) and ast.unparse(call.func) == "audit.record"):
            continue
        kind = call.args[0]
        if isinstance(kind, ast.Constant):
            yield kind.value
        elif isinstance(kind, ast.JoinedStr):
            yield kind.values[0].value
        else:
            named = [each for each in ast.walk(function) if isinstance(each, ast.Assign | ast.FunctionDef)]
            values = [each.value for each in named if isinstance(each, ast.Assign)]
            texts = [text for value in values for text in ast.walk(value) if isinstance(text, ast.Constant)]
            yield from (text.value for text in texts if isinstance(text.value, str) and "." in text.value)


def test_every_recorded_kind_has_a_chinese_name():
    kinds, names = set(recorded_kinds()), audit_events.names()

    unnamed = {kind for kind in kinds if not any(name.startswith(kind) for name in names)}
    assert unnamed == set()
    assert {"login.ok", "login.locked", "change_request.", "staff.", "person.viewed"} <= kinds
    assert all(not name.isascii() for name in names.values())


def test_names_are_told_apart():
    names = list(audit_events.names().values())

    assert len(set(names)) == len(names) > 40


def test_list_is_in_chinese_and_filtered_by_event(client):
    staff_login(client, make_staff(is_superuser=True, display_name="省财政厅"))
    profile = make_profile()
    for kind in ("phone.changed", "password.reset"):
        audit.record(kind, actor=profile.accountant, subject=profile.accountant)

    page = client.get(LIST).text

    assert "更换手机号码" in page and "找回密码" in page and "省财政厅" in page
    assert "phone.changed</" not in page
    assert shown(client, kind="password.reset") == [("password.reset", profile.accountant_id)]
    assert {kind for kind, _ in shown(client, by="accountant")} == {"phone.changed", "password.reset"}


def test_list_is_searched_in_the_words_it_shows(client):
    staff_login(client, make_staff(is_superuser=True))
    audit.record("person.viewed", actor=None)

    response = client.post(LIST, {"q": "查看完整"}, follow=True)

    assert [event.kind for event in response.context["cl"].result_list] == ["person.viewed"]


def test_city_reads_about_its_own_people_only(client):
    here, elsewhere = make_profile(division="440106"), make_profile(division="440203")
    for profile in (here, elsewhere):
        audit.record("phone.changed", actor=profile.accountant, subject=profile.accountant)
    staff_login(client, make_staff(division_scope="4401", permissions=["registration.view_auditevent"]))
    foreign = AuditEvent.objects.get(kind="phone.changed", accountant_id=elsewhere.accountant_id)

    assert shown(client) == [("phone.changed", here.accountant_id)]
    page = client.get(reverse("admin:registration_auditevent_change", args=[foreign.pk]))
    assert page.status_code == 302


def test_list_takes_as_many_queries_for_many_rows(client, django_assert_max_num_queries):
    staff_login(client, make_staff(is_superuser=True))
    for _ in range(20):
        audit.record("study.released", actor=make_staff())

    with django_assert_max_num_queries(8):
        client.get(LIST)
