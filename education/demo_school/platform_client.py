"""The platform as a school sees it: signed requests and what they were answered."""

import json
import sys
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlencode

from standardwebhooks import Webhook

TIMEOUT_SECONDS = 10
# Loopback needs no proxy, whatever the environment says.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Answer:
    """What came back: status 0 means that nobody answered, so the same message is to be sent again."""

    status: int
    content: dict = field(default_factory=dict)
    retry_after: int = 0

    @property
    def ok(self):
        return 200 <= self.status < 300

    @property
    def final(self):
        """Taken for good, or refused in a way that repeating does not mend."""
        return self.status not in (0, 429) and self.status < 500


def new_message_id():
    return f"msg_{uuid.uuid4().hex}"


class PlatformClient:
    """Signs for one school by Standard Webhooks and talks to its addresses on the platform."""

    def __init__(self, platform_url, school):
        self.base = f"{platform_url}/api/v1/institutions/{school.code}"
        self.webhook = Webhook(school.secret)

    def redeem(self, ticket):
        """Who came with this ticket; works once, within a minute."""
        return self.ask("/tickets", new_message_id(), json.dumps({"ticket": ticket}))

    def send(self, message_id, body):
        """Deliver one event; the same id and body may be sent again as often as needed."""
        return self.ask("/events", message_id, body)

    def send_batch(self, messages):
        """Deliver up to 1,000 events in one request; each has its own result in the answer, in the same order."""
        events = [{"id": message["id"]} | json.loads(message["body"]) for message in messages]
        return self.ask("/events/batch", new_message_id(), json.dumps({"events": events}, ensure_ascii=False))

    def summary(self, day):
        """What the platform took on one day: count, digest, credits."""
        return self.ask(f"/summary?{urlencode({'date': day})}", new_message_id())

    def pages(self, name, day):
        """All items of enrolments, credits or deliveries of one day, page by page; None when a page does not come."""
        items, cursor = [], ""
        while True:
            query = {"from": day, "to": day} | ({"cursor": cursor} if cursor else {})
            answer = self.ask(f"/{name}?{urlencode(query)}", new_message_id())
            if not answer.ok:
                return None
            items += answer.content["items"]
            cursor = answer.content["cursor"]
            if cursor is None:
                return items

    def ask(self, path, message_id, body=None):
        """One signed request: a POST of `body`, or without one a GET, whose signature covers an empty body."""
        now = datetime.now(UTC)
        headers = {
            "Content-Type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self.webhook.sign(message_id, now, body or ""),
        }
        request = urllib.request.Request(self.base + path, body.encode() if body else None, headers)
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
            wait = error.headers.get("Retry-After", "")
            return Answer(error.code, content(error), int(wait) if wait.isdecimal() else 0)
    except OSError:
        return Answer(0)


def content(response):
    try:
        found = json.load(response)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
