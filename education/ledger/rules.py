"""年度规则: which years the platform knows, what each asks for, and which years somebody owes."""

from accounting_platform.lib import clock
from accounting_platform.lib.kept import Kept
from education.ledger.record import exempt_words, record_of
from education.models import YearRule

FIRST_YEAR = 2021


def rule_for(year):
    """The rule of one year, None for a year the platform does not support."""
    return YearRule.objects.filter(year=year).first()


# For pages.
kept_rules = Kept(lambda: list(YearRule.objects.order_by("-year")), YearRule)
# What schools report is judged by, by year: two seconds after staff closed a year it is closed in every process.
judged_by = Kept(lambda: {rule.year: rule for rule in YearRule.objects.all()}, YearRule, seconds=2)


def kept_rule(year):
    """The rule of one year for showing; at most a minute old."""
    return next((rule for rule in kept_rules.get() if rule.year == year), None)


def begun_rules():
    """The rules of the years that have begun, newest first, for showing; at most a minute old."""
    return [rule for rule in kept_rules.get() if rule.year <= clock.year()]


def supported_years():
    """The years with a rule that have begun, newest first."""
    return [rule.year for rule in begun_rules()]


def years_owed(profile):
    """The years somebody must study, newest first: from the first year owed, without those they are exempt from."""
    record = record_of(profile)
    first = first_year_owed(profile, record)
    return [
        rule.year
        for rule in begun_rules()
        if first is not None and rule.year >= first and not exempt_words(rule, record, profile)
    ]


def first_year_owed(profile, record=None):
    """The year somebody's duty begins: from 2021, or the year after accounting start or first qualification.

    None while neither is on record.
    """
    certificates = (record or record_of(profile)).certificates
    starts = [day.year for day in (profile.accounting_since, *certificates) if day]
    if not starts and certificates:
        # Certificates whose date nobody gave: the duty is counted from the day they were recorded.
        starts = [(profile.submitted_at.year if profile.submitted_at else clock.year()) - 1]
    return max(FIRST_YEAR, min(starts) + 1) if starts else None
