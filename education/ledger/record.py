"""What the years of one person rest on, read in one query: totals, exemptions, and since when the duty holds."""

from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, DateField, DecimalField, F, Value
from django.db.models.functions import Cast, Concat

from collection.choices import DutyStatus
from collection.models import Qualification
from education.choices import ExemptionKind
from education.models import Exemption, YearTotal

TOTAL, EXEMPT, CERTIFICATE = "total", "exempt", "certificate"
COLUMNS = ("what", "in_year", "sum_public", "sum_professional", "sum_general", "words", "day")
NO_CREDITS = Value(0, output_field=DecimalField(max_digits=8, decimal_places=2))


@dataclass(frozen=True)
class Record:
    """A person's YearTotals and words of exemption by year, and the days of their certificates (None: not told)."""

    totals: dict[int, YearTotal]
    exempt: dict[int, str]
    certificates: list[date | None]


def record_of(profile):
    """The Record of a Profile."""
    rows = of_totals(profile).union(of_exemptions(profile), of_certificates(profile), all=True)
    found = Record({}, {}, [])
    for what, year, public, professional, general, words, day in rows:
        if what == TOTAL:
            credits = {"public": public, "professional": professional, "general_professional": general}
            found.totals[year] = YearTotal(profile_id=profile.pk, year=year, **credits)
        elif what == EXEMPT:
            kind, _, reason = words.partition("|")
            found.exempt[year] = "：".join(filter(None, [ExemptionKind(kind).label, reason]))
        else:
            found.certificates.append(day)
    return found


def of_totals(profile):
    rows = YearTotal.objects.filter(profile=profile)
    sums = {"sum_public": F("public"), "sum_professional": F("professional")}
    sums["sum_general"] = F("general_professional")
    return shaped(rows, TOTAL, in_year=F("year"), **sums)


def of_exemptions(profile):
    rows = Exemption.objects.filter(profile=profile, ended_at=None)
    words = Concat("kind", Value("|"), "reason", output_field=CharField())
    return shaped(rows, EXEMPT, in_year=F("year"), words=words)


def of_certificates(profile):
    rows = Qualification.objects.filter(profile=profile)
    return shaped(rows, CERTIFICATE, in_year=Value(0), day=F("obtained_on"))


def shaped(rows, what, **columns):
    """Rows of one kind in the columns that all kinds share."""
    empty = {"words": Value("", output_field=CharField()), "day": Cast(Value(None), DateField())}
    empty |= dict.fromkeys(("sum_public", "sum_professional", "sum_general"), NO_CREDITS)
    told = {"what": Value(what, output_field=CharField())} | empty | columns
    return rows.order_by().annotate(**told).values_list(*COLUMNS)


def exempt_words(rule, record, profile):
    """Why this person need not study in the rule's year, "" when they must."""
    if rule.year in record.exempt:
        return record.exempt[rule.year]
    return DutyStatus(profile.duty_status).label if rule.exempts(profile.duty_status) else ""
