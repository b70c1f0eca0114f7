"""What the frame of every page needs to know."""

from itertools import pairwise

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

# Cookie value -> what the page says; "" is the standard size.
TEXT_SIZES = {"": "标准", "elder": "大字", "elder-2": "特大字", "elder-3": "超大字"}

# label, address for people logged in, address for visitors, where it is "you are here"
MENU = (
    ("首页", "home", "home", ("home",)),
    (
        "信息采集",
        "collection:status",
        "registration:targets",
        (
            "collection",
            "registration:targets",
            "registration:ready",
            "registration:not_needed",
            "registration:new",
        ),
    ),
    ("信息变更", "changes:list", "changes:list", ("changes",)),
    ("继续教育", "education:catalogue", "education:catalogue", ("education",)),
    (
        "我的学习",
        "education:my",
        "education:my",
        ("education:my", "education:credits", "education:certificate"),
    ),
    ("常见问题", "help", "help", ("help",)),
)


def platform(request):
    """`platform` (facts of this installation and this reader) and `nav` (the main menu)."""
    return {
        "platform": facts(request) | {"reader_name": SimpleLazyObject(lambda: reader_name(request))},
        "nav": SimpleLazyObject(lambda: menu(request)),
    }


def facts(request):
    """The part of `platform` that touches neither session nor database; enough for error pages."""
    size = request.COOKIES.get(settings.TEXT_SIZE_COOKIE_NAME, "")
    size = size if size in TEXT_SIZES else ""
    sizes = list(TEXT_SIZES)
    return {
        "demo": settings.DEMO,
        "service_phone": settings.SERVICE_PHONE,
        "service_hours": settings.SERVICE_HOURS,
        "text_size": size,
        "larger_text_size": dict(pairwise(sizes)).get(size, ""),
    }


def reader_name(request):
    """The name in the header: an accountant's own, else the account's."""
    accountant = getattr(request, "accountant", None) or getattr(request.user, "accountant", None)
    return accountant.name if accountant else request.user.get_full_name() or request.user.get_username()


def menu(request):
    """The main menu; a part whose addresses are not installed has no entry."""
    signed_in = request.user.is_authenticated
    here = current_entry(request)
    entries = []
    for label, member_url, visitor_url, _places in MENU:
        try:
            url = reverse(member_url if signed_in else visitor_url)
        except NoReverseMatch:
            continue
        entries.append({"label": label, "url": url, "current": label == here})
    return entries


def current_entry(request):
    """The menu entry of this page: a page named by itself wins over its whole app."""
    match = request.resolver_match
    if match is None:
        return ""
    for place in (match.view_name, match.namespace):
        for label, _member_url, _visitor_url, places in MENU:
            if place and place in places:
                return label
    return ""
