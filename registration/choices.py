"""Closed lists of the ground."""

from django.db import models

from accounting_platform.lib.documents import DOCUMENT_TYPES


class UserKind(models.TextChoices):
    ACCOUNTANT = "accountant", "会计人员"
    STAFF = "staff", "财政部门管理员"
    INSTITUTION = "institution", "学习机构"


class Gender(models.TextChoices):
    MALE = "male", "男"
    FEMALE = "female", "女"


class SmsPurpose(models.TextChoices):
    REGISTER = "register", "用户注册"
    RESET = "reset", "密码找回"
    PHONE = "phone", "更换手机号码"
    PASSWORD = "password", "修改密码"
    CLOSE = "close", "注销账号"
    LOST = "lost", "手机号码停用申请"


class SmsState(models.TextChoices):
    WAITING = "waiting", "待发送"
    SENDING = "sending", "发送中"
    SENT = "sent", "已发送"
    REFUSED = "refused", "被拒绝"
    UNKNOWN = "unknown", "结果未知"


class ExportState(models.TextChoices):
    WAITING = "waiting", "等待处理"
    MAKING = "making", "正在准备"
    READY = "ready", "可以下载"
    FAILED = "failed", "未能完成"


class RecoveryState(models.TextChoices):
    MATCHING = "matching", "核对中"
    WAITING = "waiting", "待处理"
    APPROVED = "approved", "已同意，待生效"
    REFUSED = "refused", "不同意"
    OBJECTED = "objected", "本人否认"
    APPLIED = "applied", "已生效"
    FAILED = "failed", "未能生效"


class KeyUse(models.TextChoices):
    SEALING = "sealing", "加密"
    LOOKUP = "lookup", "查找"


DOCUMENT_TYPE_CHOICES = [(kind.key, kind.label) for kind in DOCUMENT_TYPES.values()]
