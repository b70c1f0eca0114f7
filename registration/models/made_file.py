"""Files that a worker makes for one person."""

import uuid

from django.db import models
from django.utils import timezone

from registration.choices import ExportState
from registration.models.account import Accountant


class MadeFile(models.Model):
    """A file for its owner alone: made by a worker, sealed in the storage, gone after a while."""

    UNFINISHED = (ExportState.WAITING, ExportState.MAKING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    accountant = models.ForeignKey(Accountant, models.CASCADE, verbose_name="会计人员")
    state = models.CharField("状态", max_length=7, choices=ExportState, default=ExportState.WAITING)
    percent = models.PositiveSmallIntegerField("进度（%）", default=0)
    # How often a worker began: what kills its workers is given up.
    tries = models.PositiveSmallIntegerField("处理次数", default=0)
    file = models.CharField(max_length=100, blank=True)
    size = models.PositiveIntegerField("字节数", null=True, blank=True)
    created_at = models.DateTimeField("申请时间", auto_now_add=True)
    changed_at = models.DateTimeField("更新时间", default=timezone.now)
    expires_at = models.DateTimeField("失效时间", null=True, blank=True, db_index=True)

    class Meta:
        abstract = True

    @property
    def is_unfinished(self):
        return self.state in self.UNFINISHED

    @property
    def is_ready(self):
        """Whether it can be fetched now."""
        return self.state == ExportState.READY and self.expires_at > timezone.now()
