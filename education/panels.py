"""What continuing education shows on the home page."""

from django.urls import reverse

from accounting_platform.lib import clock
from education.choices import CourseKind
from education.learning import my_learning, standing


def credits(request):
    """For people who have collected: hero, own credit sheet and tile; for all others the yearly duty."""
    accountant = getattr(request.user, "accountant", None) if request.user.is_authenticated else None
    if accountant is None or not accountant.is_collected:
        return {"sheet": standing.duty(clock.year())}
    profile = accountant.profile
    studying = my_learning.studying_now(profile)
    now = standing.standings(profile).get(clock.year())
    if now is None:
        return {"education_tile": tile(None, studying)}
    return {"hero": hero(now, studying), "sheet": sheet(now), "education_tile": tile(now, studying)}


def hero(now, studying):
    """Where the person stands this year, and the one thing to do next."""
    if now.is_done:
        phrases = ["信息采集已完成，", "今年的学分已修满"]
        action = ("查看我的学习", reverse("education:my"))
    elif not now.owed:
        phrases = ["信息采集已完成，", "今年不要求继续教育"]
        action = ("看看学习资源", reverse("education:catalogue"))
    else:
        phrases = ["信息采集已完成，", f"今年还差 {standing.plain(now.missing)} 学分"]
        going_on = any(studying.values())
        action = ("继续学习", reverse("education:my")) if going_on else ("去选课", next_catalogue(now))
    return {"phrases": phrases, "text": now.words, "action": action}


def next_catalogue(now):
    """The catalogue of the first kind that is not full."""
    kind = next((part.key for part in now.parts if now.missing_of(part)), CourseKind.PROFESSIONAL)
    return f"{reverse('education:catalogue')}?kind={kind}&year={now.year}"


def sheet(now):
    url = f"{reverse('education:credits')}?year={now.year}"
    return now.sheet(f"{now.year} 年度继续教育学分", "学分由学习机构回传后自动入账。", url)


def tile(now, studying):
    """What is going on at the schools."""
    lines = []
    if now is not None and not now.is_done:
        lines += [now.words_of(part) for part in now.parts if not now.missing_of(part)]
    for kind, count in studying.items():
        if count:
            lines.append(f"{CourseKind(kind).label}有 {count} 门正在学习，可以直接回到学习平台。")
    line = "".join(lines) or "选择财政部门备案的学习机构，学完后学分自动记入您的档案。"
    actions = [("找学习资源", reverse("education:catalogue")), ("我的学习", reverse("education:my"))]
    return {"lines": [line], "actions": actions}
