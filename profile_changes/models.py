"""Corrections after submission, each with what was and what is."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounting_platform.lib.encryption import EncryptedJSONField
from accounting_platform.lib.errors import DomainError
from collection.sections import SECTION_BY_KEY


class ChangeRequest(models.Model):
    """信息变更: one section as its owner changed it; in effect at once, or booked until the last study ends."""

    class Status(models.TextChoices):
        APPLIED = "applied", "已生效"
        BOOKED = "booked", "待生效"
        WITHDRAWN = "withdrawn", "已撤回"
        FAILED = "failed", "未能生效"

    MOVES = {Status.BOOKED: {Status.APPLIED, Status.WITHDRAWN, Status.FAILED}}

    profile = models.ForeignKey("collection.Profile", models.PROTECT, verbose_name="档案")
    section_key = models.CharField("变更栏目", max_length=32)
    # {field: [old, new]} in stored values; rows of a list under the list's key.
    differences = EncryptedJSONField("变更前后")
    status = models.CharField("状态", max_length=9, choices=Status)
    reason = models.CharField("未能生效的原因", max_length=200, blank=True)
    actor_id = models.BigIntegerField("操作账号", null=True, blank=True)
    created_at = models.DateTimeField("提交时间", auto_now_add=True)
    settled_at = models.DateTimeField("生效或撤回时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "变更记录"
        indexes = [models.Index(fields=["profile", "-id"], name="change_request_history")]
        constraints = [
            models.UniqueConstraint(
                fields=["profile"], condition=Q(status="booked"), name="change_request_one_booked_per_profile"
            )
        ]

    def __str__(self):
        return f"{self.section.title} {self.pk}"

    @property
    def section(self):
        return SECTION_BY_KEY[self.section_key]

    def settle(self, status, reason=""):
        """Move a booked change to its end, else refuse with the reason."""
        if status not in self.MOVES.get(self.status, ()):
            raise DomainError(f"该变更当前为“{self.get_status_display()}”，不能再处理。")
        self.status, self.reason, self.settled_at = status, reason, timezone.now()
        self.save(update_fields=["status", "reason", "settled_at"])
