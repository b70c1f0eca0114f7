"""What staff prove themselves with beside the password: an app on their phone, and codes on paper for when it is lost."""

import time
from base64 import b32decode

from django.db import models
from django.utils import timezone
from django_otp.models import Device
from django_otp.oath import TOTP

from accounting_platform.lib.encryption import EncryptedTextField
from registration.models.account import User


class StaffDevice(Device):
    """The authenticator app of one staff account (TOTP). Unlike django-otp's own device, its secret lies sealed."""

    # One step of 30 seconds to either side: phones are seldom further off.
    TOLERANCE = 1

    user = models.ForeignKey(User, models.CASCADE, verbose_name="账号")
    name = models.CharField("名称", max_length=64, default="验证器")
    confirmed = models.BooleanField("已启用", default=False)
    secret = EncryptedTextField("密钥")
    drift = models.SmallIntegerField("时钟偏差", default=0)
    last_step = models.BigIntegerField("最近用过的时段", default=-1)
    created_at = models.DateTimeField("绑定时间", auto_now_add=True)
    last_used_at = models.DateTimeField("最近使用", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "动态验证码设备"
        constraints = [
            # One in use, and one that is about to take its place.
            models.UniqueConstraint(fields=["user", "confirmed"], name="staff_device_one_in_use"),
        ]

    def __str__(self):
        return f"{self.user} {self.name}"

    def clock(self):
        """What this device shows at this moment."""
        totp = TOTP(b32decode(self.secret), drift=self.drift)
        totp.time = time.time()
        return totp

    def verify_token(self, token):
        """Whether this is the code of now. A code works once: it and all before it are spent."""
        totp = self.clock()
        if not totp.verify(int(token), self.TOLERANCE, self.last_step + 1):
            return False
        self.last_step, self.drift, self.last_used_at = totp.t(), totp.drift, timezone.now()
        self.save(update_fields=["last_step", "drift", "last_used_at"])
        return True


class RescueCode(models.Model):
    """恢复码: takes the place of the app once."""

    user = models.ForeignKey(User, models.CASCADE, verbose_name="账号")
    code = EncryptedTextField("恢复码")
    created_at = models.DateTimeField("生成时间", auto_now_add=True)
    used_at = models.DateTimeField("使用时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "恢复码"

    def __str__(self):
        return f"{self.user} {self.pk}"
