"""Fixtures of the browser journeys: Chromium as Debian ships it, the whole platform in real processes."""

import os

import pytest
from playwright.sync_api import expect

from accounting_platform.tests.services import find_chromium
from accounting_platform.tests.stack import Stack

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
# A machine that does other work too is slow, not wrong.
expect.set_options(timeout=20_000)
# Parts of a page; the page itself may well be answered with 400 or 404.
PARTS = {"stylesheet", "script", "image", "font"}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return browser_type_launch_args | {"executable_path": find_chromium(), "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return browser_context_args | {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


@pytest.fixture(autouse=True)
def console_errors(request):
    """What went wrong inside the browser. Anything left in this list fails the test."""
    found = []
    if "page" not in request.fixturenames and "context" not in request.fixturenames:
        yield found
        return
    watch(request.getfixturevalue("context"), found)
    yield found
    assert not found, "\n".join(found)


def watch(context, found):
    """Note every script error, refused part of a page and 5xx of all pages of a browser context."""

    def console(message):
        # Answers that are no success are judged below, with their address and kind.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            found.append(f"console: {message.text}")

    def response(answer):
        kind = answer.request.resource_type
        if answer.status >= 500 or answer.status >= 400 and kind in PARTS:
            found.append(f"{answer.status} {answer.url}")

    context.on("console", console)
    context.on("weberror", lambda error: found.append(f"script: {error.error}"))
    context.on("response", response)


@pytest.fixture(scope="session")
def stack():
    """The platform as `make run` starts it (SQLite, a worker, the demo school), one for the whole session."""
    with Stack() as running:
        yield running


@pytest.fixture
def processes():
    """`processes(big=True, SMS_COOLDOWN_SECONDS="60")`: a platform of this test's own; `big` is PostgreSQL and Redis."""
    running = []

    def start(*, big=False, **env):
        server, redis_url = (
            (os.environ["TEST_DATABASE_URL"], os.environ["TEST_REDIS_URL"]) if big else ("", "")
        )
        running.append(Stack(database_server=server, redis_url=redis_url, **env).start())
        return running[-1]

    yield start
    for each in running:
        each.stop()
