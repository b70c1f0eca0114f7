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
