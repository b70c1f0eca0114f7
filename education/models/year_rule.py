from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from collection.choices import DutyStatus
from education.choices import CountsAs


def students_are_exempt():
    """The duty statuses that free somebody from a year as long as nobody says otherwise."""
    return [DutyStatus.STUDENT.value]


class YearRule(models.Model):
    """年度规则: the credits one year asks for and the window in which schools may report them."""

    year = models.PositiveSmallIntegerField("年度", unique=True)
    total_min = models.DecimalField("总学分", max_digits=5, decimal_places=2, default=Decimal(90))
    public_min = models.DecimalField("公需课学分", max_digits=5, decimal_places=2, default=Decimal(30))
    professional_min = models.DecimalField("专业课学分", max_digits=5, decimal_places=2, default=Decimal(60))
    general_professional_min = models.DecimalField(
        "其中专业通识学分", max_digits=5, decimal_places=2, default=Decimal(0)
    )
    # 省平台备案的远程施教机构在线学习，每小时 2.5 学分: for plans alone, never for what is booked.
    credits_per_hour = models.DecimalField(
        "每学时学分", max_digits=4, decimal_places=2, default=Decimal("2.5"), help_text="用于估算还要学多久"
    )
    opens_on = models.DateField("开始日期")
    closes_on = models.DateField("截止日期")
    exempt_statuses = models.JSONField("免于学习的在岗状态", default=students_are_exempt, blank=True)
    closed_at = models.DateTimeField("关闭时间", null=True, blank=True)
    provisional = models.BooleanField("暂定", default=False)
    basis = models.CharField("依据", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "年度规则"
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="year_rule_window"),
            models.CheckConstraint(condition=Q(credits_per_hour__gt=0), name="year_rule_hours_bring_credits"),
        ]

    def __str__(self):
        return f"{self.year} 年度规则"

    def is_open(self, day):
        """Whether studies of the year may be reported on `day` (a date in Asia/Shanghai)."""
        return self.closed_at is None and self.opens_on <= day <= self.closes_on

    def exempts(self, duty_status):
        """Whether people of this duty status need not study; once the year is closed, rows say whom it freed."""
        return self.closed_at is None and duty_status in self.exempt_statuses

    def minimum(self, kind):
        """The credits the year asks for of one CourseKind."""
        return getattr(self, f"{kind}_min")


class ConversionKind(models.Model):
    """折算项目 of one year: what outside study counts, and for how much."""

    rule = models.ForeignKey(
        YearRule, models.CASCADE, related_name="conversion_kinds", verbose_name="年度规则"
    )
    name = models.CharField("项目", max_length=80)
    unit = models.CharField("单位", max_length=10, help_text="如：科、天、篇")
    credits = models.DecimalField("每单位学分", max_digits=5, decimal_places=2)
    counts_as = models.CharField("计入", max_length=12, choices=CountsAs, default=CountsAs.PROFESSIONAL)
    evidence = models.CharField("证明材料", max_length=80)
    basis = models.CharField("依据", max_length=100, blank=True)
    is_open = models.BooleanField("接受申请", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "折算项目"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "name"], name="conversion_kind_once_a_year"),
            models.CheckConstraint(condition=Q(credits__gt=0), name="conversion_kind_brings_credits"),
        ]

    def __str__(self):
        return self.name


class YearRuleChange(models.Model):
    """One change of a year's rule: who, when, and every value before and after."""

    rule = models.ForeignKey(YearRule, models.CASCADE, related_name="changes", verbose_name="年度规则")
    # [[what, before, after]] in the words of the form.
    differences = models.JSONField("变更内容")
    by = models.ForeignKey("registration.User", models.PROTECT, verbose_name="操作人", null=True)
    made_at = models.DateTimeField("变更时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "规则变更记录"
        ordering = ["-id"]

    def __str__(self):
        return f"{self.rule} 第 {self.pk} 次变更"
