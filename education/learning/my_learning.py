"""我的学习: a person's studies of a year, and the ledger behind the figures."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef
from django.utils import timezone

from education.choices import CourseKind, DeliveryOutcome, DisputeState, EnrolmentState, EventType
from education.ledger.entries import plain
from education.models import CreditEntry, Delivery, Dispute, Enrolment

# More than anybody studies in a year; a school that reports thousands must not slow the page down.
MAX_ROWS = 100
# What schools have promised; after this somebody should be asked.
LATE_AFTER = timedelta(days=3)
ZERO, WHOLE = Decimal(0), 100
State = EnrolmentState

TAGS = {
    State.IN_PROGRESS: ("wait", "未完成"),
    State.COMPLETED: ("ok", "已完成"),
    State.CLOSED: ("plain", "已截止"),
    State.CANCELLED: ("plain", "已取消"),
    State.RELEASED: ("plain", "已释放"),
}
# A released study can still be finished at the school, and its credits count.
CAN_GO_ON = {State.IN_PROGRESS, State.RELEASED}
CAN_ASK = {State.IN_PROGRESS, State.RELEASED, State.COMPLETED, State.CLOSED}
# What a row tells beside its own columns.
KNOWN = {
    "completion_refused": Exists(
        Delivery.objects.filter(
            enrolment=OuterRef("pk"),
            event_type=EventType.STUDY_COMPLETED,
            outcome=DeliveryOutcome.REFUSED,
        )
    ),
    "asked": Exists(Dispute.objects.filter(enrolment=OuterRef("pk"), state=DisputeState.OPEN)),
}


@dataclass(frozen=True)
class Row:
    """One study as the page shows it."""

    enrolment: Enrolment
    # What its kind still lacks in the year, ZERO for a year that is not owed.
    missing: Decimal = ZERO
    # The one main action of the page is the first study that can go on.
    is_main: bool = False

    @property
    def tag(self):
        return TAGS[self.enrolment.state]

    @property
    def can_go_on(self):
        return self.enrolment.state in CAN_GO_ON and self.enrolment.institution.filed

    @property
    def reported_done(self):
        """Whether the school says that the course is finished while its credits are not here."""
        study = self.enrolment
        return study.state in CAN_GO_ON and ((study.percent or 0) >= WHOLE or study.completion_refused)

    @property
    def is_late(self):
        """Whether the credits should have come by now."""
        return self.reported_done and timezone.now() - self.enrolment.last_message_at > LATE_AFTER

    @property
    def stage(self):
        """How far the credits have come, told apart in a word or two; "" where the tag says it all."""
        if self.reported_done:
            return "机构已报完成，学分未到账"
        if self.enrolment.state == State.IN_PROGRESS:
            return "学习中"
        if self.enrolment.state == State.COMPLETED:
            kind = self.enrolment.get_kind_display()
            return (
                f"学分已到账，{kind}还差 {plain(self.missing)} 学分未达标" if self.missing else "学分已到账"
            )
        return ""

    @property
    def can_ask(self):
        return self.enrolment.state in CAN_ASK


def rows(profile, year, standing=None):
    """The studies of a year: unfinished ones first, then the latest; one query."""
    found = Enrolment.objects.filter(profile=profile, year=year).select_related("institution")
    found = list(found.annotate(**KNOWN).order_by("-pk")[:MAX_ROWS])
    found.sort(key=lambda study: study.state != State.IN_PROGRESS)
    lacking = missing_by_kind(standing)
    main = next((study for study in found if Row(study).can_go_on), None)
    return [Row(study, lacking.get(study.kind, ZERO), study is main) for study in found]


def missing_by_kind(standing):
    """{kind: credits} that a year still asks for; {} where nothing is owed."""
    if standing is None or not standing.owed:
        return {}
    return {part.key: standing.missing_of(part) for part in standing.parts}


def entries(profile, year):
    """The ledger of a year in the order of booking, with where each credit came from."""
    found = CreditEntry.objects.filter(profile=profile, year=year).select_related("institution", "enrolment")
    return list(found.order_by("pk"))


def studying_now(profile):
    """How many studies of each kind are in progress: {"public": 1}."""
    found = Enrolment.objects.filter(profile=profile, state=State.IN_PROGRESS).values_list("kind", flat=True)
    kinds = list(found[:MAX_ROWS])
    return {kind: kinds.count(kind) for kind in CourseKind.values}
