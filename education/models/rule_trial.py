from django.db import models

from education.choices import TrialState
from education.models.year_rule import YearRule


class RuleTrial(models.Model):
    """规则试算: a rule as it might be, and how many people it would move; nothing else is changed by it."""

    rule = models.ForeignKey(YearRule, models.CASCADE, verbose_name="年度规则")
    # Name of the column -> credits; `before` is the rule as it stood when the trial ran.
    before = models.JSONField("现行规则", default=dict)
    after = models.JSONField("试算规则")
    state = models.CharField("状态", max_length=7, choices=TrialState, default=TrialState.WAITING)
    percent = models.PositiveSmallIntegerField("进度", default=0)
    # [{"division", "people", "done_before", "done_after", "gained", "lost"}], one a city.
    result = models.JSONField("结果", default=list)
    tries = models.PositiveSmallIntegerField("尝试次数", default=0)
    by = models.ForeignKey("registration.User", models.PROTECT, verbose_name="试算人", null=True)
    created_at = models.DateTimeField("提出时间", auto_now_add=True)
    changed_at = models.DateTimeField("更新时间", auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "规则试算"
        ordering = ["-id"]

    def __str__(self):
        return f"{self.rule.year} 年度规则试算 {self.pk}"

    @property
    def is_unfinished(self):
        return self.state in (TrialState.WAITING, TrialState.RUNNING)
