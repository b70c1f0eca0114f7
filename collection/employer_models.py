"""The directory of employers and what staff import into it; collection.models names both."""

from django.db import models
from django.db.models import Case, F, Q, When
from django.utils import timezone

from accounting_platform.lib.validators import validate_credit_code
from collection.choices import ImportState
from collection.employer_keys import MadeOfName, initials_of, pairs_in_line

CODE_LENGTH = 10


class Employer(models.Model):
    """单位 directory: grown from submissions and import; unverified ones are found only after three people typed them."""

    # Below this many people an unverified employer is known to those who typed it only.
    PEOPLE_NEEDED = 3

    name = models.CharField("单位名称", max_length=100, db_index=True)
    name_pinyin = MadeOfName("拼音首字母", make=initials_of, max_length=100, db_index=True)
    name_pairs = MadeOfName("名称中的字", make=pairs_in_line, max_length=300, default="")
    credit_code = models.CharField(
        "统一社会信用代码", max_length=18, unique=True, validators=[validate_credit_code]
    )
    industry = models.CharField("所属行业", max_length=CODE_LENGTH, blank=True)
    economic_type = models.CharField("经济类型", max_length=CODE_LENGTH, blank=True)
    address = models.CharField("单位地址", max_length=120, blank=True)
    phone = models.CharField("单位电话", max_length=30, blank=True)
    verified = models.BooleanField("已核实", default=False)
    typed_by = models.PositiveIntegerField("填写人数", default=0)
    # How many people typed it, nothing as long as others do not find it: what the search goes and sorts by.
    known_by = models.GeneratedField(
        verbose_name="可供搜索",
        expression=Case(When(Q(verified=True) | Q(typed_by__gte=PEOPLE_NEEDED), then=F("typed_by"))),
        output_field=models.PositiveIntegerField(null=True),
        db_persist=True,
    )

    class Meta:
        verbose_name = verbose_name_plural = "单位"
        indexes = [models.Index(fields=["-known_by", "id"], name="employer_best_known")]

    def __str__(self):
        return self.name


class EmployerImport(models.Model):
    """导入单位: one sheet that staff brought, from its check to its end."""

    COUNTS = ("rows_new", "rows_changed", "rows_unchanged", "rows_refused")

    file_name = models.CharField("文件名", max_length=100)
    # Storage key of the sealed sheet, gone as soon as it is done with.
    file = models.CharField(max_length=100, blank=True)
    size = models.PositiveIntegerField("字节数")
    state = models.CharField("状态", max_length=8, choices=ImportState, default=ImportState.CHECKING)
    percent = models.PositiveSmallIntegerField("进度（%）", default=0)
    reason = models.CharField("未导入原因", max_length=200, blank=True)
    rows_new = models.PositiveIntegerField("新增", default=0)
    rows_changed = models.PositiveIntegerField("更新", default=0)
    rows_unchanged = models.PositiveIntegerField("没有变化", default=0)
    rows_refused = models.PositiveIntegerField("有误", default=0)
    problems = models.JSONField("有误的行", default=list, blank=True)  # [[row, column, what to do], ...]
    user = models.ForeignKey("registration.User", models.PROTECT, verbose_name="操作人")
    # How often a worker began: what kills its workers is given up.
    tries = models.PositiveSmallIntegerField("处理次数", default=0)
    started_at = models.DateTimeField("开始处理时间", null=True, blank=True)
    created_at = models.DateTimeField("上传时间", auto_now_add=True)
    changed_at = models.DateTimeField("更新时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "单位导入"

    def __str__(self):
        return f"{self.file_name}（{self.get_state_display()}）"

    @property
    def counts(self):
        return {name: getattr(self, name) for name in self.COUNTS}

    @property
    def rows_total(self):
        return sum(self.counts.values())

    @property
    def rows_to_write(self):
        return self.rows_new + self.rows_changed

    @property
    def is_working(self):
        return self.state in (ImportState.CHECKING, ImportState.WRITING)
