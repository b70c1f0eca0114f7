import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import accounting_platform.lib.encryption


class Migration(migrations.Migration):
    dependencies = [
        ("collection", "0002_code_lists"),
        ("education", "0004_offering_figures"),
    ]

    operations = [
        migrations.CreateModel(
            name="Certificate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="证明编号")),
                ("content", accounting_platform.lib.encryption.EncryptedJSONField(verbose_name="内容")),
                (
                    "state",
                    models.CharField(
                        choices=[("valid", "有效"), ("revoked", "已撤销")],
                        default="valid",
                        max_length=7,
                        verbose_name="状态",
                    ),
                ),
                (
                    "issued_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="开具时间"),
                ),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="撤销时间")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="撤销原因")),
                (
                    "profile",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="collection.profile",
                        verbose_name="会计人员",
                    ),
                ),
            ],
            options={
                "verbose_name": "学分证明",
                "verbose_name_plural": "学分证明",
                "indexes": [models.Index(fields=["profile", "year", "-id"], name="certificate_by_profile")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "valid")),
                        fields=("profile", "year"),
                        name="certificate_one_valid_per_year",
                    )
                ],
            },
        ),
    ]
