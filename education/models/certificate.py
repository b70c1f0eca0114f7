import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounting_platform.lib.encryption import EncryptedJSONField
from accounting_platform.lib.errors import DomainError
from education.choices import CertificateState

State = CertificateState


class Certificate(models.Model):
    """继续教育学分证明 of one year: the credits as they stood when it was issued. One at a time is valid."""

    MOVES = {State.VALID: {State.REVOKED}}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    profile = models.ForeignKey("collection.Profile", models.PROTECT, verbose_name="会计人员")
    year = models.PositiveSmallIntegerField("年度")
    number = models.CharField("证明编号", max_length=20, unique=True)
    content = EncryptedJSONField("内容")
    state = models.CharField("状态", max_length=7, choices=State, default=State.VALID)
    issued_at = models.DateTimeField("开具时间", default=timezone.now)
    revoked_at = models.DateTimeField("撤销时间", null=True, blank=True)
    reason = models.CharField("撤销原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "学分证明"
        indexes = [models.Index(fields=["profile", "year", "-id"], name="certificate_by_profile")]
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "year"],
                condition=Q(state=State.VALID),
                name="certificate_one_valid_per_year",
            )
        ]

    def __str__(self):
        return f"{self.year} 年度继续教育学分证明"

    @property
    def is_valid(self):
        return self.state == State.VALID

    def revoke(self, reason):
        """Take it out of force, or refuse; the caller saves."""
        if State.REVOKED not in self.MOVES.get(self.state, ()):
            raise DomainError(f"该证明当前为“{self.get_state_display()}”，不能再撤销。")
        self.state, self.revoked_at, self.reason = State.REVOKED, timezone.now(), reason[:200]
