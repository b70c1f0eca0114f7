"""The model's own guard of the six immutable items, and what a person's history shows."""

from datetime import date

import pytest

from accounting_platform.lib.errors import DomainError
from registration import audit, history
from registration.models import Accountant
from registration.tests.factories import make_accountant, make_staff

pytestmark = pytest.mark.django_db
OTHER = {
    "name": "陈大文",
    "document_type": "passport_cn",
    "document_number": "E12345678",
    "gender": "male",
    "birth_date": date(1990, 5, 5),
    "country": "USA",
}


@pytest.mark.parametrize("name", Accountant.IMMUTABLE)
def test_model_refuses_a_change_of_what_is_immutable(name):
    make_accountant(collected=True)
    accountant = Accountant.objects.get()
    setattr(accountant, name, OTHER[name])

    with pytest.raises(DomainError, match="不能变更"):
        accountant.save(update_fields=[name])

    assert getattr(Accountant.objects.get(), name) != OTHER[name]


@pytest.mark.parametrize("name", ["gender", "birth_date", "country"])
def test_what_no_document_tells_may_be_told_until_collection_is_finished(name):
    make_accountant(document_type="passport_foreign", document_number="X1234567")
    accountant = Accountant.objects.get()
    setattr(accountant, name, OTHER[name])

    accountant.save()

    assert getattr(Accountant.objects.get(), name) == OTHER[name]


def test_other_columns_are_saved_as_ever():
    make_accountant(collected=True)
    accountant = Accountant.objects.defer("document_number").get()
    accountant.works_in_guangdong = False

    accountant.save()

    accountant.refresh_from_db()
    assert not accountant.works_in_guangdong


def test_logins_are_the_own_ones_newest_first(client):
    person, other = make_accountant(), make_accountant()
    audit.record("login.ok", actor=person.user, subject=person)
    audit.record("login.failed", actor=None, subject=person, result="refused")
    audit.record("login.locked", actor=None, subject=other, result="refused")
    audit.record("password.changed", actor=person.user, subject=person)

    found = history.logins(person)

    assert [event.words for event in found.events] == ["密码不正确", "登录成功"]
    assert found.older is None


def test_logins_go_on_by_key(client):
    person = make_accountant()
    for _ in range(45):
        audit.record("login.ok", actor=person.user, subject=person)
    client.force_login(person.user)

    sizes, url = [], "/account/logins/"
    while url:
        page = client.get(url).context["logins"]
        sizes.append(len(page.events))
        url = page.older and f"/account/logins/?before={page.older}"

    assert sizes == [20, 20, 5]


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "１２", "0"])
def test_odd_keys_give_a_page_all_the_same(client, before):
    client.force_login(make_accountant().user)

    assert client.get("/account/looks/", {"before": before}).status_code == 200


def test_looks_name_viewer_reason_and_time(client, at):
    at("2026-03-01 10:00:00")
    person = make_accountant()
    staff = make_staff(display_name="天河区财政局")
    audit.record("person.viewed", actor=staff, subject=person, detail={"reason": "核对工作单位"})
    client.force_login(person.user)

    page = client.get("/account/looks/").text

    for words in ("天河区财政局", "理由：核对工作单位", "今天 10:00"):
        assert words in page
