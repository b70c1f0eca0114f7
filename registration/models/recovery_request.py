"""A new phone for somebody whose old one is lost."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounting_platform.lib.encryption import EncryptedTextField
from accounting_platform.lib.errors import DomainError
from registration.choices import RecoveryState
from registration.models.account import Accountant, User

State = RecoveryState


class RecoveryRequest(models.Model):
    """手机号码停用申请: what a visitor wrote, whom it concerns, what staff decided, when it takes effect."""

    MOVES = {
        State.WAITING: {State.APPROVED, State.REFUSED, State.OBJECTED},
        State.APPROVED: {State.APPLIED, State.FAILED, State.OBJECTED, State.REFUSED},
    }
    OPEN = (State.WAITING, State.APPROVED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Found by the worker: the visitor's request costs the same whether such a person exists or not.
    accountant = models.ForeignKey(Accountant, models.CASCADE, verbose_name="会计人员", null=True, blank=True)
    document_number = EncryptedTextField("填写的证件号码")
    name = EncryptedTextField("填写的姓名")
    phone = EncryptedTextField("新手机号码")
    phone_key = models.CharField("新手机号码查找键", max_length=64)
    statement = EncryptedTextField("情况说明")
    state = models.CharField("状态", max_length=8, choices=State, default=State.MATCHING)
    reason = models.CharField("处理理由", max_length=200, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, verbose_name="处理人", null=True, blank=True)
    created_at = models.DateTimeField("申请时间", auto_now_add=True)
    decided_at = models.DateTimeField("处理时间", null=True, blank=True)
    applies_at = models.DateTimeField("生效时间", null=True, blank=True)
    settled_at = models.DateTimeField("办结时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "手机号码停用申请"
        indexes = [
            models.Index(fields=["state", "created_at"], name="recovery_request_by_state"),
            models.Index(
                fields=["applies_at"], condition=Q(state=State.APPROVED), name="recovery_request_due"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["accountant"], condition=Q(state=State.APPROVED), name="recovery_request_one_approved"
            )
        ]

    def __str__(self):
        return f"手机号码停用申请（{self.get_state_display()}）"

    @property
    def is_open(self):
        return self.state in self.OPEN

    def move(self, state, **also):
        """Save a legal next state with the columns in `also`, else refuse with the reason."""
        if state not in self.MOVES.get(self.state, ()):
            raise DomainError(f"该申请当前为“{self.get_state_display()}”，不能再处理。", status=409)
        self.state = state
        if state not in self.OPEN:
            also["settled_at"] = timezone.now()
        for name, value in also.items():
            setattr(self, name, value)
        self.save(update_fields=["state", *also])
