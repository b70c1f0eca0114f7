"""Which keys have sealed what lies in this database."""

from django.db import models
from django.utils import timezone

from registration.choices import KeyUse


class KeyCanary(models.Model):
    """A trace of one secret key, by which a start with another key of that name is noticed before it does harm."""

    use = models.CharField("用途", max_length=7, choices=KeyUse)
    key_id = models.CharField("密钥名称", max_length=32)
    # Derived from the key; it tells nothing about it.
    proof = models.CharField("凭据", max_length=64)
    created_at = models.DateTimeField("首次使用时间", default=timezone.now)
    # Nothing in the database or the storage is sealed with it any more.
    retired_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "密钥记录"
        constraints = [models.UniqueConstraint(fields=["use", "key_id"], name="key_canary_one_per_key")]

    def __str__(self):
        return f"{self.get_use_display()} {self.key_id}"
