"""What a judgement needs to know, loaded with a constant number of queries however many events there are."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, FilteredRelation, Q

from collection.models import Profile
from education.models import Delivery, Enrolment, Learner, Offering, YearRule
from education.models.delivery import FINAL
from education.schools.refusals import Refusal, rule
from education.studies import lock_profiles
from registration.access import prefixes
from registration.models import Accountant


@dataclass
class Filing:
    """What an institution is filed for in one year and kind, and which of the people's divisions that covers."""

    offering_id: int
    public_id: str
    title: str
    max_credits: Decimal | None
    prefixes: set

    def covers(self, division):
        return not self.prefixes.isdisjoint(prefixes(division))


class Docket:
    """The people, studies, deliveries and rules that a list of events speaks of; the people's profiles are locked.

    Profiles are locked before anything that may change is read, so that parallel events see each other's outcome.
    """

    def __init__(self, institution, events):
        self.institution = institution
        people = {event.person for event in events if event.person}
        self.owners = self.learners(people) | self.holders(people)
        self.profiles = self.locked_profiles(events)
        self.taken = self.taken_deliveries(events)
        self.studies = self.known_studies(events)
        years = {event.data.year for event in events if getattr(event.data, "year", None)}
        self.rules = self.year_rules(years | {study.year for study in self.studies.values()})
        self.filings = self.filings_of(years)

    def learners(self, people):
        """Profile ids of learners of this institution, by pseudonym."""
        ids = {person.learner for person in people if person.learner}
        if not ids:
            return {}
        found = Learner.objects.filter(institution=self.institution, public_id__in=ids)
        return dict(found.values_list("public_id", "profile_id"))

    def holders(self, people):
        """Name and profile id of the holders of documents, by (type, key)."""
        documents = {person.document for person in people if person.document}
        if not documents:
            return {}
        types, keys = zip(*documents, strict=True)
        found = Accountant.objects.filter(document_type__in=set(types), document_key__in=keys)
        rows = found.values_list("document_type", "document_key", "name", "profile__pk")
        return {(kind, key): (name, profile_id) for kind, key, name, profile_id in rows}

    def locked_profiles(self, events):
        """The profiles of everybody named, and of the studies of events that name nobody."""
        named = {owner[1] if isinstance(owner, tuple) else owner for owner in self.owners.values()} - {None}
        references = {event.data.enrolment for event in events if event.data and not event.person}
        studies = Enrolment.objects.filter(institution=self.institution, reference__in=references)
        owners = studies.values("profile_id")
        if named and references:
            # A union, never an OR: so that each part is found by its own index.
            owners = owners.union(Profile.objects.filter(pk__in=named).values("pk"))
        elif named:
            owners = named
        elif not references:
            return {}
        return lock_profiles(
            Profile.objects.filter(pk__in=owners).only("pk", "state", "division", "accountant")
        )

    def taken_deliveries(self, events):
        """What this institution has had taken under the ids of these events."""
        ids = {event.id for event in events}
        found = Delivery.objects.filter(institution=self.institution, message_id__in=ids, outcome__in=FINAL)
        return {delivery.message_id: delivery for delivery in found.only("public_id", "message_id", "digest")}

    def known_studies(self, events):
        """The institution's studies by reference, locked in primary-key order."""
        references = {event.data.enrolment for event in events if event.data}
        if not references:
            return {}
        found = Enrolment.objects.filter(institution=self.institution, reference__in=references)
        found = found.annotate(
            max_credits=F("offering__max_credits"), owner=F("profile__accountant_id")
        ).order_by("pk")
        return {study.reference: study for study in found.select_for_update(of=("self",), no_key=True)}

    def year_rules(self, years):
        return {rule.year: rule for rule in YearRule.objects.filter(year__in=years)} if years else {}

    def filings_of(self, years):
        """The institution's offerings of these years by (year, kind), with the divisions that matter here."""
        if not years or not self.institution.filed:
            return {}
        wanted = {prefix for profile in self.profiles.values() for prefix in prefixes(profile.division)}
        covering = FilteredRelation("divisions", condition=Q(divisions__prefix__in=wanted or [""]))
        offerings = Offering.objects.filter(institution=self.institution, year__in=years)
        rows = offerings.annotate(covering=covering).values_list(
            "year", "kind", "pk", "public_id", "title", "max_credits", "covering__prefix"
        )
        filings = {}
        for year, kind, pk, public_id, title, max_credits, prefix in rows:
            filing = filings.setdefault((year, kind), Filing(pk, str(public_id), title, max_credits, set()))
            filing.prefixes.add(prefix)
        return filings

    def profile_of(self, person):
        """The profile an event is about; Refusal when nobody here is meant or 信息采集 is not finished."""
        owner = self.owners.get(person.learner or person.document)
        if person.document and owner is not None:
            name, owner = owner
            if name != person.name:
                raise Refusal("learner_unknown")
        elif owner is None:
            raise Refusal("learner_unknown")
        profile = self.profiles.get(owner)
        if profile is None or not profile.is_submitted:
            raise rule("not_collected", person.pointer)
        return profile
