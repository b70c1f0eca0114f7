"""Events as schools write them: one description for checking, for the OpenAPI document and for the judge."""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, ValidationError, WithJsonSchema
from pydantic_core import PydanticCustomError

from accounting_platform.lib.documents import DOCUMENT_TYPES, check_number, normalise_number
from accounting_platform.lib.errors import DomainError
from accounting_platform.lib.text import has_forbidden_characters
from accounting_platform.lib.validators import clean_name
from education.choices import EventType
from registration.models import Accountant

YEARS = range(2000, 2101)


def plain(text):
    if has_forbidden_characters(text):
        raise PydanticCustomError("characters", "含有无法识别的字符")
    return text


def number(value):
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PydanticCustomError("number", "须为数字")
    # By its shortest digits: 45.55 is meant, not the binary number next to it.
    return Decimal(repr(value))


def moment(value):
    try:
        at = datetime.fromisoformat(value)
        sensible = at.tzinfo is not None and at.year in YEARS
    except (TypeError, ValueError):
        sensible = False
    if not sensible:
        raise PydanticCustomError("moment", "须为带时区的时间，如 2026-11-23T14:32:05.123+08:00")
    return at


def text(max_length, description=None, **schema):
    return Annotated[
        str,
        Field(min_length=1, max_length=max_length, description=description, **schema),
        AfterValidator(plain),
    ]


def decimal(description, *, schema, **bounds):
    schema = {"type": "number", "multipleOf": 0.01, "description": description} | schema
    return Annotated[
        Decimal,
        BeforeValidator(number),
        Field(max_digits=6, decimal_places=2, **bounds),
        WithJsonSchema(schema),
    ]


Moment = Annotated[
    datetime, BeforeValidator(moment), WithJsonSchema({"type": "string", "format": "date-time"})
]
Credits = decimal("学分，两位小数", schema={"exclusiveMinimum": 0, "maximum": 9999.99}, gt=0)
General = decimal("学分中计入专业通识的部分", schema={"minimum": 0}, ge=0)
Hours = decimal("已学学时", schema={"minimum": 0}, ge=0)
Percent = decimal("学习进度，0 至 100", schema={"minimum": 0, "maximum": 100}, ge=0, le=100)
Kind = Literal["public", "professional"]
Year = Annotated[int, Field(strict=True, ge=YEARS[0], le=YEARS[-1], description="继续教育年度")]
Learner = text(40, "去学习票据给出的学员编号 lrn_…")
Reason = text(200, "原因")


class Document(BaseModel):
    """学员的证件，用于直接到贵机构、没有经过“去学习”的学员"""

    type: Literal[tuple(DOCUMENT_TYPES)] = Field(description="证件类型")
    number: text(40, "证件号码")
    name: text(60, "姓名")


class AboutEnrolment(BaseModel):
    enrolment: text(64, "机构自己的报名编号")


class EnrolmentCreated(AboutEnrolment):
    """报名：learner 和 document 二者择一。"""

    learner: Learner | None = None
    document: Document | None = None
    kind: Kind = Field(description="public 公需课，professional 专业课")
    year: Year
    offering: text(36, "学习资源编号") | None = None
    title: text(80, "课程名称") | None = None


class EnrolmentCancelled(AboutEnrolment):
    """取消报名。"""

    reason: Reason | None = None


class StudyProgressed(AboutEnrolment):
    """学习进度：hours 和 percent 至少一项。"""

    hours: Hours | None = None
    percent: Percent | None = None


class StudyCompleted(AboutEnrolment):
    """完成学习：此前没有报名消息的，一并给出报名消息的各项。"""

    credits: Credits
    finished_at: Moment = Field(description="完成时间")
    general_professional: General = Decimal(0)
    learner: Learner | None = None
    document: Document | None = None
    kind: Kind | None = None
    year: Year | None = None
    offering: text(36, "学习资源编号") | None = None
    title: text(80, "课程名称") | None = None


class CreditsCorrected(AboutEnrolment):
    """学分更正：财政部门确认后生效；不给出 general_professional 的，专业通识部分不变。"""

    credits: Credits
    general_professional: General | None = None
    reason: Reason


class CreditsRevoked(AboutEnrolment):
    """学分撤销：财政部门确认后生效。"""

    reason: Reason


DATA = {
    EventType.ENROLMENT_CREATED: EnrolmentCreated,
    EventType.ENROLMENT_CANCELLED: EnrolmentCancelled,
    EventType.STUDY_PROGRESSED: StudyProgressed,
    EventType.STUDY_COMPLETED: StudyCompleted,
    EventType.CREDITS_CORRECTED: CreditsCorrected,
    EventType.CREDITS_REVOKED: CreditsRevoked,
}


@dataclass(frozen=True)
class Person:
    """Whom an event is about: a learner's pseudonym, or a document (type and look-up key) with a name."""

    learner: str = ""
    document: tuple[str, str] | None = None
    name: str = ""

    @property
    def pointer(self):
        return "/data/learner" if self.learner else "/data/document"


@dataclass(frozen=True)
class Event:
    """One event as received: its canonical text and, unless `errors` says why not, what it means."""

    id: str
    type: str
    body: str
    digest: str
    at: datetime | None = None
    data: BaseModel | None = None
    person: Person | None = None
    errors: tuple[tuple[str, str], ...] = ()


def read_event(message_id, envelope):
    """The event in a JSON object; the same content gives the same digest, however it was written or sent."""
    content = {name: value for name, value in envelope.items() if name != "id"}
    body = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    kind = envelope.get("type")
    received = {
        "id": message_id,
        "type": kind if isinstance(kind, str) and kind in DATA else "",
        "body": body,
        "digest": hashlib.sha256(body.encode()).hexdigest(),
    }
    try:
        at, data, person = interpret(envelope)
    except Unclear as unclear:
        return Event(**received, errors=unclear.errors)
    return Event(**received, at=at, data=data, person=person)


class Unclear(Exception):
    """The content is not what its type asks for; `errors` are pairs of pointer and sentence."""

    def __init__(self, *errors):
        super().__init__(errors)
        self.errors = errors


def interpret(envelope):
    errors = []
    model = DATA.get(envelope["type"]) if isinstance(envelope.get("type"), str) else None
    if model is None:
        errors.append(("/type", "没有这种消息类型"))
    try:
        at = moment(envelope.get("timestamp"))
    except PydanticCustomError as error:
        errors.append(("/timestamp", error.message()))
    if not isinstance(envelope.get("data"), dict):
        errors.append(("/data", "须为 JSON 对象"))
    if errors:
        raise Unclear(*errors)
    try:
        data = model.model_validate(envelope["data"])
    except ValidationError as error:
        raise Unclear(*map(explained, error.errors(include_url=False, include_input=False))) from None
    return at, data, person_of(data)


def person_of(data):
    """The person an event names, None when it names nobody; also the rules between several values."""
    if isinstance(data, StudyProgressed) and data.hours is None and data.percent is None:
        raise Unclear(("/data", "hours 和 percent 至少给出一项"))
    if (getattr(data, "general_professional", None) or 0) > getattr(data, "credits", 0):
        raise Unclear(("/data/general_professional", "不能超过 credits"))
    learner, document = getattr(data, "learner", None), getattr(data, "document", None)
    if learner and document:
        raise Unclear(("/data/document", "learner 和 document 只能给出一个"))
    if isinstance(data, EnrolmentCreated) and not learner and not document:
        raise Unclear(("/data/learner", "learner 和 document 须给出一个"))
    if document:
        return person_with(document)
    return Person(learner=learner) if learner else None


def person_with(document):
    number = normalise_number(document.type, document.number)
    try:
        check_number(document.type, number)
        name = clean_name(document.name)
    except DomainError as error:
        place = {"name": "name", "document_type": "type"}.get(error.field, "number")
        raise Unclear((f"/data/document/{place}", error.message)) from None
    return Person(document=(document.type, Accountant.key_of_document(document.type, number)), name=name)


SENTENCES = {
    "missing": "必填",
    "string_type": "须为文本",
    "string_too_short": "不能为空",
    "string_too_long": "不能超过 {max_length} 个字符",
    "literal_error": "只能是 {expected}",
    "int_type": "须为整数",
    "greater_than": "须大于 {gt}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "decimal_max_places": "最多 {decimal_places} 位小数",
    "decimal_max_digits": "数字过大",
    "decimal_whole_digits": "数字过大",
    "model_type": "须为 JSON 对象",
}


def explained(error):
    """A pydantic error as pair of JSON pointer and Chinese sentence."""
    place = "".join(f"/{part}" for part in error["loc"])
    facts = dict(error.get("ctx", {}))
    if "expected" in facts:
        facts["expected"] = "、".join(re.findall("'([^']*)'", facts["expected"]))
    sentence = SENTENCES.get(error["type"])
    return f"/data{place}", sentence.format(**facts) if sentence else error["msg"]
