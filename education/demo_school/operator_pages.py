"""The school's own desk: what was sent and answered, how it is sent, and the books compared. For demos alone."""

import time
from html import escape

from education.demo_school.outbox import MODES
from education.demo_school.pages import EVENT_NAMES, back_link, layout, outcome

SHOWN = 30
STATES = {"waiting": "待发送", "taken": "已接收", "refused": "被拒绝", "given_up": "已放弃"}


def desk(config, store):
    """One part for each school."""
    parts = "".join(school_part(store, school) for school in config.schools.values())
    content = (
        "<h1>机构后台</h1><p>这里能看到每个演示机构向平台发送的消息和应答，并可以让它像真实机构那样迟到、重复、出错。</p>"
        f"{parts}<section>{back_link(config, '/education/my/', '打开平台的“我的学习”')}"
        f"{back_link(config, '/api/docs/', '接口文档')}</section>"
    )
    waiting = any(store.waiting(code) for code in config.schools)
    return layout("机构后台", "演示学习机构", content, refresh=15 if waiting else 0)


def school_part(store, school):
    waiting = len(store.waiting(school.code))
    sends = (
        form(school, "send", f"逐条发送待发送的 {waiting} 条")
        + form(school, "batch", f"合成一批发送 {waiting} 条（夜间批量）")
        if waiting
        else '<p class="quiet">没有待发送的消息。</p>'
    )
    return f"""<section id="{escape(school.code)}"><h2>{escape(school.name)}</h2>
{modes(school, store.mode(school.code))}
<h3>发送</h3>{sends}
<h3>对账</h3>{books(store.report(school.code))}{form(school, "reconcile", "与平台核对今天的账")}
<h3>消息</h3>{messages(store.messages(school.code)[::-1][:SHOWN])}</section>"""


def form(school, action, words, inner="", css="small-button"):
    return (
        f'<form method="post" action="/operator/{escape(school.code)}/{action}">{inner}'
        f'<button class="{css}">{words}</button></form>'
    )


def modes(school, current):
    """The ways of sending; the one in force is marked and says what it does."""
    buttons = "".join(
        f'<button class="small-button{" on" if key == current else ""}" name="mode" value="{key}" '
        f'aria-pressed="{"true" if key == current else "false"}">{name}</button>'
        for key, (name, _words) in MODES.items()
    )
    return (
        f'<h3>回传方式：{MODES[current][0]}</h3><p class="quiet">{MODES[current][1]}</p>'
        f'<form method="post" action="/operator/{escape(school.code)}/mode" class="modes">{buttons}</form>'
    )


def books(report):
    """What the last comparison found."""
    if not report:
        return '<p class="quiet">今天还没有对账。</p>'
    if "error" in report:
        return f'<p class="answer-line bad">{escape(report["error"])}</p>'
    mine, theirs = report["school"], report["platform"]
    figures = (
        f"{report['day']}：本校记 {mine['accepted']} 条、{mine['credits']:g} 学分，"
        f"平台记 {theirs['accepted']} 条、{theirs['credits']:g} 学分。"
    )
    found = []
    if report["agree"]:
        found.append("双方相符。")
    if report["resent"]:
        found.append(f"平台缺 {len(report['resent'])} 条，已用原编号补发。")
    if report["left"]:
        found.append(f"其中 {len(report['left'])} 条仍未被接收，请看下面的应答。")
    if report["unknown"]:
        found.append(f"平台有 {len(report['unknown'])} 笔学分不是从这里发送的。")
    css = "good" if report["agree"] or report["resent"] and not report["left"] else "bad"
    return f'<p class="answer-line {css}" role="status">{escape(figures + "".join(found))}</p>'


def messages(shown):
    if not shown:
        return '<p class="quiet">还没有消息。请从平台点击“去学习”进入并报名。</p>'
    return f'<ol class="log">{"".join(map(line, shown))}</ol>'


def line(message):
    """One message: what, about which study, how often sent, what was answered."""
    words, css = outcome(message)
    answer = message["answer"]
    status = (
        f"应答 {answer['status']} {answer['content'].get('code') or answer['content'].get('status') or ''}"
        if answer
        else "未发送"
    )
    made = time.strftime("%m-%d %H:%M:%S", time.localtime(message["made"]))
    tries = f"，发送 {message['tries']} 次" if message["tries"] else ""
    return f"""<li class="{css}"><b>{EVENT_NAMES[message["type"]]}</b> <span class="quiet">{escape(message["reference"])}</span>
<span class="state state-{message["state"]}">{STATES[message["state"]]}</span>
<p class="quiet small">{made}　{escape(message["id"])}　{escape(status)}{tries}</p><p class="small">{escape(words)}</p></li>"""
