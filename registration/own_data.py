"""What the ground holds about one person, for their export."""

from registration import audit_events
from registration.export import Part
from registration.models import AuditEvent, Message, Share

# In words, as the pages show them.
COLUMNS = (
    "name",
    "document_type",
    "document_number",
    "phone",
    "gender",
    "birth_date",
    "country",
    "works_in_guangdong",
    "holds_certificate",
    "consent_version",
    "consented_at",
    "registered_at",
    "collected_at",
)


def part(accountant):
    """Identity, consent, messages, shares and everything that was done about the person."""
    data = {
        "账号": account(accountant),
        "站内消息": letters(accountant),
        "分享": shared(accountant),
        "操作记录": events(accountant),
    }
    return Part("account", data)


def account(accountant):
    words = {}
    for name in COLUMNS:
        column = accountant._meta.get_field(name)
        value = getattr(accountant, name)
        words[str(column.verbose_name)] = dict(column.flatchoices).get(value, value)
    return words


def letters(accountant):
    rows = Message.objects.filter(accountant=accountant).order_by("id")
    return [{"时间": row.created_at, "标题": row.title, "正文": row.body} for row in rows]


def shared(accountant):
    """What the person shows to others, or showed lately."""
    rows = Share.objects.filter(accountant=accountant).order_by("created_at")
    return [
        {
            "内容": row.label,
            "分享时间": row.created_at,
            "截止时间": row.expires_at,
            "撤销时间": row.revoked_at,
            "公开的内容": row.content,
            "查看次数": row.views,
        }
        for row in rows
    ]


def events(accountant):
    """The audit's rows about this person: what, when, from where, and the reason staff gave."""
    rows = AuditEvent.objects.filter(accountant_id=accountant.pk).order_by("id")
    return [
        {
            "时间": row.created_at,
            "事件": audit_events.name_of(row.kind),
            "结果": row.result,
            "来源地址": row.address if row.actor_id in (None, accountant.user_id) else "",
            "操作人类别": row.actor_kind,
            "说明": row.detail,
        }
        for row in rows.iterator()
    ]
