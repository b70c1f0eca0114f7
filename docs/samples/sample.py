"""报名并完成一门课程。需要：pip install standardwebhooks

python sample.py            试运行：只判断，不入账
python sample.py 票据       正式：用“去学习”带来的票据（60 秒内有效）
"""

import json
import os
import sys
import urllib.error
import urllib.request
import uuid
from datetime import UTC, datetime

from standardwebhooks import Webhook

PLATFORM = os.environ["PLATFORM_URL"]
CODE = os.environ["INSTITUTION_CODE"]
WEBHOOK = Webhook(os.environ["INSTITUTION_SECRET"])  # whsec_…
TICKET = sys.argv[1] if len(sys.argv) > 1 else "sandbox"
TRIAL = "?dry_run=1" if TICKET == "sandbox" else ""


def ask(path, content=None, message_id=None):
    """签名并发送；content 为 None 时是 GET，签名的正文为空。重发时传入同一个 message_id 和 content。"""
    body = "" if content is None else json.dumps(content, ensure_ascii=False)
    message_id, now = message_id or f"msg_{uuid.uuid4().hex}", datetime.now(UTC)
    headers = {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": WEBHOOK.sign(message_id, now, body),
    }
    url = f"{PLATFORM}/api/v1/institutions/{CODE}/{path}"
    request = urllib.request.Request(url, None if content is None else body.encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as refused:
        # 应答里有 code、detail（中文说明）和 request_id，咨询时请提供 request_id。
        sys.exit(f"{refused.code} {refused.read().decode()}")


def event(name, **data):
    """一条消息，timestamp 是事情发生的时间。"""
    content = {"type": name, "timestamp": datetime.now(UTC).isoformat(), "data": data}
    return ask(f"events{TRIAL}", content)


visit = ask(f"tickets{TRIAL}", {"ticket": TICKET})
about = {"enrolment": f"{visit['year']}-{uuid.uuid4().hex[:12]}"}
about |= {"learner": visit["learner"], "kind": visit["kind"], "year": visit["year"]}
print(event("enrolment.created", title="企业会计准则新变化", **about))

# 30 学分；专业课其中 20 学分是专业通识，公需课没有。
general = 20 if visit["kind"] == "professional" else 0
finished = datetime.now(UTC).isoformat()
print(event("study.completed", credits=30, general_professional=general, finished_at=finished, **about))
