"""The platform as a school sees it: signed requests and what they were answered."""

import json
import sys
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime

from standardwebhooks import Webhook

TIMEOUT_SECONDS = 10
# Loopback needs no proxy, whatever the environment says.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Answer:
    """What came back: status 0 means that nobody answered, so the same message is to be sent again."""

    status: int
    content: dict = field(default_factory=dict)

    @property
    def ok(self):
        return 200 <= self.status < 300

    @property
    def final(self):
        """Taken for good, or refused in a way that repeating does not mend."""
        return self.status not in (0, 429) and self.status < 500


def new_message_id():
    return f"msg_{uuid.uuid4().hex}"


def event(kind, data):
    """The body of one event, stamped now."""
    stamp = datetime.now().astimezone().isoformat(timespec="milliseconds")
    return json.dumps({"type": kind, "timestamp": stamp, "data": data}, ensure_ascii=False)


class PlatformClient:
    """Signs for one school by Standard Webhooks and posts to its addresses on the platform."""

    def __init__(self, platform_url, school):
        self.base = f"{platform_url}/api/v1/institutions/{school.code}"
        self.webhook = Webhook(school.secret)

    def redeem(self, ticket):
        """Who came with this ticket; works once, within a minute."""
        return self.post("/tickets", new_message_id(), json.dumps({"ticket": ticket}))

    def send(self, message_id, body):
        """Deliver one event; the same id and body may be sent again as often as needed."""
        return self.post("/events", message_id, body)

    def post(self, path, message_id, body):
        now = datetime.now(UTC)
        headers = {
            "Content-Type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self.webhook.sign(message_id, now, body),
        }
        request = urllib.request.Request(self.base + path, body.encode(), headers, method="POST")
        answer = exchange(request)
        outcome = answer.content.get("code") or answer.content.get("status", "")
        print(f"  -> {path} {message_id} {answer.status} {outcome}", file=sys.stderr, flush=True)
        return answer


def exchange(request):
    try:
        with OPENER.open(request, timeout=TIMEOUT_SECONDS) as response:
            return Answer(response.status, content(response))
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, content(error))
    except OSError:
        return Answer(0)


def content(response):
    try:
        found = json.load(response)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
