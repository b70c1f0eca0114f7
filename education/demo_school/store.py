"""The school's own books: who is logged in, and who studies what under which reference. One JSON file."""

import json
import os
import secrets
import threading
import time

SESSION_SECONDS = 12 * 3600


class Store:
    """Sessions and studies, written to the file at every change; one lock, since requests run in threads."""

    def __init__(self, path):
        self.path = path
        self.lock = threading.Lock()
        self.state = {"sessions": {}, "studies": {}}
        if path.exists():
            self.state |= json.loads(path.read_text(encoding="utf-8"))

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

    def study(self, reference):
        """One study by the school's own reference, or None."""
        return self.state["studies"].get(reference or "")

    def current_study(self, visit):
        """The latest study of this person, kind and year that was not cancelled, or None."""
        same = ("school", "learner", "kind", "year")
        studies = list(self.state["studies"].values())
        found = [
            one
            for one in studies
            if one["state"] != "cancelled" and all(one[key] == visit[key] for key in same)
        ]
        return found[-1] if found else None

    def save_study(self, study):
        """Keep a study as it is now."""
        with self.lock:
            self.state["studies"][study["reference"]] = study
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
