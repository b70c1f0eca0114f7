"""What an accountant tells the province: one Profile, its rows, its pictures, the archive made of them."""

import uuid

from django.db import models
from django.db.models import F, Q

from accounting_platform.lib.encryption import EncryptedJSONField, EncryptedTextField
from accounting_platform.lib.validators import validate_credit_code, validate_employer_phone
from collection.choices import (
    AttachmentKind,
    AttachmentState,
    AwardLevel,
    CodeList,
    DutyStatus,
    ProfileState,
    QualificationLevel,
    QualificationMethod,
    QualificationType,
    SchoolingMode,
    TalentState,
    TalentType,
    VersionCause,
)
from collection.employer_models import CODE_LENGTH, Employer, EmployerImport

__all__ = ["Employer", "EmployerImport"]


class CodeEntry(models.Model):
    """One row of a code list. Withdrawn ones get an end date and stay, since old answers name them."""

    list = models.CharField("代码表", max_length=20, choices=CodeList)
    code = models.CharField("代码", max_length=CODE_LENGTH)
    name = models.CharField("名称", max_length=80)
    full_name = models.CharField("全称", max_length=160, blank=True)
    parent_code = models.CharField("上级代码", max_length=CODE_LENGTH, blank=True)
    pinyin = models.CharField("拼音", max_length=200, blank=True)
    selectable = models.BooleanField("可选", default=True)
    rank = models.PositiveIntegerField("顺序", default=0)
    ends_on = models.DateField("停用日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "代码"
        ordering = ["list", "rank", "code"]
        constraints = [models.UniqueConstraint(fields=["list", "code"], name="code_entry_one_per_list")]

    def __str__(self):
        return f"{self.code} {self.name}"


class Profile(models.Model):
    """The answers of one accountant: a draft row from the first step on, the archive after submission.

    `null=True` and `default=""` merely let a draft exist; a field without `blank=True` is insisted on by its form.
    """

    accountant = models.OneToOneField("registration.Accountant", models.PROTECT, verbose_name="会计人员")
    state = models.CharField("状态", max_length=9, choices=ProfileState, default=ProfileState.DRAFT)
    # Raised by every save: a form that was drawn from an older one is answered with 409.
    version = models.PositiveIntegerField("版本", default=1)
    complete_sections = models.JSONField("已填妥的栏目", default=list, blank=True)
    notice_accepted_at = models.DateTimeField("承诺时间", null=True, blank=True)
    created_at = models.DateTimeField("开始采集时间", auto_now_add=True)
    saved_at = models.DateTimeField("上次保存时间", null=True, blank=True)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    archive_number = models.CharField("档案号", max_length=20, unique=True, null=True, blank=True)

    # personal
    ethnic_group = models.CharField("民族", max_length=CODE_LENGTH, default="")
    political_status = models.CharField("政治面貌", max_length=CODE_LENGTH, default="")
    email = models.EmailField("电子邮箱", max_length=100, blank=True, default="")

    # work
    duty_status = models.CharField("在岗状态", max_length=10, choices=DutyStatus, default="")
    division = models.CharField("行政区划", max_length=CODE_LENGTH, default="", db_index=True)
    accounting_post = models.CharField("从事会计工作岗位", max_length=CODE_LENGTH, default="")
    admin_position = models.CharField("会计行政职务", max_length=CODE_LENGTH, default="")
    accounting_since = models.DateField("开始从事会计工作时间", null=True)
    accounting_years = models.PositiveSmallIntegerField("从事会计工作年限", null=True)
    technical_position = models.CharField("会计专业技术职务", max_length=CODE_LENGTH, default="")
    technical_position_since = models.DateField("会计专业技术职务聘任时间", null=True)
    employer = models.ForeignKey(Employer, models.SET_NULL, verbose_name="单位", null=True, blank=True)
    employer_name = models.CharField("工作单位名称", max_length=100, default="")
    credit_code = models.CharField(
        "统一社会信用代码", max_length=18, default="", validators=[validate_credit_code]
    )
    industry = models.CharField("工作单位所属行业", max_length=CODE_LENGTH, default="")
    economic_type = models.CharField("工作单位经济类型", max_length=CODE_LENGTH, default="")
    employer_address = models.CharField("单位地址", max_length=120, default="")
    employer_phone = models.CharField(
        "单位电话", max_length=30, default="", validators=[validate_employer_phone]
    )
    home_address = EncryptedTextField("居住地址", max_length=120, default="")
    school_name = models.CharField("学校名称", max_length=60, default="")

    # professional
    is_cpa = models.BooleanField("是否是注册会计", null=True)
    is_tax_adviser = models.BooleanField("是否是税务师", null=True)
    is_asset_appraiser = models.BooleanField("是否是资产评估", null=True)
    abacus_grade = models.CharField("珠算等级", max_length=CODE_LENGTH, blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = "会计人员信息档案"
        indexes = [
            models.Index(fields=["division", "-submitted_at", "-id"], name="profile_by_division"),
            models.Index(fields=["credit_code"], name="profile_by_credit_code"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ProfileState.DRAFT)
                | Q(archive_number__isnull=False, submitted_at__isnull=False),
                name="profile_submitted_has_number",
            ),
        ]

    def __str__(self):
        return self.archive_number or f"采集中 {self.pk}"

    @property
    def is_submitted(self):
        return self.state == ProfileState.SUBMITTED


class Row(models.Model):
    """One repeated answer of a profile, shown in the order of entry."""

    profile = models.ForeignKey(Profile, models.CASCADE, verbose_name="档案")

    class Meta:
        abstract = True
        ordering = ["id"]


class Schooling(Row):
    """学历: at least one full-time row; part-time ones are optional."""

    mode = models.CharField("教育形式", max_length=9, choices=SchoolingMode)
    education_level = models.CharField("学历", max_length=CODE_LENGTH, default="")
    degree = models.CharField("学位", max_length=CODE_LENGTH, blank=True, default="")
    school = models.CharField("毕业院校", max_length=60, blank=True, default="")
    major = models.CharField("所学专业", max_length=60, blank=True, default="")
    entered_on = models.DateField("入学时间", null=True, blank=True)
    graduated_on = models.DateField("毕业时间", null=True, blank=True)

    class Meta(Row.Meta):
        verbose_name = verbose_name_plural = "学历"


class Qualification(Row):
    """专业技术资格 (manual 2.2, step 6)."""

    type = models.CharField("专业技术资格类型", max_length=10, choices=QualificationType, default="")
    level = models.CharField("专业技术资格级别", max_length=12, choices=QualificationLevel, default="")
    method = models.CharField("专业技术资格取得方式", max_length=15, choices=QualificationMethod, default="")
    name = models.CharField("证书名称", max_length=60, blank=True, default="")
    obtained_on = models.DateField("取得时间", null=True, blank=True)
    certificate_number = models.CharField("证书编号", max_length=40, blank=True, default="")

    class Meta(Row.Meta):
        verbose_name = verbose_name_plural = "专业技术资格"


class TalentProgramme(Row):
    """高端会计人才 (manual 2.2, step 6)."""

    type = models.CharField("会计人才类型", max_length=17, choices=TalentType, default="")
    selected_year = models.PositiveSmallIntegerField("入选年度", null=True)
    state = models.CharField("培养状态", max_length=11, choices=TalentState, default="")
    graduation_year = models.PositiveSmallIntegerField("毕业年度", null=True, blank=True)

    class Meta(Row.Meta):
        verbose_name = verbose_name_plural = "高端会计人才"
        constraints = [
            models.CheckConstraint(
                condition=Q(graduation_year__isnull=True) | Q(graduation_year__gte=F("selected_year")),
                name="talent_graduates_after_selection",
            ),
        ]


class Award(Row):
    """奖励 (manual 2.2, step 7)."""

    name = models.CharField("奖励名称", max_length=80, default="")
    level = models.CharField("奖励级别", max_length=10, choices=AwardLevel, default="")

    class Meta(Row.Meta):
        verbose_name = verbose_name_plural = "奖励"


class Attachment(models.Model):
    """附件: one picture. The newest ready one of a kind counts; an older one stays until its successor is ready."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    profile = models.ForeignKey(Profile, models.CASCADE, verbose_name="档案")
    kind = models.CharField("类别", max_length=13, choices=AttachmentKind)
    state = models.CharField(
        "状态", max_length=10, choices=AttachmentState, default=AttachmentState.PROCESSING
    )
    reason = models.CharField("退回原因", max_length=100, blank=True)
    # Storage keys of the sealed files: the upload waiting in quarantine, and what was made of it.
    quarantine = models.CharField(max_length=100, blank=True)
    file = models.CharField(max_length=100, blank=True)
    # Given for a finished archive: counts, and replaces its elder, when the change it belongs to is saved.
    for_change = models.BooleanField("待保存", default=False, db_default=False)
    # How often a worker began: a picture that kills its workers is given up.
    tries = models.PositiveSmallIntegerField("处理次数", default=0)
    width = models.PositiveIntegerField("宽", null=True, blank=True)
    height = models.PositiveIntegerField("高", null=True, blank=True)
    size = models.PositiveIntegerField("字节数", null=True, blank=True)
    created_at = models.DateTimeField("上传时间", auto_now_add=True)
    processed_at = models.DateTimeField("处理时间", null=True, blank=True)
    replaced_at = models.DateTimeField("被替换时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "附件"
        ordering = ["created_at"]
        indexes = [
            models.Index(fields=["profile", "kind", "-created_at"], name="attachment_current"),
            models.Index(
                fields=["created_at"],
                condition=Q(state=AttachmentState.PROCESSING),
                name="attachment_waiting",
            ),
            # Replaced pictures whose file still lies there: deleted after the commit, else by the sweep.
            models.Index(
                fields=["replaced_at"],
                condition=Q(replaced_at__isnull=False) & ~Q(file=""),
                name="attachment_leftover",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}（{self.get_state_display()}）"


class ArchiveVersion(models.Model):
    """The archive as it stood after one submission, change or correction, sealed."""

    profile = models.ForeignKey(Profile, models.PROTECT, verbose_name="档案")
    cause = models.CharField("原因", max_length=9, choices=VersionCause)
    content = EncryptedJSONField("内容")
    actor_id = models.BigIntegerField("操作账号", null=True, blank=True)
    created_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "档案版本"
        indexes = [models.Index(fields=["profile", "-id"], name="archive_version_latest")]

    def __str__(self):
        return f"{self.get_cause_display()} {self.pk}"
