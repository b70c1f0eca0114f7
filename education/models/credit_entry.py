from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounting_platform.lib.errors import DomainError
from education.choices import CourseKind, CreditSource
from education.models.conversion import Conversion
from education.models.delivery import Delivery
from education.models.enrolment import Enrolment
from education.models.institution import Institution


class CreditEntry(models.Model):
    """学分账: append-only; a correction is a new entry with the difference, nothing is overwritten."""

    profile = models.ForeignKey("collection.Profile", models.PROTECT, verbose_name="会计人员")
    year = models.PositiveSmallIntegerField("年度")
    kind = models.CharField("类别", max_length=12, choices=CourseKind)
    source = models.CharField("来源", max_length=10, choices=CreditSource, default=CreditSource.STUDY)
    credits = models.DecimalField("学分", max_digits=6, decimal_places=2)
    general_professional = models.DecimalField("其中专业通识", max_digits=6, decimal_places=2, default=0)
    institution = models.ForeignKey(
        Institution, models.PROTECT, verbose_name="学习机构", null=True, blank=True
    )
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, verbose_name="学习记录", null=True, blank=True)
    delivery = models.OneToOneField(Delivery, models.PROTECT, verbose_name="回传记录", null=True, blank=True)
    conversion = models.ForeignKey(
        Conversion, models.PROTECT, verbose_name="学分折算", null=True, blank=True, db_index=False
    )
    finished_at = models.DateTimeField("完成时间")
    booked_at = models.DateTimeField("入账时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "学分账"
        indexes = [
            models.Index(fields=["profile", "year", "id"], name="credit_entry_by_profile"),
            models.Index(fields=["institution", "booked_at", "id"], name="credit_entry_by_institution"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(source=CreditSource.STUDY),
                name="credit_entry_one_per_study",
            ),
            models.UniqueConstraint(
                fields=["conversion", "kind"],
                condition=Q(source=CreditSource.CONVERSION),
                name="credit_entry_conversion_once",
            ),
        ]

    def __str__(self):
        return f"{self.year} 年度{self.get_kind_display()} {self.credits} 学分"

    def save(self, *args, **kwargs):
        if self.pk is not None:
            raise DomainError("学分账只能追加，不能修改。")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise DomainError("学分账只能追加，不能删除。")
