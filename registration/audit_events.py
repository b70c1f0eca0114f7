"""What the kinds of audit rows are called; each app names its own (settings.AUDIT_EVENTS)."""

from functools import cache

from django.apps import apps
from django.conf import settings
from django.utils.module_loading import import_string

NAMES = {
    "account.registered": "注册账号",
    "account.closed": "注销账号",
    "account.reopened": "重新启用账号",
    "accountant.identity_told": "填写性别、出生日期、国家",
    "login.ok": "登录成功",
    "login.failed": "登录失败",
    "login.locked": "连续失败，锁定登录",
    "login.refused": "锁定期间尝试登录",
    "login.code_failed": "管理员验证码错误",
    "password.changed": "修改密码",
    "password.reset": "找回密码",
    "phone.changed": "更换手机号码",
    "lost_phone.asked": "申请更换停用的手机号码",
    "lost_phone.matched": "停用申请核对一致",
    "lost_phone.unmatched": "停用申请核对不一致",
    "lost_phone.approved": "同意更换停用的手机号码",
    "lost_phone.refused": "不同意更换停用的手机号码",
    "lost_phone.denied": "本人否认停用申请",
    "lost_phone.applied": "停用的手机号码已更换",
    "lost_phone.failed": "停用的手机号码未能更换",
    "export.requested": "申请导出个人数据",
    "export.made": "生成个人数据文件",
    "export.downloaded": "下载个人数据文件",
    "paper.requested": "申请生成 PDF",
    "paper.made": "生成 PDF",
    "paper.downloaded": "下载 PDF",
    "share.created": "生成核验链接",
    "share.revoked": "收回核验链接",
    "sms.breaker": "短信通道暂停",
    "staff.added": "管理员新增",
    "staff.changed": "管理员修改",
    "staff.deleted": "管理员删除",
    "staff.device_enrolled": "绑定验证器",
    "staff.device_reset": "重置验证器",
    "staff.rescue_code_used": "使用恢复码",
    "staff.rescue_codes_renewed": "更换恢复码",
}


@cache
def names():
    """{kind: what it is called} of all apps, in their order."""
    return {kind: name for path in settings.AUDIT_EVENTS for kind, name in import_string(path).items()}


def name_of(kind):
    return names().get(kind, kind)


def subject_name(label):
    """What the rows of a table are called, of "app.model"."""
    try:
        return str(apps.get_model(label)._meta.verbose_name)
    except (LookupError, ValueError):
        return ""
