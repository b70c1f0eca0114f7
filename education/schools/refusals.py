"""What the institutions' interface answers when it does not take something: one table of codes."""

from accounting_platform.lib.errors import DomainError

# code: (HTTP status, what a person reads)
REFUSALS = {
    "malformed": (
        400,
        "请求内容不是规范的 JSON：须为 UTF-8 编码的 JSON 对象，名称不得重复，不得含有 NaN 或残缺字符。",
    ),
    "signature": (401, "签名验证未通过，请检查消息编号、时间、正文和密钥。"),
    "institution_unknown": (404, "没有这个机构代码，请检查地址。"),
    "learner_unknown": (404, "没有找到该学员，请检查学员编号，或证件类型、证件号码和姓名是否一致。"),
    "enrolment_unknown": (404, "没有找到该报名编号，请先发送报名消息。"),
    "ticket_unknown": (404, "票据不存在、已使用或已过期，请让学员重新点击“去学习”。"),
    "not_found": (404, "没有这个接口地址，请检查地址和末尾的斜线。"),
    "method": (405, "这个地址不接受该请求方法，允许的方法见 Allow 头。"),
    "id_reused": (409, "该消息编号已用于另一条内容，请换用新的编号。"),
    "enrolment_conflict": (
        409,
        "该报名编号已用于其他学员、类别或年度，或者已按其他学分完成；更正学分请使用 credits.corrected。",
    ),
    "too_large": (413, "请求内容过大：单条消息不超过 64 KiB，批量消息不超过 1 MiB 和 1000 条。"),
    "media_type": (415, "请求的 Content-Type 须为 application/json，编码须为 UTF-8。"),
    "not_collected": (422, "该学员尚未完成信息采集，请提醒其完成后再发送。"),
    "division_not_covered": (422, "该学员所在行政区划不在贵机构的备案范围内。"),
    "kind_not_filed": (422, "贵机构没有该年度该类别课程的备案。"),
    "year_closed": (422, "该年度不在学习和回传时间内。"),
    "year_unsupported": (422, "平台没有该年度的继续教育规则。"),
    "too_many_credits": (422, "学分超过该课程或该年度的上限。"),
    "invalid": (422, "消息内容有误，请按 errors 逐项更正。"),
    "rate": (429, "请求过于频繁，请稍后用相同的消息编号重发。"),
    "unavailable": (503, "系统繁忙，请稍后用相同的消息编号重发。"),
}


class Refusal(DomainError):
    """One answer of the table; `errors` are pairs of JSON pointer and Chinese sentence, for 422."""

    def __init__(self, code, *, errors=(), retry_after=None):
        status, message = REFUSALS[code]
        super().__init__(message, code=code, status=status)
        self.errors = tuple(errors)
        self.retry_after = retry_after


def rule(code, pointer):
    """A rule's refusal that points at the value it is about."""
    return Refusal(code, errors=[(pointer, REFUSALS[code][1])])
