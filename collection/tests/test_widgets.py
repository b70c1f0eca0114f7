"""行政区划 as three selects."""

import pytest

from accounting_platform.lib import controls
from collection.choices import DutyStatus
from collection.sections import SECTION_BY_KEY
from collection.tests.factories import answers_for, make_profile
from collection.widgets import DivisionSelect

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("data", "value"),
    [
        ({"division": "440106"}, "440106"),
        ({"division_city": "440100", "division_county": "440106"}, "440106"),
        ({"division_city": "440100", "division_county": ""}, "440100"),
        ({"division_city": "441400", "division_county": "440106"}, "441400"),
        ({"division_city": "441900", "division_county": "440106"}, "441900"),
        ({"division_city": "440000-B"}, "440000-B"),
        ({"division_city": "", "division": "440106"}, "440106"),
        ({}, ""),
        ({"division_find": "thq", "refresh": "division"}, "440106"),
        ({"division_find": "meijiang", "division_city": "440100", "refresh": "division"}, "441402"),
        ({"division_find": "天河", "division_city": "441900"}, "441900"),
        ({"division_find": "dg"}, "441900"),
        ({"division_find": "gz", "division_city": "440100", "refresh": "division"}, "440100"),
        ({"refresh": "division=441402", "division_city": "440100"}, "441402"),
    ],
)
def test_value_is_the_county_the_city_or_the_whole_code(data, value):
    assert DivisionSelect().value_from_datadict(data, {}, "division") == value


def drawn(profile, data=None, **options):
    form = SECTION_BY_KEY["work"].form_for(profile, data, **options).quiet().form
    return controls.draw(form["division"])


def test_province_itself_comes_first_and_shenzhen_is_not_offered():
    html = drawn(make_profile())

    assert html.index("请选择市") < html.index("省本级") < html.index("广州市")
    assert "深圳市" not in html
    assert '<option value="440106" selected>天河区</option>' in html


def test_a_city_without_counties_ends_there():
    html = drawn(make_profile(division="441900"))

    assert '<option value="441900" selected>东莞市</option>' in html
    assert " disabled" in html


def test_half_a_choice_keeps_its_city_and_offers_its_counties():
    data = answers_for(DutyStatus.UNEMPLOYED, "work", division="441400")

    html = drawn(make_profile(), data)

    assert '<option value="441400" selected>梅州市</option>' in html
    assert '<option value="441402">梅江区</option>' in html


def test_a_locked_division_is_words_alone():
    html = drawn(make_profile(), locked=["division"])

    assert "<select" not in html
    assert 'value="广东省广州市天河区"' in html


def test_without_a_script_hits_are_buttons_and_nothing_found_says_so():
    data = answers_for(DutyStatus.UNEMPLOYED, "work", division="") | {"refresh": "division"}

    several = drawn(make_profile(), data | {"division_find": "江"})
    nothing = drawn(make_profile(), data | {"division_find": "火星"})

    assert 'name="refresh" value="division=440703"' in several and "广东省江门市蓬江区</button>" in several
    assert "没有找到，请换一个写法，或者逐级选择" in nothing and 'value="火星"' in nothing


def test_a_pressed_hit_is_saved_like_any_other_answer(client):
    profile = make_profile()
    client.force_login(profile.accountant.user)
    data = answers_for(DutyStatus.UNEMPLOYED, "work", division="")

    page = client.post("/collection/work/", data | {"refresh": "division=441402"})

    assert '<option value="441402" selected>梅江区</option>' in page.text
