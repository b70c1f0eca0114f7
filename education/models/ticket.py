from django.db import models

from education.models.enrolment import Enrolment
from education.models.institution import Institution
from education.models.offering import Offering


class Ticket(models.Model):
    """票据 of one 去学习: random, 60 seconds, one use; only its hash is kept."""

    ticket_hash = models.CharField("票据散列", max_length=64, unique=True)
    institution = models.ForeignKey(Institution, models.CASCADE, verbose_name="学习机构")
    profile = models.ForeignKey("collection.Profile", models.CASCADE, verbose_name="会计人员")
    offering = models.ForeignKey(Offering, models.CASCADE, verbose_name="学习资源", null=True, blank=True)
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, verbose_name="学习记录", null=True, blank=True)
    created_at = models.DateTimeField("发出时间", auto_now_add=True)
    expires_at = models.DateTimeField("失效时间", db_index=True)
    redeemed_at = models.DateTimeField("兑换时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "去学习票据"

    def __str__(self):
        return f"票据 {self.pk}"
