import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from accounting_platform.lib import common_passwords
from accounting_platform.lib.passwords import COMMON_MESSAGE, RULE_MESSAGE
from registration.models import Accountant, SmsMessage
from registration.tests.factories import PASSWORD, make_accountant, resident_id

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
PHONE = {"width": 360, "height": 740}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}


@pytest.fixture
def browser_context_args(browser_context_args):
    return browser_context_args | {"viewport": PHONE}


def answer_targets(page, live_server):
    page.goto(f"{live_server.url}/registration/")
    page.locator("[name=works_in_guangdong][value=yes]").check(force=True)
    page.locator("[name=holds_certificate][value=no]").check(force=True)
    page.get_by_role("button", name="下一步").click()
    page.locator("main").get_by_role("link", name="用户注册").click()
    # A press before the scripts are there sends the whole form instead.
    page.wait_for_url("**/registration/new/")


def fill(page, number, **answers):
    page.select_option("#id_document_type", "resident_id")
    texts = {"name": "林嘉敏", "document_number": number, "phone": "13800005678"} | answers
    for name, value in texts.items():
        page.fill(f"#id_{name}", value)


def fill_passwords(page):
    page.fill("#id_password", PASSWORD)
    page.fill("#id_confirmation", PASSWORD)
    page.locator("#id_consent").check(force=True)


def last_code(sms_outbox):
    return re.search(r"\d{6}", sms_outbox[-1].text)[0]


def test_enter_in_the_code_registers_and_sends_no_second_text(page, live_server, sms_outbox):
    number = resident_id()
    answer_targets(page, live_server)
    fill(page, number)
    fill_passwords(page)
    page.click("#send_code")
    expect(page.locator("#sms_status")).to_contain_text(
        "已发送至 138****5678，5 分钟内有效，今天还可获取 4 次"
    )
    expect(page.locator("#id_sms_code")).to_be_focused()

    page.fill("#id_sms_code", last_code(sms_outbox))
    page.press("#id_sms_code", "Enter")

    page.wait_for_url("**/login/")
    expect(page.locator("#id_document_number")).to_have_value(number)
    assert (Accountant.objects.count(), SmsMessage.objects.count()) == (1, 1)


def test_double_click_sends_one_text_and_the_pause_survives_a_reload(page, live_server, settings):
    settings.SMS_COOLDOWN_SECONDS = 4
    answer_targets(page, live_server)
    page.fill("#id_phone", "13800005678")
    page.dblclick("#send_code")
    expect(page.locator("#send_code")).to_have_text(re.compile(r"^\d 秒后重新获取$"))

    page.reload()

    expect(page.locator("#send_code")).to_be_disabled()
    expect(page.locator("#sms_status")).to_contain_text("138****5678")
    expect(page.locator("#send_code")).to_have_text("获取短信验证码")
    expect(page.locator("[data-sms-help]")).to_have_attribute("open", "")
    assert SmsMessage.objects.count() == 1


def test_registration_works_without_script(browser, browser_context_args, live_server, sms_outbox):
    context = browser.new_context(**browser_context_args | {"java_script_enabled": False})
    page = context.new_page()
    answer_targets(page, live_server)
    fill(page, resident_id())
    page.get_by_role("button", name="获取短信验证码").click()
    expect(page.locator("#id_name")).to_have_value("林嘉敏")
    fill_passwords(page)
    page.fill("#id_sms_code", last_code(sms_outbox))

    page.get_by_role("button", name="注册", exact=True).click()

    expect(page.locator(".messages")).to_contain_text("注册成功")
    context.close()


def test_field_is_judged_when_it_is_left_and_not_before(page, live_server):
    answer_targets(page, live_server)
    field, words = page.locator("#id_phone"), page.get_by_text("手机号码应为 11 位数字")
    field.press_sequentially("1380000")
    expect(words).to_have_count(0)

    field.blur()
    expect(words).to_be_visible()

    field.fill("+86 138 0000 5678")
    expect(words).to_have_count(0)


def test_weak_password_is_told_when_its_field_is_left_and_never_sent(page, live_server):
    sent = []
    page.on("request", lambda request: sent.append(f"{request.url} {request.post_data or ''}"))
    answer_targets(page, live_server)
    field, words = page.locator("#id_password"), page.locator("#id_password_field [data-live-error]")
    with page.expect_response("**/password-rules/"):
        field.focus()
    for typed, told in (
        ("Huawei@123", COMMON_MESSAGE),
        ("short", RULE_MESSAGE),
        ("Kuaiji#7mvq", COMMON_MESSAGE),
        ("Rv#8000567kq", ""),
    ):
        field.fill(typed)
        field.blur()
        expect(words).to_have_text([told] if told else [])
    page.fill("#id_phone", "13800056789")
    field.fill("Rv#80005678kq")
    field.blur()
    expect(words).to_have_text([COMMON_MESSAGE])

    assert not [one for one in sent if "Huawei" in one or "Rv%23" in one or "Rv#" in one]


def test_browser_and_server_judge_passwords_alike(page, live_server):
    words = [word.capitalize() for word in common_passwords.WORDS[::5] + common_passwords.WALKS[::4]]
    tried = [
        shape.format(word) for word in words for shape in ("{}@123", "{}2024!", "12#{}", "{}!!Rq7", "{}-x7Q")
    ]
    pattern = common_passwords.pattern_for_browsers()
    page.goto(f"{live_server.url}/help/")

    found = page.evaluate(
        "([pattern, tried]) => tried.map((each) => new RegExp(`^(?:${pattern})$`).test(each.toLowerCase()))",
        [pattern, tried],
    )

    assert found == [common_passwords.is_common(each.lower()) for each in tried]
    assert {True, False} == set(found)


def test_errors_are_summed_up_and_lead_to_their_fields(page, live_server):
    answer_targets(page, live_server)
    page.get_by_role("button", name="注册", exact=True).click()

    expect(page.locator("[data-summary]")).to_be_focused()
    expect(page).to_have_title(re.compile("^错误："))
    page.get_by_role("link", name="请填写手机号码").click()
    expect(page.locator("#id_phone")).to_be_focused()


def test_number_is_read_back_with_what_it_tells(page, live_server):
    answer_targets(page, live_server)

    fill(page, "４４０１０６１９８００１０１００２７"[:17])

    expect(page.locator("[data-reading-of]")).to_have_text("440106 19800101 002（17/18）")


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_pages_fit_and_are_accessible(page, live_server, client, width):
    page.set_viewport_size({"width": width, "height": 740})
    client.force_login(make_accountant().user)
    answer_targets(page, live_server)

    def check(path):
        page.goto(f"{live_server.url}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert Axe().run(page, options=RULES).violations_count == 0, path

    for path in (
        "/registration/",
        "/registration/ready/",
        "/registration/new/",
        "/login/",
        "/password-reset/",
    ):
        check(path)
    session = {"name": "session", "value": client.cookies["session"].value, "url": live_server.url}
    page.context.add_cookies([session])
    for path in ("/account/", "/account/phone/", "/account/password/"):
        check(path)
