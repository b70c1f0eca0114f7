"""The school's pages. Everything that comes from outside goes through `escape`."""

from html import escape

from education.demo_school.studies import KINDS

EVENT_NAMES = {"enrolment.created": "报名", "enrolment.cancelled": "取消报名", "study.completed": "完成学习"}
OUTCOMES = {
    "accepted": "平台已接收。",
    "duplicate": "平台此前已接收过这条消息，没有重复记录。",
    "held": "平台已接收，等待财政部门确认。",
}
STATES = {"new": "报名未完成", "enrolled": "学习中", "finished": "已学完", "cancelled": "已取消"}

LAYOUT = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} – {name}</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header><div class="wrap"><a class="school" href="{home}">{name}</a><span class="badge">学习机构（演示）</span></div></header>
<main class="wrap">
{content}
</main>
<footer><div class="wrap">本网站是用于演示的学习机构，与广东省会计信息服务平台是两个独立的系统，双方只通过公开的接口往来。</div></footer>
</body>
</html>
"""


def layout(title, name, content, home="/"):
    return LAYOUT.format(title=escape(title), name=escape(name), content=content, home=escape(home))


def back_link(config, path, words, css="button plain"):
    return f'<a class="{css}" href="{escape(config.platform_url + path)}">{words}</a>'


def home(config):
    """Who this is, and that people come through the platform."""
    names = "".join(f"<li>{escape(school.name)}</li>" for school in config.schools.values())
    content = (
        f"<h1>演示学习机构</h1><section><p>这里模拟以下已备案的学习机构：</p><ul>{names}</ul>"
        "<p>请从平台的“学习资源”或“我的学习”点击“去学习”进入，无需另外注册。</p>"
        f"<p>{back_link(config, '/education/', '前往学习资源', 'button main')}</p></section>"
    )
    return layout("首页", "演示学习机构", content)


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


def course(config, school, visit, study):
    """The course of the learner's kind and year, its state, and what to do next."""
    what = school.courses[visit["kind"]]
    state = study["state"] if study else None
    lessons = "".join(f"<li>{escape(lesson)}</li>" for lesson in what["lessons"])
    tag = f'<span class="state state-{state}">{STATES[state]}</span>' if study else ""
    title = escape(f"{visit['year']} 年度{KINDS[visit['kind']]}")
    content = f"""<p class="hello">{escape(visit["name"])}，您好</p>
<h1>{escape(what["title"])}</h1>
<p class="quiet">{title} {tag}</p>
<section><h2>课程内容</h2><ol>{lessons}</ol></section>
{last_answer(school, study)}
{NEXT_STEP[state](config, school, visit, study)}"""
    return layout(what["title"], school.name, content, f"/learn/{school.code}")


def last_answer(school, study):
    """What the platform said to the last message, and the button that sends it again."""
    if not study or not study["answer"]:
        return ""
    answer, message = study["answer"], study["message"]
    content = answer["content"]
    if answer["status"] == 0:
        words, css = "平台没有应答，请稍后用同一编号重发。", "bad"
    elif 200 <= answer["status"] < 300:
        words, css = OUTCOMES.get(content.get("status"), "平台已接收。"), "good"
    else:
        words, css = content.get("detail", "平台没有接收。"), "bad"
    facts = (
        f"编号 {message['id']}，应答 {answer['status']} {content.get('code') or content.get('status') or ''}"
    )
    return f"""<section class="answer {css}" role="status"><h2>向平台回传“{EVENT_NAMES[message["type"]]}”</h2>
<p>{escape(words)}</p><p class="quiet small">{escape(facts)}</p>
{button(school, "resend", "用同一编号再发一次", "small-button")}</section>"""


def button(school, action, words, css="button main", inner=""):
    return (
        f'<form method="post" action="/learn/{escape(school.code)}/{action}">{inner}'
        f'<button class="{css}">{words}</button></form>'
    )


def not_enrolled(config, school, visit, study):
    enrol = button(school, "enrol", "报名")
    back = back_link(config, "/education/", "返回平台")
    return (
        f"<section><h2>还没有报名</h2><p>报名后，平台的“我的学习”会显示这门课程。</p>{enrol}{back}</section>"
    )


def enrolled(config, school, visit, study):
    """The learner says how many credits were earned: a demo has no lessons to sit through."""
    choices = "".join(
        f'<label><input type="radio" name="credits" value="{credits}"{" checked" if first == 0 else ""}> '
        f"{credits} 学分</label>"
        for first, credits in enumerate(school.courses[study["kind"]]["credits"])
    )
    inner = f'<fieldset><legend>本次完成</legend><div class="credits">{choices}</div></fieldset>'
    finish = button(school, "finish", "完成学习", inner=inner)
    back = back_link(config, f"/education/my/?year={study['year']}", "先返回平台")
    cancel = button(school, "cancel", "取消报名", "link")
    return (
        "<section><h2>学习中</h2><p>演示中不必真的听课，点击“完成学习”即视为学完，学分随即回传平台。</p>"
        f"{finish}{back}{cancel}</section>"
    )


def finished(config, school, visit, study):
    back = back_link(config, f"/education/my/?year={study['year']}", "返回平台查看学分", "button main")
    return f"<section><h2>已学完</h2><p>本课程获得 {study['credits'] or ''} 学分。</p>{back}</section>"


NEXT_STEP = {None: not_enrolled, "new": not_enrolled, "enrolled": enrolled, "finished": finished}
