"""The least that is valid of continuing education, for the tests of every app."""

import json
import time
import uuid
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounting_platform.lib import clock, signing
from accounting_platform.tests.pictures import render
from collection.choices import ProfileState
from collection.models import Profile
from education.choices import CourseKind
from education.ledger import certificates
from education.ledger.entries import book, totals
from education.models import (
    Certificate,
    Conversion,
    ConversionKind,
    CreditEntry,
    Dispute,
    Enrolment,
    Exemption,
    Institution,
    Learner,
    Offering,
    OfferingDivision,
    YearRule,
)
from education.schools import webhooks
from education.schools.events import read_event
from registration.tests.factories import make_accountant

_numbers = count(1)


def make_collected(**fields):
    """The profile of somebody who finished 信息采集 and works in 天河区; `name` goes to the accountant."""
    person = {key: fields.pop(key) for key in ("name", "document_number", "document_type") if key in fields}
    accountant = fields.pop("accountant", None) or make_accountant(collected=True, **person)
    answers = {
        "state": ProfileState.SUBMITTED,
        "submitted_at": timezone.now(),
        "archive_number": f"T{next(_numbers):08}",
        "division": "440106",
        "duty_status": "accounting",
        "accounting_since": date(2015, 7, 1),
    }
    return Profile.objects.create(accountant=accountant, **answers | fields)


def make_institution(*, secret=None, **fields):
    """A filed school; its signing secret is at hand as `institution.plain_secret`."""
    number = next(_numbers)
    answers = {
        "code": f"school-{number}",
        "name": f"第{number}网校",
        "name_pinyin": f"di {number:05} wang xiao",
        "launch_url": f"https://study{number}.example.org/launch",
        "hosts": f"study{number}.example.org",
    }
    institution = Institution.objects.create(**answers | fields)
    institution.plain_secret = secret or signing.new_secret()
    institution.secrets.create(secret=institution.plain_secret)
    return institution


def make_offering(institution=None, *, divisions=("44",), **fields):
    """What a school offers in the whole province this year, open to everybody."""
    answers = {"kind": CourseKind.PROFESSIONAL, "year": clock.year(), "title": "专业课程"}
    offering = Offering.objects.create(institution=institution or make_institution(), **answers | fields)
    OfferingDivision.objects.bulk_create(
        OfferingDivision(offering=offering, prefix=prefix) for prefix in divisions
    )
    return offering


def make_enrolment(profile=None, *, offering=None, institution=None, **fields):
    """A study in progress at a school, known to it by `reference`."""
    answers = {"reference": f"R{next(_numbers)}", "kind": CourseKind.PROFESSIONAL, "year": clock.year()}
    if offering is not None:
        answers |= {
            "kind": offering.kind,
            "year": offering.year,
            "title": offering.title,
            "offering": offering,
        }
        institution = offering.institution
    return Enrolment.objects.create(
        profile=profile or make_collected(), institution=institution or make_institution(), **answers | fields
    )


def make_learner(profile, institution):
    """The pseudonym of this person at this school."""
    return Learner.objects.create(
        profile=profile, institution=institution, public_id=f"lrn_{uuid.uuid4().hex}"
    )


def make_year_rule(year=None, **fields):
    """The rule of a year, open from yesterday until a month from now, in place of one that is there."""
    today = clock.today()
    answers = {
        "opens_on": today - timedelta(days=1),
        "closes_on": today + timedelta(days=30),
        "closed_at": None,
        "total_min": Decimal(90),
        "public_min": Decimal(30),
        "professional_min": Decimal(60),
        "general_professional_min": Decimal(0),
    }
    return YearRule.objects.update_or_create(year=year or clock.year(), defaults=answers | fields)[0]


def make_kind(rule=None, **fields):
    """Something that may be converted in the rule's year: 30 credits of professional courses a piece."""
    answers = {"name": f"折算项目{next(_numbers)}", "unit": "篇", "credits": Decimal(30), "evidence": "证明"}
    return ConversionKind.objects.create(rule=rule or make_year_rule(), **answers | fields)


def make_conversion(profile=None, *, kind=None, **fields):
    """An application that waits, without pictures."""
    kind = kind or make_kind()
    answers = {"year": kind.rule.year, "obtained_on": date(2026, 3, 1)}
    return Conversion.objects.create(profile=profile or make_collected(), kind=kind, **answers | fields)


def make_exemption(profile=None, **fields):
    """An exemption of this year, registered by staff."""
    answers = {"year": clock.year(), "kind": "illness", "reason": "住院治疗"}
    return Exemption.objects.create(profile=profile or make_collected(), **answers | fields)


def make_dispute(study=None, **fields):
    """An open question about a study."""
    study = study or make_enrolment()
    answers = {"topic": "not_booked", "words": "学完了，学分没有到账，请核实。"}
    owner = {"profile": study.profile, "institution": study.institution}
    return Dispute.objects.create(enrolment=study, **owner | answers | fields)


def make_upload(size=(600, 800)):
    """A picture as a browser sends it."""
    return SimpleUploadedFile("proof.jpg", render("portrait", size).content, "image/jpeg")


def event(event_type, /, *, at=None, **data):
    """An event as a school would write it."""
    moment = at or timezone.now()
    return {"type": event_type, "timestamp": moment.isoformat(timespec="milliseconds"), "data": data}


def received(message_id, content):
    """An event as it stands after its request was read."""
    return read_event(message_id, webhooks.parse(json.dumps(content, ensure_ascii=False).encode()))


def post_signed(client, institution, path, payload, *, message_id=None, secret=None, sent_at=None, **headers):
    """POST a body as this school signs it; `path` is tickets, events or events/batch, `payload` JSON or bytes."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload, ensure_ascii=False).encode()
    message_id = message_id or f"msg_{uuid.uuid4().hex}"
    sent_at = int(sent_at if sent_at is not None else time.time())
    signed = {
        "webhook-id": message_id,
        "webhook-timestamp": str(sent_at),
        "webhook-signature": signing.sign(secret or institution.plain_secret, message_id, sent_at, body),
    }
    url = f"/api/v1/institutions/{institution.code}/{path}"
    return client.post(url, body, content_type="application/json", headers=signed | headers)


def make_certificate(profile, year=None, **fields):
    """A certificate in force over an empty ledger."""
    year = year or clock.year()
    content = certificates.content_of(profile, totals(profile, year))
    answers = {"number": certificates.new_number(year), "content": content}
    return Certificate.objects.create(profile=profile, year=year, **answers | fields)


def fill_year(profile, year=None, *, public=30, professional=60, **fields):
    """Credits of a year as a school brings them, booked; returns the entries."""
    year = year or clock.year()
    found = []
    for kind, credits in ((CourseKind.PUBLIC, public), (CourseKind.PROFESSIONAL, professional)):
        school = make_institution()
        facts = {"profile": profile, "institution": school, "kind": kind, "year": year}
        study = make_enrolment(
            **facts, state="completed", credits=credits, title="企业会计准则", hours=credits
        )
        answers = {"credits": Decimal(credits), "finished_at": timezone.now(), "enrolment": study}
        found.append(CreditEntry(**facts | answers | fields))
    book(found)
    return found
