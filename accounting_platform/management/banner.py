"""What the demo says to the person who started it: where to click, who to be, or what went wrong."""

import json
from base64 import b32decode
from pathlib import Path

from django_otp.oath import totp

ALREADY_RUNNING = "演示平台已在这个目录中运行，请先按 Ctrl-C 停止它。 · The demo of this folder is already running; stop it first."

WELCOME = """
  广东省会计信息服务平台 · 演示环境已就绪 (the demo is ready)

    网站 site           {site}/
    管理 staff          {site}/admin/
    短信 text messages  {site}/demo/sms/
    验证码 staff codes  {site}/demo/codes/
    学习机构 school     {school}/  （后台 its desk {school}/operator）
    接口文档 API docs   {site}/api/docs/
    日志 logs           {var}/log/

  登录账号 · log in as
{logins}

  仅供本机演示；对外提供服务请按 deploy/ 部署在代理服务器之后。
  For this machine alone: facing the internet it needs the proxy and the settings in deploy/.
  按 Ctrl-C 停止 · Ctrl-C stops everything.
"""


def welcome(site, school, var: Path) -> str:
    return WELCOME.format(site=site, school=school, var=var, logins=logins(var / "demo_logins.json"))


def logins(path: Path) -> str:
    """One block per person, as the demo world wrote them down."""
    people = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    lines = []
    for person in people:
        name = person.get("document_number") or person.get("username")
        code = f"  验证码 code  {current_code(person['totp_secret'])}" if "totp_secret" in person else ""
        lines.append(f"    {person['who']}\n      {name}  密码 password  {person['password']}{code}")
        if person.get("note"):
            lines.append(f"      {person['note']}")
    return "\n".join(lines)


def current_code(secret: str) -> str:
    """What an authenticator app with this secret shows now."""
    return f"{totp(b32decode(secret)):06}"


def port_taken(name, port) -> str:
    return (
        f"端口 {port} 已被占用，请换一个，例如：make run {name}={port + 10}\n"
        f"Port {port} is in use; choose another one as shown."
    )


def no_answer(url, lines) -> str:
    return f"等待 {url} 超时 · no answer in time. 最后的日志 last log lines:\n{lines}"


def died(name, code, lines, log) -> str:
    return f"{name} 意外退出 (ended by itself, code {code})。最后的日志 last lines of {log}:\n{lines}"
