"""导出我的数据: a zip of everything the platform holds about one person, made by a worker, kept a week.

Each of settings.EXPORT_PARTS is a callable that gives the Part of one app for an accountant.
"""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.utils.module_loading import import_string

from accounting_platform.lib.errors import DomainError
from registration import audit, credentials, limits, telling
from registration.choices import ExportState
from registration.made_files import MadeFiles
from registration.models import DataExport

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
        transaction.on_commit(partial(EXPORTS.ring, row.pk))
    return row


# --- the worker


def content(row):
    """Gather and pack everything about the row's owner."""
    return pack(gather(row.accountant), partial(note_progress, row.pk))


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


def tell_ready(row):
    audit.record("export.made", actor=None, subject=row.accountant)
    words = f"请在 {EXPORTS.kept.days} 天内到“账号与密码”下载，过期自动删除。如非本人操作，请立即修改密码。"
    telling.notify(row.accountant, "您的数据已准备好", words)


EXPORTS = MadeFiles(
    model=DataExport,
    folder="exports",
    kept=timedelta(days=7),
    task="registration.tasks.make_export",
    content=content,
    ready=tell_ready,
)
# Sealed anew like everything else when the keys change.
FILES = EXPORTS.files
make, note_progress, read = EXPORTS.make, EXPORTS.note_progress, EXPORTS.read
delete, sweep = EXPORTS.delete, EXPORTS.sweep


# --- the owner


def fetched(row, *, by):
    """Note that the owner takes the file away."""
    audit.record("export.downloaded", actor=by, subject=row.accountant)
