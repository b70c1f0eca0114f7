import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounting_platform.lib.errors import DomainError
from education.choices import CourseKind, EnrolmentState
from education.models.institution import Institution
from education.models.offering import Offering

State = EnrolmentState


class Enrolment(models.Model):
    """A study (我的学习 row) under the school's own reference."""

    MOVES = {
        State.IN_PROGRESS: {State.COMPLETED, State.CANCELLED, State.RELEASED, State.CLOSED},
        # A credit that arrives after staff released a stuck study still counts.
        State.RELEASED: {State.COMPLETED},
        State.CANCELLED: {State.IN_PROGRESS},
        # Only reached when staff open the year again: while it is closed, its credits are refused.
        State.CLOSED: {State.COMPLETED},
    }

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    institution = models.ForeignKey(Institution, models.PROTECT, verbose_name="学习机构")
    profile = models.ForeignKey("collection.Profile", models.PROTECT, verbose_name="会计人员")
    offering = models.ForeignKey(Offering, models.PROTECT, verbose_name="学习资源", null=True, blank=True)
    reference = models.CharField("机构报名编号", max_length=64)
    kind = models.CharField("类别", max_length=12, choices=CourseKind)
    year = models.PositiveSmallIntegerField("年度")
    title = models.CharField("课程名称", max_length=80, blank=True)
    state = models.CharField("状态", max_length=11, choices=State, default=State.IN_PROGRESS)
    hours = models.DecimalField("已学学时", max_digits=6, decimal_places=1, null=True, blank=True)
    percent = models.DecimalField("进度（%）", max_digits=5, decimal_places=2, null=True, blank=True)
    credits = models.DecimalField("学分", max_digits=6, decimal_places=2, null=True, blank=True)
    enrolled_at = models.DateTimeField("报名时间", default=timezone.now)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    last_message_at = models.DateTimeField("机构最近回传时间", default=timezone.now)
    # The newest time a school itself gave: what it says it sent earlier comes late and undoes nothing.
    reported_at = models.DateTimeField("机构消息时间", null=True, blank=True)
    reason = models.CharField("取消或释放原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "学习记录"
        indexes = [
            models.Index(fields=["profile", "year", "-id"], name="enrolment_by_profile"),
            models.Index(
                fields=["profile"], condition=Q(state=State.IN_PROGRESS), name="enrolment_in_progress"
            ),
            models.Index(fields=["institution", "enrolled_at", "id"], name="enrolment_by_institution"),
            models.Index(
                fields=["year"], condition=Q(state=State.IN_PROGRESS), name="enrolment_open_by_year"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["institution", "reference"], name="enrolment_one_per_reference"),
            models.CheckConstraint(
                condition=~Q(state=State.COMPLETED) | Q(credits__isnull=False),
                name="enrolment_completed_has_credits",
            ),
        ]

    def __str__(self):
        return f"{self.institution} {self.year} 年度{self.get_kind_display()}"

    def move(self, state):
        """Set a legal next state, else refuse with the reason; the caller saves."""
        if state not in self.MOVES.get(self.state, ()):
            raise DomainError(
                f"该学习记录当前为“{self.get_state_display()}”，不能改为“{State(state).label}”。"
            )
        self.state = state
        self.ended_at = None if state == State.IN_PROGRESS else timezone.now()
