"""Messages on their way to the platform: at once, or in the ways in which real schools are late, broken or asleep."""

import time
from datetime import datetime, timedelta

from education.demo_school.platform_client import Answer, PlatformClient

MODES = {
    "prompt": ("及时", "发生时立即发送。"),
    "slow": ("缓慢", "5 秒以后才发送。"),
    "down": ("中断", "像断网一样送不出去，按 1 分钟、5 分钟、30 分钟、2 小时、6 小时自动重发。"),
    "twice": ("重复", "每条消息发送两次，编号相同。"),
    "reversed": ("乱序", "攒到学完再一起发送，次序颠倒：先完成，后报名。"),
    "night": ("夜间批量", "白天不发，凌晨 2 点合成一批发送。"),
    "lost": ("漏发", "没有发送却记为已发送，像程序出了错；对账时会发现并补发。"),
}
SLOW_SECONDS = 5
NIGHT_HOUR = 2
# The schedule of the platform's document; from then on every six hours, for three days.
RETRIES = (60, 300, 1800, 7200)
EVERY, GIVE_UP = 21600, 3 * 86400
BATCH = 1000


class Outbox:
    """Sends what the store holds as waiting. Only messages that were answered for good are settled."""

    def __init__(self, config, store):
        self.config, self.store = config, store

    def client(self, code):
        return PlatformClient(self.config.platform_url, self.config.schools[code])

    def submit(self, message):
        """Take over a message; how it leaves is a matter of the school's mode."""
        mode = self.store.mode(message["school"])
        if mode == "lost":
            answer = {"status": 200, "content": {"status": "accepted"}}
            return self.store.save_message(message | {"state": "taken", "answer": answer, "pretended": True})
        if mode in ("slow", "night"):
            due = time.time() + SLOW_SECONDS if mode == "slow" else next_night()
            return self.store.save_message(message | {"due": due, "batch": mode == "night"})
        self.store.save_message(message)
        if mode == "down":
            self.settle(message, Answer(0))
        elif mode == "reversed":
            if message["type"] == "study.completed":
                self.send_all(message["school"], backwards=True)
        else:
            self.send(message)
            if mode == "twice":
                self.send(self.store.message(message["id"]))

    def send(self, message):
        """Send one message, again if need be under the same id, and keep the answer."""
        self.settle(message, self.client(message["school"]).send(message["id"], message["body"]))

    def send_all(self, code, backwards=False):
        """Everything that waits, one by one."""
        waiting = self.store.waiting(code)
        for message in reversed(waiting) if backwards else waiting:
            self.send(message)

    def send_batch(self, code):
        """Everything that waits in as few requests as possible; how many messages that were."""
        waiting = self.store.waiting(code)
        for start in range(0, len(waiting), BATCH):
            part = waiting[start : start + BATCH]
            answer = self.client(code).send_batch(part)
            results = answer.content.get("results", []) if answer.ok else []
            for message, result in zip(part, results or [None] * len(part), strict=True):
                self.settle(message, answer if result is None else answer_of(result))
        return len(waiting)

    def settle(self, message, answer):
        """Note what was answered: taken, refused for good, or to be sent again later."""
        message = message | {"tries": message["tries"] + 1, "at": time.time()}
        message["answer"] = {"status": answer.status, "content": answer.content}
        if answer.final:
            message |= {"state": "taken" if answer.ok else "refused", "due": None}
        else:
            wait = RETRIES[message["tries"] - 1] if message["tries"] <= len(RETRIES) else EVERY
            gone = time.time() - message["made"] > GIVE_UP
            message |= {"state": "given_up"} if gone else {"due": time.time() + max(wait, answer.retry_after)}
        self.store.save_message(message)
        study = self.store.study(message["reference"])
        if message["state"] == "refused" and study and study["message"] == message["id"]:
            self.store.save_study(study | message["before"])

    def tick(self):
        """What has fallen due: single messages, and the batch of the night."""
        now = time.time()
        for code in self.config.schools:
            due = [one for one in self.store.waiting(code) if one["due"] and one["due"] <= now]
            if any(one.get("batch") for one in due):
                self.send_batch(code)
            else:
                for message in due:
                    self.send(message)


def answer_of(result):
    """One line of a batch's answer, as if the message had been sent alone."""
    return Answer(422 if result["status"] == "refused" else 200, result)


def next_night():
    """The next two o'clock in the morning."""
    now = datetime.now()
    night = now.replace(hour=NIGHT_HOUR, minute=0, second=0, microsecond=0)
    return (night if night > now else night + timedelta(days=1)).timestamp()
