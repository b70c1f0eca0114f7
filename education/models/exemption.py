import uuid

from django.db import models
from django.db.models import Q

from education.choices import ExemptionKind, ExemptionSource


class Exemption(models.Model):
    """免学: one person need not study in one year. One that was granted wrongly is ended, never deleted."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    profile = models.ForeignKey("collection.Profile", models.PROTECT, verbose_name="会计人员")
    year = models.PositiveSmallIntegerField("年度")
    kind = models.CharField("情形", max_length=9, choices=ExemptionKind)
    source = models.CharField("来源", max_length=5, choices=ExemptionSource, default=ExemptionSource.STAFF)
    reason = models.CharField("说明", max_length=120, blank=True)
    by = models.ForeignKey("registration.User", models.PROTECT, verbose_name="登记人", null=True)
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    ended_at = models.DateTimeField("取消时间", null=True, blank=True)
    end_reason = models.CharField("取消原因", max_length=120, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "免学登记"
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "year"], condition=Q(ended_at=None), name="exemption_one_a_year"
            )
        ]

    def __str__(self):
        return f"{self.year} 年度{self.get_kind_display()}"
