"""What a year's rule and a ledger mean for a person."""

from datetime import date
from decimal import Decimal

import pytest

from education.learning.standing import Standing, standings
from education.ledger.entries import totals_against
from education.models import YearRule, YearTotal
from education.tests.factories import make_collected, make_year_rule


def standing_of(public=0, professional=0, general=0, *, general_min=0, owed=True, **rule):
    window = {"opens_on": date(2026, 1, 1), "closes_on": date(2026, 12, 31)}
    asked = {"general_professional_min": Decimal(general_min), **window, **rule}
    have = YearTotal(
        year=2026,
        public=Decimal(public),
        professional=Decimal(professional),
        general_professional=Decimal(general),
    )
    rule = YearRule(year=2026, **asked)
    return Standing(rule, totals_against(rule, have), owed)


@pytest.mark.parametrize(
    ("public", "professional", "missing", "counted"),
    [
        (0, 0, 90, 0),
        (30, 30, 30, 60),
        (30, 60, 0, 90),
        (90, 0, 60, 30),
        (Decimal("7.5"), 60, Decimal("22.5"), Decimal("67.5")),
    ],
)
def test_standing_a_surplus_of_one_kind_does_not_make_up_for_the_other(
    public, professional, missing, counted
):
    now = standing_of(public, professional)

    assert (now.missing, now.counted) == (missing, counted)


def test_standing_words_name_each_kind_and_the_time_left(at):
    at("2026-11-23 10:00")

    assert standing_of(30, 30).title == "2026 年度还差 30 学分"
    assert standing_of(30, 30).words == (
        "公需课 30 学分已修满。专业课还差 30 学分。请在 2026 年 12 月 31 日前完成，还有 38 天。"
    )


def test_standing_professional_courses_owe_the_general_part_too(at):
    at("2026-11-23 10:00")
    now = standing_of(30, 60, 5, general_min=20)

    assert (now.missing, now.is_done, now.tag) == (15, False, ("wait", "未完成"))
    assert "专业课还差 15 学分，其中专业通识还差 15 学分。" in now.words


def test_standing_explains_why_the_ledger_holds_more_than_counts():
    now = standing_of(0, 93, general_min=20)

    assert (now.missing, now.counted) == (50, 40)
    assert now.explanation == (
        "账上共 93 学分，计入本年度要求的是 40 学分："
        "专业课超出 60 学分的部分不能抵另一类；专业通识还差 20 学分，多修其他专业课不能代替。"
    )
    assert standing_of(10, 20).explanation == standing_of(40, 93).explanation == ""


def test_standing_sheet_has_a_row_for_general_courses_where_the_year_asks_for_them():
    asked = standing_of(30, 60, 5, general_min=20).sheet("", "")
    plain_year = standing_of(30, 60).sheet("", "")

    assert asked["rows"][2] == ("其中专业通识", [20, 5])
    assert [label for label, _amounts in plain_year["rows"]] == ["公需课", "专业课"]


@pytest.mark.parametrize(
    ("moment", "tag", "end"),
    [
        ("2026-12-31 23:59", ("wait", "未完成"), "今天是最后一天。"),
        ("2027-01-01 00:00", ("plain", "已截止"), "该年度已于 2026 年 12 月 31 日截止。"),
        ("2025-12-31 12:00", ("wait", "未完成"), "该年度从 2026 年 1 月 1 日开始学习。"),
    ],
)
def test_standing_follows_the_window_of_the_year(at, moment, tag, end):
    at(moment)
    now = standing_of(30, 30)

    assert now.tag == tag
    assert now.words.endswith(end)


def test_standing_a_full_year_is_done_whatever_the_date(at):
    at("2028-01-01 00:00")
    now = standing_of(30, 60)

    assert (now.tag, now.title) == (("ok", "已完成"), "2026 年度学分已修满")
    assert now.words == "公需课 30 学分已修满。专业课 60 学分已修满。"


def test_standing_before_the_duty_begins_asks_nothing(at):
    at("2026-06-01 12:00")
    now = standing_of(10, 0, owed=False)

    assert (now.tag, now.title) == (("plain", "不作要求"), "2026 年度不作要求")


def test_standing_ruler_fills_each_kind_on_its_own():
    ruler = standing_of(45, 20).ruler

    assert ruler["bars"] == [("0", "30"), ("30", "20")]
    assert (ruler["length"], ruler["split"]) == (90, "30")
    assert [x for x, long in ruler["ticks"] if long] == [0, 30, 60, 90]


@pytest.mark.django_db
def test_standings_cover_the_years_with_a_rule_and_know_where_the_duty_begins(at):
    at("2026-11-23 10:00")
    YearRule.objects.all().delete()
    for year in (2024, 2025, 2026, 2027):
        make_year_rule(year)
    profile = make_collected(accounting_since=date(2024, 5, 1))
    YearTotal.objects.create(profile=profile, year=2025, public=30, professional=60)

    found = standings(profile)

    assert {year: (one.owed, one.is_done) for year, one in found.items()} == {
        2026: (True, False),
        2025: (True, True),
        2024: (False, False),
    }
