import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import accounting_platform.lib.encryption


class Migration(migrations.Migration):
    dependencies = [
        ("registration", "0007_audit_by_kind"),
    ]

    operations = [
        migrations.CreateModel(
            name="Share",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(max_length=20, verbose_name="类别")),
                ("reference", models.CharField(max_length=40, verbose_name="对象")),
                ("label", models.CharField(max_length=60, verbose_name="分享内容")),
                ("groups", models.JSONField(default=list, verbose_name="公开的栏目")),
                (
                    "content",
                    accounting_platform.lib.encryption.EncryptedJSONField(
                        null=True, verbose_name="公开的内容"
                    ),
                ),
                ("token", accounting_platform.lib.encryption.EncryptedTextField(verbose_name="链接代码")),
                ("token_key", models.CharField(editable=False, max_length=64, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="分享时间")),
                ("expires_at", models.DateTimeField(db_index=True, verbose_name="截止时间")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="撤销时间")),
                ("views", models.PositiveIntegerField(default=0, verbose_name="查看次数")),
                ("last_viewed_at", models.DateTimeField(blank=True, null=True, verbose_name="最近查看时间")),
                (
                    "accountant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        to="registration.accountant",
                        verbose_name="会计人员",
                    ),
                ),
            ],
            options={
                "verbose_name": "核验分享",
                "verbose_name_plural": "核验分享",
            },
        ),
        migrations.CreateModel(
            name="PaperFile",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "等待处理"),
                            ("making", "正在准备"),
                            ("ready", "可以下载"),
                            ("failed", "未能完成"),
                        ],
                        default="waiting",
                        max_length=7,
                        verbose_name="状态",
                    ),
                ),
                ("percent", models.PositiveSmallIntegerField(default=0, verbose_name="进度（%）")),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="处理次数")),
                ("file", models.CharField(blank=True, max_length=100)),
                ("size", models.PositiveIntegerField(blank=True, null=True, verbose_name="字节数")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="申请时间")),
                (
                    "changed_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="更新时间"),
                ),
                (
                    "expires_at",
                    models.DateTimeField(blank=True, db_index=True, null=True, verbose_name="失效时间"),
                ),
                ("kind", models.CharField(max_length=20, verbose_name="类别")),
                ("reference", models.CharField(max_length=40, verbose_name="对象")),
                ("label", models.CharField(max_length=60, verbose_name="内容")),
                (
                    "accountant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        to="registration.accountant",
                        verbose_name="会计人员",
                    ),
                ),
                (
                    "share",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="registration.share",
                        verbose_name="核验分享",
                    ),
                ),
            ],
            options={
                "verbose_name": "PDF 文件",
                "verbose_name_plural": "PDF 文件",
            },
        ),
        migrations.AddIndex(
            model_name="share",
            index=models.Index(fields=["accountant", "-created_at"], name="share_by_accountant"),
        ),
        migrations.AddIndex(
            model_name="share",
            index=models.Index(
                condition=models.Q(("content__isnull", False)),
                fields=["expires_at"],
                name="share_with_content",
            ),
        ),
        migrations.AddIndex(
            model_name="paperfile",
            index=models.Index(fields=["accountant", "-created_at"], name="paper_file_by_accountant"),
        ),
    ]
