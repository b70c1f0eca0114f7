import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from education.schools.events import read_event
from education.tests.factories import event

AT = "2026-11-23T14:32:05.123+08:00"
FIELDS = [
    "enrolment",
    "learner",
    "document",
    "kind",
    "year",
    "offering",
    "title",
    "reason",
    "hours",
    "percent",
]
FIELDS += ["credits", "general_professional", "finished_at"]


def errors_of(kind, /, **data):
    return dict(read_event("msg_1", event(kind, **data)).errors)


def created(**changes):
    return {"enrolment": "R-1", "learner": "lrn_1", "kind": "public", "year": 2026} | changes


def completed(**changes):
    return {"enrolment": "R-1", "credits": 60, "finished_at": AT} | changes


def test_a_right_event_has_a_meaning_and_no_errors():
    read = read_event("msg_1", event("enrolment.created", **created(title="企业会计准则")))

    assert (read.id, read.type, read.errors) == ("msg_1", "enrolment.created", ())
    assert (read.data.enrolment, read.data.year, read.person.learner) == ("R-1", 2026, "lrn_1")


@pytest.mark.parametrize(
    ("changes", "pointer", "sentence"),
    [
        ({"enrolment": None}, "/data/enrolment", "须为文本"),
        ({"enrolment": ""}, "/data/enrolment", "不能为空"),
        ({"enrolment": "R" * 65}, "/data/enrolment", "不能超过 64 个字符"),
        ({"enrolment": "R\x00"}, "/data/enrolment", "含有无法识别的字符"),
        ({"kind": "both"}, "/data/kind", "只能是 public、professional"),
        ({"year": "2026"}, "/data/year", "须为整数"),
        ({"year": True}, "/data/year", "须为整数"),
        ({"year": 20260}, "/data/year", "不能大于 2100"),
        ({"learner": None}, "/data/learner", "learner 和 document 须给出一个"),
        ({"document": "44"}, "/data/document", "须为 JSON 对象"),
        ({"document": {"type": "resident_id", "number": "1", "name": "张三"}}, "/data/document", "learner 和 document 只能给出一个"),
        ({"title": "课" * 81}, "/data/title", "不能超过 80 个字符"),
    ],
)  # fmt: skip
def test_enrolments_name_each_bad_value(changes, pointer, sentence):
    assert errors_of("enrolment.created", **created(**changes)) == {pointer: sentence}


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ({"type": "library_card", "number": "1", "name": "张三"}, "type"),
        ({"type": "resident_id", "number": "110105194912310021", "name": "张三"}, "number"),
        ({"type": "resident_id", "number": "11010519491231002X", "name": "张3"}, "name"),
        ({"type": "resident_id", "number": "11010519491231002X"}, "name"),
    ],
)
def test_documents_are_checked_like_at_registration(document, place):
    errors = errors_of("enrolment.created", **created(learner=None, document=document))

    assert list(errors) == [f"/data/document/{place}"]


@pytest.mark.parametrize(
    ("changes", "pointer", "sentence"),
    [
        ({"credits": 0}, "/data/credits", "须大于 0"),
        ({"credits": -1}, "/data/credits", "须大于 0"),
        ({"credits": 1.005}, "/data/credits", "最多 2 位小数"),
        ({"credits": 1e30}, "/data/credits", "数字过大"),
        ({"credits": "60"}, "/data/credits", "须为数字"),
        ({"credits": True}, "/data/credits", "须为数字"),
        ({"credits": None}, "/data/credits", "须为数字"),
        ({"general_professional": -0.5}, "/data/general_professional", "不能小于 0"),
        ({"general_professional": 60.5}, "/data/general_professional", "不能超过 credits"),
        ({"finished_at": "2026-11-23"}, "/data/finished_at", "须为带时区的时间，如 2026-11-23T14:32:05.123+08:00"),
        ({"finished_at": "2026-11-23T10:00:00"}, "/data/finished_at", "须为带时区的时间，如 2026-11-23T14:32:05.123+08:00"),
        ({"finished_at": 1795415525}, "/data/finished_at", "须为带时区的时间，如 2026-11-23T14:32:05.123+08:00"),
        ({"finished_at": "0001-01-01T00:00:00Z"}, "/data/finished_at", "须为带时区的时间，如 2026-11-23T14:32:05.123+08:00"),
    ],
)  # fmt: skip
def test_completions_name_each_bad_value(changes, pointer, sentence):
    assert errors_of("study.completed", **completed(**changes)) == {pointer: sentence}


@pytest.mark.parametrize("credits", [60, 60.0, 0.01, 45.55, 9999.99])
def test_credits_keep_the_digits_they_were_written_with(credits):
    assert str(read_event("m", event("study.completed", **completed(credits=credits))).data.credits) == str(
        credits
    )


def test_progress_needs_one_of_its_figures():
    assert errors_of("study.progressed", enrolment="R") == {"/data": "hours 和 percent 至少给出一项"}
    assert errors_of("study.progressed", enrolment="R", percent=101) == {"/data/percent": "不能大于 100"}


def test_the_envelope_is_checked_first():
    assert dict(read_event("m", {"type": ["a"], "timestamp": 5, "data": []}).errors) == {
        "/type": "没有这种消息类型",
        "/timestamp": "须为带时区的时间，如 2026-11-23T14:32:05.123+08:00",
        "/data": "须为 JSON 对象",
    }


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
TYPES = [
    "enrolment.created",
    "enrolment.cancelled",
    "study.progressed",
    "study.completed",
    "credits.corrected",
]


@given(st.sampled_from(TYPES), st.dictionaries(st.sampled_from(FIELDS), ANY_JSON))
def test_no_content_whatever_makes_a_fault(kind, data):
    read = read_event("msg_1", {"type": kind, "timestamp": AT, "data": data})

    assert (read.data is None) == bool(read.errors)
    assert all(re.fullmatch(r"/data(/[a-z_]+)*", pointer) and sentence for pointer, sentence in read.errors)
