"""试运行: a request with dry_run=1 is judged by the same rules over the same rows and then rolled back, so that an
engineer can try everything and nothing of it remains. One made-up learner exists for the time of such a request.
"""

import uuid
from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from accounting_platform.lib import clock
from collection.choices import DutyStatus, ProfileState
from collection.models import Profile
from education.choices import CourseKind
from education.models import Learner, Offering, OfferingDivision
from education.schools.events import Person
from education.schools.judge import judge
from education.schools.refusals import Refusal
from registration.models import Accountant, User

LEARNER, TICKET = "lrn_sandbox", "sandbox"
PARAMETER = "dry_run"


def is_asked(request):
    """Whether this request is only tried. What might have been meant so is refused, lest it be booked."""
    value = request.GET.get(PARAMETER, "0")
    if value not in {"0", "1"}:
        raise Refusal("invalid", errors=[(f"/{PARAMETER}", "试运行写 dry_run=1，正式发送请去掉这个参数")])
    return value == "1"


def mark(request):
    """What the answer to a trial says in addition, so that nobody takes it for a booking."""
    return {"dry_run": True} if is_asked(request) else {}


def try_events(institution, events):
    """Verdicts as `judge` would give them; everything it wrote is taken back."""
    with transaction.atomic():
        if any(event.person and event.person.learner == LEARNER for event in events):
            events = spoken_of(stand_in(institution), events)
        verdicts = judge(institution, events)
        transaction.set_rollback(True)
    return verdicts


def spoken_of(learner, events):
    """The events about the learner who is there for this once."""
    someone = Person(learner=learner.public_id)
    return [
        replace(event, person=someone) if event.person and event.person.learner == LEARNER else event
        for event in events
    ]


def stand_in(institution):
    """Somebody made up who has finished 信息采集 and works where this institution is filed; lasts as long as the
    transaction around it. Nothing about them can be found by anybody else: all keys are random.
    """
    now, key = timezone.now(), uuid.uuid4().hex
    user = User.objects.create(username=f"trial-{key}", is_active=False)
    accountant = Accountant.objects.create(
        user=user,
        name="试学员",
        name_pinyin="shi xue yuan",
        document_type="resident_id",
        document_number="",
        document_key=f"trial-{key}",
        phone="",
        phone_key="",
        works_in_guangdong=True,
        holds_certificate=True,
        consent_version="",
        consented_at=now,
        collected_at=now,
    )
    profile = Profile.objects.create(
        accountant=accountant,
        state=ProfileState.SUBMITTED,
        submitted_at=now,
        archive_number=f"trial-{key}"[:20],
        division=division_of(institution),
        duty_status=DutyStatus.ACCOUNTING,
    )
    return Learner.objects.create(institution=institution, profile=profile, public_id=f"lrn_{key}")


def division_of(institution):
    """The widest of the areas that this institution is filed for."""
    prefixes = OfferingDivision.objects.filter(offering__institution=institution)
    return min(prefixes.values_list("prefix", flat=True), key=len, default="44")


def redeem(institution, ticket):
    """The made-up learner's arrival; no real ticket is used up by trying."""
    if ticket != TICKET:
        raise Refusal("ticket_unknown")
    offerings = Offering.objects.filter(institution=institution, is_open=True, year__lte=clock.year())
    offering = offerings.order_by("-year", "kind").first()
    return {
        "learner": LEARNER,
        "name": "试学员",
        "document": {"type": "resident_id", "masked": "440100********0000"},
        "division": division_of(institution),
        "kind": offering.kind if offering else CourseKind.PROFESSIONAL,
        "year": offering.year if offering else clock.year(),
        "offering": str(offering.public_id) if offering else None,
        "enrolment": None,
    }
