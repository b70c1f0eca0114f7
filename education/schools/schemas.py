"""The shapes of what the institutions' interface takes and answers, besides the events themselves."""

from typing import Literal

from pydantic import BaseModel, Field

from accounting_platform.lib.documents import DOCUMENT_TYPES
from education.schools.refusals import REFUSALS


class Problem(BaseModel):
    """错误"""

    status: int = Field(examples=[422])
    code: Literal[tuple(REFUSALS)]
    detail: str
    request_id: str


class ValueProblem(BaseModel):
    pointer: str = Field(description="JSON 指针", examples=["/data/credits"])
    detail: str


class RuleProblem(Problem):
    """规则不允许，或内容有误"""

    errors: list[ValueProblem]


class TicketIn(BaseModel):
    ticket: str = Field(description="地址参数 ticket 的值，60 秒内有效，只能用一次")


class MaskedDocument(BaseModel):
    type: Literal[tuple(DOCUMENT_TYPES)]
    masked: str = Field(examples=["440106********1234"])


class TicketOut(BaseModel):
    learner: str = Field(
        description="学员编号，在贵机构固定不变", examples=["lrn_4f1c0a5e9b7d4c2f8e6a1b3c5d7e9f01"]
    )
    name: str
    document: MaskedDocument
    division: str = Field(description="行政区划代码", examples=["440106"])
    kind: Literal["public", "professional"]
    year: int
    offering: str | None = Field(description="学习资源编号")
    enrolment: str | None = Field(description="从“我的学习”来的，为贵机构的报名编号")


class Taken(BaseModel):
    status: Literal["accepted", "duplicate", "held"]
    delivery: str = Field(description="回传记录编号；试运行的没有留存")
    dry_run: bool = Field(default=False, description="试运行：只判断，不入账")


class Result(BaseModel):
    id: str | None
    status: Literal["accepted", "duplicate", "held", "refused"]
    delivery: str | None = None
    code: str | None = None
    detail: str | None = None
    errors: list[ValueProblem] | None = None


class BatchOut(BaseModel):
    """每条消息一个结果，次序相同"""

    results: list[Result]
    dry_run: bool = Field(default=False, description="试运行：只判断，不入账")


class EnrolmentOut(BaseModel):
    enrolment: str
    learner: str | None
    kind: Literal["public", "professional"]
    year: int
    state: str
    credits: float | None
    enrolled_at: str
    ended_at: str | None


class EnrolmentsOut(BaseModel):
    """平台持有的报名，按报名时间"""

    items: list[EnrolmentOut]
    cursor: str | None


class CreditOut(BaseModel):
    enrolment: str | None
    message: str | None = Field(description="入账消息的编号")
    kind: Literal["public", "professional"]
    year: int
    source: str
    credits: float
    general_professional: float
    finished_at: str
    booked_at: str


class CreditsOut(BaseModel):
    """已入账的学分，按入账时间"""

    items: list[CreditOut]
    cursor: str | None


class DeliveryOut(BaseModel):
    delivery: str
    id: str
    type: str
    status: str
    code: str | None
    detail: str | None
    digest: str = Field(description="内容摘要")
    received_at: str
    repeats: int = Field(description="重复收到的次数")


class DeliveriesOut(BaseModel):
    """收到的消息，按接收时间"""

    items: list[DeliveryOut]
    cursor: str | None


class SummaryOut(BaseModel):
    """一天的汇总"""

    date: str
    accepted: int = Field(description="已接收的消息数")
    digest: str = Field(description="按到达次序，每行一个消息编号，全文的 SHA-256")
    credits: float = Field(description="入账学分合计")
