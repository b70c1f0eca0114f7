"""Which proofs of work have been used."""

from django.db import models


class SpentProof(models.Model):
    """One challenge whose solution was handed in; the unique nonce is what makes it the only time."""

    nonce = models.CharField("随机数", max_length=64, unique=True)
    expires_at = models.DateTimeField("失效时间", db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "已使用的安全验证"

    def __str__(self):
        return self.nonce[:8]
