"""The one writer of AuditEvent."""

import re

from accounting_platform.lib import context
from accounting_platform.lib.errors import DomainError
from accounting_platform.lib.quick_insert import adding, run
from registration.models import Accountant, AuditEvent, User

# A phone, with or without its usual gaps, or the number of an ID card, old or new.
NUMBER_OF_SOMEBODY = re.compile(r"1[3-9]\d[ -]?\d{4}[ -]?\d{4}|\d{14,17}[\dXx]")
NO_NUMBERS = "理由中请不要填写证件号码、手机号码"


def record(kind, *, actor, subject=None, detail=None, result="ok", after=None):
    """Note what was done: call it inside the transaction it describes, with field names in `detail`, never values.

    `actor` is a User, an Accountant or None (a visitor, a task); `subject` any model instance. A typed reason goes in
    as `detail["reason"]` and is refused (DomainError) with somebody's number in it: nothing here can be taken back.
    `after` is a statement of the same act, with its values, that goes along and saves a trip.
    """
    if detail:
        check_reason(detail.get("reason", ""))
    user = actor.user if isinstance(actor, Accountant) else actor
    here = context.current()
    event = AuditEvent(
        kind=kind,
        actor_id=getattr(user, "pk", None),
        actor_kind=getattr(user, "kind", ""),
        subject_type="" if subject is None else subject._meta.label_lower[:40],
        subject_id="" if subject is None else str(subject.pk),
        accountant_id=accountant_of(subject),
        result=result,
        detail=detail or {},
        address=here.address[:45],
        request_id=here.request_id[:40],
    )
    run([*([after] if after else []), *adding([event])])


def check_reason(reason):
    """Refuse a reason that the audit will not take, for forms that ask for one."""
    if NUMBER_OF_SOMEBODY.search(reason):
        raise DomainError(NO_NUMBERS, field="reason", code="reason")


def accountant_of(subject):
    """The id of the accountant whom a subject concerns, None when it concerns nobody."""
    if isinstance(subject, Accountant):
        return subject.pk
    if isinstance(subject, User):
        return Accountant.objects.filter(user=subject).values_list("pk", flat=True).first()
    if hasattr(subject, "accountant_id"):
        return subject.accountant_id
    if hasattr(subject, "profile_id"):
        return subject.profile.accountant_id
    return None
