"""分享: people show parts of an archive or certificate to whoever has a link, until a day, and take it back at once.

A share keeps its own masked copy of what was chosen; the link shows that copy and can show nothing else. When the
share ends, the copy is deleted.
"""

import secrets
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from accounting_platform.lib.clock import SHANGHAI, day_label, moment_label, today
from accounting_platform.lib.encryption import keyed_hash
from accounting_platform.lib.errors import DomainError, InputError
from registration import audit, limits, papers
from registration.models import PaperFile, Share
from registration.papers import Standing

TOKEN_BYTES = 16
DEFAULT_DAYS, MOST_DAYS = 30, 365
MOST_LIVE, ENDED_SHOWN = 20, 20
KEPT_AFTER_END = timedelta(days=180)
TOO_MANY = f"同时有效的分享最多 {MOST_LIVE} 个，请先撤销不再使用的"
WRONG_END = "请选择今天以后、一年以内的截止日期"


def token_key(token):
    return keyed_hash("share", token)


def live(accountant):
    """The shares of somebody that show something now, newest first."""
    rows = Share.objects.filter(accountant=accountant, revoked_at=None, expires_at__gt=timezone.now())
    return rows.order_by("-created_at")


def ended(accountant):
    """The latest of those that show nothing any more."""
    over = Q(revoked_at__isnull=False) | Q(expires_at__lte=timezone.now())
    return Share.objects.filter(over, accountant=accountant).order_by("-created_at")[:ENDED_SHOWN]


def clean_end(day):
    """The day until which something is shared, when it is one of the coming year's; else InputError."""
    if not today() < day <= today() + timedelta(days=MOST_DAYS):
        raise InputError(WRONG_END)
    return day


def create(accountant, sheet, *, groups, ends_on):
    """Share these groups of a sheet until the end of a day; returns the Share. Raises DomainError."""
    clean_end(ends_on)
    known = [group.key for group in sheet.groups]
    chosen = [key for key in known if key in groups]
    limits.count("share", str(accountant.pk))
    with transaction.atomic():
        if live(accountant).count() >= MOST_LIVE:
            raise DomainError(TOO_MANY, code="share_most", status=409)
        token = secrets.token_urlsafe(TOKEN_BYTES)
        share = Share.objects.create(
            accountant=accountant,
            kind=sheet.kind,
            reference=sheet.reference,
            label=sheet.label,
            groups=chosen,
            content=sheet.shared(chosen),
            token=token,
            token_key=token_key(token),
            expires_at=datetime.combine(ends_on + timedelta(days=1), time(), tzinfo=SHANGHAI),
        )
        audit.record(
            "share.created",
            actor=accountant,
            subject=accountant,
            detail={"kind": sheet.kind, "groups": chosen},
        )
    return share


@transaction.atomic
def revoke(share, *, by):
    """Take a share back: from now on its link shows nothing. Safe to repeat."""
    if end(Share.objects.filter(pk=share.pk)):
        audit.record("share.revoked", actor=by, subject=share.accountant, detail={"kind": share.kind})


def end(shares):
    """Mark live ones of these as revoked, with what they showed and the PDFs that bear their codes; how many."""
    now = timezone.now()
    keys = list(shares.filter(revoked_at=None, expires_at__gt=now).values_list("pk", flat=True))
    for row in PaperFile.objects.filter(share__in=keys):
        papers.PAPERS.delete(row)
    return Share.objects.filter(pk__in=keys).update(revoked_at=now, content=None)


# --- whoever has the link


def by_token(token):
    """The share a link names, with its owner, else None."""
    return Share.objects.select_related("accountant").filter(token_key=token_key(token)).first()


def standing(share):
    """What the check page says of a share."""
    revoked_at = share.revoked_at or share.accountant.closed_at
    if revoked_at:
        words = f"本人已于 {moment_label(revoked_at)} 撤销这次分享，内容不再显示。需要核验的，请联系本人重新分享。"
        return Standing("bad", "已撤销", words, shows=False)
    if not share.is_live or share.content is None:
        words = (
            f"这次分享已于 {day_label(share.last_day)}到期，内容不再显示。需要核验的，请联系本人重新分享。"
        )
        return Standing("plain", "已过期", words, shows=False)
    return papers.sheet_class(share.kind).standing(share)


def count_view(share):
    """One more look by somebody else than the owner."""
    Share.objects.filter(pk=share.pk).update(views=F("views") + 1, last_viewed_at=timezone.now())


# --- sweeping


def sweep():
    """Delete what expired shares showed, and in the end the shares themselves."""
    now = timezone.now()
    Share.objects.filter(expires_at__lte=now, content__isnull=False).update(content=None)
    Share.objects.filter(expires_at__lt=now - KEPT_AFTER_END).delete()
