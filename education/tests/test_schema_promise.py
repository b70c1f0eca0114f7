"""The published schema is a promise: a change that would break a school's program fails here, additions pass.

After a release with additions the promise is renewed:
manage.py export_openapi_schema --api education.schools.api.api --sorted --indent 1 --output docs/openapi/v1.json
"""

import json
from copy import deepcopy

import pytest
from django.conf import settings

from education.schools.api import api
from education.tests.breaking import breaking_changes

PROMISED = json.loads((settings.BASE_DIR / "docs" / "openapi" / "v1.json").read_text(encoding="utf-8"))
BASE = "/api/v1/institutions/{code}"


def served():
    return json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), default=str))


def test_nothing_that_was_promised_is_taken_back():
    assert breaking_changes(PROMISED, served()) == []


def test_the_version_follows_the_promise():
    promised, now = (
        tuple(map(int, document["info"]["version"].split("."))) for document in (PROMISED, served())
    )

    assert now >= promised and now[0] == 1


def model(document, name):
    return document["components"]["schemas"][name]


def operation(document, path, method="post"):
    return document["paths"][f"{BASE}/{path}"][method]


BREAKS = {
    "a removed path": lambda new: new["paths"].pop(f"{BASE}/events/batch"),
    "a removed operation": lambda new: new["paths"][f"{BASE}/credits"].pop("get"),
    "a removed field of a request": lambda new: model(new, "EnrolmentCreated")["properties"].pop("title"),
    "a removed field of an answer": lambda new: model(new, "TicketOut")["properties"].pop("division"),
    "a field of an answer that may be missing": lambda new: model(new, "Taken")["required"].remove("status"),
    "a removed value": lambda new: model(new, "EnrolmentCreated")["properties"]["kind"]["enum"].pop(),
    "a removed event type": lambda new: drop_event(new),
    "a removed answer code": lambda new: model(new, "Problem")["properties"]["code"]["enum"].remove(
        "id_reused"
    ),
    "a removed status": lambda new: operation(new, "events")["responses"].pop("409"),
    "a removed code of a status": lambda new: problem(new, "422")["examples"].pop("year_closed"),
    "a removed header": lambda new: operation(new, "events")["responses"]["429"].pop("headers"),
    "a new required field": lambda new: model(new, "StudyCompleted")["required"].append("kind"),
    "a new required parameter": lambda new: operation(new, "credits", "get")["parameters"].append(
        {"in": "query", "name": "year", "required": True, "schema": {"type": "string"}}
    ),
    "a removed parameter": lambda new: operation(new, "credits", "get")["parameters"].pop(),
    "a narrowed type": lambda new: model(new, "StudyCompleted")["properties"]["credits"].update(
        type="integer"
    ),
    "a shorter text": lambda new: model(new, "EnrolmentCancelled")["properties"]["enrolment"].update(
        maxLength=32
    ),
    "an answer that may be null": lambda new: model(new, "TicketOut")["properties"].update(
        name={"anyOf": [{"type": "string"}, {"type": "null"}]}
    ),
}


def drop_event(document):
    schema = operation(document, "events")["requestBody"]["content"]["application/json"]["schema"]
    schema["oneOf"].pop()


def problem(document, status):
    return operation(document, "events")["responses"][status]["content"]["application/problem+json"]


@pytest.mark.parametrize("what", BREAKS)
def test_a_breaking_change_is_noticed(what):
    new = deepcopy(PROMISED)

    BREAKS[what](new)

    assert len(breaking_changes(PROMISED, new)) >= 1


def test_additions_are_no_breaking_change():
    new = deepcopy(PROMISED)
    new["paths"][f"{BASE}/people"] = new["paths"][f"{BASE}/credits"]
    model(new, "StudyCompleted")["properties"]["teacher"] = {"type": "string"}
    model(new, "StudyCompleted")["required"].remove("finished_at")
    model(new, "EnrolmentCreated")["properties"]["kind"]["enum"].append("other")
    model(new, "Problem")["properties"]["code"]["enum"].append("asleep")
    model(new, "TicketOut")["properties"]["age"] = {"type": "integer"}
    model(new, "EnrolmentCreated")["properties"]["enrolment"]["maxLength"] = 128
    operation(new, "credits", "get")["parameters"].append(
        {"in": "query", "name": "year", "required": False, "schema": {"type": "string"}}
    )

    assert breaking_changes(PROMISED, new) == []
