"""The one set of rules for what schools report: n events are judged in order, in one transaction, by set-based reads
and writes. A single event is n = 1. A refused event leaves its delivery like a taken one and spoils no neighbour.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone

from accounting_platform.lib.clock import SHANGHAI
from education.choices import CourseKind, DeliveryOutcome, EnrolmentState, EventType
from education.ledger.rules import FIRST_YEAR
from education.models import Delivery
from education.schools.docket import Docket
from education.schools.effects import Effects
from education.schools.refusals import Refusal, rule

State, Outcome = EnrolmentState, DeliveryOutcome
TRIES = 2
DEADLOCK = "40P01"
ZERO = Decimal(0)
# No study is older than the first year of the platform; a clock may run ahead, or stand in another zone.
FIRST_FINISH = datetime(FIRST_YEAR, 1, 1, tzinfo=SHANGHAI)
AHEAD = timedelta(days=1)


@dataclass
class Verdict:
    """What becomes of one event; `refusal` says why when `outcome` is refused."""

    outcome: Outcome
    delivery: Delivery
    refusal: Refusal | None = None


def judge(institution, events, *, now=None):
    """Judge events of one institution in order and write what they cause; one Verdict each, committed on return."""
    for attempt in range(1, TRIES + 1):
        try:
            with transaction.atomic():
                return Judgement(institution, events, now or timezone.now()).verdicts()
        except (IntegrityError, OperationalError) as error:
            # Another request took the same id or reference meanwhile: judged anew, its outcome is seen.
            lost_race = isinstance(error, IntegrityError) or pgcode(error) == DEADLOCK
            if not lost_race:
                raise
            if attempt == TRIES:
                raise Refusal("unavailable", retry_after=5) from error


def pgcode(error):
    return getattr(error.__cause__, "pgcode", None)


class Judgement:
    """One pass over the events: rules read the docket and note effects, which are written together at the end."""

    def __init__(self, institution, events, now):
        self.events = events
        self.today = now.astimezone(SHANGHAI).date()
        self.docket = Docket(institution, events)
        self.effects = Effects(institution, now)

    def verdicts(self):
        verdicts = [self.decide(event) for event in self.events]
        self.effects.write()
        return verdicts

    def decide(self, event):
        known = self.docket.taken.get(event.id)
        if known is not None and known.digest == event.digest:
            self.effects.repeat(known)
            return Verdict(Outcome.DUPLICATE, known)
        delivery = self.effects.delivery_of(event)
        try:
            if known is not None:
                raise Refusal("id_reused")
            if event.errors:
                raise Refusal("invalid", errors=event.errors)
            delivery.outcome = RULES[event.type](self, event, delivery)
        except Refusal as refusal:
            delivery.enrolment = self.docket.studies.get(event.data.enrolment) if event.data else None
            delivery.outcome, delivery.code, delivery.reason = (
                Outcome.REFUSED,
                refusal.code,
                reason_of(refusal),
            )
            return Verdict(Outcome.REFUSED, delivery, refusal)
        self.docket.taken[event.id] = delivery
        return Verdict(delivery.outcome, delivery)

    # --- rules, one per type of event; each returns the outcome or raises a Refusal before it changes anything

    def enrolment_created(self, event, delivery):
        data = event.data
        study = self.docket.studies.get(data.enrolment)
        profile = self.docket.profile_of(event.person)
        if study is None:
            study = self.begin(event, profile, self.admit(data, event.person, profile))
        self.same_study(study, data, profile)
        if study.state == State.CANCELLED and not self.comes_late(study, event):
            self.admit(data, event.person, profile)
            self.effects.move(study, State.IN_PROGRESS)
        self.effects.heard(study, event, delivery)
        return Outcome.ACCEPTED

    def enrolment_cancelled(self, event, delivery):
        study = self.study_of(event)
        if study.state == State.IN_PROGRESS and not self.comes_late(study, event):
            self.effects.move(study, State.CANCELLED)
            study.reason = event.data.reason or ""
        self.effects.heard(study, event, delivery)
        return Outcome.ACCEPTED

    def study_progressed(self, event, delivery):
        study = self.study_of(event)
        if study.state in {State.IN_PROGRESS, State.RELEASED} and not self.comes_late(study, event):
            study.hours = study.hours if event.data.hours is None else event.data.hours
            study.percent = study.percent if event.data.percent is None else event.data.percent
        self.effects.heard(study, event, delivery)
        return Outcome.ACCEPTED

    def study_completed(self, event, delivery):
        data = event.data
        self.check_finish(data.finished_at)
        study = self.docket.studies.get(data.enrolment)
        profile = self.docket.profile_of(event.person) if event.person else None
        if study is None:
            self.announces_itself(event)
            filing = self.admit(data, event.person, profile)
            self.check_credits(data, data.kind, data.year, filing.max_credits)
            study = self.begin(event, profile, filing)
        else:
            self.same_study(study, data, profile)
            if study.state == State.COMPLETED:
                return self.completed_before(study, event, delivery)
            self.open_rule(study.year, "/data/enrolment")
            self.check_credits(data, study.kind, study.year, study.max_credits)
        if study.state == State.CANCELLED:
            # The learner went on after all.
            self.effects.move(study, State.IN_PROGRESS)
        self.effects.move(study, State.COMPLETED)
        self.effects.heard(study, event, delivery)
        self.effects.credit(study, data, delivery)
        return Outcome.ACCEPTED

    def credits_changed(self, event, delivery):
        study = self.study_of(event)
        if event.type == EventType.CREDITS_CORRECTED:
            self.check_credits(event.data, study.kind, study.year, study.max_credits)
        self.effects.heard(study, event, delivery)
        return Outcome.HELD

    # --- what the rules have in common

    def study_of(self, event):
        study = self.docket.studies.get(event.data.enrolment)
        if study is None:
            raise Refusal("enrolment_unknown")
        return study

    def begin(self, event, profile, filing):
        study = self.effects.begin(event, profile, filing)
        self.docket.studies[study.reference] = study
        return study

    def same_study(self, study, data, profile):
        """A reference stands for one learner, kind and year for ever; what an event leaves out is not in doubt."""
        said = (profile.pk if profile else study.profile_id, data.kind or study.kind, data.year or study.year)
        if said != (study.profile_id, study.kind, study.year):
            raise Refusal("enrolment_conflict")

    def completed_before(self, study, event, delivery):
        """A second completion is nothing new when the credits agree; completion is final otherwise."""
        if study.credits != event.data.credits:
            raise Refusal("enrolment_conflict")
        self.effects.heard(study, event, delivery)
        return Outcome.DUPLICATE

    def announces_itself(self, event):
        """A completion whose enrolment never came must bring what the enrolment would have brought."""
        data = event.data
        given = {"/data/learner": event.person, "/data/kind": data.kind, "/data/year": data.year}
        if not any(given.values()):
            raise Refusal("enrolment_unknown")
        missing = [(pointer, "此前没有报名消息，必填") for pointer, value in given.items() if not value]
        if missing:
            raise Refusal("invalid", errors=missing)

    def open_rule(self, year, pointer):
        found = self.docket.rules.get(year)
        if found is None:
            raise rule("year_unsupported", pointer)
        if not found.is_open(self.today):
            raise rule("year_closed", pointer)

    def admit(self, data, person, profile):
        """The filing under which this person may begin to study, else a Refusal."""
        self.open_rule(data.year, "/data/year")
        filing = self.docket.filings.get((data.year, data.kind))
        if filing is None:
            raise rule("kind_not_filed", "/data/kind")
        if data.offering and data.offering != filing.public_id:
            raise Refusal("invalid", errors=[("/data/offering", "没有这个学习资源，或与类别、年度不符")])
        if not filing.covers(profile.division):
            raise rule("division_not_covered", person.pointer)
        return filing

    def check_finish(self, moment):
        if not FIRST_FINISH <= moment <= self.effects.now + AHEAD:
            sentence = f"须在 {FIRST_YEAR} 年以后，且不晚于当前时间一天以上"
            raise Refusal("invalid", errors=[("/data/finished_at", sentence)])

    def check_credits(self, data, kind, year, maximum):
        if maximum is None:
            found = self.docket.rules.get(year)
            maximum = found.minimum(kind) if found else ZERO
        if data.credits > maximum:
            raise rule("too_many_credits", "/data/credits")
        if kind != CourseKind.PROFESSIONAL and getattr(data, "general_professional", ZERO):
            raise Refusal("invalid", errors=[("/data/general_professional", "公需课没有专业通识学分")])

    def comes_late(self, study, event):
        """Whether the school sent something newer before: then this one changes no state."""
        return study.reported_at is not None and self.effects.said_at(event) < study.reported_at


def reason_of(refusal):
    """What staff read beside a refused delivery: the sentence, and for bad values which."""
    details = "；".join(f"{pointer} {sentence}" for pointer, sentence in refusal.errors)
    return (details if refusal.code == "invalid" else refusal.message)[:200]


RULES = {
    EventType.ENROLMENT_CREATED: Judgement.enrolment_created,
    EventType.ENROLMENT_CANCELLED: Judgement.enrolment_cancelled,
    EventType.STUDY_PROGRESSED: Judgement.study_progressed,
    EventType.STUDY_COMPLETED: Judgement.study_completed,
    EventType.CREDITS_CORRECTED: Judgement.credits_changed,
    EventType.CREDITS_REVOKED: Judgement.credits_changed,
}
