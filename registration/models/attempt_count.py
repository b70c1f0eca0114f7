"""How often something was tried."""

from django.db import models


class AttemptCount(models.Model):
    """How often something was tried in one window; the only counter behind every limit."""

    limit = models.CharField("限制名称", max_length=40)
    key = models.CharField("计数对象", max_length=64)
    window = models.CharField("时间窗", max_length=20)
    count = models.PositiveIntegerField("次数", default=0)
    expires_at = models.DateTimeField("失效时间", db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "次数统计"
        constraints = [
            models.UniqueConstraint(fields=["limit", "key", "window"], name="attempt_count_one_per_window")
        ]

    def __str__(self):
        return f"{self.limit} {self.window}"
