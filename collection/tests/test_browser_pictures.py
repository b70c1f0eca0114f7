"""Pictures in Chromium on a slow phone: shrunk and cropped on the device, cancelled, cut off, without libraries or script."""

import io
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.signals import request_started
from django.urls import reverse
from PIL import Image
from playwright.sync_api import expect

from collection import attachments
from collection.models import Attachment
from collection.tests.browser import PHONE, open_step, press
from collection.tests.factories import make_pictures, make_profile, make_submitted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
PORTRAIT, CARD = "本人免冠证件照头像", "身份证人像面"
MOST_SENT = 600 * 1024
UPLOAD = reverse("collection:upload")


@pytest.fixture
def browser_context_args(browser_context_args):
    return browser_context_args | {"viewport": PHONE, "has_touch": True}


@pytest.fixture
def profile(page, client, live_server):
    """Somebody on the step of the pictures."""
    profile = make_profile()
    open_step(page, client, live_server, profile, "personal")
    return profile


@pytest.fixture
def slow(page):
    """A quarter of this processor, and 3G; slow(10_000) sends that many bytes a second."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 4})

    def send_at(speed):
        line = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": speed}
        devtools.send("Network.emulateNetworkConditions", line)

    send_at(90_000)
    return send_at


@pytest.fixture
def sent(monkeypatch):
    """The pictures that were sent, and how many bytes each request had."""
    bodies, pictures, receive = [], [], attachments.receive

    def note(environ, **kwargs):
        if environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"] == UPLOAD:
            bodies.append(int(environ["CONTENT_LENGTH"]))

    def look(profile, kind, upload, *, by):
        pictures.append(Image.open(io.BytesIO(upload.read())))
        return receive(profile, kind, upload, by=by)

    monkeypatch.setattr(attachments, "receive", look)
    request_started.connect(note, dispatch_uid="sent")
    yield bodies, pictures
    request_started.disconnect(dispatch_uid="sent")


def place(page, title):
    return page.get_by_role("region", name=title, exact=True)


def choose(page, title, path):
    place(page, title).locator("input[name=file]").set_input_files(path)


def state(page, title):
    return place(page, title).locator("[data-state]")


def kept_picture(profile, kind):
    return Image.open(io.BytesIO(attachments.read(attachments.current(profile, kind))))


def use(page):
    button = place(page, PORTRAIT).get_by_role("button", name="用这张", exact=True)
    button.focus()
    button.press("Enter")


def test_a_phone_photo_is_cropped_by_keyboard_and_sent_small(page, profile, make_image, slow, sent):
    choose(page, PORTRAIT, make_image("portrait", (3000, 4000), orientation=6, gps=True))
    expect(place(page, PORTRAIT).get_by_role("application")).to_be_focused(timeout=30_000)
    expect(place(page, PORTRAIT).get_by_text("请调整位置")).to_be_visible()

    page.keyboard.press("ArrowUp")
    for name in ("放大", "缩小", "旋转", "重来"):
        page.keyboard.press("Tab")
        expect(place(page, PORTRAIT).get_by_role("button", name=name, exact=True)).to_be_focused()
        page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(state(page, PORTRAIT)).to_have_text("已上传", timeout=30_000)
    (size,), (picture,) = sent
    assert size <= MOST_SENT and picture.width <= 716 and not picture.getexif()
    kept = kept_picture(profile, "portrait")
    # Dark hair above, skin below: the head is up and in the middle.
    assert kept.size == (358, 441) and sum(kept.getpixel((179, 80))) < 200 < sum(kept.getpixel((179, 230)))


def test_the_crop_follows_the_buttons(page, profile, make_image, sent):
    choose(page, PORTRAIT, make_image("portrait", (1200, 1600)))
    for name in ("旋转", "放大", "放大"):
        place(page, PORTRAIT).get_by_role("button", name=name, exact=True).click()
    assert Axe().run(page).violations_count == 0

    use(page)

    expect(state(page, PORTRAIT)).to_have_text("已上传")
    kept = kept_picture(profile, "portrait")
    # Turned to the right: the shoulders are at the left.
    assert sum(kept.getpixel((20, 220))) < 300 < sum(kept.getpixel((338, 220)))


def test_another_picture_takes_the_place_of_the_one_in_the_frame(page, profile, make_image, sent):
    choose(page, PORTRAIT, make_image("portrait", (1200, 1600)))
    with page.expect_file_chooser() as chooser:
        place(page, PORTRAIT).get_by_role("button", name="换一张", exact=True).click()
    chooser.value.set_files(make_image("id_card_front", (800, 1000)))
    expect(place(page, PORTRAIT).get_by_role("img", name="您选的照片").first).to_be_attached()
    use(page)

    expect(state(page, PORTRAIT)).to_have_text("已上传")
    assert len(sent[1]) == Attachment.objects.count() == 1 and sent[1][0].width > 700


def test_a_card_is_sent_small_with_its_progress(page, profile, make_image, slow, sent):
    slow(20_000)
    choose(page, CARD, make_image("id_card_front", (4000, 3000), quality=97))

    expect(place(page, CARD).get_by_text(re.compile("已上传 [0-9]+%"))).to_be_visible(timeout=30_000)
    expect(state(page, CARD)).to_have_text("已上传", timeout=30_000)

    (size,), (picture,) = sent
    assert size <= MOST_SENT and picture.size == (1600, 1200) and not picture.getexif()
    assert kept_picture(profile, "id_front").size == (1600, 1200)


def test_a_photo_of_more_than_twelve_mebibytes_is_made_small(page, profile, make_image, sent):
    path = make_image("id_card_front", (4000, 3000))
    path.write_bytes(path.read_bytes() + b"\0" * 13 * 1024 * 1024)

    choose(page, CARD, path)

    expect(state(page, CARD)).to_have_text("已上传", timeout=20_000)
    assert sent[0][0] <= MOST_SENT


def test_an_upload_is_cancelled(page, profile, make_image, slow):
    slow(10_000)
    choose(page, CARD, make_image("id_card_front", (4000, 3000), quality=97))
    expect(place(page, CARD).get_by_text(re.compile("已上传 [0-9]+%"))).to_be_visible(timeout=30_000)

    place(page, CARD).get_by_role("button", name="取消上传").click()

    expect(place(page, CARD).locator("progress")).to_be_hidden()
    expect(place(page, CARD).get_by_role("button", name=re.compile("^拍照"))).to_be_focused()
    expect(state(page, CARD)).to_have_text("待上传")
    assert Attachment.objects.count() == 0


def test_a_cut_connection_is_retried_and_the_rest_stays(page, profile, make_image, slow):
    choose(page, CARD, make_image("id_card_front", (1600, 1000)))
    expect(state(page, CARD)).to_have_text("已上传", timeout=30_000)
    page.route(f"**{UPLOAD}", lambda route: route.abort("connectionaborted"))
    choose(page, PORTRAIT, make_image("portrait", (1200, 1600)))
    use(page)
    expect(place(page, PORTRAIT).get_by_text("网络中断，照片没有传完，请重试")).to_be_visible(timeout=30_000)

    page.unroute(f"**{UPLOAD}")
    press(page, "重试")

    expect(state(page, PORTRAIT)).to_have_text("已上传", timeout=30_000)
    expect(state(page, CARD)).to_have_text("已上传")
    assert kept_picture(profile, "portrait").size == (358, 441)


def test_a_heic_photo_gets_its_sentence(page, profile, tmp_path):
    path = tmp_path / "IMG_0001.HEIC"
    path.write_bytes(b"\0\0\0\x18ftypheic" + b"\0" * 1000)

    choose(page, CARD, path)

    expect(place(page, CARD).get_by_text("请改用相机拍照，或在设置中选“兼容性最佳”")).to_be_visible()
    assert Attachment.objects.count() == 0


@pytest.mark.parametrize("missing", ["compressorjs", "cropperjs", "js/shrink", "js/crop"])
def test_without_a_library_the_picture_is_sent_all_the_same(page, profile, make_image, missing, sent):
    page.route(
        f"**/*{missing}*/**" if "js/" not in missing else f"**/{missing}.js", lambda route: route.abort()
    )
    page.reload()

    choose(page, PORTRAIT, make_image("portrait", (1200, 1600)))
    if missing == "compressorjs" or "/shrink" in missing:
        assert place(page, PORTRAIT).get_by_text("用这张").is_hidden()

    expect(state(page, PORTRAIT)).to_have_text("已上传", timeout=20_000)
    assert sent[1][0].size == (1200, 1600)
    assert kept_picture(profile, "portrait").size == (358, 441)


def test_without_a_script_the_plain_form_uploads(
    browser, browser_context_args, client, live_server, make_image
):
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    page, profile = context.new_page(), make_profile()
    open_step(page, client, live_server, profile, "personal")

    choose(page, PORTRAIT, make_image("portrait", (1200, 1600)))
    place(page, PORTRAIT).get_by_role("button", name="上传", exact=True).click()

    page.wait_for_url("**/collection/personal/")
    expect(state(page, PORTRAIT)).to_have_text("已上传")
    assert kept_picture(profile, "portrait").size == (358, 441)
    context.close()


def test_going_on_waits_for_a_picture_that_is_on_its_way(page, profile, make_image, slow):
    slow(20_000)
    choose(page, CARD, make_image("id_card_front", (1600, 1000)))
    expect(place(page, CARD).locator("progress")).to_be_visible(timeout=30_000)

    press(page, "下一步")
    expect(page.get_by_text(re.compile("^照片还在上传，传完会自动继续"))).to_be_visible()
    slow(900_000)

    summary = page.locator("[data-summary]")
    expect(summary).to_be_visible(timeout=30_000)
    expect(summary.get_by_role("link", name="请上传“身份证国徽面”")).to_be_visible()
    expect(summary.get_by_text(CARD)).to_have_count(0)


def test_a_new_picture_of_an_archive_waits_for_the_button(page, client, live_server, make_image):
    profile = make_submitted()
    make_pictures(profile)
    old = attachments.current(profile, "portrait")
    open_step(page, client, live_server, profile, "status")
    page.goto(live_server.url + reverse("changes:edit", args=["personal"]))
    choose(page, PORTRAIT, make_image("portrait", (900, 1200)))
    use(page)
    expect(state(page, PORTRAIT)).to_have_text("待保存", timeout=30_000)
    assert attachments.current(profile, "portrait") == old

    press(page, "不换了，用原来的")
    expect(state(page, PORTRAIT)).to_have_text("已上传")
    choose(page, PORTRAIT, make_image("portrait", (900, 1200)))
    use(page)
    expect(state(page, PORTRAIT)).to_have_text("待保存", timeout=30_000)
    press(page, "保存")

    page.wait_for_url("**/changes/")
    expect(page.get_by_text("个人信息已变更，马上生效。")).to_be_visible()
    assert attachments.current(profile, "portrait") != old
