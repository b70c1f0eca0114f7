from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.timezone import localtime

from accounting_platform.lib.encryption import EncryptedTextField
from collection import pinyin


class Institution(models.Model):
    """学习机构: a school filed with the finance department."""

    code = models.CharField(
        "机构代码",
        max_length=20,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9-]{3,20}$", "机构代码由3至20个小写字母、数字或短横线组成")],
    )
    name = models.CharField("机构名称", max_length=60, unique=True)
    name_pinyin = models.CharField("拼音", max_length=200, db_index=True, blank=True)
    intro = models.CharField("简介", max_length=120, blank=True)
    launch_url = models.URLField("学习平台地址", max_length=300)
    hosts = models.CharField("备案域名", max_length=300, help_text="学习平台所在的域名，多个用空格分开")
    service_phone = models.CharField("客服电话", max_length=30, blank=True)
    filed = models.BooleanField("已备案", default=True)
    # Both are kept by a periodic task, so that no page ever reckons with a school's deliveries.
    return_minutes = models.PositiveIntegerField("学分回传用时（分钟，中位数）", null=True, blank=True)
    measured_at = models.DateTimeField("回传用时统计时间", null=True, blank=True)
    last_delivery_at = models.DateTimeField("最近回传时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "学习机构"
        ordering = ["name_pinyin", "id"]

    def __str__(self):
        return self.name

    def save(self, *args, update_fields=None, **kwargs):
        """The key that sorts and finds the name follows it: zhujiangcaikuai zjck."""
        if update_fields is None or "name" in update_fields:
            self.name_pinyin = f"{pinyin.spelled(self.name)[:130]} {pinyin.initials(self.name)}"
            update_fields = update_fields and {*update_fields, "name_pinyin"}
        super().save(*args, update_fields=update_fields, **kwargs)


class InstitutionSecret(models.Model):
    """A signing secret (whsec_…), shown once and kept sealed; two may live at once."""

    institution = models.ForeignKey(
        Institution, models.CASCADE, related_name="secrets", verbose_name="学习机构"
    )
    secret = EncryptedTextField("密钥")
    created_at = models.DateTimeField("生成时间", auto_now_add=True)
    ends_at = models.DateTimeField("失效时间", null=True, blank=True)
    last_used_at = models.DateTimeField("最近使用时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "签名密钥"

    def __str__(self):
        return f"{localtime(self.created_at):%Y-%m-%d} 生成，尾号 {self.tail}"

    @property
    def tail(self):
        """The last four characters, by which two secrets are told apart; Base64's padding is the same in all."""
        return self.secret.rstrip("=")[-4:]

    @property
    def is_live(self):
        return self.ends_at is None or self.ends_at > timezone.now()


class Learner(models.Model):
    """The pseudonym of one person at one institution: stable there, different at every other."""

    institution = models.ForeignKey(Institution, models.CASCADE, verbose_name="学习机构")
    profile = models.ForeignKey("collection.Profile", models.PROTECT, verbose_name="会计人员")
    public_id = models.CharField("学员编号", max_length=40, unique=True)
    created_at = models.DateTimeField("生成时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "学员编号"
        constraints = [
            models.UniqueConstraint(fields=["institution", "profile"], name="learner_one_per_institution")
        ]

    def __str__(self):
        return self.public_id
