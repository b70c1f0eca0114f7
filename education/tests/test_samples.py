"""The samples of the guide, run as a school's engineer would run them, and the library they are run with."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings

from accounting_platform.tests.services import FINDERS, LANGUAGES
from education.learning import launch
from education.models import CreditEntry, Delivery
from education.schools.refusals import REFUSALS
from education.tests.factories import make_collected, make_institution, make_offering, make_year_rule

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.once]
SAMPLES = settings.BASE_DIR / "docs" / "samples"
VENDOR = Path(__file__).parent / "vendor"
COMMANDS = {
    "python": [sys.executable, "sample.py"],
    "node": ["node", "sample.mjs"],
    "java": ["java", "Sample.java"],
    "php": ["php", "sample.php"],
}
# A language that is not here is left out; the table at the end of `make test` says so.
HERE = ["python", *(name for name in LANGUAGES if FINDERS[name]())]


@pytest.fixture
def school():
    make_year_rule()
    institution = make_institution(code="zhujiang")
    for kind in ("professional", "public"):
        make_offering(institution, kind=kind)
    return institution


@pytest.fixture
def ran(live_server, school, tmp_path):
    """`ran(command, *arguments)` runs a sample beside the JavaScript library, as npm install would lay it."""
    folder = tmp_path / "samples"
    shutil.copytree(SAMPLES, folder)
    (folder / "node_modules").symlink_to(VENDOR / "node_modules")
    told = {
        "PLATFORM_URL": live_server.url,
        "INSTITUTION_CODE": school.code,
        "INSTITUTION_SECRET": school.plain_secret,
        "NO_PROXY": "*",
    }

    def run(*command):
        options = {"capture_output": True, "text": True, "timeout": 60}
        return subprocess.run(command, env=os.environ | told, cwd=folder, **options)

    return run


def ticket_of(profile, offering):
    address = launch.start(profile, offering=offering, by=profile.accountant.user)
    return parse_qs(urlsplit(address).query)["ticket"][0]


@pytest.mark.parametrize("language", HERE)
def test_sample_brings_a_credit_and_prints_a_refusal(ran, school, language):
    profile = make_collected()
    ticket = ticket_of(profile, school.offerings.get(kind="professional"))

    taken = ran(*COMMANDS[language], ticket)
    refused = ran(*COMMANDS[language], ticket)

    assert (taken.stderr, taken.stdout.count("accepted")) == ("", 2)
    entry = CreditEntry.objects.get(profile=profile)
    assert (entry.credits, entry.general_professional) == (30, 20)
    assert refused.returncode == 1
    for part in ("404", "ticket_unknown", REFUSALS["ticket_unknown"][1], "request_id"):
        assert part in refused.stderr


def test_samples_without_a_ticket_are_tried_and_book_nothing(ran):
    python, shell = ran(*COMMANDS["python"]), ran("bash", "sample.sh")

    assert (python.stderr, shell.stderr) == ("", "")
    assert (python.stdout.count("'dry_run': True"), json.loads(shell.stdout)["status"]) == (2, "accepted")
    assert not Delivery.objects.exists()


def test_vendored_library_is_what_npm_delivers():
    listed = json.loads((VENDOR / "VENDOR.json").read_text())

    for package in listed:
        folder = VENDOR / "node_modules" / package["name"]
        found = {
            str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in folder.rglob("*")
            if path.is_file()
        }
        assert found == package["files"]
        assert json.loads((folder / "package.json").read_text())["version"] == package["version"]
