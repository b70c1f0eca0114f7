import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounting_platform.lib.encryption import EncryptedTextField
from education.choices import DeliveryOutcome, EventType
from education.models.enrolment import Enrolment
from education.models.institution import Institution

FINAL = (DeliveryOutcome.ACCEPTED, DeliveryOutcome.HELD, DeliveryOutcome.DUPLICATE)


class Delivery(models.Model):
    """学分回传: one event as received, taken or refused. An id that was taken is taken for ever."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    institution = models.ForeignKey(Institution, models.PROTECT, verbose_name="学习机构")
    message_id = models.CharField("消息编号", max_length=128)
    event_type = models.CharField("类型", max_length=30)
    digest = models.CharField("内容摘要", max_length=64)
    # Emptied after 90 days; the digest stays, so a repetition is still known.
    body = EncryptedTextField("内容", null=True, blank=True)
    outcome = models.CharField("结果", max_length=9, choices=DeliveryOutcome)
    code = models.CharField("原因代码", max_length=30, blank=True)
    reason = models.CharField("原因", max_length=200, blank=True)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, verbose_name="学习记录", null=True, blank=True)
    received_at = models.DateTimeField("接收时间", default=timezone.now)
    repeats = models.PositiveIntegerField("重复次数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "回传记录"
        indexes = [
            models.Index(fields=["institution", "-id"], name="delivery_by_institution"),
            models.Index(fields=["institution", "received_at", "id"], name="delivery_by_day"),
            models.Index(fields=["received_at"], condition=Q(body__isnull=False), name="delivery_with_body"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "message_id"],
                condition=Q(outcome__in=FINAL),
                name="delivery_taken_once",
            )
        ]

    def __str__(self):
        return f"{dict(EventType.choices).get(self.event_type, '类型不明')} · {self.message_id}"
