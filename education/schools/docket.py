"""What a judgement needs to know, loaded with a constant number of queries however many events there are."""

from dataclasses import dataclass
from decimal import Decimal

from accounting_platform.lib.prepared import instance
from collection.models import Profile
from education.ledger.rules import judged_by
from education.models import Delivery, Enrolment
from education.schools import lookups
from education.schools.refusals import Refusal, rule
from registration.access import prefixes


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
        references = {event.data.enrolment for event in events if event.data}
        self.owners = self.learners(people) | self.holders(people)
        self.profiles = self.locked_profiles(references)
        self.studies = self.locked_studies(references)
        self.taken = self.taken_deliveries({event.id for event in events})
        years = {event.data.year for event in events if getattr(event.data, "year", None)}
        self.rules = judged_by.get()
        self.filings = self.filings_of(years)

    def learners(self, people):
        """Profile ids of learners of this institution, by pseudonym."""
        ids = {person.learner for person in people if person.learner}
        return dict(lookups.learners(institution=self.institution.pk, learners=ids)) if ids else {}

    def holders(self, people):
        """Name and profile id of the holders of documents, by (type, key)."""
        documents = {person.document for person in people if person.document}
        if not documents:
            return {}
        types, keys = map(set, zip(*documents, strict=True))
        rows = lookups.holders(types=types, keys=keys)
        return {(kind, key): (name, profile_id) for kind, key, name, profile_id in rows}

    def locked_profiles(self, references):
        """The profiles of everybody named; locked with them, in the one order, those of all studies spoken of."""
        named = {owner[1] if isinstance(owner, tuple) else owner for owner in self.owners.values()} - {None}
        if not named:
            # The studies bring their owners' locks.
            return {}
        rows = lookups.locked_profiles(institution=self.institution.pk, references=references, named=named)
        profiles = [instance(Profile, row, lookups.PROFILE_COLUMNS) for row in rows]
        return {profile.pk: profile for profile in profiles}

    def locked_studies(self, references):
        """The institution's studies by reference; locked, and their owners as well."""
        studies = {}
        if references:
            rows = lookups.locked_studies(institution=self.institution.pk, references=references)
            for owner, max_credits, *values in rows:
                study = instance(Enrolment, values)
                study.owner, study.max_credits = owner, max_credits
                studies[study.reference] = study
        return studies

    def taken_deliveries(self, ids):
        """What this institution has had taken under these ids."""
        rows = lookups.taken_deliveries(institution=self.institution.pk, ids=ids)
        taken = [instance(Delivery, row, lookups.TAKEN_COLUMNS) for row in rows]
        return {delivery.message_id: delivery for delivery in taken}

    def filings_of(self, years):
        """The institution's offerings of these years by (year, kind), with the divisions that matter here."""
        if not years:
            return {}
        wanted = {prefix for profile in self.profiles.values() for prefix in prefixes(profile.division)}
        filings = {}
        rows = lookups.filings(institution=self.institution.pk, years=years, prefixes=wanted)
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
