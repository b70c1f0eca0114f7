"""What looks odd is said on the check page and stops nobody."""

import pytest

from collection import notices
from collection.choices import DutyStatus
from collection.models import Qualification
from collection.sections import SECTION_BY_KEY
from collection.tests.factories import QUALIFICATION, make_profile
from registration.tests.factories import make_accountant

pytestmark = pytest.mark.django_db


def notices_of(profile, key="work"):
    section = SECTION_BY_KEY[key]
    return notices.for_section(section, profile, section.saved_rows(profile))


def person(works, holds=False):
    return make_accountant(works_in_guangdong=works, holds_certificate=holds)


@pytest.mark.parametrize(
    ("works", "status", "odd"),
    [
        (True, DutyStatus.ACCOUNTING, False),
        (True, DutyStatus.UNEMPLOYED, True),
        (False, DutyStatus.ACCOUNTING, True),
        (False, DutyStatus.STUDENT, False),
    ],
)
def test_answers_before_registration_are_compared_with_the_status(works, status, odd):
    profile = make_profile(accountant=person(works, holds=True), duty_status=status, accounting_years=None)

    found = notices_of(profile)

    assert bool(found) is odd
    assert all("确认无误可以继续" in words for words in found)


@pytest.mark.parametrize(("years", "odd"), [(23, False), (22, False), (24, False), (10, True)])
def test_years_are_compared_with_the_beginning(at, years, odd):
    at("2026-11-23 10:00")

    found = notices_of(make_profile(accounting_years=years))

    assert found == (
        ["从事会计工作年限填的是 10 年，按开始时间推算约为 23 年。请核对，中间有间断的可以照此提交。"]
        if odd
        else []
    )


@pytest.mark.parametrize(
    ("changes", "odd"),
    [({}, False), ({"method": "review"}, True), ({"type": "other", "method": "review"}, False)],
)
def test_unusual_ways_to_a_title_are_mentioned(changes, odd):
    profile = make_profile()
    Qualification.objects.create(profile=profile, **QUALIFICATION | changes)

    assert bool(notices_of(profile, "professional")) is odd


def test_notices_are_shown_beside_their_section(client):
    profile = make_profile(accountant=person(True), duty_status=DutyStatus.UNEMPLOYED)
    client.force_login(profile.accountant.user)

    assert "在岗状态却是“待业”" in client.get("/collection/submit/").text
