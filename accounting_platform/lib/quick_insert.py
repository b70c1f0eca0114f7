"""INSERTs by statements that are put together once: for what is written at every log-in and every callback."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from operator import attrgetter
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models

# SQLite takes no more values than this in one statement.
MOST_VALUES = 32_000
# Fields whose values PostgreSQL's driver takes as they stand on a row.
PLAIN = {
    models.BigAutoField,
    models.CharField,
    models.DateTimeField,
    models.DecimalField,
    models.ForeignKey,
    models.OneToOneField,
    models.PositiveIntegerField,
    models.PositiveSmallIntegerField,
    models.TextField,
    models.UUIDField,
}
Statement = tuple[str, list[Any]]


def insert(*rows: models.Model) -> None:
    """Insert new rows of one model as `bulk_create` would; automatic keys come back on the rows."""
    connection = connections[DEFAULT_DB_ALIAS]
    keys = []
    with connection.cursor() as cursor:
        for statement, values in adding(rows, returning=True):
            cursor.execute(statement, values)
            keys += cursor.fetchall()
    for row, (key,) in zip(rows, keys, strict=True):
        row.pk = key
        row._state.adding, row._state.db = False, connection.alias


def adding(rows: Sequence[models.Model], *, returning: bool = False) -> Iterable[Statement]:
    """The statements that insert these new rows of one model."""
    return _statements(rows, (), returning)


def overwriting(rows: Sequence[models.Model], columns: Sequence[str]) -> Iterable[Statement]:
    """The statements that write these columns of rows which are in the table."""
    return _statements(rows, tuple(columns), False)


def run(statements: Iterable[Statement]) -> None:
    """Run statements of which nothing comes back: on PostgreSQL in one message to the server."""
    connection = connections[DEFAULT_DB_ALIAS]
    statements = list(statements)
    if connection.vendor == "postgresql" and statements:
        together = "; ".join(statement for statement, _ in statements)
        statements = [(together, [value for _, values in statements for value in values])]
    with connection.cursor() as cursor:
        for statement, values in statements:
            cursor.execute(statement, values)


def _statements(rows: Sequence[models.Model], changed: tuple[str, ...], returning: bool):
    if not rows:
        return
    connection = connections[DEFAULT_DB_ALIAS]
    head, marks, tail, width = _parts(type(rows[0]), changed, returning)
    values_of = _reader(type(rows[0]), bool(changed), connection.vendor)
    piece = MOST_VALUES // width
    for start in range(0, len(rows), piece):
        some = rows[start : start + piece]
        values = [value for row in some for value in values_of(row, connection)]
        yield head + ", ".join([marks] * len(some)) + tail, values


@cache
def _parts(model: type[models.Model], changed: tuple[str, ...], returning: bool) -> tuple:
    """What stands before, for and after the rows of a statement, and how many values a row has."""
    meta, quote = model._meta, connections[DEFAULT_DB_ALIAS].ops.quote_name
    key = quote(meta.pk.column)
    fields = _fields(model, bool(changed))
    columns = ", ".join(quote(field.column) for field in fields)
    head = f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES "
    marks = f"({', '.join(['%s'] * len(fields))})"
    names = [quote(meta.get_field(name).column) for name in changed]
    written = ", ".join(f"{name} = excluded.{name}" for name in names)
    tail = f" ON CONFLICT ({key}) DO UPDATE SET {written}" if changed else ""
    return head, marks, tail + (f" RETURNING {key}" if returning else ""), len(fields)


def _fields(model: type[models.Model], known: bool) -> list[models.Field]:
    """The fields whose values are written: of rows known to the database the key as well."""
    fields = model._meta.local_concrete_fields
    return [field for field in fields if known or not isinstance(field, models.AutoField)]


@cache
def _reader(model: type[models.Model], known: bool, vendor: str) -> Callable:
    """What takes a row's values for the database's driver: plain ones as they are, the others by way of their field."""
    fields = _fields(model, known)
    take = attrgetter(*(field.attname for field in fields))
    foreign = [(place, field) for place, field in enumerate(fields) if field.is_relation]
    special = [
        (place, field)
        for place, field in enumerate(fields)
        if vendor != "postgresql" or type(field) not in PLAIN or getattr(field, "auto_now_add", False)
    ]

    def values_of(row: models.Model, connection: Any) -> list[Any]:
        values = list(take(row))
        for place, field in foreign:
            # A row it refers to may have got its key since they were put together.
            if values[place] is None and (related := field.get_cached_value(row, None)) is not None:
                values[place] = related.pk
                setattr(row, field.attname, related.pk)
        for place, field in special:
            values[place] = field.get_db_prep_save(field.pre_save(row, not known), connection)
        return values

    return values_of
