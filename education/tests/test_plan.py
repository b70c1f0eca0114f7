"""The plan to the deadline, why years are owed, and how far a row's credits have come."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounting_platform.lib import clock
from collection.models import Qualification
from education.learning import my_learning, plan, standing
from education.models import Delivery
from education.tests.factories import make_collected, make_enrolment, make_year_rule

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("hours", "days", "words"),
    [
        ("24", 158, "还需学习约 24 学时，连今天共 158 天，平均每天约 10 分钟。"),
        ("36", 30, "还需学习约 36 学时，连今天共 30 天，平均每天约 1.5 小时。"),
        ("12", 12, "还需学习约 12 学时，连今天共 12 天，平均每天约 1 小时。"),
        ("10", 1, "还需学习约 10 学时，今天是最后一天，平均每天约 10 小时。时间很紧，请尽早开始。"),
    ],
)
def test_a_plan_says_how_much_a_day(hours, days, words):
    assert plan.Plan(Decimal(hours), days, date(2026, 12, 31)).words == words


def test_a_plan_reckons_with_the_rule_and_the_days_left():
    make_year_rule(closes_on=clock.today() + timedelta(days=9), credits_per_hour=Decimal(2))
    profile = make_collected(accounting_since=date(2015, 7, 1))

    found = plan.plan_for(standing.standings(profile)[clock.year()])

    assert (found.hours, found.days) == (45, 10)


@pytest.mark.parametrize("change", [{"closed_at": timezone.now()}, {"exempt_statuses": ["accounting"]}])
def test_no_plan_for_a_year_that_is_over_or_exempt(change):
    make_year_rule(**change)
    profile = make_collected(accounting_since=date(2015, 7, 1))

    assert plan.plan_for(standing.standings(profile)[clock.year()]) is None


@pytest.mark.parametrize(
    ("since", "certificates", "words"),
    [
        (
            date(2015, 7, 1),
            [],
            "您 2015 年开始从事会计工作，从次年起每年参加继续教育；本平台记录 2021 年度及以后",
        ),
        (
            date(2024, 7, 1),
            [date(2022, 9, 1)],
            "您 2022 年取得专业技术资格，从次年起每年参加继续教育；所以从 2023 年度起计。",
        ),
        (None, [], "现在不要求继续教育"),
        (None, [None], "没有填写取得时间，从采集信息的年度起计"),
    ],
)
def test_the_page_says_why_years_are_owed(since, certificates, words):
    profile = make_collected(accounting_since=since)
    for day in certificates:
        Qualification.objects.create(
            profile=profile, type="accounting", level="junior", method="exam", obtained_on=day
        )

    assert words in standing.overview(profile).why


def refused_completion(study):
    return Delivery.objects.create(
        institution=study.institution,
        message_id=f"m{study.pk}",
        event_type="study.completed",
        digest="d",
        outcome="refused",
        code="too_many_credits",
        enrolment=study,
    )


def test_rows_tell_apart_how_far_the_credits_have_come():
    make_year_rule()
    profile = make_collected(accounting_since=date(2015, 7, 1))
    make_enrolment(profile, title="在学", percent=40)
    make_enrolment(profile, title="报满", percent=100)
    refused_completion(make_enrolment(profile, title="被拒", percent=60))
    make_enrolment(profile, title="到账", state="completed", credits=30)
    make_enrolment(profile, title="截止", state="closed")
    now = standing.standings(profile)[clock.year()]

    rows = my_learning.rows(profile, clock.year(), now)

    assert {row.enrolment.title: (row.stage, row.is_late) for row in rows} == {
        "在学": ("学习中", False),
        "报满": ("机构已报完成，学分未到账", False),
        "被拒": ("机构已报完成，学分未到账", False),
        "到账": ("学分已到账，专业课还差 60 学分未达标", False),
        "截止": ("", False),
    }
