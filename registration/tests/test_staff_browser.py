"""Staff come in with a phone in hand: binding the app on 360 px, and the desk's pages in a real browser."""

from base64 import b32decode

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django_otp.oath import totp
from playwright.sync_api import expect

from registration import staff_codes
from registration.models import StaffDevice
from registration.tests.factories import PASSWORD, code_of, make_device, make_staff, staff_login

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
# Preloading, axe would add style elements of its own, which the policy refuses.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "preload": False}


@pytest.fixture
def browser_context_args(browser_context_args):
    return browser_context_args | {"viewport": {"width": 360, "height": 740}}


@pytest.fixture
def staff():
    return make_staff(username="gz-office", is_superuser=True)


def show_password(page, live_server):
    page.goto(f"{live_server.url}/admin/")
    page.fill("#id_username", "gz-office")
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="下一步").click()


def sound(page):
    """Nothing sticks out, nothing is hard to read or to reach."""
    expect(page.locator("h1")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()


def test_first_login_binds_an_app_by_picture_or_text(page, live_server, staff):
    show_password(page, live_server)
    page.wait_for_url("**/admin/login/device/")
    picture = page.get_by_role("img", name="绑定验证器的二维码")
    picture.evaluate("picture => picture.decode()")
    assert picture.evaluate("picture => picture.naturalWidth") > 200
    sound(page)

    secret = page.locator(".adm-secret").inner_text().replace(" ", "")
    page.fill("#id_code", f"{totp(b32decode(secret)):06}")
    page.get_by_role("button", name="启用").click()

    expect(page.locator(".adm-codes li")).to_have_count(10)
    expect(page.get_by_role("button", name="打印")).to_be_visible()
    sound(page)
    page.get_by_role("link", name="已保存，进入管理后台").click()
    expect(page.get_by_role("heading", name="业务管理")).to_be_visible()


def test_code_then_rescue_code(page, live_server, staff):
    device, (rescue, *_others) = make_device(staff), staff_codes.new_rescue_codes(staff)
    show_password(page, live_server)
    page.fill("#id_code", "000000")
    page.get_by_role("button", name="登录").click()
    expect(page.locator(".adm-field .errorlist")).to_contain_text("验证码不正确或已使用过")
    sound(page)
    page.fill("#id_code", code_of(device))
    page.get_by_role("button", name="登录").click()
    page.get_by_role("link", name="我的账号").click()
    sound(page)
    page.get_by_role("button", name="退出").click()

    show_password(page, live_server)
    page.get_by_role("link", name="使用恢复码").click()
    sound(page)
    page.fill("#id_code", rescue)
    page.get_by_role("button", name="登录").click()
    expect(page.locator(".messagelist")).to_contain_text("还剩 9 个")


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_of_the_desk_break_no_rule_of_the_browser(page, live_server, staff, width):
    """A refused style or script is an error in the console, which fails the test by itself."""
    page.set_viewport_size({"width": width, "height": 800})
    client = Client()
    staff_login(client, staff)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    user = reverse("admin:registration_user_change", args=[staff.pk])
    device = reverse("admin:registration_staffdevice_change", args=[StaffDevice.objects.get().pk])
    urls = [
        reverse("admin:index"),
        reverse("admin:password_change"),
        reverse("admin:replace_device"),
        user,
        device,
    ]
    urls += [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in admin.site._registry
    ]
    urls += [
        reverse(f"admin:{name}_add")
        for name in ("registration_user", "registration_announcement", "education_offering", "auth_group")
    ]

    for url in urls:
        page.goto(live_server.url + url)
        expect(page.locator("h1")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), url
