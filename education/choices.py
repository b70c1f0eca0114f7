"""Closed lists of continuing education."""

from django.db import models


class CourseKind(models.TextChoices):
    """继续教育分为公需课（免费学习）和专业课 (manual 4.1)."""

    PUBLIC = "public", "公需课"
    PROFESSIONAL = "professional", "专业课"


class EnrolmentState(models.TextChoices):
    """A study locks the division while it is IN_PROGRESS, whatever the clock says."""

    IN_PROGRESS = "in_progress", "未完成"
    COMPLETED = "completed", "已完成"
    CANCELLED = "cancelled", "已取消"
    RELEASED = "released", "已释放"
    CLOSED = "closed", "已截止"


class EventType(models.TextChoices):
    ENROLMENT_CREATED = "enrolment.created", "报名"
    ENROLMENT_CANCELLED = "enrolment.cancelled", "取消报名"
    STUDY_PROGRESSED = "study.progressed", "学习进度"
    STUDY_COMPLETED = "study.completed", "完成学习"
    CREDITS_CORRECTED = "credits.corrected", "学分更正"
    CREDITS_REVOKED = "credits.revoked", "学分撤销"


class DeliveryOutcome(models.TextChoices):
    ACCEPTED = "accepted", "已接收"
    DUPLICATE = "duplicate", "重复"
    HELD = "held", "待确认"
    REFUSED = "refused", "已拒绝"


class CreditSource(models.TextChoices):
    STUDY = "study", "学习机构回传"
    CORRECTION = "correction", "更正"
    REVOCATION = "revocation", "撤销"
    CONVERSION = "conversion", "学分折算"


class CertificateState(models.TextChoices):
    VALID = "valid", "有效"
    REVOKED = "revoked", "已撤销"


class ExemptionKind(models.TextChoices):
    """Why somebody need not study in a year."""

    STUDENT = "student", "在校生"
    ILLNESS = "illness", "患重大疾病"
    MATERNITY = "maternity", "生育"
    ABROAD = "abroad", "出国（境）工作或学习"
    RETIRED = "retired", "已离退休，不再从事会计工作"
    OTHER = "other", "其他情形"


class ExemptionSource(models.TextChoices):
    STAFF = "staff", "财政部门登记"
    RULE = "rule", "按年度规则"


class CountsAs(models.TextChoices):
    """Which credits a conversion brings (reference: counts_as)."""

    ALL = "all", "公需课和专业课"
    PROFESSIONAL = "professional", "专业课"


class ConversionState(models.TextChoices):
    WAITING = "waiting", "审核中"
    APPROVED = "approved", "已通过"
    REFUSED = "refused", "未通过"
    WITHDRAWN = "withdrawn", "已撤回"


class ProofState(models.TextChoices):
    PROCESSING = "processing", "处理中"
    READY = "ready", "已上传"
    REJECTED = "rejected", "请重新上传"


class TrialState(models.TextChoices):
    WAITING = "waiting", "等待试算"
    RUNNING = "running", "正在试算"
    DONE = "done", "已完成"
    FAILED = "failed", "未能完成"


class DisputeTopic(models.TextChoices):
    NOT_BOOKED = "not_booked", "学完了，学分没有到账"
    WRONG_CREDITS = "wrong_credits", "到账的学分不对"
    CANNOT_STUDY = "cannot_study", "无法进入学习"
    OTHER = "other", "其他问题"


class DisputeState(models.TextChoices):
    OPEN = "open", "待答复"
    ANSWERED = "answered", "已答复"
    SETTLED = "settled", "已解决"
