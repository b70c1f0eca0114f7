"""The order of the steps and the one sentence."""

from django.utils import timezone

from collection.models import Profile
from collection.sections import SECTIONS
from collection.wizard import STEPS, Wizard, standing

ALL = [section.key for section in SECTIONS]


def profile_with(*complete, promised=True):
    return Profile(notice_accepted_at=timezone.now() if promised else None, complete_sections=list(complete))


def test_steps_are_the_manuals_eight():
    assert [title for _key, title in STEPS] == [
        "登录", "阅读须知", "个人信息", "学历信息", "工作信息", "专业技术", "奖励信息", "提交",
    ]  # fmt: skip


def test_bar_shows_done_now_and_later():
    steps = Wizard(profile_with("personal")).steps("education")

    assert [step.state for step in steps] == ["done", "done", "done", "now", "todo", "todo", "todo", "todo"]
    assert [bool(step.url) for step in steps] == [False, True, True, False, False, False, False, False]


def test_the_first_gap_is_open_even_when_later_steps_are_done():
    wizard = Wizard(profile_with("personal", "work", "awards"))

    assert wizard.open_key == "education"
    assert not wizard.may_open("work")
    assert wizard.may_open("personal")
    assert wizard.reason == "请先完成第 4 步：学历信息"


def test_when_all_is_done_the_check_page_is_open():
    wizard = Wizard(profile_with(*ALL))

    assert wizard.open_key == "review"
    assert all(wizard.may_open(key) for key in ALL)


def test_back_leads_one_step_back():
    wizard = Wizard(profile_with(*ALL))

    assert wizard.previous_url("personal") == "/collection/notice/"
    assert wizard.previous_url("review") == "/collection/awards/"


def test_standing_is_one_sentence_and_one_action_in_every_state():
    found = [
        standing(profile_with(promised=False)),
        standing(profile_with("personal")),
        standing(profile_with(*ALL)),
        standing(Profile(state="submitted")),
    ]

    assert [(now.sentence, now.action[0]) for now in found] == [
        ("您还没有开始信息采集", "开始信息采集"),
        ("您的信息采集还没有完成", "继续填写"),
        ("您已填完各项信息，还差提交", "检查并提交"),
        ("您已完成信息采集", "去选课学习"),
    ]
