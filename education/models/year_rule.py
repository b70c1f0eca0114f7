from decimal import Decimal

from django.db import models
from django.db.models import F, Q


class YearRule(models.Model):
    """年度规则: the credits one year asks for and the window in which schools may report them."""

    year = models.PositiveSmallIntegerField("年度", unique=True)
    total_min = models.DecimalField("总学分", max_digits=5, decimal_places=2, default=Decimal(90))
    public_min = models.DecimalField("公需课学分", max_digits=5, decimal_places=2, default=Decimal(30))
    professional_min = models.DecimalField("专业课学分", max_digits=5, decimal_places=2, default=Decimal(60))
    general_professional_min = models.DecimalField(
        "其中专业通识学分", max_digits=5, decimal_places=2, default=Decimal(0)
    )
    opens_on = models.DateField("开始日期")
    closes_on = models.DateField("截止日期")
    closed_at = models.DateTimeField("关闭时间", null=True, blank=True)
    provisional = models.BooleanField("暂定", default=False)
    basis = models.CharField("依据", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "年度规则"
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="year_rule_window")
        ]

    def __str__(self):
        return f"{self.year} 年度规则"

    def is_open(self, day):
        """Whether studies of the year may be reported on `day` (a date in Asia/Shanghai)."""
        return self.closed_at is None and self.opens_on <= day <= self.closes_on

    def minimum(self, kind):
        """The credits the year asks for of one CourseKind."""
        return getattr(self, f"{kind}_min")
