"""The pages that learners see. Everything that comes from outside goes through `escape`."""

import time
from html import escape

from education.demo_school.studies import KINDS

EVENT_NAMES = {
    "enrolment.created": "报名",
    "enrolment.cancelled": "取消报名",
    "study.progressed": "学习进度",
    "study.completed": "完成学习",
}
OUTCOMES = {
    "accepted": "平台已接收。",
    "duplicate": "平台此前已接收过这条消息，没有重复记录。",
    "held": "平台已接收，等待财政部门确认。",
}
STATES = {"new": "报名未完成", "enrolled": "学习中", "finished": "已学完"}

LAYOUT = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
{refresh}<title>{title} – {name}</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header><div class="wrap"><a class="school" href="{home}">{name}</a><span class="badge">学习机构（演示）</span></div></header>
<main class="wrap">
{content}
</main>
<footer><div class="wrap"><p>本网站是用于演示的学习机构，与广东省会计信息服务平台是两个独立的系统，双方只通过公开的接口往来。</p>{links}</div></footer>
</body>
</html>
"""


def layout(title, name, content, home="/", refresh=0, links=""):
    again = f'<meta http-equiv="refresh" content="{refresh}">\n' if refresh else ""
    return LAYOUT.format(
        title=escape(title), name=escape(name), content=content, home=escape(home), refresh=again, links=links
    )


def back_link(config, path, words, css="button plain"):
    return f'<a class="{css}" href="{escape(config.platform_url + path)}">{words}</a>'


def desk_link(config):
    return '<p><a href="/operator">机构后台（演示）</a></p>' if config.operator else ""


def home(config):
    """Who this is, and that people come through the platform."""
    names = "".join(f"<li>{escape(school.name)}</li>" for school in config.schools.values())
    content = (
        f"<h1>演示学习机构</h1><section><p>这里模拟以下已备案的学习机构：</p><ul>{names}</ul>"
        "<p>请从平台的“学习资源”或“我的学习”点击“去学习”进入，无需另外注册。</p>"
        f"<p>{back_link(config, '/education/', '前往学习资源', 'button main')}</p></section>"
    )
    return layout("首页", "演示学习机构", content, links=desk_link(config))


def message_page(config, school, title, words):
    content = (
        f"<h1>{title}</h1><section><p>{words}</p>"
        f"<p>{back_link(config, '/education/', '返回平台，重新点击“去学习”', 'button main')}</p></section>"
    )
    return layout(title, school.name if school else "演示学习机构", content)


def not_found(config):
    return message_page(config, None, "没有这个页面", "这个地址不存在，请从平台进入。")


def stranger(config, school):
    """For a browser that brought no ticket, or stayed away too long."""
    return message_page(config, school, "请从平台进入", "本校不单独设登录。请在平台点击“去学习”进入课程。")


def ticket_refused(config, school, answer):
    """The ticket was not taken: too old, used before, or nobody answered."""
    if answer.status in (0, 503):
        return message_page(config, school, "暂时无法进入", "平台暂时没有应答，请稍后重新点击“去学习”。")
    if answer.content.get("code") == "ticket_unknown":
        return message_page(
            config, school, "进入链接已失效", "链接在 60 秒内有效，且只能使用一次。您的学习记录不受影响。"
        )
    detail = escape(answer.content.get("detail", "平台拒绝了本次进入。"))
    return message_page(config, school, "暂时无法进入", detail)


def course_page(config, school, visit, course, studies, message):
    """One course: how far the learner is, what the platform knows of it, what to do next, and the other courses."""
    study = studies.get(course.id)
    state = study["state"] if study else None
    tag = f'<span class="state state-{state}">{STATES[state]}</span>' if study else ""
    title = escape(f"{visit['year']} 年度{KINDS[visit['kind']]}")
    waiting = bool(message and message["state"] == "waiting")
    content = f"""<p class="hello">{escape(visit["name"])}，您好</p>
<h1>{escape(course.title)}</h1>
<p class="quiet">{title} {tag}</p>
{lessons(course, study)}
{told(school, course, message)}
{NEXT_STEP[state](config, school, course, study)}
{others(school, visit, course, studies)}"""
    return layout(
        course.title,
        school.name,
        content,
        f"/learn/{school.code}",
        refresh=5 if waiting else 0,
        links=desk_link(config),
    )


def lessons(course, study):
    """What is taught, what of it is done, and a bar."""
    done = len(course.lessons) if study and study["state"] == "finished" else study["done"] if study else 0
    items = "".join(
        f'<li class="{"done" if place < done else ""}">{escape(lesson)}{"（已学完）" if place < done else ""}</li>'
        for place, lesson in enumerate(course.lessons)
    )
    bar = (
        f'<progress max="{len(course.lessons)}" value="{done}"></progress>'
        f'<p class="quiet small">已学 {done} 课，共 {len(course.lessons)} 课</p>'
        if study and study["state"] != "new"
        else ""
    )
    return f"<section><h2>课程内容</h2>{bar}<ol>{items}</ol></section>"


def told(school, course, message):
    """What the platform was told last, and what it said to that."""
    if not message:
        return ""
    words, css = outcome(message)
    facts = f"编号 {message['id']}"
    if message["answer"]:
        content = message["answer"]["content"]
        facts += f"，应答 {message['answer']['status']} {content.get('code') or content.get('status') or ''}"
    again = button(school, course, "resend", "用同一编号再发一次", "small-button")
    return f"""<section class="answer {css}" role="status"><h2>向平台回传“{EVENT_NAMES[message["type"]]}”</h2>
<p>{escape(words)}</p><p class="quiet small">{escape(facts)}</p>{again}</section>"""


def outcome(message):
    """In words, and as what it looks: good, bad or on its way."""
    answer = message["answer"]
    if message["state"] == "waiting":
        if answer:
            return "平台没有应答，稍后会用同一编号自动重发。您的学习记录已保存。", "bad"
        when = time.strftime("%H:%M:%S", time.localtime(message["due"])) if message["due"] else "学完以后"
        return f"已保存，还没有发送，预计 {when} 发送。", "later"
    if message["state"] == "taken":
        return OUTCOMES.get(answer["content"].get("status"), "平台已接收。"), "good"
    return (answer["content"].get("detail") if answer else "") or "平台没有接收。", "bad"


def button(school, course, action, words, css="button main", inner=""):
    hidden = f'<input type="hidden" name="course" value="{escape(course.id)}">'
    return (
        f'<form method="post" action="/learn/{escape(school.code)}/{action}">{hidden}{inner}'
        f'<button class="{css}">{words}</button></form>'
    )


def not_enrolled(config, school, course, study):
    enrol = button(school, course, "enrol", "报名")
    back = back_link(config, "/education/", "返回平台")
    return (
        f"<section><h2>还没有报名</h2><p>报名后，平台的“我的学习”会显示这门课程。</p>{enrol}{back}</section>"
    )


def enrolled(config, school, course, study):
    """Lesson by lesson, or all at once: a demo has no lessons to sit through."""
    choices = "".join(
        f'<label><input type="radio" name="credits" value="{credits}"{" checked" if first == 0 else ""}> '
        f"{credits} 学分</label>"
        for first, credits in enumerate(course.credits)
    )
    inner = f'<fieldset><legend>本次完成</legend><div class="credits">{choices}</div></fieldset>'
    finish = button(school, course, "finish", "完成学习", inner=inner)
    left = study["done"] < len(course.lessons)
    lesson = button(school, course, "lesson", "学完下一课", "button plain") if left else ""
    back = back_link(config, f"/education/my/?year={study['year']}", "先返回平台")
    cancel = button(school, course, "cancel", "取消报名", "link")
    return (
        "<section><h2>学习中</h2><p>演示中不必真的听课：可以一课一课地学，也可以直接点击“完成学习”，学分随即回传平台。</p>"
        f"{finish}{lesson}{back}{cancel}</section>"
    )


def finished(config, school, course, study):
    back = back_link(config, f"/education/my/?year={study['year']}", "返回平台查看学分", "button main")
    return f"<section><h2>已学完</h2><p>本课程获得 {study['credits'] or ''} 学分。</p>{back}</section>"


def others(school, visit, course, studies):
    """The school's other courses of this kind."""
    rows = "".join(
        f'<li><a href="/learn/{escape(school.code)}/{escape(each.id)}">{escape(each.title)}</a>'
        f'<span class="quiet small">{max(each.credits)} 学分　{STATES[studies[each.id]["state"]] if each.id in studies else "未报名"}</span></li>'
        for each in school.of_kind(visit["kind"])
        if each.id != course.id
    )
    return (
        f'<section><h2>本校其他{KINDS[visit["kind"]]}</h2><ul class="courses">{rows}</ul></section>'
        if rows
        else ""
    )


NEXT_STEP = {None: not_enrolled, "new": not_enrolled, "enrolled": enrolled, "finished": finished}
