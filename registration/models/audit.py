"""What was done, by whom."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounting_platform.lib.errors import DomainError
from registration.audit_events import name_of


class AppendOnly(models.QuerySet):
    """Rows that are added and read, never changed or removed; the digest is filled by registration.chain."""

    def update(self, **fields):
        raise DomainError("审计记录不能修改。")

    def bulk_update(self, *args, **kwargs):
        raise DomainError("审计记录不能修改。")

    def delete(self):
        raise DomainError("审计记录不能删除。")


class AuditEvent(models.Model):
    """What was done, by whom, to what: field names, never values; no foreign keys, so it outlives its objects."""

    kind = models.CharField("事件", max_length=60)
    actor_id = models.BigIntegerField("操作账号", null=True, blank=True)
    actor_kind = models.CharField("操作人类别", max_length=11, blank=True)
    subject_type = models.CharField("对象类别", max_length=40, blank=True)
    subject_id = models.CharField("对象编号", max_length=40, blank=True)
    accountant_id = models.BigIntegerField("涉及的会计人员", null=True, blank=True)
    result = models.CharField("结果", max_length=20, default="ok")
    detail = models.JSONField("说明", default=dict, blank=True)
    address = models.CharField("来源地址", max_length=45, blank=True)
    request_id = models.CharField("请求编号", max_length=40, blank=True)
    created_at = models.DateTimeField("时间", default=timezone.now)
    digest = models.CharField("链式散列", max_length=64, blank=True)

    objects = AppendOnly.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "操作审计"
        indexes = [
            models.Index(fields=["accountant_id", "-id"], name="audit_by_accountant"),
            models.Index(fields=["actor_id", "-id"], name="audit_by_actor"),
            models.Index(fields=["kind", "-id"], name="audit_by_kind"),
            models.Index(fields=["id"], condition=Q(digest=""), name="audit_unchained"),
        ]

    def __str__(self):
        return f"{name_of(self.kind)} {self.pk}"

    def save(self, *args, **kwargs):
        """Append only: what stands in the audit is never rewritten through the model."""
        if self.pk is not None:
            raise DomainError("审计记录不能修改。")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise DomainError("审计记录不能删除。")
