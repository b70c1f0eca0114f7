"""pytest plugin with the few fixtures shared by all apps. Browser and picture fixtures live in tests/."""

import os
from datetime import datetime

import pytest
import time_machine
from django.conf import settings
from django.core.files.storage import storages
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from accounting_platform.lib import pdf
from accounting_platform.lib.clock import SHANGHAI
from accounting_platform.lib.kept import forget_all
from accounting_platform.tests.browsing import (  # noqa: F401
    browser_context_args,
    browser_type_launch_args,
    console_errors,
    processes,
    stack,
)
from accounting_platform.tests.pictures import render

# Playwright's loop runs in the thread of the test; Django would take every query there for a mistake.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


# A machine that does other work too is slow, not wrong; and what decides whether a change lands tries the same each time.
hypothesis_settings.register_profile(
    "platform",
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
hypothesis_settings.load_profile("platform")


def pytest_collection_modifyitems(config, items):
    lacking = pdf.missing_packages()
    for item in items:
        keep_what_migrations_filled(item)
        if lacking and item.get_closest_marker("pdf"):
            item.add_marker(pytest.mark.skip(reason=pdf.install_line(lacking)))
    leave_out_what_needs_postgres(config, items)


def keep_what_migrations_filled(item):
    """Transactional tests empty all tables after them; each of them finds the code lists there again."""
    marker = item.get_closest_marker("django_db")
    transactional = marker and marker.kwargs.get("transaction") or "live_server" in item.fixturenames
    if transactional and "django_db_serialized_rollback" not in item.fixturenames:
        item.fixturenames.append("django_db_serialized_rollback")


def leave_out_what_needs_postgres(config, items):
    """Tests for PostgreSQL are left out, rather than skipped, where this run is on SQLite."""
    from django.db import connection

    if connection.vendor == "postgresql" or "browser" in config.option.markexpr.split(" and "):
        return
    left_out = [item for item in items if item.get_closest_marker("postgres")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(autouse=True)
def files_of_this_test(tmp_path, monkeypatch):
    """Files saved by a test go to a folder of its own."""
    location = str(tmp_path / "files")
    monkeypatch.setattr(settings, "MEDIA_ROOT", location)
    for name in ("location", "base_location"):
        monkeypatch.setitem(storages["default"].__dict__, name, location)
    return tmp_path / "files"


@pytest.fixture(autouse=True)
def nothing_kept():
    """What a process keeps for a minute must not outlive the test that saved it."""
    forget_all()


@pytest.fixture
def at():
    """`at("2026-03-01 23:59:30")` sets the clock, in Guangdong's time; it stands still unless `tick=True`."""
    travels = []

    def travel(moment, *, tick=False):
        when = moment if isinstance(moment, datetime) else datetime.fromisoformat(moment)
        travels.append(time_machine.travel(when.replace(tzinfo=when.tzinfo or SHANGHAI), tick=tick))
        return travels[-1].start()

    yield travel
    for each in reversed(travels):
        each.stop()


@pytest.fixture
def sms_outbox():
    """The text messages sent in this test (to, text, sent_at), oldest first."""
    from accounting_platform.lib import sms

    sms.outbox.clear()
    yield sms.outbox
    sms.outbox.clear()


@pytest.fixture
def make_image(tmp_path):
    """`make_image("portrait", size=(3000, 4200), orientation=6)` is the path of a real picture file; see pictures.render."""

    def make(kind="portrait", size=None, *, name=None, **options):
        picture = render(kind, size, **options)
        path = tmp_path / (name or f"{kind}-{len(list(tmp_path.iterdir()))}.{picture.suffix}")
        path.write_bytes(picture.content)
        return path

    return make
