"""学习资源: what a person can choose from, by kind, year and school, in pages by key."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounting_platform.lib import clock
from collection import codes
from collection.choices import CodeList
from education.choices import EnrolmentState
from education.ledger.rules import FIRST_YEAR
from education.models import Enrolment, Offering
from registration import access

PAGE_SIZE = 20
MOST_NAMED = 3
HOUR, DAY = 60, 24 * 60
# A school that has reported nothing for this long may be late with credits too.
SLOW_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class Page:
    """One page of offerings; `next_after` is the public id to go on after, None on the last page."""

    offerings: list
    next_after: str | None

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
    found = Offering.objects.open_for(access.prefixes(profile.division))
    return found.select_related("institution").prefetch_related("divisions")


def page(profile, *, kind, year, search="", after=None):
    """Offerings of one kind and year, by the school's pinyin, those after the offering with public id `after`."""
    studying = Enrolment.objects.filter(
        profile=profile,
        kind=kind,
        year=year,
        state=EnrolmentState.IN_PROGRESS,
        institution=OuterRef("institution"),
    )
    found = offerings_for(profile).filter(kind=kind, year=year).annotate(studied=Exists(studying))
    if search:
        found = found.filter(named(search))
    if after:
        found = found.filter(later_than(after))
    found = list(found.order_by("institution__name_pinyin", "pk")[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    return Page(
        offerings=shown,
        next_after=str(shown[-1].public_id) if len(found) > PAGE_SIZE else None,
    )


def named(search):
    """Schools or courses whose name, pinyin or initials hold what was typed; one year and kind has one row a school."""
    latin = search.replace(" ", "").lower()
    school = Q(institution__name__icontains=search) | Q(institution__name_pinyin__contains=latin)
    return school | Q(title__icontains=search) | Q(title_pinyin__contains=latin)


def later_than(public_id):
    """The keyset condition after one offering; an unknown one means from the start."""
    key = Offering.objects.filter(public_id=public_id).values_list("institution__name_pinyin", "pk").first()
    if key is None:
        return Q()
    pinyin, pk = key
    return Q(institution__name_pinyin__gt=pinyin) | Q(institution__name_pinyin=pinyin, pk__gt=pk)


def filed_for(offering):
    """Where an offering is filed, in words: 全省, 广州市、省本级."""
    prefixes = [one.prefix for one in offering.divisions.all()]
    if access.PROVINCE in prefixes:
        return "全省"
    whole = [code if code.endswith("-B") else f"{code:0<6}" for code in sorted(prefixes)]
    names = [codes.label(CodeList.DIVISION, code) for code in whole]
    return "、".join(names[:MOST_NAMED]) + (f"等 {len(names)} 地" if len(names) > MOST_NAMED else "")


def usual_return(institution):
    """How soon this school's credits usually arrive, "" before it has been measured."""
    minutes = institution.return_minutes
    if minutes is None:
        return ""
    if minutes < HOUR:
        return f"{max(minutes, 1)} 分钟内"
    return f"{-(-minutes // HOUR)} 小时内" if minutes < DAY else f"{-(-minutes // DAY)} 天内"


def is_slow(moment):
    """Whether a school's last delivery is so old that credits may be late."""
    return moment is not None and timezone.now() - moment > SLOW_AFTER
