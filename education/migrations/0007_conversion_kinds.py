"""Loads what may be converted in every year, and spells the titles of the courses there are."""

import csv
from pathlib import Path

from django.db import migrations

from collection import pinyin

FILE = Path(__file__).resolve().parent.parent / "data" / "conversion_kinds_guangdong.csv"


def rows():
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def load(apps, schema_editor):
    YearRule = apps.get_model("education", "YearRule")
    ConversionKind = apps.get_model("education", "ConversionKind")
    for rule in YearRule.objects.all():
        for row in rows():
            ConversionKind.objects.get_or_create(rule=rule, name=row["name"], defaults=row)
    Offering = apps.get_model("education", "Offering")
    for offering in Offering.objects.filter(title_pinyin="").iterator():
        spelled = f"{pinyin.spelled(offering.title)[:200]} {pinyin.initials(offering.title)}"
        Offering.objects.filter(pk=offering.pk).update(title_pinyin=spelled[:300])


def unload(apps, schema_editor):
    names = [row["name"] for row in rows()]
    used = apps.get_model("education", "Conversion").objects.values("kind_id")
    kinds = apps.get_model("education", "ConversionKind").objects.filter(name__in=names)
    kinds.exclude(pk__in=used).delete()


class Migration(migrations.Migration):
    dependencies = [("education", "0006_year_rules_exemptions_conversions")]
    operations = [migrations.RunPython(load, unload)]
