"""Lookups that an index serves on both databases."""

import re

from django.db.models import CharField
from django.db.models.lookups import StartsWith


@CharField.register_lookup
class Prefix(StartsWith):
    """`name__prefix="广州"`: begins exactly so. Django's startswith is a LIKE, for which SQLite reads the whole table."""

    lookup_name = "prefix"
    # PostgreSQL writes it as it writes startswith.
    lookup_operator = "startswith"

    def get_rhs_op(self, connection, rhs):
        return connection.operators[self.lookup_operator] % rhs

    def as_sqlite(self, compiler, connection):
        lhs, params = self.process_lhs(compiler, connection)
        return f"{lhs} GLOB %s", [*params, re.sub(r"([*?[])", r"[\1]", self.rhs) + "*"]
