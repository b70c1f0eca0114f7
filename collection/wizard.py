"""The eight steps: which are done, which is open, where to go next, and where somebody stands in one sentence."""

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from collection.sections import SECTIONS

LOGIN, NOTICE, REVIEW = "login", "notice", "review"
# The step bar is narrow.
SHORT_TITLES = {"professional": "专业技术"}
STEPS = (
    (LOGIN, "登录"),
    (NOTICE, "阅读须知"),
    *((section.key, SHORT_TITLES.get(section.key, section.title)) for section in SECTIONS),
    (REVIEW, "提交"),
)
KEYS = [key for key, _title in STEPS]


@dataclass(frozen=True)
class Step:
    """One step as the bar shows it; state done, now or todo."""

    number: int
    key: str
    title: str
    state: str
    url: str | None


class Wizard:
    """The way of one draft through the steps."""

    def __init__(self, profile):
        self.profile = profile

    def is_done(self, key):
        """Whether a step needs nothing more; a section is done when its form took the saved answers."""
        if key == NOTICE:
            return self.profile.notice_accepted_at is not None
        return key == LOGIN or key in self.profile.complete_sections

    @cached_property
    def open_key(self):
        """The first step that is not done."""
        return next(key for key in KEYS if key == REVIEW or not self.is_done(key))

    def may_open(self, key):
        """Steps are taken in order; those done may be opened again."""
        return KEYS.index(key) <= KEYS.index(self.open_key)

    def steps(self, current):
        """All steps for the bar."""
        return [
            Step(number, key, title, self.state(key, current), self.url(key) if self.is_done(key) else None)
            for number, (key, title) in enumerate(STEPS, start=1)
        ]

    def state(self, key, current):
        if key == current:
            return "now"
        return "done" if self.is_done(key) else "todo"

    @staticmethod
    def url(key):
        """The address of a step; logging in has none any more."""
        if key == LOGIN:
            return None
        return (
            reverse(f"collection:{key}")
            if key in (NOTICE, REVIEW)
            else reverse("collection:section", args=[key])
        )

    @property
    def next_url(self):
        """Where to go on: the first step still open."""
        return self.url(self.open_key)

    def previous_url(self, key):
        """One step back."""
        return self.url(KEYS[KEYS.index(key) - 1])

    def describe(self, key):
        """第 4 步：学历信息."""
        number = KEYS.index(key) + 1
        return f"第 {number} 步：{STEPS[number - 1][1]}"

    @property
    def reason(self):
        """Why a later step does not open yet."""
        return f"请先完成{self.describe(self.open_key)}"


@dataclass(frozen=True)
class Standing:
    """Where somebody stands: one sentence in phrases that do not break, what it means, the one thing to do next."""

    phrases: tuple[str, ...]
    text: str
    action: tuple[str, str]
    is_done: bool = False

    @property
    def sentence(self):
        return "".join(self.phrases)


def standing(profile):
    """The standing of a profile, saved or not."""
    wizard = Wizard(profile)
    if profile.is_submitted:
        return Standing(
            ("您已完成信息采集",),
            "档案已自动生成。接下来可以参加继续教育。",
            ("去选课学习", reverse("education:catalogue")),
            is_done=True,
        )
    if wizard.open_key == NOTICE:
        text = "共 8 步，约 10 分钟。填写的内容会随时保存，可以中途离开、换手机继续。"
        return Standing(("您还没有", "开始信息采集"), text, ("开始信息采集", wizard.next_url))
    if wizard.open_key == REVIEW:
        text = "请核对一遍，点“提交”后系统自动生成会计人员信息档案。"
        return Standing(("您已填完各项信息，", "还差提交"), text, ("检查并提交", wizard.next_url))
    text = f"下一步是{wizard.describe(wizard.open_key)}，共 8 步。已填写的内容都为您保存着。"
    return Standing(("您的信息采集", "还没有完成"), text, ("继续填写", wizard.next_url))
