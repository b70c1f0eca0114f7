"""Comparing books with the platform for one day, and healing what differs: as a real school should every night."""

import hashlib
import json
import time
from datetime import UTC, datetime, timedelta, timezone

GUANGDONG = timezone(timedelta(hours=8))


def today():
    """The day as the platform counts it."""
    return datetime.now(UTC).astimezone(GUANGDONG).date().isoformat()


def reconcile(outbox, code, day=None):
    """Ask for the day's summary; where it differs look closer and send again what the platform does not hold.

    Returns a report: `agree` whether the books were equal at first, `resent` what was sent again, `left` what is still
    missing afterwards, `unknown` credits of the platform that the school does not know.
    """
    day = day or today()
    client, mine = outbox.client(code), taken_on(outbox.store, code, day)
    report = {"day": day, "at": time.time(), "agree": False, "resent": [], "left": [], "unknown": []}
    summary = client.summary(day)
    if not summary.ok:
        return report | {"error": "平台没有给出汇总，请稍后再对账。"}
    report["platform"] = {key: summary.content[key] for key in ("accepted", "credits", "digest")}
    report["school"] = {"accepted": len(mine), "credits": credits_in(mine), "digest": digest(mine)}
    if report["school"] == report["platform"]:
        return report | {"agree": True}
    deliveries, credits = client.pages("deliveries", day), client.pages("credits", day)
    if deliveries is None or credits is None:
        return report | {"error": "平台没有给出明细，请稍后再对账。"}
    held = {one["id"] for one in deliveries if one["status"] != "refused"}
    for message in mine:
        if message["id"] not in held:
            outbox.send(message)
            report["resent"].append(message["id"])
            if outbox.store.message(message["id"])["state"] != "taken":
                report["left"].append(message["id"])
    known = {one["id"] for one in outbox.store.messages(code)}
    report["unknown"] = [one["message"] for one in credits if one["message"] and one["message"] not in known]
    # The same messages in another order of arrival: the digest differs, the books do not.
    return report | {"agree": not report["resent"] and not report["unknown"]}


def taken_on(store, code, day):
    """What the school believes the platform took that day, in the order in which it was answered."""
    taken = [one for one in store.messages(code) if one["state"] == "taken" and day_of(one) == day]
    return sorted(taken, key=lambda one: one.get("at", one["made"]))


def day_of(message):
    moment = datetime.fromtimestamp(message.get("at", message["made"]), UTC)
    return moment.astimezone(GUANGDONG).date().isoformat()


def credits_in(messages):
    done = [json.loads(one["body"])["data"] for one in messages if one["type"] == "study.completed"]
    return sum(data["credits"] for data in done)


def digest(messages):
    """The SHA-256 of the ids, one a line, as the platform's document describes it."""
    return hashlib.sha256("".join(f"{one['id']}\n" for one in messages).encode()).hexdigest()
