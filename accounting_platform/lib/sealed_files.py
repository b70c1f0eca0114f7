"""Sealed files whose names stand in a column: how they are read while they may be sealed anew under another name."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models

from .encryption import reseal, unseal


@dataclass(frozen=True)
class SealedFiles:
    """The files of one column ("app.Model", "column") in the default storage, sealed in one context.

    `new_name` gives the name of a further file, in a folder where a sweep removes what no row names; without it the
    files are left as they are, since they are gone within a day.
    """

    model: str
    column: str
    context: str
    new_name: Callable[[], str] | None = None

    def read(self, row: models.Model) -> bytes:
        """The bytes of the file that this row names; FileNotFoundError when there is none."""
        name = getattr(row, self.column)
        try:
            return unseal(_bytes(name), self.context)
        except FileNotFoundError:
            # Sealed anew since the row was read: it has another name by now.
            now = type(row)._base_manager.filter(pk=row.pk).values_list(self.column, flat=True).first()
            if not now or now == name:
                raise
            return unseal(_bytes(now), self.context)

    def seal_anew(self, name: str) -> str:
        """The name of a copy of this file under the key that seals now."""
        return default_storage.save(self.new_name(), ContentFile(reseal(_bytes(name), self.context)))


def _bytes(name: str) -> bytes:
    with default_storage.open(name) as file:
        return file.read()
