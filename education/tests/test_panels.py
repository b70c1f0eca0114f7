"""What continuing education adds to the home page."""

from datetime import date

import pytest
from django.urls import reverse

from accounting_platform.lib import clock
from education.choices import CourseKind
from education.models import YearRule, YearTotal
from education.tests.factories import make_collected, make_enrolment, make_year_rule
from registration.tests.factories import make_accountant, make_staff

pytestmark = pytest.mark.django_db


def test_home_shows_visitors_the_yearly_duty(client):
    make_year_rule()

    page = client.get(reverse("home")).content.decode()

    assert "每年应修的继续教育学分" in page and "公需课（免费）" in page


@pytest.mark.parametrize("make", [make_accountant, make_staff])
def test_home_shows_people_without_an_archive_no_credits_of_their_own(client, make):
    make_year_rule()
    user = make()
    client.force_login(getattr(user, "user", user))

    assert "每年应修的继续教育学分" in client.get(reverse("home")).content.decode()


def test_home_tells_the_collected_what_is_missing_and_where_to_go_on(client):
    make_year_rule()
    profile = make_collected()
    YearTotal.objects.create(profile=profile, year=clock.year(), public=30, professional=30)
    make_enrolment(profile)
    client.force_login(profile.accountant.user)

    response = client.get(reverse("home"))

    assert response.context["hero"]["phrases"][1] == "今年还差 30 学分"
    assert response.context["hero"]["action"] == ("继续学习", reverse("education:my"))
    assert response.context["sheet"]["total"] == ("合计", [90, 60])
    assert response.context["education_tile"]["lines"] == [
        "公需课 30 学分已修满。专业课有 1 门正在学习，可以直接回到学习平台。"
    ]


def test_home_leads_to_the_first_kind_that_is_missing(client):
    make_year_rule()
    profile = make_collected()
    YearTotal.objects.create(profile=profile, year=clock.year(), public=30)
    client.force_login(profile.accountant.user)

    label, url = client.get(reverse("home")).context["hero"]["action"]

    assert (label, url) == (
        "去选课",
        f"{reverse('education:catalogue')}?kind={CourseKind.PROFESSIONAL}&year={clock.year()}",
    )


@pytest.mark.parametrize(
    ("credits", "since", "phrase"),
    [
        ((30, 60), date(2010, 1, 1), "今年的学分已修满"),
        ((0, 0), None, "今年不要求继续教育"),
    ],
)
def test_home_says_when_nothing_is_missing(client, credits, since, phrase):
    make_year_rule()
    profile = make_collected(accounting_since=since)
    public, professional = credits
    YearTotal.objects.create(profile=profile, year=clock.year(), public=public, professional=professional)
    client.force_login(profile.accountant.user)

    assert client.get(reverse("home")).context["hero"]["phrases"][1] == phrase


def test_home_works_in_a_year_without_a_rule(client):
    YearRule.objects.all().delete()
    profile = make_collected()
    client.force_login(profile.accountant.user)

    assert client.get(reverse("home")).status_code == 200
