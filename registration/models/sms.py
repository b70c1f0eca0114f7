"""What is sent to phones: the outbox, and the codes in it."""

from django.db import models
from django.db.models import Q

from accounting_platform.lib.encryption import EncryptedJSONField, EncryptedTextField
from registration.choices import SmsPurpose, SmsState


class SmsMessage(models.Model):
    """Outbox: one text to one phone, written in the request's transaction, sent by the worker."""

    phone = EncryptedTextField("手机号码")
    phone_key = models.CharField("手机号码查找键", max_length=64)
    template = models.CharField("短信模板", max_length=40)
    context = EncryptedJSONField("模板内容")
    state = models.CharField("状态", max_length=7, choices=SmsState, default=SmsState.WAITING)
    outcome = models.CharField("结果说明", max_length=200, blank=True)
    backend = models.CharField("发送渠道", max_length=40, blank=True)
    tries = models.PositiveSmallIntegerField("重试次数", default=0)
    created_at = models.DateTimeField("写入时间", auto_now_add=True)
    # Not before then; empty is at once, so that the clocks of web and worker need not agree.
    due_at = models.DateTimeField("下次发送时间", null=True, blank=True)
    taken_at = models.DateTimeField("开始发送时间", null=True, blank=True)
    settled_at = models.DateTimeField("处理时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "短信"
        indexes = [
            models.Index(fields=["id"], condition=Q(state=SmsState.WAITING), name="sms_waiting"),
            models.Index(fields=["phone_key", "created_at"], name="sms_by_phone"),
        ]

    def __str__(self):
        return f"{self.template} {self.pk}"


class SmsCode(models.Model):
    """短信验证码: one code for one phone, purpose and session or person; only its keyed hash is kept."""

    phone_key = models.CharField("手机号码查找键", max_length=64)
    purpose = models.CharField("用途", max_length=8, choices=SmsPurpose)
    binding = models.CharField("绑定对象", max_length=64)
    code_hash = models.CharField("验证码散列", max_length=64)
    tries = models.PositiveSmallIntegerField("已试次数", default=0)
    created_at = models.DateTimeField("发送时间", auto_now_add=True)
    expires_at = models.DateTimeField("失效时间")
    used_at = models.DateTimeField("使用时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "短信验证码"
        indexes = [models.Index(fields=["phone_key", "purpose", "-id"], name="sms_code_latest")]

    def __str__(self):
        return f"{self.get_purpose_display()} {self.pk}"
