from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounting_platform.lib import clock
from accounting_platform.lib.errors import DomainError
from education.choices import CreditSource
from education.ledger import rules
from education.ledger.entries import book, totals
from education.models import CreditEntry, YearRule, YearTotal
from education.tests.factories import make_collected, make_year_rule

pytestmark = pytest.mark.django_db
YEAR = 2025


def entry(profile, credits, kind="professional", *, year=YEAR, **fields):
    """An entry not yet booked; corrections have no study of their own."""
    fields = {"source": CreditSource.CORRECTION, "finished_at": timezone.now()} | fields
    return CreditEntry(profile=profile, year=year, kind=kind, credits=Decimal(str(credits)), **fields)


def test_book_appends_and_raises_the_totals_by_person_and_year():
    one, two = make_collected(), make_collected()
    book(
        [
            entry(one, 30),
            entry(two, 10, "public"),
            entry(one, 5.5, general_professional=2),
            entry(one, 7, year=2024),
        ]
    )
    book([entry(one, -5.25)])

    rows = YearTotal.objects.order_by("profile", "year").values_list(
        "profile", "year", "public", "professional", "general_professional"
    )
    assert list(rows) == [
        (one.pk, 2024, 0, 7, 0),
        (one.pk, 2025, 0, Decimal("30.25"), 2),
        (two.pk, 2025, 10, 0, 0),
    ]
    assert CreditEntry.objects.count() == 5


def test_the_ledger_is_append_only():
    book([entry(make_collected(), 30)])
    booked = CreditEntry.objects.get()
    booked.credits = 60

    with pytest.raises(DomainError):
        booked.save()
    with pytest.raises(DomainError):
        booked.delete()
    assert CreditEntry.objects.get().credits == 30


def test_totals_say_what_is_needed_there_and_missing():
    make_year_rule(YEAR, general_professional_min=20)
    profile = make_collected()
    book([entry(profile, 30, "public"), entry(profile, 45, general_professional=5)])

    result = totals(profile, YEAR)

    assert [(part.key, part.need, part.have, part.missing) for part in (*result.parts, result.total)] == [
        ("public", 30, 30, 0),
        ("professional", 60, 45, 15),
        ("general_professional", 20, 5, 15),
        ("total", 90, 75, 15),
    ]
    assert [part.percent for part in result.parts] == [100, 75, 25]
    assert not result.complete


@pytest.mark.parametrize(
    ("public", "professional", "general", "complete"),
    [
        (30, 60, 20, True),
        (40, 60, 20, True),
        (29.99, 61, 20, False),
        (30, 60, 19.99, False),
        (60, 30, 20, False),
    ],
)
def test_a_year_is_complete_when_every_demand_is_met(public, professional, general, complete):
    make_year_rule(YEAR, general_professional_min=20)
    profile = make_collected()
    book(
        [
            entry(profile, public, "public"),
            entry(profile, professional, general_professional=Decimal(str(general))),
        ]
    )

    assert totals(profile, YEAR).complete is complete


def test_a_year_without_demand_for_general_courses_does_not_list_them():
    make_year_rule(YEAR)

    assert [part.key for part in totals(make_collected(), YEAR).parts] == ["public", "professional"]


def test_a_year_without_a_rule_is_never_complete():
    result = totals(make_collected(), 2099)

    assert (result.supported, result.complete) == (False, False)


def test_check_totals_proves_and_finds_differences(capsys):
    profile = make_collected()
    book(
        [
            entry(profile, 30),
            entry(profile, 30, "public"),
            entry(make_collected(), 12.5, general_professional=3),
        ]
    )
    call_command("check_totals")
    assert "2 totals equal the ledger." in capsys.readouterr().out

    YearTotal.objects.filter(profile=profile).update(public=31)
    with pytest.raises(CommandError, match="1 of 2 totals differ"):
        call_command("check_totals")
    YearTotal.objects.filter(profile=profile).delete()
    with pytest.raises(CommandError, match="1 of 2 totals differ"):
        call_command("check_totals")


# --- rules


def test_the_rules_of_guangdong_are_loaded():
    rows = YearRule.objects.order_by("year").values_list(
        "year",
        "total_min",
        "public_min",
        "professional_min",
        "general_professional_min",
        "closes_on",
        "provisional",
    )
    assert list(rows) == [
        (2021, 90, 30, 60, 0, date(2021, 12, 31), False),
        (2022, 90, 30, 60, 0, date(2023, 4, 30), True),
        (2023, 90, 30, 60, 0, date(2024, 4, 30), True),
        (2024, 90, 30, 60, 0, date(2025, 4, 30), True),
        (2025, 90, 30, 60, 20, date(2026, 4, 30), False),
        (2026, 90, 30, 60, 20, date(2027, 4, 30), True),
    ]


def test_a_window_includes_its_first_and_last_day():
    rule = YearRule(opens_on=date(2025, 5, 31), closes_on=date(2026, 4, 30))

    days = [date(2025, 5, 30), date(2025, 5, 31), date(2026, 4, 30), date(2026, 5, 1)]
    assert [rule.is_open(day) for day in days] == [False, True, True, False]


@pytest.mark.parametrize(
    ("since", "obtained", "first"),
    [
        (date(2015, 7, 1), None, 2021),
        (date(2022, 7, 1), None, 2023),
        (date(2024, 7, 1), date(2022, 9, 1), 2023),
        (None, date(2023, 9, 1), 2024),
        (None, None, None),
    ],
)
def test_the_first_year_owed_follows_accounting_start_or_first_qualification(since, obtained, first):
    profile = make_collected(accounting_since=since)
    if obtained:
        profile.qualification_set.create(obtained_on=date(2025, 1, 1))
        profile.qualification_set.create(obtained_on=obtained)

    assert rules.first_year_owed(profile) == first
    assert rules.years_owed(profile) == [year for year in rules.supported_years() if first and year >= first]


def test_an_undated_qualification_counts_from_the_year_it_was_recorded():
    profile = make_collected(accounting_since=None)
    profile.qualification_set.create()

    assert rules.first_year_owed(profile) == clock.year()
