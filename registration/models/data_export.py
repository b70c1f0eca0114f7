"""One person's own data as a file to take away."""

from django.db import models
from django.db.models import Q

from registration.choices import ExportState
from registration.models.made_file import MadeFile


class DataExport(MadeFile):
    """导出我的数据: everything the platform holds about somebody, kept a week."""

    class Meta:
        verbose_name = verbose_name_plural = "数据导出"
        constraints = [
            models.UniqueConstraint(
                fields=["accountant"],
                condition=Q(state__in=[ExportState.WAITING, ExportState.MAKING]),
                name="data_export_one_unfinished",
            )
        ]

    def __str__(self):
        return f"数据导出（{self.get_state_display()}）"
