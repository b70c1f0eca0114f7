"""我的学习: a person's studies of a year, and the ledger behind the figures."""

from dataclasses import dataclass

from education.choices import CourseKind, EnrolmentState
from education.models import CreditEntry, Enrolment

# More than anybody studies in a year; a school that reports thousands must not slow the page down.
MAX_ROWS = 100
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


@dataclass(frozen=True)
class Row:
    """One study as the page shows it."""

    enrolment: Enrolment
    # The one main action of the page is the first study that can go on.
    is_main: bool = False

    @property
    def tag(self):
        return TAGS[self.enrolment.state]

    @property
    def can_go_on(self):
        return self.enrolment.state in CAN_GO_ON and self.enrolment.institution.filed


def rows(profile, year):
    """The studies of a year: unfinished ones first, then the latest."""
    found = Enrolment.objects.filter(profile=profile, year=year).select_related("institution")
    found = [Row(one) for one in found.order_by("-pk")[:MAX_ROWS]]
    found.sort(key=lambda row: row.enrolment.state != State.IN_PROGRESS)
    main = next((row for row in found if row.can_go_on), None)
    return [Row(row.enrolment, is_main=row is main) for row in found]


def entries(profile, year):
    """The ledger of a year in the order of booking, with where each credit came from."""
    found = CreditEntry.objects.filter(profile=profile, year=year).select_related("institution", "enrolment")
    return list(found.order_by("pk"))


def studying_now(profile):
    """How many studies of each kind are in progress: {"public": 1}."""
    found = Enrolment.objects.filter(profile=profile, state=State.IN_PROGRESS).values_list("kind", flat=True)
    kinds = list(found[:MAX_ROWS])
    return {kind: kinds.count(kind) for kind in CourseKind.values}
