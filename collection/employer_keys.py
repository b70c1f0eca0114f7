"""By what employers are found: pinyin initials, and every two characters that stand side by side in a name.

Both are columns made out of the name whenever a row is written, by save() and by bulk_create() alike. An index over the
pairs finds what stands inside a name after two characters, for which trigrams are of no use: GIN on PostgreSQL, FTS5 with
its triggers on SQLite (migration 0003).
"""

import re

from django.db import models
from django.db.models import lookups

from accounting_platform.lib.text import normalise
from collection.pinyin import initials

FTS_TABLE = "collection_employer_fts"
SILENT = re.compile(r"[\W_]+")


def pairs(text):
    """["广州", "州市"] for 广州市; brackets, dots and blanks are not looked at."""
    plain = SILENT.sub("", normalise(text).lower())
    return list(dict.fromkeys(plain[i : i + 2] for i in range(len(plain) - 1)))


def pairs_in_line(name):
    return " ".join(pairs(name))


class MadeOfName(models.CharField):
    """A column that follows the row's name."""

    def __init__(self, *args, make=None, **kwargs):
        self.make = make
        super().__init__(*args, editable=False, **kwargs)

    def pre_save(self, instance, add):
        value = self.make(instance.name)[: self.max_length]
        setattr(instance, self.attname, value)
        return value

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        del kwargs["editable"]
        return name, "django.db.models.CharField", args, kwargs


@MadeOfName.register_lookup
class Holds(lookups.Lookup):
    """`name_pairs__holds=pairs(text)`: all of these pairs stand in the name."""

    lookup_name = "holds"
    prepare_rhs = False

    def get_db_prep_lookup(self, value, connection):
        return "%s", [list(value)]

    def as_sql(self, compiler, connection):
        lhs, params = self.process_lhs(compiler, connection)
        return f"string_to_array({lhs}, ' ') @> %s::text[]", [*params, list(self.rhs)]

    def as_sqlite(self, compiler, connection):
        key = compiler.quote_name_unless_alias(self.lhs.alias) + ".id"
        phrases = " ".join(f'"{pair}"' for pair in self.rhs)
        return f"{key} IN (SELECT rowid FROM {FTS_TABLE} WHERE {FTS_TABLE} MATCH %s)", [phrases]


def initials_of(name):
    return initials(SILENT.sub("", normalise(name)))
