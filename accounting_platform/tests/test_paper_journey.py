"""The archive leaves the platform: as PDF made by a real worker, and as a link that a stranger opens."""

import os
import re

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from accounting_platform.tests.browsing import watch
from accounting_platform.tests.journey import Journey

pytestmark = [pytest.mark.browser, pytest.mark.pdf]
PHONE = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 1}
SLOW = 60_000


@pytest.fixture
def browser_context_args(browser_context_args):
    return browser_context_args | PHONE


@pytest.fixture
def owner(page, stack):
    """Somebody with an archive, logged in."""
    person = next(one for one in stack.logins() if "(collected)" in one["who"])
    page.goto(f"{stack.base_url}/login/?next=/collection/archive/")
    page.fill("#id_document_number", person["document_number"])
    page.fill("#id_password", person["password"])
    page.locator("main").get_by_role("button", name="登录").click()
    page.wait_for_url("**/collection/archive/")
    return Journey(page, stack, shots=os.environ.get("SHOTS", ""))


@pytest.fixture
def stranger(browser, browser_context_args, console_errors):
    """Somebody else with a phone whose browser runs no script."""
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    watch(context, console_errors)
    yield context.new_page()
    context.close()


def test_archive_goes_out_as_pdf_and_as_link_and_comes_back(owner, stranger, tmp_path):
    owner.arrive("archive", "会计人员信息档案")
    number = re.search(r"4401-\d{4}-\d{7}", owner.page.locator("main").inner_text())[0]
    make_pdf(owner, "生成 PDF")
    assert number in text_of(owner, tmp_path) and "扫码核验" not in text_of(owner, tmp_path)
    link = share(owner)

    stranger.goto(link)
    main = stranger.locator("main")
    expect(main).to_contain_text("有效")
    expect(main).to_contain_text(number)
    expect(main).to_contain_text("单位地址")
    expect(main).not_to_contain_text("毕业院校")

    make_pdf(owner, "生成带二维码的 PDF")
    assert "扫码核验" in text_of(owner, tmp_path)
    revoke(owner)
    stranger.reload()
    expect(main).to_contain_text("已撤销")
    expect(main).not_to_contain_text(number)
    assert owner.findings == []


def make_pdf(journey, button):
    """Press, and see the progress end in a file without the page being loaded anew."""
    journey.press(button)
    journey.arrive("pdf", "生成 PDF")
    with journey.staying():
        expect(journey.page.get_by_role("link", name="下载 PDF")).to_be_visible(timeout=SLOW)
    journey.look("pdf-made")


def text_of(journey, folder):
    with journey.page.expect_download() as fetched:
        journey.follow("下载 PDF")
    path = folder / "archive.pdf"
    fetched.value.save_as(path)
    found = PdfReader(path)
    assert found.trailer["/Root"]["/MarkInfo"]["/Marked"]
    return "".join("".join(page.extract_text().split()) for page in found.pages)


def share(journey):
    """Choose 工作信息 and give the link that comes of it."""
    page = journey.page
    journey.follow("返回")
    journey.arrive("archive-again", "会计人员信息档案")
    journey.follow("分享与核验")
    journey.arrive("share-new", "分享与核验")
    page.get_by_label("工作信息", exact=True).check()
    journey.press("生成链接和二维码")
    expect(page.get_by_role("img", name="核验二维码")).to_be_visible()
    journey.look("share")
    return page.get_by_label("核验链接").input_value()


def revoke(journey):
    page = journey.page
    page.goto(f"{journey.stack.base_url}/account/shares/")
    journey.arrive("shares", "我的分享")
    page.get_by_role("button", name=re.compile("^撤销")).click()
    expect(page.get_by_text("分享已撤销")).to_be_visible()
    journey.look("shares-ended")


def test_pdf_is_made_without_a_script(browser, browser_context_args, stack, owner, console_errors):
    """The same way for a browser without script: the owner's session, and a link that asks again."""
    context = browser.new_context(
        **browser_context_args,
        java_script_enabled=False,
        storage_state=owner.page.context.storage_state(),
    )
    watch(context, console_errors)
    page = context.new_page()
    page.goto(f"{stack.base_url}/collection/archive/")

    page.get_by_role("button", name="生成 PDF").click()
    page.wait_for_url("**/account/papers/**")
    done = page.get_by_role("link", name="下载 PDF")
    for _ in range(120):
        if done.is_visible():
            break
        page.wait_for_timeout(500)
        page.reload()

    expect(done).to_be_visible()
    context.close()
