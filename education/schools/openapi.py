"""The OpenAPI document of the institutions' interface: descriptions, schemas and examples."""

from typing import Annotated, Literal

from ninja import NinjaAPI
from pydantic import Field, TypeAdapter, create_model

from education.choices import EventType
from education.schools import trial
from education.schools.events import DATA, Moment
from education.schools.refusals import REFUSALS
from education.schools.schemas import (
    BatchOut,
    CreditsOut,
    DeliveriesOut,
    EnrolmentsOut,
    Problem,
    RuleProblem,
    SummaryOut,
    Taken,
    TicketIn,
    TicketOut,
)

REF = "#/components/schemas/{model}"
DESCRIPTION = """
学员从“去学习”到达贵机构时带来一次性票据；报名、进度和学分由贵机构以签名消息回传。

**签名**（Standard Webhooks，各语言公开库可直接使用）：请求头 `webhook-id`（消息编号）、`webhook-timestamp`（Unix 秒，与平台时间
相差不超过 300 秒）、`webhook-signature`（`v1,` 加 Base64 的 HMAC-SHA256，内容为 `编号.时间.正文`；也可用 `v1sm3,` 即 HMAC-SM3，
以空格分开最多 5 个）。密钥为 `whsec_` 加 Base64 的 32 字节，可同时有两个有效。

**重发**：收到 2xx 即已入账。超时、429、503 请按 Retry-After 用**相同的消息编号**重发；已接收的消息再次发送得到 `duplicate`，
不会重复计分。被拒绝的消息在原因消除后可用原编号重发。其余 4xx 请更正后再发。

**更正和撤销**（`credits.corrected`、`credits.revoked`）应答 `held`，财政部门确认后才记账：`GET …/deliveries` 里变为 `accepted`，
退回的为 `refused`，`code` 为 `not_confirmed`。

**错误**为 `application/problem+json`，含 `status`、`code`、`detail`、`request_id`；422 另有 `errors`，逐项给出 JSON 指针。地址不存在为 404 `not_found`，请求方法不对为
405 `method`。
""".strip()


def envelopes(**fields):
    """One envelope model per event type, told apart by `type`; `fields` come in addition."""
    models = []
    for kind, data in DATA.items():
        name = data.__name__ + ("Item" if fields else "")
        models.append(
            create_model(
                f"{name}Event",
                __doc__=kind.label,
                **fields,
                type=(Literal[str(kind)], ...),
                timestamp=(Moment, ...),
                data=(data, ...),
            )
        )
    union = models[0]
    for model in models[1:]:
        union = union | model
    return Annotated[union, Field(discriminator="type")]


EventIn = envelopes()
EventItem = envelopes(id=(Annotated[str, Field(max_length=128, description="消息编号")], ...))
BatchIn = create_model(
    "BatchIn", events=(Annotated[list[EventItem], Field(min_length=1, max_length=1000)], ...)
)

TIME = "2026-11-23T14:32:05.123+08:00"
LEARNER = "lrn_4f1c0a5e9b7d4c2f8e6a1b3c5d7e9f01"
EXAMPLE_DATA = {
    EventType.ENROLMENT_CREATED: {
        "learner": LEARNER,
        "kind": "professional",
        "year": 2026,
        "title": "企业会计准则",
    },
    EventType.ENROLMENT_CANCELLED: {"reason": "学员申请退课"},
    EventType.STUDY_PROGRESSED: {"hours": 12.5, "percent": 40},
    EventType.STUDY_COMPLETED: {"credits": 60, "general_professional": 20, "finished_at": TIME},
    EventType.CREDITS_CORRECTED: {"credits": 50, "reason": "学时统计有误"},
    EventType.CREDITS_REVOKED: {"reason": "经核实为代学"},
}
EXAMPLES = {
    str(kind): {"type": kind, "timestamp": TIME, "data": {"enrolment": "2026-000123"} | data}
    for kind, data in EXAMPLE_DATA.items()
}
DIRECT = EXAMPLES["enrolment.created"] | {
    "data": {
        "enrolment": "2026-000124",
        "document": {"type": "resident_id", "number": "11010519491231002X", "name": "张三"},
        "kind": "public",
        "year": 2026,
    }
}


def schema_of(kind):
    """The schema of a body; its parts are found in the document's components."""
    schema = TypeAdapter(kind).json_schema(ref_template=REF)
    COMPONENTS.update(schema.pop("$defs", {}))
    return schema


COMPONENTS = {}
HEADERS = [
    {"in": "header", "name": name, "required": True, "schema": {"type": "string"}, "description": text, "example": example}
    for name, text, example in (
        ("webhook-id", "消息编号，1 至 128 个 ASCII 字符", "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W"),
        ("webhook-timestamp", "发送时间，Unix 秒", "1795415525"),
        ("webhook-signature", "签名", "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4="),
    )
]  # fmt: skip


DRY_RUN = {
    "in": "query",
    "name": trial.PARAMETER,
    "schema": {"type": "string", "enum": ["1"]},
    "description": f"试运行：照常判断并应答，但不留下任何记录；可用票据 {trial.TICKET} 和学员 {trial.LEARNER}",
}


def operation(body, success, refusals, examples):
    """What ninja needs to declare an operation whose body it does not parse itself."""
    examples = {name: {"summary": name, "value": value} for name, value in examples.items()}
    content = {"application/json": {"schema": schema_of(body), "examples": examples}}
    problems = {status: RuleProblem if status == 422 else Problem for status in refusals}
    return {
        "tags": ["学习机构接口"],
        "response": {200: success} | problems,
        "openapi_extra": {
            "parameters": [*HEADERS, DRY_RUN],
            "requestBody": {"required": True, "content": content},
        },
    }


ENVELOPE = (400, 401, 404, 413, 415, 429, 503)
TICKETS = operation(
    TicketIn,
    TicketOut,
    (*ENVELOPE, 422),
    {"ticket": {"ticket": "Zx3v0mQm1c0vJf3nq0m8Zk7Jb0y4kq1T2uWc5d6e7f8"}},
)
EVENTS = operation(EventIn, Taken, (*ENVELOPE, 409, 422), EXAMPLES | {"enrolment.created (document)": DIRECT})
BATCH = operation(
    BatchIn,
    BatchOut,
    (*ENVELOPE, 422),
    {
        "events": {
            "events": [
                {"id": "msg_1"} | EXAMPLES["enrolment.created"],
                {"id": "msg_2"} | EXAMPLES["study.completed"],
            ]
        }
    },
)


def query_operation(success, parameters):
    """What ninja needs to declare a signed GET; its signature covers an empty body."""
    problems = {status: RuleProblem if status == 422 else Problem for status in (401, 404, 422, 429, 503)}
    parameters = [
        {"in": "query", "name": name, "required": required, "schema": schema, "description": text}
        for name, required, schema, text in parameters
    ]
    return {
        "tags": ["对账"],
        "response": {200: success} | problems,
        "openapi_extra": {"parameters": HEADERS + parameters},
    }


DAY = {"type": "string", "format": "date"}
SPAN = (
    ("from", False, DAY, "起始日期（含），如 2026-11-01"),
    ("to", False, DAY, "截止日期（含）"),
    ("cursor", False, {"type": "string"}, "上一页返回的 cursor；每页最多 1000 条"),
)
ENROLMENTS = query_operation(EnrolmentsOut, SPAN)
CREDITS = query_operation(CreditsOut, SPAN)
DELIVERIES = query_operation(DeliveriesOut, SPAN)
SUMMARY = query_operation(SummaryOut, (("date", True, DAY, "日期，如 2026-11-23"),))


class InstitutionsAPI(NinjaAPI):
    """Ninja's, whose document also holds the parts of the bodies declared here."""

    def get_openapi_schema(self, **kwargs):
        schema = super().get_openapi_schema(**kwargs)
        schema["components"]["schemas"].update(COMPONENTS)
        for path in schema["paths"].values():
            for answers in path.values():
                as_problems(answers["responses"])
        return schema


def example_of(status, code, detail):
    value = {"status": status, "code": code, "detail": detail, "request_id": "69f6698ac7a84d86"}
    if status == 422:
        value["errors"] = [{"pointer": "/data/credits", "detail": "须大于 0"}]
    return {"summary": code, "value": value}


def as_problems(responses):
    """Errors are problem documents; 429 and 503 say when to come back; each status lists its codes."""
    for status, response in responses.items():
        if int(status) >= 400 and "content" in response:
            codes = {code: text for code, (known, text) in REFUSALS.items() if known == int(status)}
            schema = response["content"].popitem()[1]["schema"]
            content = {
                "schema": schema,
                "examples": {code: example_of(int(status), code, codes[code]) for code in codes},
            }
            response["content"] = {"application/problem+json": content}
            response["description"] = "、".join(codes)
        if int(status) in {429, 503}:
            response["headers"] = {
                "Retry-After": {"schema": {"type": "integer"}, "description": "多少秒后重发"}
            }
