"""The sample in docs/institutions.md, run as a school's engineer would run it."""

import os
import re
import subprocess
import sys
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings

from education.learning import launch
from education.models import CreditEntry, Enrolment
from education.schools.refusals import REFUSALS
from education.tests.factories import make_collected, make_institution, make_offering, make_year_rule

GUIDE = settings.BASE_DIR / "docs" / "institutions.md"


def run_sample(live_server, school, ticket):
    (sample,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    told = {
        "PLATFORM_URL": live_server.url,
        "INSTITUTION_CODE": school.code,
        "INSTITUTION_SECRET": school.plain_secret,
        "NO_PROXY": "*",
    }

    return subprocess.run(
        [sys.executable, "-c", sample, ticket],
        env=os.environ | told,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize(("kind", "general"), [("professional", 20), ("public", 0)])
def test_sample_of_the_guide_brings_the_first_credit(live_server, kind, general):
    make_year_rule()
    profile, school = make_collected(), make_institution(code="zhujiang")
    address = launch.start(profile, offering=make_offering(school, kind=kind), by=profile.accountant.user)
    (ticket,) = parse_qs(urlsplit(address).query)["ticket"]

    ran = run_sample(live_server, school, ticket)

    assert (ran.stderr, ran.stdout.count("'status': 'accepted'")) == ("", 2)
    assert "'accepted': 2" in ran.stdout.splitlines()[-1]
    entry = CreditEntry.objects.get(profile=profile)
    assert (entry.credits, entry.general_professional) == (30, general)
    assert Enrolment.objects.get(profile=profile).state == "completed"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_sample_of_the_guide_prints_a_refusal_in_words(live_server):
    ran = run_sample(live_server, make_institution(code="zhujiang"), "no-such-ticket")

    assert ran.returncode == 1 and "Traceback" not in ran.stderr
    first, last = ran.stderr.splitlines()
    assert first == f"404 ticket_unknown：{REFUSALS['ticket_unknown'][1]}"
    assert re.fullmatch(r"  request_id [0-9a-f]{16}", last)


def test_guide_lists_every_code_that_can_be_answered():
    guide = GUIDE.read_text(encoding="utf-8")

    # 429 and 503 stand there by their numbers.
    assert [code for code in REFUSALS if f"`{code}`" not in guide] == ["rate", "unavailable"]
