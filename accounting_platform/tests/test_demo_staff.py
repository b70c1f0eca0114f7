"""The demo's staff get in with what the demo prints and shows, and there are none elsewhere."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.urls import include, path

from accounting_platform.demo import people
from accounting_platform.management import banner
from registration.models import StaffDevice, User

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
urlpatterns = [
    path("", include("accounting_platform.urls")),
    path("demo/", include("registration.demo_urls")),
]
handler404 = "accounting_platform.views.not_found"


@pytest.fixture
def demo(settings, tmp_path):
    settings.DEMO, settings.VAR_DIR = True, tmp_path
    people.make_staff()
    Path(tmp_path / "demo_logins.json").write_text(json.dumps(people.logins()))
    return [login for login in people.logins() if "totp_secret" in login]


def test_staff_of_the_demo_get_in_with_what_it_prints(client, demo, tmp_path):
    said = banner.welcome("http://site", "http://school", tmp_path)

    for login in demo:
        code = banner.current_code(login["totp_secret"])
        assert f"{login['username']}  密码 password  {login['password']}  验证码 code  {code}" in said
        client.post("/admin/login/", {"username": login["username"], "password": login["password"]})
        assert client.post("/admin/login/code/", {"code": code}).url == "/admin/"
        client.post("/admin/logout/")
    assert len(demo) == 2 and "/demo/codes/" in said


def test_page_of_codes_tells_those_of_now_and_which_are_spent(client, demo):
    page = client.get("/demo/codes/")
    for login in demo:
        assert banner.current_code(login["totp_secret"]) in page.text and login["password"] in page.text
    assert "这个验证码已经用过" not in page.text and "no-store" in page["Cache-Control"]

    device = StaffDevice.objects.first()
    device.verify_token(banner.current_code(device.secret))

    assert client.get("/demo/codes/").text.count("这个验证码已经用过") == 1


def test_page_of_codes_is_the_demos_alone(client, demo, settings):
    settings.DEMO = False

    assert client.get("/demo/codes/").status_code == 404


def test_staff_pages_lead_to_the_codes_in_the_demo_only(client, demo, settings):
    assert 'href="/demo/codes/"' in client.get("/admin/login/").text

    settings.DEMO = False
    assert "/demo/" not in client.get("/admin/login/").text


def test_demo_world_makes_nobody_outside_the_demo():
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("demo_world")

    assert not User.objects.exists()


def test_demo_device_is_made_once(demo):
    people.make_staff()

    assert StaffDevice.objects.count() == 2


def test_engineers_find_the_keys_of_the_demos_schools(client, demo, settings, tmp_path):
    config = {"platform_url": "http://site", "schools": [{"code": "zj", "name": "网校", "secret": "whsec_1"}]}
    (tmp_path / "demo_school.json").write_text(json.dumps(config))

    page = client.get("/demo/schools/").text

    assert "export INSTITUTION_CODE=zj\nexport INSTITUTION_SECRET=whsec_1" in page and "林嘉敏" in page
    assert "/demo/schools/" in client.get("/api/docs/").text
    settings.DEMO = False
    assert client.get("/demo/schools/").status_code == 404
