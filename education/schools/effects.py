"""What judged events cause: noted one by one, written together at the end, table by table."""

from decimal import Decimal

from django.db.models import F

from accounting_platform.lib.quick_insert import adding, insert, overwriting, run
from education import studies
from education.choices import CourseKind, CreditSource, EnrolmentState
from education.ledger.entries import booking, plain
from education.models import CreditEntry, Delivery, Enrolment
from registration.models import Message

HUNDRED = Decimal(100)
# What an event may change of a study.
STUDY_COLUMNS = (
    "state",
    "hours",
    "percent",
    "credits",
    "ended_at",
    "last_message_at",
    "reported_at",
    "reason",
)


class Effects:
    """The writes of one judgement of one institution's events, at one moment."""

    def __init__(self, institution, now):
        self.institution, self.now = institution, now
        self.deliveries, self.entries, self.messages = [], [], []
        self.begun, self.touched = {}, {}
        self.repeated, self.ended = set(), set()

    def delivery_of(self, event):
        """The row an event leaves whatever becomes of it; its outcome is filled in by the judge."""
        delivery = Delivery(
            institution=self.institution,
            message_id=event.id,
            event_type=event.type,
            digest=event.digest,
            body=event.body,
            received_at=self.now,
        )
        self.deliveries.append(delivery)
        return delivery

    def repeat(self, delivery):
        """The same event once more: counted, nothing else."""
        if delivery.pk is None:
            delivery.repeats += 1
        else:
            self.repeated.add(delivery.pk)

    def begin(self, event, profile, filing):
        """A new study in progress under the school's reference."""
        study = Enrolment(
            institution=self.institution,
            profile=profile,
            offering_id=filing.offering_id,
            reference=event.data.enrolment,
            kind=event.data.kind,
            year=event.data.year,
            title=event.data.title or filing.title,
            enrolled_at=self.now,
            last_message_at=self.now,
        )
        study.max_credits, study.owner = filing.max_credits, profile.accountant_id
        self.begun[study.reference] = study
        return study

    def move(self, study, state):
        """A legal next state of a study; whose studies ended is told in the end."""
        if study.state == EnrolmentState.IN_PROGRESS and study.pk:
            self.ended.add(study.profile_id)
        study.move(state)

    def heard(self, study, event, delivery):
        """Note that the school spoke about a study, and when it says it did."""
        delivery.enrolment = study
        study.last_message_at = self.now
        said_at = self.said_at(event)
        study.reported_at = max(study.reported_at or said_at, said_at)
        if study.pk:
            self.touched[study.pk] = study

    def said_at(self, event):
        """The school's own time of an event; a clock that runs ahead counts as now."""
        return min(event.at, self.now)

    def credit(self, study, data, delivery):
        """The one ledger entry of a completed study."""
        study.credits, study.percent = data.credits, HUNDRED
        entry = CreditEntry(
            profile_id=study.profile_id,
            year=study.year,
            kind=study.kind,
            source=CreditSource.STUDY,
            credits=data.credits,
            general_professional=data.general_professional,
            institution=self.institution,
            enrolment=study,
            delivery=delivery,
            finished_at=data.finished_at,
            booked_at=self.now,
        )
        self.entries.append(entry)
        self.messages.append(told_of(study, self.institution))

    def write(self):
        """Each table once and in the order of keys, so that parallel batches wait for each other and never deadlock."""
        insert(*(self.begun[reference] for reference in sorted(self.begun)))
        insert(*sorted(self.deliveries, key=lambda delivery: delivery.message_id))
        if self.repeated:
            Delivery.objects.filter(pk__in=self.repeated).update(repeats=F("repeats") + 1)
        touched = [self.touched[pk] for pk in sorted(self.touched)]
        run([*overwriting(touched, STUDY_COLUMNS), *booking(self.entries), *adding(self.messages)])
        studies.tell_ended(self.ended)


def told_of(study, institution):
    """The 站内消息 about credits that have come."""
    course = f"“{institution.name}”{study.year} 年度{CourseKind(study.kind).label}"
    body = f"您在{course}的 {plain(study.credits)} 学分已经入账，可在“我的学习”查看。"
    return Message(accountant_id=study.owner, title="学分已入账", body=body)
