from django.db import migrations

from collection import code_files

FILES = (
    "division",
    "country",
    "ethnic_group",
    "political_status",
    "education_level",
    "degree",
    "accounting_post",
    "admin_position",
    "technical_position",
    "industry",
    "economic_type",
    "abacus_grade",
)


def load(apps, schema_editor):
    code_files.load(apps.get_model("collection", "CodeEntry"), FILES)


def unload(apps, schema_editor):
    code_files.unload(apps.get_model("collection", "CodeEntry"), FILES)


class Migration(migrations.Migration):
    dependencies = [("collection", "0001_initial")]
    operations = [migrations.RunPython(load, unload)]
