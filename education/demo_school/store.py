"""The school's own books: who is logged in, who studies what, and every message to the platform. One JSON file."""

import json
import os
import secrets
import threading
import time

SESSION_SECONDS = 12 * 3600
KEPT_MESSAGES = 2000
SAME = ("school", "learner", "kind", "year")


class Store:
    """Written to the file at every change; one lock, since requests and the timer run in threads."""

    def __init__(self, path):
        self.path = path
        self.lock = threading.RLock()
        self.state = {"sessions": {}, "studies": {}, "messages": {}, "modes": {}, "reports": {}}
        kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        # What an earlier version of this program wrote knows no messages; it begins anew.
        self.state |= kept if "messages" in kept else {}

    # --- visits

    def open_session(self, visit):
        """Keep who came, and as what; the token goes into the cookie."""
        token = secrets.token_urlsafe(24)
        now = time.time()
        with self.lock:
            alive = {key: one for key, one in self.state["sessions"].items() if one["ends"] > now}
            self.state["sessions"] = alive | {token: {"visit": visit, "ends": now + SESSION_SECONDS}}
            self.write()
        return token

    def visit(self, token):
        """What the platform told about the person with this cookie, or None."""
        session = self.state["sessions"].get(token)
        return session["visit"] if session and session["ends"] > time.time() else None

    # --- studies

    def study(self, reference):
        """One study by the school's own reference, or None."""
        return self.state["studies"].get(reference or "")

    def studies_of(self, visit):
        """The studies of this person, kind and year that were not cancelled, by course; of several the latest."""
        with self.lock:
            studies = list(self.state["studies"].values())
        mine = [one for one in studies if all(one[key] == visit[key] for key in SAME)]
        return {one["course"]: one for one in mine if one["state"] != "cancelled"}

    def save_study(self, study):
        """Keep a study as it is now."""
        with self.lock:
            self.state["studies"][study["reference"]] = study
            self.write()

    # --- messages

    def save_message(self, message):
        """Keep a message as it is now; the oldest that are settled go."""
        with self.lock:
            messages = self.state["messages"]
            messages[message["id"]] = message
            for key in [key for key, one in messages.items() if one["state"] != "waiting"][:-KEPT_MESSAGES]:
                del messages[key]
            self.write()

    def message(self, message_id):
        return self.state["messages"].get(message_id or "")

    def messages(self, school_code=None):
        """All messages, or those of one school, oldest first."""
        with self.lock:
            found = list(self.state["messages"].values())
        return [one for one in found if school_code in (None, one["school"])]

    def waiting(self, school_code):
        return [one for one in self.messages(school_code) if one["state"] == "waiting"]

    # --- what the operator has set and found

    def mode(self, school_code):
        return self.state["modes"].get(school_code, "prompt")

    def set_mode(self, school_code, mode):
        with self.lock:
            self.state["modes"][school_code] = mode
            self.write()

    def report(self, school_code):
        return self.state["reports"].get(school_code)

    def save_report(self, school_code, report):
        with self.lock:
            self.state["reports"][school_code] = report
            self.write()

    def write(self):
        part = self.path.with_suffix(".part")
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # Names of learners stand in it.
        with os.fdopen(
            os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
        ) as file:
            json.dump(self.state, file, ensure_ascii=False)
        part.replace(self.path)
