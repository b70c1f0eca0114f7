"""How many queries a step costs, with few rows and with many (savepoints apart)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from collection import codes, employers
from collection.choices import DutyStatus
from collection.models import Award, Profile, Qualification, TalentProgramme
from collection.sections import SECTIONS
from collection.tests.factories import (
    AWARD,
    QUALIFICATION,
    TALENT,
    answers_for,
    make_pictures,
    make_profile,
    make_schooling,
)

pytestmark = pytest.mark.django_db
PAGES = [reverse("collection:section", args=[section.key]) for section in SECTIONS]
PAGES += [reverse(f"collection:{name}") for name in ("status", "notice", "review")]


def make_rows(profile, count):
    for number in range(count):
        make_schooling(profile, mode="part_time")
        Qualification.objects.create(profile=profile, **QUALIFICATION)
        TalentProgramme.objects.create(profile=profile, **TALENT)
        Award.objects.create(profile=profile, **AWARD | {"name": f"奖励 {number}"})


def queries_of(request):
    """The statements of one request, without savepoints."""
    codes.table()  # kept in the process
    with CaptureQueriesContext(connection) as captured:
        response = request()
    assert response.status_code in (200, 302)
    return [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]


@pytest.mark.parametrize("url", PAGES)
def test_a_page_takes_six_queries_at_most(client, url):
    counts = []
    for rows in (0, 1, 8):
        profile = make_profile()
        make_pictures(profile)
        make_rows(profile, rows)
        client.force_login(profile.accountant.user)
        client.get(url)
        counts.append(len(queries_of(lambda: client.get(url))))

    assert max(counts) <= 6
    assert len(set(counts)) == 1


@pytest.mark.parametrize("status", DutyStatus)
@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.key)
def test_saving_takes_twelve_queries_at_most(client, section, status):
    for rows in (1, 8):
        profile = make_profile()
        make_pictures(profile)
        make_pictures(profile, "student_proof")
        make_rows(profile, rows)
        client.force_login(profile.accountant.user)
        url = reverse("collection:section", args=[section.key])

        queries = queries_of(lambda url=url: client.post(url, answers_for(status, section)))

        assert len(queries) <= 12, queries


@pytest.mark.parametrize("colleagues", [0, 1, 5])
def test_submitting_takes_twelve_queries_at_most(client, colleagues):
    for _ in range(colleagues):
        employers.remember(make_profile(submitted=True))
    profile = make_profile()
    make_pictures(profile)
    make_rows(profile, 4)
    client.force_login(profile.accountant.user)

    queries = queries_of(lambda: client.post(reverse("collection:review"), {"promise": "on"}))

    assert Profile.objects.get(pk=profile.pk).is_submitted
    assert len(queries) <= 12, queries
