"""What was left lying of the pictures: rung again for, forgotten, deleted."""

from datetime import timedelta
from functools import partial

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from collection import attachments, picture_files
from collection.choices import AttachmentState
from collection.models import Attachment

RING_AGAIN = timedelta(seconds=30)
KEEP_NEW = timedelta(days=1)
ROWS_A_SWEEP = 500
SECONDS_BETWEEN_PICTURE_SWEEPS = 3600


def sweep():
    """Ring again for what has waited too long, and remove the files that nothing names any more."""
    before = timezone.now() - RING_AGAIN
    waiting = Attachment.objects.filter(
        state=AttachmentState.PROCESSING, created_at__lt=before, replaced_at=None
    )
    for key in waiting.order_by("created_at").values_list("pk", flat=True)[:ROWS_A_SWEEP]:
        attachments.ring(key)
    forget_unsaved()
    attachments.delete_files(
        Attachment.objects.exclude(file="").filter(replaced_at__lt=before)[:ROWS_A_SWEEP]
    )
    picture_files.remove_orphans(picture_files.QUARANTINE, partial(named_in, "quarantine"))
    # Many files and seldom an orphan: once an hour will do.
    if cache.add("collection:pictures-swept", True, SECONDS_BETWEEN_PICTURE_SWEEPS):
        for folder in picture_files.recent_picture_folders():
            picture_files.remove_orphans(folder, partial(named_in, "file"))


@transaction.atomic
def forget_unsaved():
    """A change that nobody saved within a day: its pictures were never part of the archive."""
    before = timezone.now() - KEEP_NEW
    unsaved = Attachment.objects.filter(for_change=True, replaced_at=None, created_at__lt=before)
    attachments.retire(list(unsaved[:ROWS_A_SWEEP]))


def named_in(column, names):
    return Attachment.objects.filter(**{f"{column}__in": names}).values_list(column, flat=True)
