"""Loads the year rules of Guangdong from education/data/year_rules_guangdong.csv."""

import csv
from pathlib import Path

from django.db import migrations

FILE = Path(__file__).resolve().parent.parent / "data" / "year_rules_guangdong.csv"


def rows():
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row | {"provisional": row["provisional"] == "true"}


def load(apps, schema_editor):
    YearRule = apps.get_model("education", "YearRule")
    for row in rows():
        # A rule that staff already changed stays as it is.
        YearRule.objects.get_or_create(year=row.pop("year"), defaults=row)


def unload(apps, schema_editor):
    YearRule = apps.get_model("education", "YearRule")
    YearRule.objects.filter(year__in=[row["year"] for row in rows()]).delete()


class Migration(migrations.Migration):
    dependencies = [("education", "0001_initial")]
    operations = [migrations.RunPython(load, unload)]
