"""Querysets whose statement is put together once: for what is asked at every callback.

    OPEN = Prepared(lambda: Study.objects.filter(school=Slot("school"), year__any_of=Slot("years")).values_list("id"))
    OPEN(school=7, years=[2025, 2026])

Putting a statement together takes Django several times as long as running it.
"""

import json
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import Expression, Field, Lookup, QuerySet


class Slot(Expression):
    """The place of a value that is given by name when the statement runs."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return "%s", [self]


@Field.register_lookup
class AnyOf(Lookup):
    """`in` for a Slot: the statement is the same however many values there are."""

    lookup_name = "any_of"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*params, self.rhs]

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} IN (SELECT value FROM json_each(%s))", [*params, self.rhs]


class Prepared:
    """Calls give the rows (tuples) of the `values_list` queryset that `build()` returns, with values in its Slots."""

    def __init__(self, build: Callable[[], QuerySet]) -> None:
        self.build = build
        self.compiled = cache(self.compile)

    def __call__(self, **values: Any) -> list[tuple[Any, ...]]:
        connection = connections[DEFAULT_DB_ALIAS]
        statement, params, convert = self.compiled(connection.vendor)
        with connection.cursor() as cursor:
            cursor.execute(statement, [filled(value, values, connection) for value in params])
            return convert(cursor.fetchall(), connection)

    def compile(self, vendor: str) -> tuple[str, tuple[Any, ...], Callable]:
        """The statement, its parameters with Slots among them, and what makes Python's values of the driver's."""
        compiler = self.build().query.get_compiler(DEFAULT_DB_ALIAS)
        statement, params = compiler.as_sql()
        converters = compiler.get_converters([column for column, *_ in compiler.select])

        def convert(rows: list, connection: Any) -> list[tuple[Any, ...]]:
            for place, (functions, expression) in converters.items():
                for number, row in enumerate(rows):
                    value = row[place]
                    for function in functions:
                        value = function(value, expression, connection)
                    rows[number] = (*row[:place], value, *row[place + 1 :])
            return rows

        return statement, params, convert


def filled(value: Any, values: dict[str, Any], connection: Any) -> Any:
    """The value for one place of a statement, as the database's driver takes it."""
    if not isinstance(value, Slot):
        return value
    value = values[value.name]
    if isinstance(value, (set, list, tuple)):
        return list(value) if connection.vendor == "postgresql" else json.dumps(list(value))
    return connection.ops.adapt_unknown_value(value)


@cache
def columns(model: type[models.Model]) -> tuple[str, ...]:
    """All columns of a model, for `values_list`."""
    return tuple(field.attname for field in model._meta.concrete_fields)


def instance(model: type[models.Model], values: Sequence[Any], names: Sequence[str] = ()) -> Any:
    """The row of a model of which `values` were read: all its columns, or those of the names."""
    return model.from_db(DEFAULT_DB_ALIAS, names or columns(model), values)
