"""Closed lists whose values the rules know by name; lists that only name things are CodeEntry rows."""

from django.db import models


class ProfileState(models.TextChoices):
    DRAFT = "draft", "采集中"
    SUBMITTED = "submitted", "已采集"


class DutyStatus(models.TextChoices):
    """在岗状态 (manual 2.2, step 5)."""

    ACCOUNTING = "accounting", "会计工作岗位"
    OTHER_WORK = "other_work", "非会计工作岗位"
    UNEMPLOYED = "unemployed", "待业"
    STUDENT = "student", "在校生"

    @property
    def division_hint(self):
        return DIVISION_HINTS[self]


DIVISION_HINTS = {
    DutyStatus.ACCOUNTING: "请选择单位所在行政区划",
    DutyStatus.OTHER_WORK: "请选择单位所在行政区划",
    DutyStatus.UNEMPLOYED: "请选择户口所在地或者居住证所在行政区划",
    DutyStatus.STUDENT: "请选择学校所在行政区划",
}


class SchoolingMode(models.TextChoices):
    FULL_TIME = "full_time", "全日制教育"
    PART_TIME = "part_time", "非全日制教育"


class QualificationType(models.TextChoices):
    ACCOUNTING = "accounting", "会计类"
    ECONOMICS = "economics", "经济类"
    AUDITING = "auditing", "审计类"
    STATISTICS = "statistics", "统计类"
    OTHER = "other", "其他类型"


class QualificationLevel(models.TextChoices):
    JUNIOR = "junior", "初级"
    INTERMEDIATE = "intermediate", "中级"
    SENIOR = "senior", "高级"
    FULL_SENIOR = "full_senior", "正高级"


class QualificationMethod(models.TextChoices):
    REVIEW = "review", "评审"
    EXAM = "exam", "考试"
    EXAM_AND_REVIEW = "exam_and_review", "考评"


class TalentType(models.TextChoices):
    HIGH_END = "high_end", "高端会计人才"
    INTERNATIONAL = "international", "国际化高端会计人才"
    SPECIAL_SUPPORT = "special_support", "全国高端会计人才特殊支持计划"
    CHIEF_ACCOUNTANTS = "chief_accountants", "全国中大型企业事业单位总会计师培训（高端班）"


class TalentState(models.TextChoices):
    IN_TRAINING = "in_training", "培养中"
    GRADUATED = "graduated", "已毕业"
    ELIMINATED = "eliminated", "已淘汰"
    REMOVED = "removed", "已除名"


class AwardLevel(models.TextChoices):
    NATIONAL = "national", "国家级"
    PROVINCIAL = "provincial", "省部级"
    CITY = "city", "地市级"
    OTHER = "other", "其他"


class AttachmentKind(models.TextChoices):
    PORTRAIT = "portrait", "本人免冠证件照头像"
    ID_FRONT = "id_front", "身份证人像面"
    ID_BACK = "id_back", "身份证国徽面"
    STUDENT_PROOF = "student_proof", "学生证明附件"


class AttachmentState(models.TextChoices):
    PROCESSING = "processing", "处理中"
    READY = "ready", "已上传"
    REJECTED = "rejected", "请重新上传"


class VersionCause(models.TextChoices):
    SUBMITTED = "submitted", "提交信息采集"
    CHANGED = "changed", "信息变更"
    CORRECTED = "corrected", "财政部门更正"


# Codes of the lists that rules know by value: 会计专业技术职务 无职务; 学历 无学历; 高中, 初中及以下, 无学历, which have
# neither a major nor a degree.
NO_POSITION = "00"
NO_SCHOOLING = "90"
BELOW_SECONDARY_VOCATIONAL = ("61", "71", NO_SCHOOLING)


class ImportState(models.TextChoices):
    """How far an import of employers has come."""

    CHECKING = "checking", "正在检查"
    CHECKED = "checked", "待确认"
    WRITING = "writing", "正在写入"
    DONE = "done", "已导入"
    REFUSED = "refused", "未导入"
    DROPPED = "dropped", "已放弃"


class CodeList(models.TextChoices):
    """Official and customary code lists, kept as rows with end dates (collection/data/*.csv)."""

    DIVISION = "division", "行政区划"
    COUNTRY = "country", "国家和地区"
    ETHNIC_GROUP = "ethnic_group", "民族"
    POLITICAL_STATUS = "political_status", "政治面貌"
    EDUCATION_LEVEL = "education_level", "学历"
    DEGREE = "degree", "学位"
    ACCOUNTING_POST = "accounting_post", "从事会计工作岗位"
    ADMIN_POSITION = "admin_position", "会计行政职务"
    TECHNICAL_POSITION = "technical_position", "会计专业技术职务"
    INDUSTRY = "industry", "所属行业"
    ECONOMIC_TYPE = "economic_type", "经济类型"
    ABACUS_GRADE = "abacus_grade", "珠算等级"
