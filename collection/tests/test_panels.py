"""This app's part of the home page."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from collection.panels import standing
from collection.tests.factories import make_profile
from registration.tests.factories import make_accountant, make_staff

pytestmark = pytest.mark.django_db


def panel_for(user):
    request = RequestFactory().get("/")
    request.user = user
    return standing(request)


def test_visitors_and_staff_see_the_general_words():
    assert panel_for(AnonymousUser()) == {}
    assert panel_for(make_staff()) == {}


def test_a_newcomer_is_greeted_with_the_first_step():
    panel = panel_for(make_accountant().user)

    assert panel["hero"]["action"] == ("开始信息采集", "/collection/notice/")


def test_a_draft_is_continued_where_it_stopped():
    profile = make_profile(complete_sections=["personal"])

    panel = panel_for(profile.accountant.user)

    assert panel["hero"]["action"] == ("继续填写", "/collection/education/")
    assert "第 4 步" in panel["collection_tile"]["lines"][1]


def test_a_finished_archive_leaves_the_greeting_to_education():
    panel = panel_for(make_profile(submitted=True).accountant.user)

    assert "hero" not in panel
    assert [url for _words, url in panel["collection_tile"]["actions"]] == [
        "/collection/archive/",
        "/changes/",
    ]
