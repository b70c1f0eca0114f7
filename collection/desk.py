"""What staff see of one person, and what it takes to see a full value or a picture."""

from base64 import b64encode

from django.db import transaction
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from accounting_platform.lib import watermark
from accounting_platform.lib.clock import SHANGHAI
from accounting_platform.lib.errors import DomainError
from accounting_platform.lib.text import has_forbidden_characters, normalise
from collection import archive, attachments, picture_rules
from collection.choices import AttachmentState
from collection.models import Profile
from registration import audit, audit_events
from registration.choices import UserKind
from registration.models import AuditEvent, User

REASON_LENGTH = (5, 200)
REASON_WORDS = "请填写查看理由，5 至 200 个字"
EVENTS_SHOWN = 15
VERSIONS_SHOWN = 20
# What can be seen in full: everything that is masked before staff.
REVEALABLE = {"document_number": "证件号码", "phone": "手机号码", "home_address": "居住地址"}
# What the page of one person tells of it: the rest is daily work.
EVENTS = (
    "account.registered",
    "accountant.identity_told",
    "collection.notice_accepted",
    "collection.submitted",
    "password.changed",
    "password.reset",
    "person.viewed",
    "phone.changed",
)


@transaction.atomic
def reveal(profile, field, *, reason, by):
    """Note that staff look at one field or picture, for a reason that the person can read; DomainError without one."""
    if field not in revealable(profile):
        raise DomainError("请选择要查看的内容", field="field")
    reason = normalise(reason)
    shortest, longest = REASON_LENGTH
    if not shortest <= len(reason) <= longest or has_forbidden_characters(reason):
        raise DomainError(REASON_WORDS, field="reason")
    detail = {"fields": [field], "reason": reason}
    audit.record("person.viewed", actor=by, subject=profile.accountant, detail=detail)


def revealable(profile):
    """{field or kind of picture: what it is called}: all that staff may see for a reason."""
    pictures = attachments.standing(profile).filter(state=AttachmentState.READY)
    kinds = pictures.values_list("kind", flat=True)
    return REVEALABLE | {kind: picture_rules.title(profile, kind) for kind in kinds}


def marked_picture(profile, kind, *, by):
    """The picture that counts as a data: address, marked with its purpose, who looks and when; "" without one.

    It exists in this one answer only: there is no address under which it could be asked for again.
    """
    picture = attachments.current(profile, kind)
    try:
        raw = attachments.read(picture) if picture else b""
    except FileNotFoundError:
        raw = b""
    if not raw:
        return ""
    who = by.username if by.username.isascii() else f"No. {by.pk}"
    told = f"{who} {timezone.localtime(timezone=SHANGHAI):%Y-%m-%d %H:%M}"
    return "data:image/jpeg;base64," + b64encode(watermark.stamp(raw, told)).decode()


def person(profile, site, request, *, shown=()):
    """Everything the page of one person shows; masked but for the fields `shown`."""
    return {
        "profile": profile,
        "panels": archive.panels(profile, staff=True, shown=shown),
        "pictures": attachments.standing(profile),
        "versions": profile.archiveversion_set.order_by("-id").defer("content")[:VERSIONS_SHOWN],
        "events": events(profile),
        "related": related_lists(site, request, profile),
    }


def events(profile):
    """操作记录: what was done about this person last, newest first, each with `name` and `who`."""
    rows = AuditEvent.objects.filter(accountant_id=profile.accountant_id, kind__in=EVENTS).order_by("-id")
    found = list(rows[:EVENTS_SHOWN])
    names = User.objects.filter(pk__in={event.actor_id for event in found}).in_bulk()
    for event in found:
        event.name = audit_events.name_of(event.kind)
        event.who = (
            "本人" if event.actor_kind == UserKind.ACCOUNTANT else str(names.get(event.actor_id, "系统"))
        )
    return found


def related_lists(site, request, profile):
    """[(name, address)] of the admin lists that hold something of this person, whichever app they belong to."""
    found = []
    for relation in Profile._meta.related_objects:
        desk = site._registry.get(relation.related_model)
        if desk is None or not desk.has_view_permission(request):
            continue
        meta = relation.related_model._meta
        try:
            address = reverse(f"{site.name}:{meta.app_label}_{meta.model_name}_changelist")
        except NoReverseMatch:
            continue
        found.append((meta.verbose_name_plural, f"{address}?{relation.field.name}__id__exact={profile.pk}"))
    return found
