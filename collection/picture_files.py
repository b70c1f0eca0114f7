"""The files behind pictures: sealed, under random names in the default storage; and what the sweep removes.

`quarantine/` holds uploads until they are processed; finished pictures lie in one folder a day, so that the sweep
looks at a few folders instead of millions of files.
"""

import logging
import re
import uuid
from datetime import timedelta
from itertools import islice

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from accounting_platform.lib.clock import today
from accounting_platform.lib.encryption import seal
from accounting_platform.lib.errors import DomainError
from accounting_platform.lib.sealed_files import SealedFiles

logger = logging.getLogger(__name__)
QUARANTINE, PICTURES = "quarantine", "pictures"
NO_ROOM = "暂时无法保存文件，请稍后再试"
ORPHAN_AGE = timedelta(hours=24)
DAYS_SWEPT = 4
BATCH = 500
DAY_FOLDER = re.compile(r"\d{4}-\d{2}-\d{2}")


def save_upload(raw):
    """Seal an upload into quarantine; its name."""
    return save(QUARANTINE, new_name(QUARANTINE), raw)


def save_picture(raw):
    """Seal a finished picture; its name."""
    return save(PICTURES, new_picture_name(), raw)


def new_picture_name():
    """A random name in the folder of the day."""
    return new_name(f"{PICTURES}/{today():%Y-%m-%d}")


def new_name(folder):
    return f"{folder}/{uuid.uuid4().hex}"


def save(purpose, name, raw):
    """Seal into a new file; a storage that refuses is told to the person."""
    try:
        return default_storage.save(name, ContentFile(seal(raw, seal_context(purpose))))
    except OSError as error:
        logger.error("storage refuses a file: %s", type(error).__name__)
        # A full disk may have taken half of it.
        remove(name)
        raise DomainError(NO_ROOM, field="file", code="storage", status=503) from error


def seal_context(purpose):
    return f"collection_attachment.{purpose}"


# Uploads wait for minutes; pictures stay, and get a new file when the keys change.
UPLOAD_FILES = SealedFiles("collection.Attachment", "quarantine", seal_context(QUARANTINE))
PICTURE_FILES = SealedFiles("collection.Attachment", "file", seal_context(PICTURES), new_picture_name)


def remove(name):
    """Delete one file; False when the storage would not, then the sweep comes by again."""
    try:
        default_storage.delete(name)
    except OSError as error:
        logger.warning("storage keeps a file for now: %s", type(error).__name__)
        return False
    return True


def remove_orphans(folder, named):
    """Delete files of a folder which are a day old and not in what `named(names)` gives back."""
    before = timezone.now() - ORPHAN_AGE
    names = (f"{folder}/{name}" for name in listing(folder)[1])
    while batch := list(islice(names, BATCH)):
        for name in set(batch) - set(named(batch)):
            if is_older(name, before):
                remove(name)


def recent_picture_folders(pictures=PICTURES):
    """The day folders that may hold orphans which no sweep has seen yet."""
    days = sorted(day for day in listing(pictures)[0] if DAY_FOLDER.fullmatch(day))
    return [f"{pictures}/{day}" for day in days[-DAYS_SWEPT:]]


def listing(folder):
    """(folders, files) below a folder, both empty before it exists."""
    try:
        return default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []


def is_older(name, moment):
    try:
        return default_storage.get_modified_time(name) < moment
    except FileNotFoundError:
        return False
