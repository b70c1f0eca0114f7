"""INSERT of one row by a statement that is put together once: for what is written at every log-in."""

from functools import cache

from django.db import connection, models


def insert(row: models.Model) -> None:
    """Insert a new row as `save(force_insert=True)` would, without signals; an automatic key comes back on the row."""
    statement, fields = _insert_of(type(row), connection.vendor)
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        (row.pk,) = cursor.fetchone()
    row._state.adding, row._state.db = False, connection.alias


@cache
def _insert_of(model: type[models.Model], vendor: str) -> tuple[str, list[models.Field]]:
    """The statement, and the fields whose values it takes."""
    meta, quote = model._meta, connection.ops.quote_name
    fields = [field for field in meta.local_concrete_fields if not isinstance(field, models.AutoField)]
    columns = ", ".join(quote(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    key = quote(meta.pk.column)
    return f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES ({marks}) RETURNING {key}", fields
