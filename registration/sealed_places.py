"""Where sealed data lies: the sealed columns of every model, and the files that settings.SEALED_FILES names."""

from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import BinaryField, ExpressionWrapper, F, Func
from django.utils.module_loading import import_string

from accounting_platform.lib.encryption import (
    HEAD_BYTES,
    SealedField,
    SealError,
    reseal,
    sealed_with,
    sealing_now,
)


def everywhere():
    """Every place, tables before files."""
    models = [each for each in apps.get_models(include_auto_created=True) if each._meta.managed]
    tables = [Columns(model) for model in models if not model._meta.proxy]
    return [
        *(table for table in tables if table.fields),
        *(Files(import_string(name)) for name in settings.SEALED_FILES),
    ]


class Columns:
    """The sealed columns of one table."""

    goes_by_itself = False

    def __init__(self, model):
        self.model, self.name = model, model._meta.label
        self.fields = [each for each in model._meta.local_concrete_fields if isinstance(each, SealedField)]

    def heads(self, after, limit):
        """[(primary key, beginnings of what is sealed there)] of the next rows."""
        cut = {
            f"head_{each.name}": Func(
                F(each.name), 1, HEAD_BYTES, function="SUBSTR", output_field=BinaryField()
            )
            for each in self.fields
        }
        rows = next_rows(self.model, after).annotate(**cut).values_list("pk", *cut)[:limit]
        return [(key, [bytes(head) for head in heads if head is not None]) for key, *heads in rows]

    @transaction.atomic
    def seal_anew(self, keys):
        """Seal these rows anew: (keys done, keys that do not open); the others are in somebody's hands."""
        skip = connection.features.has_select_for_update_skip_locked
        raw = {f"raw_{each.name}": ExpressionWrapper(F(each.name), BinaryField()) for each in self.fields}
        rows = next_rows(self.model).filter(pk__in=keys).select_for_update(skip_locked=skip)
        done, broken = set(), set()
        changes = {each: [] for each in self.fields}
        for key, *values in rows.annotate(**raw).values_list("pk", *raw):
            try:
                new = [
                    sealed_anew(value, each.context) for each, value in zip(self.fields, values, strict=True)
                ]
            except SealError:
                broken.add(key)
                continue
            done.add(key)
            for each, old, now in zip(self.fields, values, new, strict=True):
                if now != old:
                    changes[each].append((now, key, old))
        for each, rows in changes.items():
            self.write(each, rows)
        return done, broken

    def write(self, column, rows):
        """Replace (new, primary key, old) where the old value still stands, which the locks make sure of."""
        quote, binary = connection.ops.quote_name, connection.Database.Binary
        key = self.model._meta.pk
        statement = "UPDATE {table} SET {column} = %s WHERE {key} = %s AND {column} = %s".format(
            table=quote(self.model._meta.db_table), column=quote(column.column), key=quote(key.column)
        )
        values = [(binary(new), key.get_db_prep_value(pk, connection), binary(old)) for new, pk, old in rows]
        with connection.cursor() as cursor:
            cursor.executemany(statement, values)


class Files:
    """The sealed files that one column names."""

    def __init__(self, files):
        self.files, self.name = files, f"{files.model}.{files.column}"
        self.goes_by_itself = files.new_name is None
        self.model = apps.get_model(files.model)

    def heads(self, after, limit):
        """[(primary key, [beginning of its file])] of the next rows that name one."""
        rows = self.rows(next_rows(self.model, after))[:limit]
        return [(key, self.head(name)) for key, name in rows]

    def rows(self, rows):
        return rows.exclude(**{self.files.column: ""}).values_list("pk", self.files.column)

    def head(self, name):
        try:
            with default_storage.open(name) as file:
                return [file.read(HEAD_BYTES)]
        except FileNotFoundError:
            return []

    def seal_anew(self, keys):
        """Seal the files of these rows anew: (keys done, keys whose file does not open).

        The row gets the name of a new file only where it still names the old one; whichever file is left over goes.
        """
        done, broken = set(), set()
        for key, name in self.rows(next_rows(self.model).filter(pk__in=keys)):
            try:
                new = self.files.seal_anew(name)
            except FileNotFoundError:
                continue
            except SealError:
                broken.add(key)
                continue
            named = self.model._base_manager.filter(pk=key, **{self.files.column: name})
            default_storage.delete(name if named.update(**{self.files.column: new}) else new)
            done.add(key)
        return done, broken


def next_rows(model, after=None):
    rows = model._base_manager.order_by("pk")
    return rows if after is None else rows.filter(pk__gt=after)


def sealed_anew(value, context):
    """What shall stand there: the value as it is when it is sealed with what seals now, else sealed anew."""
    if value is None or sealed_with(value) == sealing_now():
        return value
    return reseal(value, context)
