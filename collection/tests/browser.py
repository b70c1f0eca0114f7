"""Pieces of the browser tests of the wizard."""

import re

from django.urls import reverse

PHONE = {"width": 360, "height": 740}
NAMED = ("review", "status")


def open_step(page, client, live_server, profile, key):
    """The page of one step, logged in as the profile's owner."""
    client.force_login(profile.accountant.user)
    session = client.cookies["session"].value
    draw_pictures(page.context)
    page.context.add_cookies([{"name": "session", "value": session, "url": live_server.url}])
    url = reverse(f"collection:{key}") if key in NAMED else reverse("collection:section", args=[key])
    page.goto(live_server.url + url)


def draw_pictures(context):
    """Give every picture of the check page to the browser, since make_pictures makes rows without files."""
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="358" height="441"/>'
    context.route(
        re.compile(r"/collection/attachments/[0-9a-f-]{36}/$"),
        lambda route: route.fulfill(body=drawing, content_type="image/svg+xml"),
    )


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def control(page, name):
    """A control of the step's form by the name of its column."""
    return page.locator(f"#section-form [name={name}]")
