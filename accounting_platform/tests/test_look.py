"""The layouts, tags and filters every page is made of."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import resolve

from accounting_platform.lib import icons
from accounting_platform.templatetags import platform

pytestmark = pytest.mark.urls("accounting_platform.tests.frame_urls")
MOMENT = datetime(2026, 11, 23, 6, 32, tzinfo=UTC)


def draw(template, path="/help/", cookies=None, **context):
    request = RequestFactory().get(path)
    request.user, request.resolver_match = AnonymousUser(), resolve(path)
    request.COOKIES.update(cookies or {})
    return render_to_string(template, context, request)


# --- frame


def test_page_has_title_language_landmarks_and_help():
    page = draw("help.html")

    assert '<html lang="zh-CN">' in page
    assert "<title>常见问题 · 广东省会计信息服务平台</title>" in page
    assert 'href="#main">跳到主要内容' in page and '<main id="main"' in page
    assert "Guangdong accounting management information service platform" in page
    assert 'href="tel:02012345678"' in page and "工作日" in page
    assert page.count("<h1") == 1


def test_page_title_begins_with_the_error():
    form = SimpleNamespace(errors={"name": ["请填写姓名"]}, is_bound=False)

    assert "<title>错误：常见问题 ·" in draw("help.html", form=form)


def test_menu_marks_where_you_are_and_drops_what_is_not_installed():
    page = draw("help.html")

    assert page.count('<a href="/help/" aria-current="page">常见问题</a>') == 2
    assert '<a href="/registration/">信息采集</a>' in page
    assert "我的学习</a>" not in page.split("<main")[0]


@pytest.mark.parametrize(
    ("cookie", "attribute", "offered"),
    [
        ("", '<html lang="zh-CN">', 'value="elder"'),
        ("elder", 'data-text="elder"', 'value="elder-2"'),
        ("elder-3", 'data-text="elder-3"', 'value=""'),
        ('"><b>', '<html lang="zh-CN">', 'value="elder"'),
    ],
)
def test_text_size_follows_the_cookie(cookie, attribute, offered):
    page = draw("help.html", cookies={"text": cookie})

    assert attribute in page
    assert f'name="text" {offered}' in page


def test_demo_mode_says_so(settings):
    settings.DEMO = False
    assert "演示模式" not in draw("help.html")
    settings.DEMO = True
    assert "演示模式" in draw("help.html")


def test_messages_are_notes_that_are_read_out():
    page = draw("help.html", messages=[SimpleNamespace(level_tag="success", __str__=lambda self: "")])

    assert 'role="status"' in page and "note note-ok" in page


def test_wizard_shows_done_current_and_later_steps():
    names = ["登录", "阅读须知", "个人信息"]
    steps = [
        SimpleNamespace(number=n, title=title, state=state, url=url)
        for n, (title, state, url) in enumerate(
            zip(names, ["done", "now", "todo"], ["/login/", "/notice/", None], strict=True), 1
        )
    ]

    page = draw("layouts/wizard.html", steps=steps)

    assert "第 2 步，共 3 步：阅读须知" in page
    assert page.count('href="/login/"><i>') == 1
    assert page.count('aria-current="step"') == 2
    assert "完成前面的步骤后开放" in page


def test_help_answers_the_questions_people_call_about():
    page = draw("help.html")

    for anchor in ("manual", "sms", "credits", "employer", "pictures", "privacy", "accessibility"):
        assert f'<section id="{anchor}">' in page
        assert f'href="#{anchor}"' in page


# --- tags and filters


def test_icon_is_inline_and_silent():
    drawn = platform.icon("lock", "icon-end")

    assert drawn.startswith('<svg class="icon icon-end" viewBox="0 0 20 20" aria-hidden="true"')
    assert "<rect" in drawn
    assert set(icons.shapes()) >= {"check", "lock", "alert", "info", "clock", "next", "back", "pen", "trash"}


def test_tag_has_icon_and_word():
    assert "tag tag-ok" in platform.tag("ok", "已完成") and "已完成" in platform.tag("ok", "已完成")
    assert icons.icon("lock") in platform.tag("wait", "学习期间锁定", icon="lock")
    assert platform.tag("plain", "<b>") == '<span class="tag">&lt;b&gt;</span>'


@time_machine.travel("2026-11-23T20:00:00+08:00", tick=False)
def test_dates_read_as_people_write_them():
    assert platform.when(MOMENT) == "2026 年 11 月 23 日 14:32"
    assert platform.when(date(1970, 3, 7)) == "1970 年 3 月 7 日"
    assert platform.day(MOMENT) == "11月23日"
    assert platform.day(date(2025, 1, 2)) == "2025年1月2日"
    assert platform.recent(MOMENT) == "今天 14:32"
    assert platform.recent(datetime(2026, 11, 21, 16, 30, tzinfo=UTC)) == "昨天 00:30"
    assert platform.recent(datetime(2026, 6, 21, 1, 12, tzinfo=UTC)) == "6月21日 09:12"
    assert [platform.when(None), platform.day(None), platform.recent("")] == ["", "", ""]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Decimal("30.00"), "30"),
        (Decimal("7.50"), "7.5"),
        (0, "0"),
        (Decimal("1E+2"), "100"),
        (None, ""),
        (12.5, "12.5"),
    ],
)
def test_credits_drop_trailing_zeros(value, words):
    assert platform.credits(value) == words


def test_amount_stands_in_its_columns():
    assert "<i></i><i>3</i><i>0</i>" in platform.amount(Decimal("30.00"))
    assert "<i>1</i><i>2</i><i>0</i>" in platform.amount(120)
    assert platform.amount(Decimal("7.5")).startswith("7.5<span")


def test_masked_values():
    assert platform.register.filters["masked_phone"]("13800005678") == "138****5678"
    assert platform.register.filters["masked_document"]("440106197003071223") == "440106********1223"
