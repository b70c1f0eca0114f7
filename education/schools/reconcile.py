"""What the platform holds of one institution, for comparing books: pages by key and a digest for each day."""

import base64
import hashlib
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils.dateparse import parse_date

from accounting_platform.lib.clock import SHANGHAI
from education.choices import DeliveryOutcome
from education.models import CreditEntry, Delivery, Enrolment, Learner
from education.schools.refusals import Refusal

PAGE = 1000
EARLIEST = date(2021, 1, 1)
LATEST = date(2100, 1, 1)


def page_of(rows, query, *, moment, draw):
    """One page of `rows` as JSON: those whose `moment` lies between the days `from` and `to`, after `cursor`."""
    start, end = read_day(query, "from", EARLIEST), read_day(query, "to", LATEST)
    rows = rows.filter(
        **{f"{moment}__gte": midnight(start), f"{moment}__lt": midnight(end + timedelta(days=1))}
    )
    if after := read_cursor(query):
        at, key = after
        rows = rows.filter(Q(**{f"{moment}__gt": at}) | Q(**{moment: at, "pk__gt": key}))
    found = list(rows.order_by(moment, "pk")[: PAGE + 1])
    shown = found[:PAGE]
    more = len(found) > PAGE
    return {"items": draw(shown), "cursor": write_cursor(shown[-1], moment) if more else None}


def enrolments(institution, query):
    """GET enrolments: every study under the school's own reference, by the day of enrolment."""
    rows = Enrolment.objects.filter(institution=institution)
    return page_of(rows, query, moment="enrolled_at", draw=lambda shown: draw_enrolments(institution, shown))


def draw_enrolments(institution, shown):
    people = {row.profile_id for row in shown}
    learners = Learner.objects.filter(institution=institution, profile_id__in=people)
    known = dict(learners.values_list("profile_id", "public_id"))
    return [
        {
            "enrolment": row.reference,
            "learner": known.get(row.profile_id),
            "kind": row.kind,
            "year": row.year,
            "state": row.state,
            "credits": number(row.credits),
            "enrolled_at": stamp(row.enrolled_at),
            "ended_at": stamp(row.ended_at),
        }
        for row in shown
    ]


def credits(institution, query):
    """GET credits: the ledger's entries that came from this school, by the day they were booked."""
    rows = CreditEntry.objects.filter(institution=institution).select_related("enrolment", "delivery")
    return page_of(rows, query, moment="booked_at", draw=lambda shown: [draw_credit(row) for row in shown])


def draw_credit(row):
    return {
        "enrolment": row.enrolment.reference if row.enrolment else None,
        "message": row.delivery.message_id if row.delivery else None,
        "kind": row.kind,
        "year": row.year,
        "source": row.source,
        "credits": number(row.credits),
        "general_professional": number(row.general_professional),
        "finished_at": stamp(row.finished_at),
        "booked_at": stamp(row.booked_at),
    }


def deliveries(institution, query):
    """GET deliveries: every message that was judged, taken or refused, by the day it came."""
    rows = Delivery.objects.filter(institution=institution).defer("body")
    return page_of(
        rows, query, moment="received_at", draw=lambda shown: [draw_delivery(row) for row in shown]
    )


def draw_delivery(row):
    return {
        "delivery": str(row.public_id),
        "id": row.message_id,
        "type": row.event_type,
        "status": row.outcome,
        "code": row.code or None,
        "detail": row.reason or None,
        "digest": row.digest,
        "received_at": stamp(row.received_at),
        "repeats": row.repeats,
    }


def summary(institution, query):
    """GET summary?date=: how many messages of a day were taken and how many credits booked, with a digest of both.

    The digest is the SHA-256 of the ids of the messages taken that day, in their order of arrival, one a line.
    """
    day = read_day(query, "date", None)
    if day is None:
        raise invalid("date")
    span = (midnight(day), midnight(day + timedelta(days=1)))
    taken = Delivery.objects.filter(
        institution=institution, received_at__gte=span[0], received_at__lt=span[1]
    )
    taken = taken.filter(outcome=DeliveryOutcome.ACCEPTED).order_by("pk").values_list("message_id", flat=True)
    digest, count = hashlib.sha256(), 0
    for message_id in taken.iterator(chunk_size=5000):
        digest.update(f"{message_id}\n".encode())
        count += 1
    booked = CreditEntry.objects.filter(
        institution=institution, booked_at__gte=span[0], booked_at__lt=span[1]
    )
    total = sum(booked.values_list("credits", flat=True).iterator(chunk_size=5000))
    return {
        "date": day.isoformat(),
        "accepted": count,
        "digest": digest.hexdigest(),
        "credits": number(total or 0),
    }


# --- reading what was asked, writing what is answered


def read_day(query, name, default):
    """A day in Guangdong out of the query; Refusal (422) for anything that is none."""
    typed = query.get(name, "")
    if not typed:
        return default
    try:
        day = parse_date(typed)
    except ValueError:
        day = None
    if day is None or not EARLIEST <= day <= LATEST:
        raise invalid(name)
    return day


def invalid(name):
    return Refusal("invalid", errors=[(f"/{name}", "须为 2021-01-01 以后的日期，如 2026-11-23")])


def read_cursor(query):
    """(moment, key) after which a page begins, None for the first; cursors are given back as they came."""
    typed = query.get("cursor", "")
    if not typed:
        return None
    try:
        at, _, key = base64.urlsafe_b64decode(typed.encode("ascii")).decode("ascii").partition("/")
        moment, key = datetime.fromisoformat(at), int(key)
        if moment.tzinfo is None or not 0 <= key < 2**63:
            raise ValueError(typed)
    except (ValueError, OverflowError):
        raise Refusal("invalid", errors=[("/cursor", "须为上一页返回的 cursor")]) from None
    return moment, key


def write_cursor(row, moment):
    return base64.urlsafe_b64encode(f"{getattr(row, moment).isoformat()}/{row.pk}".encode()).decode()


def midnight(day):
    return datetime.combine(day, time(), tzinfo=SHANGHAI)


def stamp(moment):
    return moment.astimezone(SHANGHAI).isoformat(timespec="milliseconds") if moment else None


def number(amount):
    """Credits as a JSON number: 30, 7.5."""
    return None if amount is None else int(amount) if amount == int(amount) else float(amount)
