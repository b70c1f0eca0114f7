"""Staff find people by their numbers, and no address tells which."""

import pytest

from registration import admin_search
from registration.tests.factories import make_accountant, make_staff, staff_login

pytestmark = pytest.mark.django_db
LIST = "/admin/registration/accountant/"


@pytest.fixture
def desk(client):
    """A client of a province administrator."""
    staff_login(client, make_staff(is_superuser=True))
    return client


def test_posted_search_leads_to_an_address_without_the_number(desk):
    person, other = make_accountant(name="陈静"), make_accountant(name="何明")

    answer = desk.post(LIST, {"q": person.document_number, "document_type": "resident_id", "p": "3"})

    assert answer.status_code == 302 and answer.url.startswith(f"{LIST}?document_type=resident_id&q=~")
    assert person.document_number not in answer.url and "p=3" not in answer.url
    found = desk.get(answer.url)
    assert "陈静" in found.text and other.name not in found.text
    assert f'value="{person.document_number}"' in found.text


def test_search_box_posts(desk):
    page = desk.get(LIST).text

    form = page[page.index('id="changelist-search"') :].partition("</form>")[0]
    assert 'method="post"' in form and "csrfmiddlewaretoken" in form


def test_empty_search_shows_all(desk):
    make_accountant(name="陈静")

    assert "陈静" in desk.post(LIST, {"q": "  "}, follow=True).text


def test_pages_of_a_search_stay_in_it(desk, monkeypatch):
    monkeypatch.setattr("registration.admin_base.PlatformAdmin.list_per_page", 1)
    for _ in range(2):
        make_accountant(name="陈静")
    make_accountant(name="何明")

    first = desk.post(LIST, {"q": "陈"}, follow=True)
    second = desk.get(f"{first.redirect_chain[-1][0]}&p=2")

    assert "陈静" in second.text and "何明" not in second.text


@pytest.mark.parametrize("query", ["~", "~AAAA", "~不", "~" + "A" * 90])
def test_touched_address_searches_for_nothing_and_is_no_error(desk, query):
    assert admin_search.opened_term(query) == ""
    assert desk.get(LIST, {"q": query}).status_code == 200


def test_plain_words_in_an_address_are_searched_for(desk):
    make_accountant(name="陈静")

    assert "陈静" in desk.get(LIST, {"q": "陈"}).text
