import uuid

from django.db import models
from django.db.models import Q

from education.choices import ProofState
from education.models.conversion import Conversion
from education.models.exemption import Exemption


class Proof(models.Model):
    """证明材料: one picture behind an application or an exemption, sealed like those of the archive."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conversion = models.ForeignKey(
        Conversion, models.CASCADE, related_name="proofs", verbose_name="学分折算", null=True, blank=True
    )
    exemption = models.ForeignKey(
        Exemption, models.CASCADE, related_name="proofs", verbose_name="免学登记", null=True, blank=True
    )
    state = models.CharField("状态", max_length=10, choices=ProofState, default=ProofState.PROCESSING)
    reason = models.CharField("退回原因", max_length=60, blank=True)
    quarantine = models.CharField("待处理文件", max_length=100, blank=True)
    file = models.CharField("文件", max_length=100, blank=True)
    tries = models.PositiveSmallIntegerField("尝试次数", default=0)
    created_at = models.DateTimeField("上传时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "证明材料"
        ordering = ["created_at"]
        indexes = [
            models.Index(
                fields=["created_at"], condition=Q(state=ProofState.PROCESSING), name="proof_processing"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(conversion=None, exemption__isnull=False)
                | Q(conversion__isnull=False, exemption=None),
                name="proof_of_one_thing",
            )
        ]

    def __str__(self):
        return f"证明材料 {self.pk}"
