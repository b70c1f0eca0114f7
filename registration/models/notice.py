"""What people are told on the platform itself."""

from django.db import models
from django.utils import timezone

from registration.models.account import Accountant


class Announcement(models.Model):
    """通知公告 on the home page."""

    title = models.CharField("标题", max_length=80)
    body = models.TextField("正文", max_length=20000)
    published_at = models.DateTimeField("发布时间", default=timezone.now, db_index=True)
    ends_on = models.DateField("显示至", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "通知公告"
        ordering = ["-published_at"]

    def __str__(self):
        return self.title


class Message(models.Model):
    """站内消息 to one person."""

    accountant = models.ForeignKey(Accountant, models.CASCADE, verbose_name="会计人员")
    title = models.CharField("标题", max_length=80)
    body = models.TextField("正文", max_length=2000)
    created_at = models.DateTimeField("时间", auto_now_add=True)
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "站内消息"
        indexes = [models.Index(fields=["accountant", "-id"], name="message_by_accountant")]

    def __str__(self):
        return self.title
