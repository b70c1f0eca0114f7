"""导出我的数据: a zip of everything the platform holds about one person, made by a worker, kept a week.

Each of settings.EXPORT_PARTS is a callable that gives the Part of one app for an accountant.
"""

import io
import json
import logging
import uuid
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string

from accounting_platform.lib.encryption import seal
from accounting_platform.lib.errors import DomainError
from accounting_platform.lib.sealed_files import SealedFiles
from registration import audit, credentials, limits, telling
from registration.choices import ExportState
from registration.models import DataExport

logger = logging.getLogger(__name__)
FOLDER, SEAL_CONTEXT = "exports", "registration_dataexport.file"
KEPT = timedelta(days=7)
RING_AGAIN, STUCK_AFTER = timedelta(seconds=30), timedelta(minutes=10)
MAX_TRIES, SWEPT_AT_ONCE = 3, 200
BUSY = "您的数据正在准备，请等它完成"
READ_ME = """这里是您在广东省会计信息服务平台上的全部个人信息。

.json 文件可以用浏览器或记事本打开；pictures 文件夹里是您上传的照片。
文件中有完整的证件号码、手机号码和照片，请妥善保管，不要转发给他人。
"""


@dataclass(frozen=True)
class Part:
    """What one app holds about a person: `data` becomes <name>.json, `files` are (name, function that reads it)."""

    name: str
    data: Any
    files: list[tuple[str, Callable[[], bytes]]] = field(default_factory=list)


def new_name():
    """A random name for one file."""
    return f"{FOLDER}/{uuid.uuid4().hex}"


# Sealed anew like everything else when the keys change.
FILES = SealedFiles("registration.DataExport", "file", SEAL_CONTEXT, new_name)


def latest(accountant):
    """The person's newest export that is still worth showing, or None."""
    row = DataExport.objects.filter(accountant=accountant).order_by("-created_at").first()
    if row is None or row.state == ExportState.READY and not row.is_ready:
        return None
    return row


def request(accountant, *, current):
    """Begin an export for somebody who knows the password; an earlier one is replaced. Raises DomainError."""
    credentials.check_password(accountant, current)
    if DataExport.objects.filter(accountant=accountant, state__in=DataExport.UNFINISHED).exists():
        raise DomainError(BUSY, code="export_busy", status=409)
    limits.count("export", str(accountant.pk))
    with transaction.atomic():
        for row in DataExport.objects.filter(accountant=accountant):
            delete(row)
        try:
            with transaction.atomic():
                row = DataExport.objects.create(accountant=accountant)
        except IntegrityError:
            raise DomainError(BUSY, code="export_busy", status=409) from None
        audit.record("export.requested", actor=accountant, subject=accountant)
        transaction.on_commit(partial(ring, row.pk))
    return row


def ring(export_id):
    """Tell a worker; where the broker is away the sweep finds the row."""
    # tasks stands above this module and calls back into it.
    from registration import tasks

    try:
        tasks.make_export.delay(str(export_id))
    except Exception as error:
        # Whatever the broker raises: the request was taken, and its row is safe.
        logger.warning("broker away, export %s waits for the sweep: %s", export_id, type(error).__name__)


# --- the worker


def make(export_id):
    """Make one waiting export; safe to repeat, only one worker ever does it."""
    waiting = DataExport.objects.filter(pk=export_id, state=ExportState.WAITING)
    if not waiting.update(state=ExportState.MAKING, tries=F("tries") + 1, changed_at=timezone.now()):
        return
    row = DataExport.objects.select_related("accountant__user").get(pk=export_id)
    try:
        build(row)
    except Exception:
        put_back(row)
        raise


def build(row):
    """Gather, pack, seal, and hand the file over; file and row come together or not at all."""
    content = pack(gather(row.accountant), partial(note_progress, row.pk))
    name = default_storage.save(new_name(), ContentFile(seal(content, SEAL_CONTEXT)))
    try:
        kept = finish(row, name, len(content))
    except BaseException:
        remove(name)
        raise
    if not kept:
        remove(name)


def put_back(row):
    """What failed waits for the sweep, so many times, then its owner has to ask anew."""
    state = ExportState.FAILED if row.tries >= MAX_TRIES else ExportState.WAITING
    DataExport.objects.filter(pk=row.pk, state=ExportState.MAKING).update(
        state=state, percent=0, changed_at=timezone.now()
    )


def gather(accountant):
    """The parts of all apps, the lowest first."""
    return [import_string(path)(accountant) for path in settings.EXPORT_PARTS]


def pack(parts, progress):
    """The zip of all parts as bytes; `progress(percent)` is called as it grows."""
    entries = [("说明.txt", READ_ME.encode)]
    for part in parts:
        entries.append((f"{part.name}.json", partial(as_json, part.data)))
        entries += part.files
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, read) in enumerate(entries, start=1):
            archive.writestr(name, read())
            progress(number * 100 // (len(entries) + 1))
    return buffer.getvalue()


def as_json(data):
    return json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2).encode()


def note_progress(export_id, percent):
    DataExport.objects.filter(pk=export_id, state=ExportState.MAKING).update(
        percent=percent, changed_at=timezone.now()
    )


@transaction.atomic
def finish(row, name, size):
    """Hand the file to the row; False where the account was closed or the row given up meanwhile."""
    now = timezone.now()
    done = DataExport.objects.filter(pk=row.pk, state=ExportState.MAKING).update(
        state=ExportState.READY, percent=100, file=name, size=size, changed_at=now, expires_at=now + KEPT
    )
    if done:
        audit.record("export.made", actor=None, subject=row.accountant)
        words = f"请在 {KEPT.days} 天内到“账号与密码”下载，过期自动删除。如非本人操作，请立即修改密码。"
        telling.notify(row.accountant, "您的数据已准备好", words)
    return bool(done)


# --- the owner


def read(row):
    """The zip of a ready export; FileNotFoundError when there is none."""
    return FILES.read(row)


def fetched(row, *, by):
    """Note that the owner takes the file away."""
    audit.record("export.downloaded", actor=by, subject=row.accountant)


def delete(row):
    """Delete an export and, after the commit, its file."""
    if row.file:
        transaction.on_commit(partial(remove, row.file))
    row.delete()


def remove(name):
    try:
        default_storage.delete(name)
    except OSError as error:
        logger.warning("storage keeps an export for now: %s", type(error).__name__)


# --- sweeping


def sweep():
    """Ring again for what waits, begin again what its worker left behind, delete what has expired or belongs to nobody."""
    now = timezone.now()
    stuck = DataExport.objects.filter(state=ExportState.MAKING, changed_at__lt=now - STUCK_AFTER)
    stuck.filter(tries__gte=MAX_TRIES).update(state=ExportState.FAILED, changed_at=now)
    stuck.update(state=ExportState.WAITING, changed_at=now)
    waiting = DataExport.objects.filter(state=ExportState.WAITING, created_at__lt=now - RING_AGAIN)
    for export_id in waiting.values_list("pk", flat=True)[:SWEPT_AT_ONCE]:
        ring(export_id)
    for row in DataExport.objects.filter(expires_at__lte=now)[:SWEPT_AT_ONCE]:
        delete(row)
    remove_orphans(now - STUCK_AFTER)


def remove_orphans(before):
    """Delete files that no row names: a worker died between file and row, or the storage once refused."""
    try:
        names = [f"{FOLDER}/{name}" for name in default_storage.listdir(FOLDER)[1]]
    except FileNotFoundError:
        return
    known = set(DataExport.objects.exclude(file="").values_list("file", flat=True))
    for name in set(names) - known:
        if default_storage.get_modified_time(name) < before:
            remove(name)
