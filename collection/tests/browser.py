"""Pieces of the browser tests of the wizard."""

from django.urls import reverse

PHONE = {"width": 360, "height": 740}
NAMED = ("review", "status")


def open_step(page, client, live_server, profile, key):
    """The page of one step, logged in as the profile's owner."""
    client.force_login(profile.accountant.user)
    session = client.cookies["session"].value
    page.context.add_cookies([{"name": "session", "value": session, "url": live_server.url}])
    url = reverse(f"collection:{key}") if key in NAMED else reverse("collection:section", args=[key])
    page.goto(live_server.url + url)


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def control(page, name):
    """A control of the step's form by the name of its column."""
    return page.locator(f"#section-form [name={name}]")
