import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounting_platform.lib.encryption import EncryptedTextField
from accounting_platform.lib.errors import DomainError
from education.choices import ConversionState
from education.models.year_rule import ConversionKind

State = ConversionState


class Conversion(models.Model):
    """学分折算: somebody's application to have study outside the schools counted, and what became of it."""

    MOVES = {State.WAITING: {State.APPROVED, State.REFUSED, State.WITHDRAWN}}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    profile = models.ForeignKey("collection.Profile", models.PROTECT, verbose_name="会计人员")
    kind = models.ForeignKey(ConversionKind, models.PROTECT, verbose_name="折算项目")
    year = models.PositiveSmallIntegerField("年度")
    quantity = models.PositiveSmallIntegerField("数量", default=1)
    obtained_on = models.DateField("取得时间")
    # What is told about it may name other people.
    words = EncryptedTextField("说明", max_length=300, default="", blank=True)
    state = models.CharField("状态", max_length=9, choices=State, default=State.WAITING)
    public = models.DecimalField("公需课学分", max_digits=6, decimal_places=2, default=0)
    professional = models.DecimalField("专业课学分", max_digits=6, decimal_places=2, default=0)
    general_professional = models.DecimalField("其中专业通识", max_digits=6, decimal_places=2, default=0)
    reason = models.CharField("未通过原因", max_length=200, blank=True)
    created_at = models.DateTimeField("申请时间", auto_now_add=True)
    decided_at = models.DateTimeField("办理时间", null=True, blank=True)
    by = models.ForeignKey("registration.User", models.PROTECT, verbose_name="办理人", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "学分折算"
        indexes = [models.Index(fields=["profile", "-id"], name="conversion_by_profile")]
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "kind"],
                condition=Q(state=State.WAITING),
                name="conversion_one_waiting_per_kind",
            )
        ]

    def __str__(self):
        return f"{self.year} 年度 {self.kind}"

    @property
    def credits(self):
        return self.public + self.professional

    def move(self, state):
        """Set a legal next state, else refuse with the reason; the caller saves."""
        if state not in self.MOVES.get(self.state, ()):
            raise DomainError(f"这份申请当前为“{self.get_state_display()}”，不能再办理，请刷新页面。")
        self.state, self.decided_at = state, timezone.now()
