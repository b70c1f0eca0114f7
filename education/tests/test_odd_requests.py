"""Schemathesis makes odd requests out of the schema, signed as a school signs them: never a 5xx, and every answer is
one that the schema promises.
"""

import json
import time

import pytest
import requests
import schemathesis
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.transport import Response
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounting_platform.lib import clock, signing
from education.schools.api import api
from education.tests.factories import (
    make_collected,
    make_institution,
    make_learner,
    make_offering,
    make_year_rule,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once]
EXAMPLES = 25
QUIET = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}
# Few, so that some come twice.
IDS = st.sampled_from([f"msg_{number}" for number in range(20)])
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
BASE = "/api/v1/institutions/{code}"
OPERATIONS = [("POST", path) for path in ("tickets", "events", "events/batch")]
OPERATIONS += [("GET", path) for path in ("enrolments", "credits", "deliveries", "summary")]


@pytest.fixture(scope="module")
def document():
    found = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), default=str))
    return schemathesis.openapi.from_dict(found)


@pytest.fixture
def world():
    """A school with a course, and somebody who may study there."""
    make_year_rule()
    school = make_institution()
    make_offering(school)
    return school, make_learner(make_collected(), school)


def ours(value, learner):
    """The same content about somebody whom the school knows, a year that is open and credits within bounds."""
    if isinstance(value, list):
        return [ours(each, learner) for each in value]
    if not isinstance(value, dict):
        return value
    known = {"learner": learner.public_id, "kind": "professional", "year": clock.year(), "credits": 30}
    known |= {
        "finished_at": timezone.now().isoformat(),
        "general_professional": 10,
        "date": str(clock.today()),
    }
    known |= {"timestamp": timezone.now().isoformat(), "title": "课程"}
    kept = {name: each for name, each in value.items() if name not in {"document", "offering"}}
    about = known if "enrolment" in value else {}
    return about | {name: known.get(name) or ours(each, learner) for name, each in kept.items()}


def send(case, school, body, message_id):
    """Sign as a school does and send; what came back as schemathesis reads it."""
    now = int(time.time())
    headers = {
        "webhook-id": message_id,
        "webhook-timestamp": str(now),
        "webhook-signature": signing.sign(school.plain_secret, message_id, now, body),
    }
    url = BASE.format(code=school.code) + case.path.removeprefix(BASE)
    options = {"headers": headers, "query_params": case.query or None}
    options |= {"data": body, "content_type": "application/json"} if case.method == "POST" else {}
    answer = Client(raise_request_exception=False).generic(case.method, url, **options)
    request = requests.Request(case.method, f"http://testserver{url}", data=body).prepare()
    return Response(
        status_code=answer.status_code,
        headers={name.lower(): [value] for name, value in answer.headers.items()},
        content=answer.content,
        request=request,
        elapsed=0.0,
        verify=True,
    )


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=str)
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_odd_requests_get_a_promised_answer(document, world, method, path, mode):
    school, learner = world
    operation = document[f"{BASE}/{path}"][method]
    seen = []

    @given(case=operation.as_strategy(generation_mode=mode), known=st.booleans(), message_id=IDS)
    @settings(max_examples=EXAMPLES, phases=[Phase.generate], **QUIET)
    def ask(case, known, message_id):
        if known:
            case.query, case.body = ours(case.query, learner), ours(case.body, learner)
        body = json.dumps(case.body).encode() if isinstance(case.body, dict | list) else b""
        answer = send(case, school, body, message_id)
        seen.append(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    ask()

    assert seen and 401 not in seen and 500 not in seen
