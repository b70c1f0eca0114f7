import pytest
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from registration.access import accountant_required, collected_required, covers, prefixes
from registration.tests.factories import make_accountant, make_staff


def asked(user, *, path="/my/?year=2026", view=None, method="get", **headers):
    request = getattr(RequestFactory(), method)(path, headers=headers)
    request.user = user
    return (view or accountant_required)(lambda request: HttpResponse(request.accountant.name))(request)


class Visitor:
    is_authenticated = False


def test_visitors_go_to_login_and_come_back():
    assert asked(Visitor).url == "/login/?next=/my/%3Fyear%3D2026"
    assert asked(Visitor, method="post").url == "/login/?next=/my/"


def test_fragments_move_the_whole_page_to_login():
    response = asked(
        Visitor, **{"HX-Request": "true", "HX-Current-URL": "http://testserver/collection/work/?a=1"}
    )

    assert response["HX-Redirect"] == "/login/?next=/collection/work/"


@pytest.mark.django_db
def test_members_pass_and_staff_get_404():
    assert asked(make_accountant(name="陈志明").user).content.decode() == "陈志明"
    with pytest.raises(Http404):
        asked(make_staff())


@pytest.mark.django_db
def test_members_who_have_not_collected_are_led_there():
    assert asked(make_accountant().user, view=collected_required).url == "/collection/?from=education"
    assert asked(make_accountant(collected=True).user, view=collected_required).status_code == 200
    assert asked(Visitor, view=collected_required).url.startswith("/login/")


@pytest.mark.parametrize(
    ("division", "scopes"),
    [
        ("440106", ["44", "4401", "440106"]),
        ("440000-B", ["44", "440000-B"]),
        ("441900", ["44", "4419", "441900"]),
        ("", []),
    ],
)
def test_prefixes_are_the_scopes_that_cover(division, scopes):
    assert prefixes(division) == scopes
    assert all(covers(scope, division) for scope in scopes)


@pytest.mark.parametrize(
    ("scope", "division", "covered"),
    [
        ("4401", "440106", True),
        ("4401", "440203", False),
        ("440106", "440105", False),
        ("4400", "440106", False),
        ("", "440106", False),
        ("44", "", True),
        ("4401", "", False),
    ],
)
def test_scope_covers_its_own_divisions_only(scope, division, covered):
    assert covers(scope, division) is covered
