"""The code lists as delivered (data/<list>.csv), written into CodeEntry by the migration that names them."""

import csv
from pathlib import Path

from collection.pinyin import initials, spelled

FOLDER = Path(__file__).parent / "data"
# The end date is left out: what staff have withdrawn stays withdrawn when a file is loaded again.
UPDATED = ["name", "full_name", "parent_code", "pinyin", "selectable", "rank"]


def rows(name):
    """The rows of one file as keyword arguments of a CodeEntry."""
    with open(FOLDER / f"{name}.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row | {
                "list": name,
                "full_name": row["full_name"] or row["name"],
                "pinyin": f"{spelled(row['name'])} {initials(row['name'])}",
                "selectable": row["selectable"] == "true",
                "rank": int(row["rank"]),
            }


def load(model, names):
    """Insert or update every row of the named files in a few statements; safe to repeat."""
    entries = [model(**row) for name in names for row in rows(name)]
    model.objects.bulk_create(
        entries, update_conflicts=True, unique_fields=["list", "code"], update_fields=UPDATED
    )


def unload(model, names):
    """Remove what `load` brought."""
    for name in names:
        model.objects.filter(list=name, code__in=[row["code"] for row in rows(name)]).delete()
