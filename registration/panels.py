"""This app's part of the home page."""

from django.db.models import Q
from django.utils import timezone

from accounting_platform.lib.clock import today
from accounting_platform.lib.kept import Kept
from registration.models import Announcement

SHOWN = 10


def announcements(request):
    """通知公告 that are published and not over, newest first."""
    return {"announcements": latest.get()}


def current_announcements():
    """Announcements that readers may see now."""
    published = Announcement.objects.filter(published_at__lte=timezone.now())
    return published.filter(Q(ends_on=None) | Q(ends_on__gte=today()))


latest = Kept(lambda: list(current_announcements()[:SHOWN]), Announcement)
