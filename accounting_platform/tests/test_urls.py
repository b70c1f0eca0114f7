"""Every address by a visitor, an accountant before and after 信息采集, and staff: pinned, and never a 5xx.

A new address without an entry fails here, so that somebody decides who may ask for it.
"""

from urllib.parse import quote

import pytest
from django.contrib import admin
from django.urls import URLPattern, get_resolver, reverse

from accounting_platform.tests.url_world import make_world, our_models

pytestmark = pytest.mark.django_db
WHO = ("visitor", "draft", "collected", "staff")
# name: GET and POST (empty) by each of WHO
STATUS = {
    "home": "200 405  200 405  200 405  200 405",
    "help": "200 405  200 405  200 405  200 405",
    "display": "405 302  405 302  405 302  405 302",
    "livez": "200 405  200 405  200 405  200 405",
    "readyz": "200 405  200 405  200 405  200 405",
    "registration:targets": "200 400  200 400  200 400  200 400",
    "registration:ready": "302 405  302 405  302 405  302 405",
    "registration:not_needed": "200 405  200 405  200 405  200 405",
    "registration:new": "302 302  302 302  302 302  302 302",
    "registration:sms_codes": "405 404  405 404  405 404  405 404",
    # A message is asked about by the session that sent it.
    "registration:sms_state": "404 405  404 405  404 405  404 405",
    "registration:proof": "200 405  200 405  200 405  200 405",
    "registration:password_rules": "200 405  200 405  200 405  200 405",
    "registration:login": "200 400  302 302  302 302  302 302",
    "registration:logout": "405 302  405 302  405 302  405 302",
    "registration:password_reset": "200 400  200 400  200 400  200 400",
    "registration:lost_phone": "200 400  200 400  200 400  200 400",
    # Asked by a script: it must not end on the log-in page.
    "registration:keep_session": "405 403  405 200  405 200  405 200",
    "registration:announcement": "200 405  200 405  200 405  200 405",
    "registration:account": "302 405  200 405  200 405  404 405",
    "registration:change_phone": "302 302  200 400  200 400  404 404",
    "registration:change_password": "302 302  200 400  200 400  404 404",
    "registration:messages_read": "405 302  405 302  405 302  405 404",
    "registration:logins": "302 405  200 405  200 405  404 405",
    "registration:looks": "302 405  200 405  200 405  404 405",
    "registration:export": "302 302  200 400  200 400  404 404",
    "registration:export_state": "302 405  404 405  200 405  404 405",
    "registration:export_file": "302 405  404 405  404 405  404 405",
    "registration:close": "302 302  200 400  200 400  404 404",
    "registration:deny_lost_phone": "405 302  405 302  405 302  405 404",
    "registration:new_paper": "405 302  405 404  405 302  405 404",
    "registration:paper": "302 405  404 405  200 405  404 405",
    "registration:paper_state": "302 405  404 405  200 405  404 405",
    "registration:paper_file": "302 405  404 405  404 405  404 405",
    "registration:shares": "302 405  200 405  200 405  404 405",
    "registration:new_share": "302 302  404 404  200 400  404 404",
    "registration:share": "302 405  404 405  200 405  404 405",
    "registration:revoke_share": "405 302  405 404  405 302  405 404",
    # Whoever has the link may look.
    "registration:verify": "200 405  200 405  200 405  200 405",
    "collection:status": "302 302  200 405  200 405  404 404",
    "collection:notice": "302 302  200 400  302 302  404 404",
    "collection:section": "302 302  302 302  302 302  404 404",
    "collection:review": "302 302  302 302  302 302  404 404",
    "collection:archive": "302 302  302 405  200 405  404 404",
    "collection:upload": "302 302  405 404  405 404  404 404",
    "collection:attachment": "302 302  404 405  200 405  404 404",
    "collection:attachment_state": "302 302  404 405  200 405  404 404",
    "collection:divisions": "302 302  200 405  200 405  404 404",
    "collection:employers": "302 302  200 405  200 405  404 404",
    "education:catalogue": "302 405  302 405  200 405  404 405",
    "education:leave": "302 405  302 405  200 405  404 405",
    "education:launch": "405 302  405 302  405 302  405 404",
    "education:my": "302 405  302 405  200 405  404 405",
    "education:relaunch": "405 302  405 302  405 302  405 404",
    "education:credits": "302 405  302 405  200 405  404 405",
    "education:issue_certificate": "405 302  405 302  405 302  405 404",
    "education:certificate": "302 405  302 405  200 405  404 405",
    "education:conversions": "302 405  302 405  200 405  404 405",
    "education:conversion_new": "302 302  302 302  200 400  404 404",
    "education:conversion": "302 405  302 405  200 405  404 405",
    "education:conversion_proofs": "405 302  405 302  405 400  405 404",
    "education:conversion_withdraw": "405 302  405 302  405 302  405 404",
    # Its picture was sent back.
    "education:proof": "302 405  302 405  404 405  404 405",
    "education:disputes": "302 405  302 405  200 405  404 405",
    "education:dispute_new": "302 302  302 302  200 400  404 404",
    "education:dispute_settle": "405 302  405 302  405 302  405 404",
    "changes:list": "302 302  302 302  200 405  404 404",
    "changes:history": "302 302  302 302  200 405  404 404",
    "changes:book": "302 302  302 302  200 400  404 404",
    "changes:withdraw": "302 302  302 302  405 302  404 404",
    "changes:edit": "302 302  302 302  200 400  404 404",
    "education-api:credits": "401 405  401 405  401 405  401 405",
    "education-api:deliveries": "401 405  401 405  401 405  401 405",
    "education-api:enrolments": "401 405  401 405  401 405  401 405",
    "education-api:summary": "401 405  401 405  401 405  401 405",
    # Schools sign what they post; whoever asks, an unsigned request is told what it lacks.
    "education-api:openapi-json": "200 405  200 405  200 405  200 405",
    "education-api:tickets": "405 415  405 415  405 415  405 415",
    "education-api:events": "405 415  405 415  405 415  405 415",
    "education-api:batch": "405 415  405 415  405 415  405 415",
    "education-api:api-root": "404 404  404 404  404 404  404 404",
    "api-docs": "200 405  200 405  200 405  200 405",
    "api-reference": "200 405  200 405  200 405  200 405",
    "api-signature": "200 405  200 405  200 405  200 405",
}
MEMBERS = ("collection", "education", "changes")
ACCOUNT = ("account", "change_phone", "change_password", "messages_read", "logins", "looks", "close")
ACCOUNT += ("export", "export_state", "export_file", "deny_lost_phone")
# GET and POST by staff; visitors are led to the log-in, everybody else gets 404.
DESK_PAGES = {
    "index": "200 200",
    "login": "302 302",
    "code": "302 302",
    "enrol": "302 302",
    "logout": "405 302",
    "account": "200 405",
    "replace_device": "200 400",
    "rescue_codes": "200 400",
    "registration_user_reset_device": "302 302",
    "password_change": "200 400",
    "password_change_done": "200 405",
    "autocomplete": "403 405",
    "jsi18n": "200 405",
    "view_on_site": "404 404",
    "app_list": "200 200",
    "auth_user_password_change": "200 200",
    "collection_profile_reveal": "405 400",
    "collection_employerimport_template": "200 405",
    "collection_employerimport_change": "200 302",
    "education_institution_secret": "200 302",
    # Only what schools asked to change is decided; the world's delivery was taken at once.
    "education_delivery_decide": "302 302",
    "education_conversion_proofs": "302 200",
    "education_exemption_proofs": "302 200",
    "": "404 404",
}
# What a province administrator with all rights may do by hand, beyond looking.
HANDS = {
    "auth_group": {"add", "change", "delete"},
    "registration_user": {"add", "change"},
    "registration_announcement": {"add", "change", "delete"},
    "registration_recoveryrequest": {"change"},
    "collection_profile": {"change"},
    "collection_employer": {"add", "change"},
    "collection_employerimport": {"add"},
    "collection_codeentry": {"add", "change"},
    "education_institution": {"add", "change"},
    "education_offering": {"add", "change"},
    "education_yearrule": {"add", "change"},
    "education_ruletrial": {"add"},
    "education_exemption": {"add", "change"},
    "education_conversion": {"change"},
    "education_dispute": {"change"},
}


@pytest.fixture
def world():
    return make_world()


def addresses(resolver=None, namespaces=()):
    """(name, namespaces and all; its pattern) of everything in the resolver."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield ":".join((*namespaces, entry.name or "")), entry
        else:
            yield from addresses(entry, namespaces + ((entry.namespace,) if entry.namespace else ()))


def at_the_desk(name):
    return name.startswith("admin:")


def arguments(name, world):
    """What fills the holes of an address, about the person who has finished 信息采集."""
    offering, institution = world.enrolment.offering, world.enrolment.institution
    return {
        "registration:announcement": [world.announcement.pk],
        "registration:export_state": [world.export.pk],
        "registration:export_file": [world.export.pk],
        "registration:new_paper": ["archive"],
        "registration:paper": [world.paper.pk],
        "registration:paper_state": [world.paper.pk],
        "registration:paper_file": [world.paper.pk],
        "registration:new_share": ["archive"],
        "registration:share": [world.share.pk],
        "registration:revoke_share": [world.share.pk],
        "registration:verify": [world.share.token],
        "education:certificate": [world.share.reference],
        "collection:section": ["work"],
        "collection:attachment": [world.attachment.pk],
        "collection:attachment_state": ["portrait"],
        "education:leave": [offering.public_id],
        "education:launch": [offering.public_id],
        "education:relaunch": [world.enrolment.public_id],
        "education:conversion": [world.conversion.public_id],
        "education:conversion_proofs": [world.conversion.public_id],
        "education:conversion_withdraw": [world.conversion.public_id],
        "education:proof": [world.proof.pk],
        "education:dispute_new": [world.dispute.enrolment.public_id],
        "education:dispute_settle": [world.dispute.public_id],
        "changes:edit": ["work"],
        "education-api:tickets": [institution.code],
        "education-api:events": [institution.code],
        "education-api:batch": [institution.code],
        "education-api:credits": [institution.code],
        "education-api:deliveries": [institution.code],
        "education-api:enrolments": [institution.code],
        "education-api:summary": [institution.code],
    }.get(name, [])


def test_every_address_is_pinned():
    assert sorted(name for name, _entry in addresses() if not at_the_desk(name)) == sorted(STATUS)


@pytest.mark.parametrize("name", STATUS)
def test_address_answers_as_pinned(world, name):
    url = reverse(name, args=arguments(name, world))

    answers = {(who, method): world.ask(who, method, url) for who in WHO for method in ("get", "post")}

    assert [status for status, _where in answers.values()] == list(map(int, STATUS[name].split()))
    namespace, _, page = name.partition(":")
    if namespace in MEMBERS or namespace == "registration" and page in ACCOUNT:
        led = [where for (who, _), (status, where) in answers.items() if who == "visitor" and status == 302]
        assert led and set(led) == {f"/login/?next={quote(url)}"}


# --- the desk


def desk_addresses(world):
    """(name without namespace, address, GET and POST expected of staff) of every page of the admin."""
    rows = {}
    for model in filter(admin.site.is_registered, our_models()):
        row = world.staff_row(model)
        assert row is not None, f"the world has no {model.__name__}"
        rows[f"{model._meta.app_label}_{model._meta.model_name}"] = row
    for name, entry in addresses():
        page = name.removeprefix("admin:")
        if at_the_desk(name) and page:
            model, _, what = page.rpartition("_")
            expected = DESK_PAGES.get(page) or of_model(model, what)
            yield page, reverse(name, args=holes(entry, page, rows)), expected
    for row in rows.values():
        short = f"{row._meta.app_label}/{row._meta.model_name}/{row.pk}/"
        yield "short", reverse("admin:index") + short, "302 302"
    yield "", reverse("admin:index") + "nothing/", DESK_PAGES[""]


def of_model(model, what):
    """The two statuses of a model's page: staff may look at everything, and change what HANDS says."""
    may = what in HANDS.get(model, ())
    if what in ("changelist", "history"):
        return "200 200"
    if what == "change":
        return "200 200" if may else "200 403"
    return "200 200" if may else "403 403"


def holes(entry, page, rows):
    """Arguments of an admin address: the row it is about, an app, a content type."""
    if page == "app_list":
        return ["registration"]
    if page == "view_on_site":
        return [1, 1]
    if page == "auth_user_password_change":
        page = "registration_user_password"
    owner = next((row for name, row in rows.items() if page.startswith(f"{name}_")), None)
    return [owner.pk] if entry.pattern.converters and owner else []


def test_desk_answers_as_pinned(world):
    expected, found = {}, {}
    for page, url, statuses in desk_addresses(world):
        expected[url] = f"{page}: {statuses}"
        found[url] = f"{page}: {world.ask('staff', 'get', url)[0]} {world.ask('staff', 'post', url)[0]}"

    assert found == expected
    assert len(found) > 150


def test_desk_is_closed_to_everybody_else(world):
    for _page, url, _statuses in desk_addresses(world):
        for method in ("get", "post"):
            who = "collected" if method == "get" else "draft"
            assert world.ask(who, method, url)[0] == 404, url
            status, where = world.ask("visitor", method, url)
            shown = 200 if method == "get" else 400
            expected = (shown, "") if url == reverse("admin:login") else (302, visitors_way(url))
            assert (status, where.partition("?")[0]) == expected, url


def visitors_way(url):
    """To the log-in; who logs out without having been in ends there a step later."""
    return reverse("admin:index" if url == reverse("admin:logout") else "admin:login")
