from django.db import migrations, models

from collection.employer_keys import FTS_TABLE, initials_of, pairs_in_line

BATCH = 2000
GIN = [
    # Without a list of pending entries, which every search would have to read.
    "CREATE INDEX employer_by_pairs ON collection_employer USING gin (string_to_array(name_pairs, ' ')) "
    "WITH (fastupdate = off)",
]
FORGET = f"INSERT INTO {FTS_TABLE}({FTS_TABLE}, rowid, name_pairs) VALUES ('delete', old.id, old.name_pairs);"
LEARN = f"INSERT INTO {FTS_TABLE}(rowid, name_pairs) VALUES (new.id, new.name_pairs);"
# The table is rebuilt by some later changes of its columns on SQLite, which drops its triggers: such a migration has to
# run these again (test_employers.py notices).
FTS5 = [
    f"CREATE VIRTUAL TABLE {FTS_TABLE} USING fts5(name_pairs, content='collection_employer', content_rowid='id', "
    "detail=none, columnsize=0)",
    f"INSERT INTO {FTS_TABLE}({FTS_TABLE}) VALUES ('rebuild')",
    f"CREATE TRIGGER {FTS_TABLE}_added AFTER INSERT ON collection_employer BEGIN {LEARN} END",
    f"CREATE TRIGGER {FTS_TABLE}_gone AFTER DELETE ON collection_employer BEGIN {FORGET} END",
    f"CREATE TRIGGER {FTS_TABLE}_renamed AFTER UPDATE OF name_pairs ON collection_employer "
    f"BEGIN {FORGET} {LEARN} END",
]


def fill(apps, schema_editor):
    employers = apps.get_model("collection", "Employer").objects
    rows = []
    for row in employers.only("name").iterator(BATCH):
        row.name_pinyin = initials_of(row.name)[:100]
        row.name_pairs = pairs_in_line(row.name)[:300]
        rows.append(row)
    employers.bulk_update(rows, ["name_pinyin", "name_pairs"], BATCH)


def add_index(apps, schema_editor):
    for statement in GIN if schema_editor.connection.vendor == "postgresql" else FTS5:
        schema_editor.execute(statement)


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX employer_by_pairs")
        return
    for name in ("added", "gone", "renamed"):
        schema_editor.execute(f"DROP TRIGGER {FTS_TABLE}_{name}")
    schema_editor.execute(f"DROP TABLE {FTS_TABLE}")


class Migration(migrations.Migration):
    dependencies = [("collection", "0002_code_lists")]
    operations = [
        migrations.AddField(
            "employer",
            "known_by",
            models.GeneratedField(
                verbose_name="可供搜索",
                expression=models.Case(
                    models.When(
                        models.Q(verified=True) | models.Q(typed_by__gte=3), then=models.F("typed_by")
                    )
                ),
                output_field=models.PositiveIntegerField(null=True),
                db_persist=True,
            ),
        ),
        migrations.AddField(
            "employer", "name_pairs", models.CharField("名称中的字", default="", max_length=300)
        ),
        migrations.AlterField(
            "employer", "name_pinyin", models.CharField("拼音首字母", db_index=True, max_length=100)
        ),
        migrations.AddIndex("employer", models.Index(fields=["-known_by", "id"], name="employer_best_known")),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(add_index, drop_index),
    ]
