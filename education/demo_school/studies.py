"""What can be done at the school, and the events that tell the platform about it."""

import json
import secrets
import time
from datetime import datetime

from education.demo_school.platform_client import new_message_id

KINDS = {"public": "公需课", "professional": "专业课"}
# What a learner can do -> the event that reports it, and the state of the study from then on.
EVENTS = {
    "enrol": ("enrolment.created", "enrolled"),
    "lesson": ("study.progressed", "enrolled"),
    "finish": ("study.completed", "finished"),
    "cancel": ("enrolment.cancelled", "cancelled"),
}


def new_study(visit, course, reference=None):
    """A study under the school's own reference, not reported yet unless the platform named it."""
    return {
        **{key: visit[key] for key in ("school", "learner", "name", "kind", "year", "offering")},
        "course": course.id,
        "title": course.title,
        "reference": reference or f"{visit['year']}-{secrets.token_hex(6)}",
        "state": "enrolled" if reference else "new",
        "done": 0,
        "credits": None,
        "message": None,
    }


def event_data(study, course, action, credits):
    """The data of one event, as the interface document lists them."""
    data = {"enrolment": study["reference"]}
    if action == "enrol":
        data |= {key: study[key] for key in ("learner", "kind", "year", "title")}
        if study["offering"]:
            data["offering"] = study["offering"]
    elif action == "lesson":
        data["percent"] = round(100 * study["done"] / len(course.lessons))
    elif action == "finish":
        # Who and what once more, so that the credit is taken even if it arrives before the enrolment.
        data |= {key: study[key] for key in ("learner", "kind", "year", "title")}
        data |= {"credits": credits, "finished_at": datetime.now().astimezone().isoformat(timespec="seconds")}
        if course.general_professional:
            data["general_professional"] = min(course.general_professional, credits)
    else:
        data["reason"] = "学员取消报名"
    return data


def act(study, course, action, credits=None):
    """The study after this action, and the message that tells the platform; sending it is the outbox's job."""
    kind, state = EVENTS[action]
    after = study | {"state": state, "credits": credits or study["credits"]}
    if action == "lesson":
        after["done"] = min(study["done"] + 1, len(course.lessons))
    message = {
        "id": new_message_id(),
        "school": study["school"],
        "reference": study["reference"],
        "type": kind,
        "body": event(kind, event_data(after, course, action, credits)),
        "made": time.time(),
        "due": None,
        "tries": 0,
        "state": "waiting",
        "answer": None,
        # Where the study goes back to when the platform refuses for good.
        "before": {key: study[key] for key in ("state", "credits", "done")},
    }
    return after | {"message": message["id"]}, message


def event(kind, data):
    """The body of one event, stamped now: with the time at which it happened, whenever it is sent."""
    stamp = datetime.now().astimezone().isoformat(timespec="milliseconds")
    return json.dumps({"type": kind, "timestamp": stamp, "data": data}, ensure_ascii=False)
