"""The main journey in Chromium, from 首页 to 已完成, with every part of the platform as a real process."""

import os
import re

import pytest
from playwright.sync_api import expect

from accounting_platform.tests import journey_pages as pages
from accounting_platform.tests.journey import Journey, Person
from registration.tests.factories import resident_id

pytestmark = pytest.mark.browser
PHONE = {
    "viewport": {"width": 360, "height": 740},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 1,
}
# What is kept of a card's 4000 by 2500, the right way up.
CARD = [1600, 1000]
DESK = {"viewport": {"width": 1280, "height": 900}}


@pytest.fixture
def browser_context_args(browser_context_args, request):
    return browser_context_args | request.param


@pytest.fixture
def platform(request):
    """SQLite with the file system broker for one journey, PostgreSQL and Redis for the other; tells its logs if it fails."""
    running = (
        request.getfixturevalue("processes")(big=True) if request.param else request.getfixturevalue("stack")
    )
    yield running
    for name in ("serve_demo", "web", "worker", "school"):
        print(f"--- {name}", running.log(name)[-3000:], sep="\n")


@pytest.fixture
def photographs(make_image):
    """Real camera files of several megapixels, one taken with the sensor turned, by the titles of their places."""
    return {
        "本人免冠证件照头像": make_image("portrait", quality=80),
        "身份证人像面": make_image("id_card_front", orientation=6, gps=True),
        "身份证国徽面": make_image("id_card_back"),
    }


@pytest.mark.parametrize(
    ("platform", "browser_context_args"),
    [
        pytest.param(False, DESK, id="sqlite-1280"),
        pytest.param(True, PHONE, id="postgresql-redis-360", marks=pytest.mark.postgres),
    ],
    indirect=True,
)
def test_one_person_goes_the_whole_way(platform, page, photographs):
    journey = Journey(page, platform, shots=os.environ.get("SHOTS", ""))
    person = Person("欧阳㛃", resident_id(471, gender="male"), "13900008801")

    pages.start_from_home(journey)
    pages.tell_targets(journey)
    pages.register(journey, person)
    pages.log_in(journey, person)
    pages.read_notice(journey)
    shapes = pages.fill_personal(journey, photographs)
    assert shapes == {"本人免冠证件照头像": [358, 441], "身份证人像面": CARD, "身份证国徽面": CARD}
    pages.fill_education(journey)
    pages.fill_work(journey)
    pages.fill_professional(journey)
    pages.fill_awards(journey)
    pages.check_and_submit(journey, person)
    pages.choose_course(journey)
    pages.enrol_at_school(journey)
    pages.see_study(journey, "未完成")
    pages.see_lock(journey)
    pages.finish_at_school(journey)

    row = pages.see_study(journey, "已完成")
    expect(row).to_contain_text("学分 60")
    expect(page.locator(".figure")).to_have_text(re.compile(r"60\s*/\s*90 学分"))
    assert journey.findings == []
