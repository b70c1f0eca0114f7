"""This app's part of the home page."""

from django.urls import reverse
from django.utils import timezone

from collection import services
from collection.wizard import standing as standing_of
from registration.choices import UserKind


def standing(request):
    """For accountants: where they stand in 信息采集, and the tile. Others see the general words."""
    if not request.user.is_authenticated or request.user.kind != UserKind.ACCOUNTANT:
        return {}
    accountant = getattr(request.user, "accountant", None)
    if accountant is None:
        return {}
    if accountant.is_collected:
        return {"collection_tile": finished(accountant)}
    now = standing_of(services.profile_of(accountant))
    tile = {
        "lines": [f"{now.sentence}。", now.text],
        "actions": [("查看采集状态", reverse("collection:status"))],
    }
    return {
        "hero": {"phrases": now.phrases, "text": now.text, "action": now.action},
        "collection_tile": tile,
    }


def finished(accountant):
    day = timezone.localtime(accountant.collected_at)
    actions = [("查看信息档案", reverse("collection:archive")), ("信息有变更", reverse("changes:list"))]
    return {
        "lines": [
            f"您已于 {day.year} 年 {day.month} 月 {day.day} 日完成信息采集。",
            "信息有变化时，请及时变更。",
        ],
        "actions": actions,
    }
