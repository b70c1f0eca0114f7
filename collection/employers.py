"""The directory of employers: what people typed, remembered, and found again by the next one."""

from django.db import transaction
from django.db.models import Q

from accounting_platform.lib.kept import Kept
from accounting_platform.lib.text import has_forbidden_characters, normalise, upper_ascii
from collection.employer_keys import pairs
from collection.models import Employer, Profile

HITS = 10
SHORTEST_SEARCH = 2
# A search stays quick however much fits: it looks at the best known employers first, then at so many of the rest.
BEST_KNOWN = 2000
AT_MOST = 200
ORDER = ("-known_by", "pk")


def find(text):
    """At most ten employers whose name, pinyin initials or credit code begin like this, then names that hold it.

    Within each kind those that more people typed come first. Two statements at most, each served by an index: what very
    many names hold is found among the best known, which are kept in the process.
    """
    text = normalise(text)
    if len(text) < SHORTEST_SEARCH or has_forbidden_characters(text):
        return []
    latin, inside = text.isascii(), text.lower()
    best = best_known.get()
    found = [one for one in best if begins(one, text, latin=latin)][:HITS]
    if len(found) < HITS:
        found += some_of(begins_with(text, latin=latin), besides=found)
    if len(found) < HITS:
        seen = {employer.pk for employer in found}
        found += [one for one in best if inside in one.name.lower() and one.pk not in seen][
            : HITS - len(found)
        ]
    if len(found) < HITS and pairs(text):
        found += some_of(Q(name_pairs__holds=pairs(text)), besides=found)
    return found


def begins(employer, text, *, latin):
    """What begins_with() asks, of a row at hand."""
    if employer.name.startswith(text):
        return True
    latin_ones = (
        employer.name_pinyin.startswith(text.lower()),
        employer.credit_code.startswith(upper_ascii(text)),
    )
    return latin and any(latin_ones)


def begins_with(text, *, latin):
    """What stands at the beginning: of the name, and for Latin letters of the initials or the code."""
    found = Q(name__prefix=text)
    if latin:
        found |= Q(name_pinyin__prefix=text.lower()) | Q(credit_code__prefix=upper_ascii(text))
    return found


def public():
    """The employers that everybody finds."""
    return Employer.objects.filter(known_by__gte=0)


def read_best_known():
    return list(public().order_by(*ORDER)[:BEST_KNOWN])


best_known = Kept(read_best_known)


def some_of(those, besides):
    """Hits from the whole directory that are not there yet; where very many fit, the best of some."""
    # The limit lies inside, or all that fit would be sorted.
    some = public().filter(those).exclude(pk__in=[employer.pk for employer in besides]).values("pk")[:AT_MOST]
    return list(public().filter(pk__in=some).order_by(*ORDER)[: HITS - len(besides)])


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
        for name, value in facts.items():
            setattr(employer, name, value)
        employer.typed_by = people
        employer.save(update_fields=["typed_by", *facts, "name_pinyin", "name_pairs"])
    elif people > employer.typed_by:
        Employer.objects.filter(pk=employer.pk).update(typed_by=people)
    return employer


def facts_of(profile):
    return {
        "name": profile.employer_name,
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
