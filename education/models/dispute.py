import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounting_platform.lib.encryption import EncryptedTextField
from accounting_platform.lib.errors import DomainError
from education.choices import DisputeState, DisputeTopic
from education.models.enrolment import Enrolment
from education.models.institution import Institution

State = DisputeState


class Dispute(models.Model):
    """学分疑问: what a learner asks the finance department about a study, and the answer."""

    MOVES = {State.OPEN: {State.ANSWERED, State.SETTLED}, State.ANSWERED: {State.SETTLED}}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    profile = models.ForeignKey("collection.Profile", models.PROTECT, verbose_name="会计人员")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, verbose_name="学习记录")
    institution = models.ForeignKey(Institution, models.PROTECT, verbose_name="学习机构")
    topic = models.CharField("问题", max_length=13, choices=DisputeTopic)
    words = EncryptedTextField("说明", max_length=500)
    state = models.CharField("状态", max_length=8, choices=State, default=State.OPEN)
    answer = EncryptedTextField("答复", max_length=500, default="", blank=True)
    by = models.ForeignKey("registration.User", models.PROTECT, verbose_name="答复人", null=True)
    created_at = models.DateTimeField("提出时间", auto_now_add=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    settled_at = models.DateTimeField("解决时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "学分疑问"
        indexes = [models.Index(fields=["profile", "-id"], name="dispute_by_profile")]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"], condition=Q(state=State.OPEN), name="dispute_one_open_per_study"
            )
        ]

    def __str__(self):
        return f"{self.get_topic_display()}（{self.institution}）"

    def move(self, state):
        """Set a legal next state, else refuse with the reason; the caller saves."""
        if state not in self.MOVES.get(self.state, ()):
            raise DomainError(f"这个问题当前为“{self.get_state_display()}”，不能再办理，请刷新页面。")
        self.state = state
        moment = "answered_at" if state == State.ANSWERED else "settled_at"
        setattr(self, moment, timezone.now())
