"""What people show to others by a link, and the PDFs made for them."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounting_platform.lib.clock import SHANGHAI
from accounting_platform.lib.encryption import EncryptedJSONField, EncryptedTextField
from registration.models.account import Accountant
from registration.models.made_file import MadeFile


class Share(models.Model):
    """分享: a copy of what somebody chose to show of one paper, for whoever has the link, until a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    accountant = models.ForeignKey(Accountant, models.CASCADE, verbose_name="会计人员")
    kind = models.CharField("类别", max_length=20)
    reference = models.CharField("对象", max_length=40)
    label = models.CharField("分享内容", max_length=60)
    groups = models.JSONField("公开的栏目", default=list)
    # What the link shows, masked, and nothing else; emptied when the share ends.
    content = EncryptedJSONField("公开的内容", null=True)
    token = EncryptedTextField("链接代码")
    # Keyed hash of the token, by which a link is found.
    token_key = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField("分享时间", auto_now_add=True)
    expires_at = models.DateTimeField("截止时间", db_index=True)
    revoked_at = models.DateTimeField("撤销时间", null=True, blank=True)
    views = models.PositiveIntegerField("查看次数", default=0)
    last_viewed_at = models.DateTimeField("最近查看时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "核验分享"
        indexes = [
            models.Index(fields=["accountant", "-created_at"], name="share_by_accountant"),
            models.Index(
                fields=["expires_at"], condition=Q(content__isnull=False), name="share_with_content"
            ),
        ]

    def __str__(self):
        return self.label

    @property
    def is_live(self):
        """Whether the link shows anything now."""
        return self.revoked_at is None and self.expires_at > timezone.now()

    @property
    def url(self):
        """The whole address that the link and the QR code hold."""
        return settings.PUBLIC_URL.rstrip("/") + reverse("registration:verify", args=[self.token])

    @property
    def last_day(self):
        """The last day on which it shows something."""
        return timezone.localdate(self.expires_at - timedelta(seconds=1), timezone=SHANGHAI)


class PaperFile(MadeFile):
    """One archive or certificate as PDF, with the QR code of a share where its owner chose one."""

    kind = models.CharField("类别", max_length=20)
    reference = models.CharField("对象", max_length=40)
    label = models.CharField("内容", max_length=60)
    share = models.ForeignKey(Share, models.CASCADE, verbose_name="核验分享", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "PDF 文件"
        indexes = [models.Index(fields=["accountant", "-created_at"], name="paper_file_by_accountant")]

    def __str__(self):
        return f"{self.label}（{self.get_state_display()}）"
