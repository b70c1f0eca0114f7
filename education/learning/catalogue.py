"""学习资源: what a person can choose from, by kind, year and school, in pages by key."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from accounting_platform.lib import clock
from education.choices import EnrolmentState
from education.ledger.rules import FIRST_YEAR
from education.models import Enrolment, Offering
from registration import access

PAGE_SIZE = 20
# A school that has reported nothing for this long may be late with credits too.
SLOW_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class Page:
    """One page of offerings; `next_after` is the public id to go on after, None on the last page."""

    offerings: list
    next_after: str | None
    studied: frozenset

    @property
    def last_delivery_at(self):
        """When any school of this page last reported."""
        times = [
            one.institution.last_delivery_at for one in self.offerings if one.institution.last_delivery_at
        ]
        return max(times, default=None)


def years():
    """The years of the platform, newest first."""
    return range(clock.year(), FIRST_YEAR - 1, -1)


def offerings_for(profile):
    """The offerings open to a person: filed schools whose filing covers the person's division."""
    return Offering.objects.open_for(access.prefixes(profile.division)).select_related("institution")


def page(profile, *, kind, year, search="", after=None):
    """Offerings of one kind and year, by the school's pinyin, those after the offering with public id `after`."""
    found = offerings_for(profile).filter(kind=kind, year=year)
    if search:
        found = found.filter(named(search))
    if after:
        found = found.filter(later_than(after))
    found = list(found.order_by("institution__name_pinyin", "pk")[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    return Page(
        offerings=shown,
        next_after=str(shown[-1].public_id) if len(found) > PAGE_SIZE else None,
        studied=studied_at(profile, kind, year),
    )


def named(search):
    """Schools whose name, pinyin or initials hold what was typed."""
    latin = search.replace(" ", "").lower()
    return Q(institution__name__icontains=search) | Q(institution__name_pinyin__contains=latin)


def later_than(public_id):
    """The keyset condition after one offering; an unknown one means from the start."""
    key = Offering.objects.filter(public_id=public_id).values_list("institution__name_pinyin", "pk").first()
    if key is None:
        return Q()
    pinyin, pk = key
    return Q(institution__name_pinyin__gt=pinyin) | Q(institution__name_pinyin=pinyin, pk__gt=pk)


def studied_at(profile, kind, year):
    """The ids of schools where the person is studying this kind and year now."""
    studies = Enrolment.objects.filter(
        profile=profile, kind=kind, year=year, state=EnrolmentState.IN_PROGRESS
    )
    return frozenset(studies.values_list("institution_id", flat=True))


def is_slow(moment):
    """Whether a school's last delivery is so old that credits may be late."""
    return moment is not None and timezone.now() - moment > SLOW_AFTER
