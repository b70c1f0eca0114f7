"""What can be done at the school, and the events that tell the platform about it."""

import secrets
from datetime import datetime

from education.demo_school.platform_client import PlatformClient, event, new_message_id

KINDS = {"public": "公需课", "professional": "专业课"}
# What a learner can do -> the event that reports it, and the state of the study once the platform has taken it.
EVENTS = {
    "enrol": ("enrolment.created", "enrolled"),
    "finish": ("study.completed", "finished"),
    "cancel": ("enrolment.cancelled", "cancelled"),
}


def new_study(visit, course, reference=None):
    """A study under the school's own reference, not reported yet unless the platform named it."""
    return {
        "school": visit["school"],
        "learner": visit["learner"],
        "kind": visit["kind"],
        "year": visit["year"],
        "offering": visit["offering"],
        "title": course["title"],
        "reference": reference or f"{visit['year']}-{secrets.token_hex(6)}",
        "state": "enrolled" if reference else "new",
        "credits": None,
        "message": None,
        "answer": None,
    }


def event_data(study, action, credits, general_professional):
    """The data of one event, as the interface document lists them."""
    data = {"enrolment": study["reference"]}
    if action == "enrol":
        data |= {key: study[key] for key in ("learner", "kind", "year", "title")}
        if study["offering"]:
            data["offering"] = study["offering"]
    elif action == "finish":
        finished = datetime.now().astimezone().isoformat(timespec="seconds")
        data |= {"credits": credits, "finished_at": finished}
        if general_professional:
            data["general_professional"] = general_professional
    else:
        data["reason"] = "学员取消报名"
    return data


def act(config, school, study, action, credits=None):
    """Write the event down as the study's last message, then deliver it."""
    kind, state = EVENTS[action]
    general_professional = min(school.courses[study["kind"]]["general_professional"], credits or 0)
    body = event(kind, event_data(study, action, credits, general_professional))
    message = {"id": new_message_id(), "type": kind, "body": body, "state": state, "credits": credits}
    return deliver(config, school, study | {"message": message})


def deliver(config, school, study):
    """Send the study's last message, again if need be, and keep the answer beside it."""
    message = study["message"]
    answer = PlatformClient(config.platform_url, school).send(message["id"], message["body"])
    kept = {"status": answer.status, "content": answer.content, "final": answer.final}
    taken = (
        {"state": message["state"], "credits": message["credits"] or study["credits"]} if answer.ok else {}
    )
    return study | {"answer": kept} | taken
