"""What the audit says to the person it is about: their log-ins, and who looked at their data; newest first, by key."""

from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from registration.models import AuditEvent, User

A_PAGE, ON_THE_ACCOUNT_PAGE = 20, 5
# kind: (what it is called, how its tag looks)
LOGINS = {
    "login.ok": ("登录成功", "ok"),
    "login.failed": ("密码不正确", "wait"),
    "login.locked": ("连续失败，锁定 15 分钟", "bad"),
}
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class Page:
    """Some events, and the key behind which the older ones begin, None at the end."""

    events: list
    older: int | None


def logins(accountant, before=None, count=A_PAGE):
    """A page of the person's log-ins, each with `words` and `look`."""
    rows = AuditEvent.objects.filter(accountant_id=accountant.pk, kind__in=LOGINS)
    found = a_page(rows, before, count)
    for event in found.events:
        event.words, event.look = LOGINS[event.kind]
    return found


def looks(accountant, before=None, count=A_PAGE):
    """A page of the looks staff took at full values, each with the `viewer`'s name."""
    viewer = User.objects.filter(pk=OuterRef("actor_id")).values("display_name")
    rows = AuditEvent.objects.filter(accountant_id=accountant.pk, kind="person.viewed")
    return a_page(rows.annotate(viewer=Subquery(viewer)), before, count)


def a_page(rows, before, count):
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-id")[: count + 1])
    return Page(found[:count], found[count - 1].pk if len(found) > count else None)


def key(text):
    """The `before` of an address, None for anything that is no key."""
    return int(text) if text.isascii() and text.isdigit() and int(text) <= LARGEST_ID else None
