"""The directory of employers: what people typed, remembered, and found again by the next one."""

from django.db import transaction
from django.db.models import Q

from accounting_platform.lib.text import normalise, upper_ascii
from collection.models import Employer, Profile
from collection.pinyin import initials

HITS = 10
SHORTEST_SEARCH = 2
# Looking inside names reads the whole table, so it has to be worth it.
SHORTEST_INSIDE = 3
# Below this many people an unverified employer is known to those who typed it only.
PEOPLE_NEEDED = 3


def find(text):
    """At most ten employers whose name, pinyin initials or credit code begin like this; then names that contain it."""
    text = normalise(text)
    if len(text) < SHORTEST_SEARCH:
        return []
    public = Employer.objects.filter(Q(verified=True) | Q(typed_by__gte=PEOPLE_NEEDED))
    # startswith and not istartswith: an index serves the one and not the other.
    hits = Q(name__startswith=text)
    if text.isascii():
        hits |= Q(name_pinyin__startswith=text.lower()) | Q(credit_code__startswith=upper_ascii(text))
    found = list(public.filter(hits).order_by("-typed_by", "pk")[:HITS])
    if len(found) < HITS and len(text) >= SHORTEST_INSIDE and not text.isascii():
        seen = [employer.pk for employer in found]
        inside = public.filter(name__contains=text).exclude(pk__in=seen)
        found += inside.order_by("-typed_by", "pk")[: HITS - len(found)]
    return found


@transaction.atomic
def remember(profile):
    """Put the employer of this profile into the directory and count the people who work there; None without one.

    Call it with the Profile row locked. What one person typed, that person may correct; later ones only count.
    """
    if not profile.credit_code:
        link(profile, None)
        return None
    facts = facts_of(profile)
    employer, created = Employer.objects.select_for_update().get_or_create(
        credit_code=profile.credit_code, defaults=facts | {"typed_by": 1}
    )
    link(profile, employer)
    if created:
        return employer
    people = Profile.objects.filter(employer=employer).count()
    if people <= 1 and employer.typed_by <= 1 and not employer.verified:
        Employer.objects.filter(pk=employer.pk).update(typed_by=people, **facts)
    elif people > employer.typed_by:
        Employer.objects.filter(pk=employer.pk).update(typed_by=people)
    return employer


def facts_of(profile):
    return {
        "name": profile.employer_name,
        "name_pinyin": initials(profile.employer_name)[:100],
        "industry": profile.industry,
        "economic_type": profile.economic_type,
        "address": profile.employer_address,
        "phone": profile.employer_phone,
    }


def link(profile, employer):
    """Let the profile name its employer's row."""
    if profile.employer_id != (employer and employer.pk):
        profile.employer = employer
        Profile.objects.filter(pk=profile.pk).update(employer=employer)
