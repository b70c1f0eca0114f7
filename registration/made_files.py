"""Files that a worker makes for one person: begun once, tried three times, sealed, swept away when their time is over.

Exports of one's data and PDFs differ in what they hold and how long they are kept; that is what a MadeFiles tells.
"""

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from celery import current_app
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounting_platform.lib.encryption import seal
from accounting_platform.lib.sealed_files import SealedFiles
from registration.choices import ExportState
from registration.models.made_file import MadeFile

logger = logging.getLogger(__name__)
RING_AGAIN, STUCK_AFTER = timedelta(seconds=30), timedelta(minutes=10)
MAX_TRIES, SWEPT_AT_ONCE = 3, 200


@dataclass(frozen=True)
class MadeFiles:
    """The files of one model: in which folder they lie, how long, who makes them."""

    model: type[MadeFile]
    folder: str
    kept: timedelta
    task: str
    content: Callable[[MadeFile], bytes]
    # Called with the row inside the transaction that hands the file over.
    ready: Callable[[MadeFile], None]
    # What no further try would mend.
    hopeless: tuple[type[Exception], ...] = ()

    @property
    def seal_context(self):
        return f"{self.model._meta.db_table}.file"

    @property
    def files(self):
        """How the files are read, and sealed anew when keys change."""
        return SealedFiles(self.model._meta.label, "file", self.seal_context, self.new_name)

    def new_name(self):
        """A random name for one file."""
        return f"{self.folder}/{uuid.uuid4().hex}"

    def ring(self, key):
        """Tell a worker; where the broker is away the sweep finds the row."""
        try:
            current_app.tasks[self.task].delay(str(key))
        except Exception as error:
            # Whatever the broker raises: the request was taken, and its row is safe.
            logger.warning(
                "broker away, %s %s waits for the sweep: %s", self.folder, key, type(error).__name__
            )

    # --- the worker

    def make(self, key):
        """Make one waiting file; safe to repeat, only one worker ever does it."""
        waiting = self.model.objects.filter(pk=key, state=ExportState.WAITING)
        if not waiting.update(state=ExportState.MAKING, tries=F("tries") + 1, changed_at=timezone.now()):
            return
        row = self.model.objects.select_related("accountant__user").get(pk=key)
        try:
            self.build(row)
        except self.hopeless as reason:
            logger.error("%s cannot be made here: %s", self.folder, reason)
            self.put_back(row, ExportState.FAILED)
        except Exception:
            # So many times, then its owner has to ask anew.
            self.put_back(row, ExportState.FAILED if row.tries >= MAX_TRIES else ExportState.WAITING)
            raise

    def build(self, row):
        """Make, seal, and hand the file over; file and row come together or not at all."""
        content = self.content(row)
        name = default_storage.save(self.new_name(), ContentFile(seal(content, self.seal_context)))
        try:
            kept = self.finish(row, name, len(content))
        except BaseException:
            remove(name)
            raise
        if not kept:
            remove(name)

    def put_back(self, row, state):
        now = timezone.now()
        # What failed is told for as long as a file would have been kept.
        ends = now + self.kept if state == ExportState.FAILED else None
        rows = self.model.objects.filter(pk=row.pk, state=ExportState.MAKING)
        rows.update(state=state, percent=0, changed_at=now, expires_at=ends)

    def note_progress(self, key, percent):
        """Tell how far one file is."""
        rows = self.model.objects.filter(pk=key, state=ExportState.MAKING)
        rows.update(percent=percent, changed_at=timezone.now())

    @transaction.atomic
    def finish(self, row, name, size):
        """Hand the file to the row; False where the account was closed or the row given up meanwhile."""
        now = timezone.now()
        facts = {"state": ExportState.READY, "percent": 100, "file": name, "size": size}
        facts |= {"changed_at": now, "expires_at": now + self.kept}
        done = self.model.objects.filter(pk=row.pk, state=ExportState.MAKING).update(**facts)
        if done:
            self.ready(row)
        return bool(done)

    # --- the owner

    def read(self, row):
        """The content of a ready file; FileNotFoundError when there is none."""
        return self.files.read(row)

    def delete(self, row):
        """Delete a row and, after the commit, its file."""
        if row.file:
            transaction.on_commit(partial(remove, row.file))
        row.delete()

    # --- sweeping

    def sweep(self):
        """Ring again for what waits, begin again what its worker left, delete what has expired or belongs to nobody."""
        now = timezone.now()
        stuck = self.model.objects.filter(state=ExportState.MAKING, changed_at__lt=now - STUCK_AFTER)
        given_up = {"state": ExportState.FAILED, "changed_at": now, "expires_at": now + self.kept}
        stuck.filter(tries__gte=MAX_TRIES).update(**given_up)
        stuck.update(state=ExportState.WAITING, changed_at=now)
        waiting = self.model.objects.filter(state=ExportState.WAITING, created_at__lt=now - RING_AGAIN)
        for key in waiting.values_list("pk", flat=True)[:SWEPT_AT_ONCE]:
            self.ring(key)
        for row in self.model.objects.filter(expires_at__lte=now)[:SWEPT_AT_ONCE]:
            self.delete(row)
        self.remove_orphans(now - STUCK_AFTER)

    def remove_orphans(self, before):
        """Delete files that no row names: a worker died between file and row, or the storage once refused."""
        try:
            names = [f"{self.folder}/{name}" for name in default_storage.listdir(self.folder)[1]]
        except FileNotFoundError:
            return
        known = set(self.model.objects.exclude(file="").values_list("file", flat=True))
        for name in set(names) - known:
            if default_storage.get_modified_time(name) < before:
                remove(name)


def remove(name):
    try:
        default_storage.delete(name)
    except OSError as error:
        logger.warning("storage keeps a file for now: %s", type(error).__name__)
