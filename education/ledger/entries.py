"""学分账: booking entries, and what they add up to against the year's rule."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from accounting_platform.lib.quick_insert import adding, run
from education.choices import CourseKind
from education.ledger.rules import rule_for
from education.models import CreditEntry, YearTotal
from education.signals import credits_fell

GENERAL = "general_professional"
COLUMNS = (*CourseKind.values, GENERAL)
ZERO = Decimal(0)


def plain(number):
    """Credits as people write them: 30, 7.5."""
    return f"{Decimal(number).normalize():f}"


def book(entries):
    """Append entries and raise their year totals. The caller holds the transaction and the locks of the profiles."""
    run(booking(entries))
    fell = {(entry.profile_id, entry.year) for entry in entries if takes_away(entry)}
    if fell:
        credits_fell.send(sender=CreditEntry, pairs=fell)


def takes_away(entry):
    return entry.credits < 0 or entry.general_professional < 0


def booking(entries):
    """The statements of `book`, for callers that write more in the same breath and take nothing away."""
    sums = defaultdict(lambda: dict.fromkeys(COLUMNS, ZERO))
    for entry in entries:
        total = sums[entry.profile_id, entry.year]
        total[entry.kind] += entry.credits
        total[GENERAL] += entry.general_professional
    return [*adding(entries), *raising(sums)]


def raising(sums):
    """The statement that adds to the totals of many (profile, year) pairs at once, in the order of their keys."""
    if not sums:
        return []
    table = YearTotal._meta.db_table
    columns = ", ".join(COLUMNS)
    added = ", ".join(f"{column} = {table}.{column} + excluded.{column}" for column in COLUMNS)
    row = f"({', '.join(['%s'] * (2 + len(COLUMNS)))})"
    values = []
    for key in sorted(sums):
        values += [*key, *(adapted(sums[key][column]) for column in COLUMNS)]
    statement = (
        f"INSERT INTO {table} (profile_id, year, {columns}) VALUES {', '.join([row] * len(sums))} "
        f"ON CONFLICT (profile_id, year) DO UPDATE SET {added}"
    )
    return [(statement, values)]


def adapted(number):
    return connection.ops.adapt_decimalfield_value(number, max_digits=8, decimal_places=2)


@dataclass(frozen=True)
class Part:
    """One demand of a year: how much is asked for, how much is there."""

    key: str
    label: str
    need: Decimal
    have: Decimal

    @property
    def missing(self):
        return max(self.need - self.have, ZERO)

    @property
    def complete(self):
        return self.missing == 0

    @property
    def percent(self):
        """How far along, 0 to 100, for a bar."""
        return 100 if self.complete else int(self.have * 100 / self.need)


@dataclass(frozen=True)
class Totals:
    """One person's credits of one year: `public`, `professional`, `general_professional` and `total` are Parts."""

    year: int
    supported: bool
    public: Part
    professional: Part
    general_professional: Part
    total: Part

    @property
    def parts(self):
        """What the year asks for, without demands it does not make."""
        parts = (self.public, self.professional, self.general_professional)
        return [part for part in parts if part.need or part.key != GENERAL]

    @property
    def complete(self):
        parts = (self.public, self.professional, self.general_professional, self.total)
        return self.supported and all(part.complete for part in parts)


def totals(profile, year):
    """What somebody needs, has and misses in one year; a year without a rule needs nothing and is never complete."""
    have = YearTotal.objects.filter(profile=profile, year=year).first() or YearTotal(year=year)
    return totals_against(rule_for(year), have)


def totals_against(rule, have):
    """One YearTotal judged by its rule (or None), for callers that loaded both."""

    def part(key, label, got):
        return Part(key, label, getattr(rule, f"{key}_min", ZERO), Decimal(got))

    return Totals(
        year=have.year,
        supported=rule is not None,
        public=part("public", CourseKind.PUBLIC.label, have.public),
        professional=part("professional", CourseKind.PROFESSIONAL.label, have.professional),
        general_professional=part(GENERAL, "其中专业通识", have.general_professional),
        total=part("total", "合计", have.total),
    )
