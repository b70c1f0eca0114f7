"""导入单位: staff bring a sheet, a worker checks it against the directory without writing, staff confirm, a worker writes.

Checking and writing are one function. Every thousand rows are one look-up and one upsert by credit code, committed together,
so that nobody who submits meanwhile waits for the whole; writing the same rows twice changes nothing.
"""

import logging
import uuid
from datetime import timedelta
from functools import partial
from itertools import islice

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone

from accounting_platform.lib.encryption import seal
from accounting_platform.lib.errors import DomainError
from accounting_platform.lib.sealed_files import SealedFiles
from collection import employer_sheet
from collection.choices import ImportState
from collection.employer_resource import COLUMNS, HEADERS, NEEDED, RESOURCE, TITLES
from collection.models import Employer, EmployerImport
from registration import audit

logger = logging.getLogger(__name__)
FOLDER, SEAL_CONTEXT = "imports", "collection_employerimport.file"
FILES = SealedFiles("collection.EmployerImport", "file", SEAL_CONTEXT)
CHUNK, PROBLEMS_KEPT = 1000, 200
KEPT, RING_AGAIN, STUCK_AFTER = timedelta(hours=20), timedelta(seconds=30), timedelta(minutes=10)
MAX_TRIES = 3
GAVE_UP = "处理没有完成，请重新上传；仍不成功的，请分成几个文件"
MOVED_ON = "这次导入现在是“{state}”，请刷新页面查看"
WORKING = (ImportState.CHECKING, ImportState.WRITING)


def take(upload, *, by):
    """Keep an uploaded sheet and have it checked. Raises DomainError with what is wrong with it."""
    if upload.size > employer_sheet.MAX_BYTES:
        raise DomainError(employer_sheet.TOO_BIG, field="file", status=413)
    content = upload.read()
    employer_sheet.look(content)
    name = default_storage.save(f"{FOLDER}/{uuid.uuid4().hex}", ContentFile(seal(content, SEAL_CONTEXT)))
    with transaction.atomic():
        row = EmployerImport.objects.create(
            file=name, file_name=upload.name[:100], size=len(content), user=by
        )
        audit.record("employers.import_uploaded", actor=by, subject=row)
        transaction.on_commit(partial(ring, row.pk))
    return row


def ring(import_id):
    """Tell a worker; where the broker is away the sweep finds the row."""
    # tasks stands above this module and calls back into it.
    from collection import tasks

    try:
        tasks.import_employers.delay(import_id)
    except Exception as error:
        # Whatever the broker raises: the file was taken, and its row is safe.
        logger.warning("broker away, import %s waits for the sweep: %s", import_id, type(error).__name__)


@transaction.atomic
def confirm(import_id, *, by):
    """Have a checked import written."""
    row = move(import_id, ImportState.CHECKED, ImportState.WRITING)
    audit.record("employers.import_confirmed", actor=by, subject=row, detail=row.counts)
    transaction.on_commit(partial(ring, row.pk))


@transaction.atomic
def drop(import_id, *, by):
    """Give up a checked import; nothing was written."""
    row = move(import_id, ImportState.CHECKED, ImportState.DROPPED)
    audit.record("employers.import_dropped", actor=by, subject=row)
    transaction.on_commit(partial(remove, row))


def move(import_id, old, new):
    row = EmployerImport.objects.select_for_update().get(pk=import_id)
    if row.state != old:
        raise DomainError(MOVED_ON.format(state=row.get_state_display()), code="moved_on", status=409)
    row.state, row.percent, row.started_at, row.tries, row.changed_at = new, 0, None, 0, timezone.now()
    row.save(update_fields=["state", "percent", "started_at", "tries", "changed_at"])
    return row


# --- the worker


def work(import_id):
    """Check or write one waiting import; safe to repeat, only one worker ever does it."""
    waiting = EmployerImport.objects.filter(pk=import_id, state__in=WORKING, started_at=None)
    now = timezone.now()
    if not waiting.update(started_at=now, tries=F("tries") + 1, changed_at=now):
        return
    row = EmployerImport.objects.get(pk=import_id)
    try:
        go_through(row)
    except DomainError as refusal:
        finish(row, ImportState.REFUSED, reason=refusal.message[:200])
    except DatabaseError:
        # Its turn comes again with the sweep.
        EmployerImport.objects.filter(pk=row.pk).update(started_at=None, changed_at=timezone.now())
        raise
    except FileNotFoundError:
        finish(row, ImportState.REFUSED, reason=GAVE_UP)


def go_through(row):
    """Judge all rows of the file, and write them when that was confirmed."""
    writes = row.state == ImportState.WRITING
    counts, problems, seen = dict.fromkeys(EmployerImport.COUNTS, 0), [], {}
    rows = employer_sheet.read(FILES.read(row), HEADERS, NEEDED)
    read = 0
    while chunk := list(islice(rows, CHUNK)):
        with transaction.atomic():
            fresh, changed, unchanged, refused = judge(chunk, seen)
            if writes:
                store(fresh + changed)
        for name, found in zip(counts, (fresh, changed, unchanged, refused), strict=True):
            counts[name] += len(found)
        problems += refused[: PROBLEMS_KEPT - len(problems)]
        read += len(chunk)
        # How many rows there are is known at the end; while checking, what a row weighs stands in.
        total = row.rows_total or max(read, row.size // 60)
        progress = EmployerImport.objects.filter(pk=row.pk, state=row.state)
        progress.update(percent=min(99, read * 100 // total), changed_at=timezone.now())
    state = ImportState.DONE if writes else ImportState.CHECKED
    finish(row, state, problems=problems, percent=100, **counts)


def judge(chunk, seen):
    """(new, changed, unchanged, refused) of [(number, row)]; `seen` remembers {code: number} of the rows before."""
    keys = [(number, row, code_of(row)) for number, row in chunk]
    known = Employer.objects.in_bulk([code for *_, code in keys if code], field_name="credit_code")
    fresh, changed, unchanged, refused = [], [], [], []
    for number, row, code in keys:
        if code in seen:
            refused.append([number, TITLES["credit_code"], f"与第 {seen[code]} 行相同，请只保留一行"])
            continue
        employer = known.get(code) or Employer()
        before = [getattr(employer, name) for name in (*COLUMNS, "verified")]
        try:
            RESOURCE.import_instance(employer, row)
        except ValidationError as errors:
            refused += [[number, TITLES[name], words[0]] for name, words in errors.message_dict.items()][:1]
            continue
        seen[code] = number
        employer.verified = True
        same = before == [getattr(employer, name) for name in (*COLUMNS, "verified")]
        (fresh if employer.pk is None else unchanged if same else changed).append(employer)
    return fresh, changed, unchanged, refused


def code_of(row):
    """The code of a row in the one written form, "" where there is none."""
    try:
        return RESOURCE.fields["credit_code"].clean(row) or ""
    except ValueError:
        return ""


def store(employers):
    """One upsert by credit code, in its order: two imports at once wait for each other and never lock each other up."""
    Employer.objects.bulk_create(
        [copy_of(employer) for employer in sorted(employers, key=lambda one: one.credit_code)],
        update_conflicts=True,
        unique_fields=["credit_code"],
        update_fields=["name", "name_pinyin", "name_pairs", *COLUMNS[2:], "verified"],
    )


def copy_of(employer):
    """The same without its key, so that a row deleted meanwhile comes anew."""
    return Employer(verified=True, **{name: getattr(employer, name) for name in COLUMNS})


@transaction.atomic
def finish(row, state, **columns):
    """Hand the outcome to the row, unless it was given up meanwhile; the file goes when it is not needed any more."""
    ours = EmployerImport.objects.filter(pk=row.pk, state=row.state)
    columns |= {"state": state, "changed_at": timezone.now(), "started_at": None}
    if ours.update(**columns) and state != ImportState.CHECKED:
        audit.record(f"employers.import_{state}", actor=row.user, subject=row, detail=counts_in(columns))
        transaction.on_commit(partial(remove, row))


def counts_in(columns):
    return {name: columns[name] for name in EmployerImport.COUNTS if name in columns}


def remove(row):
    """Delete the file; a storage that refuses is asked again by the sweep."""
    try:
        default_storage.delete(row.file)
    except OSError as error:
        logger.warning("storage keeps an import for now: %s", type(error).__name__)
        return
    EmployerImport.objects.filter(pk=row.pk, file=row.file).update(file="")


def sweep():
    """Ring again for what waits, begin again what its worker left behind, forget what nobody confirmed."""
    now = timezone.now()
    stuck = EmployerImport.objects.filter(state__in=WORKING, changed_at__lt=now - STUCK_AFTER)
    for row in stuck.filter(tries__gte=MAX_TRIES):
        finish(row, ImportState.REFUSED, reason=GAVE_UP)
    stuck.update(started_at=None)
    waiting = EmployerImport.objects.filter(
        state__in=WORKING, started_at=None, changed_at__lt=now - RING_AGAIN
    )
    for import_id in waiting.values_list("pk", flat=True)[:CHUNK]:
        ring(import_id)
    for row in EmployerImport.objects.filter(state=ImportState.CHECKED, changed_at__lt=now - KEPT):
        finish(row, ImportState.DROPPED)
    for row in EmployerImport.objects.exclude(file="").exclude(state__in=[*WORKING, ImportState.CHECKED])[
        :CHUNK
    ]:
        remove(row)
