"""The school's web site: arrival with a ticket, the course pages and their buttons, the operator's desk."""

import sys
import threading
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

from education.demo_school import operator_pages, pages, studies
from education.demo_school.outbox import MODES, Outbox
from education.demo_school.platform_client import PlatformClient
from education.demo_school.reconcile import reconcile
from education.demo_school.store import Store

STYLE = (Path(__file__).parent / "style.css").read_bytes()
MAX_BODY = 4096
TICK_SECONDS = 0.5
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    # Stricter, and browsers would hide where a form of ours comes from; the desk looks at that.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def make_server(config):
    """The server, bound and ready, with its timer running; `serve_forever` runs it."""
    store = Store(config.state_file)
    outbox = Outbox(config, store)
    handler = type("SchoolHandler", (Handler,), {"config": config, "store": store, "outbox": outbox})
    server = Server(("127.0.0.1", config.port), handler)
    threading.Thread(target=keep_sending, args=[outbox], daemon=True).start()
    return server


def keep_sending(outbox):
    """Whatever falls due is sent: repetitions, slow ones, the batch of the night."""
    pause = threading.Event()
    while not pause.wait(TICK_SECONDS):
        outbox.tick()


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64


class Handler(BaseHTTPRequestHandler):
    """One request. Addresses: /, /launch/<code>, /learn/<code>, /learn/<code>/<course or action>, /operator."""

    server_version = "DemoSchool"
    sys_version = ""
    timeout = 30

    def do_GET(self):
        url = urlsplit(self.path)
        parts = url.path.strip("/").split("/")
        school = self.config.schools.get(parts[1]) if len(parts) > 1 else None
        if url.path == "/":
            self.page(200, pages.home(self.config))
        elif url.path == "/style.css":
            self.answer(200, STYLE, "text/css; charset=utf-8")
        elif url.path == "/favicon.ico":
            self.answer(204, b"", "image/x-icon")
        elif url.path == "/operator" and self.config.operator:
            self.page(200, operator_pages.desk(self.config, self.store))
        elif school and parts[0] == "launch" and len(parts) == 2:
            self.launch(school, parse_qs(url.query).get("ticket", [""])[-1])
        elif school and parts[0] == "learn" and len(parts) <= 3:
            self.learn(school, parts[2] if len(parts) == 3 else "")
        else:
            self.page(404, pages.not_found(self.config))

    def do_POST(self):
        answers = self.body()
        parts = urlsplit(self.path).path.strip("/").split("/")
        if answers is None:
            return self.page(413, pages.not_found(self.config))
        if len(parts) != 3 or parts[1] not in self.config.schools or parts[0] not in ("learn", "operator"):
            return self.page(404, pages.not_found(self.config))
        school = self.config.schools[parts[1]]
        if parts[0] == "operator":
            return self.operate(school, parts[2], answers)
        visit = self.visit(school)
        if visit is None:
            return self.page(403, pages.stranger(self.config, school))
        course = school.course(visit["kind"], answers.get("course", ""))
        self.act(school, visit, course, parts[2], answers)
        return self.redirect(f"/learn/{school.code}/{course.id}")

    # --- learners

    def launch(self, school, ticket):
        """Redeem the ticket at once, then go on without it: an address with a ticket must not be kept."""
        answer = PlatformClient(self.config.platform_url, school).redeem(ticket)
        if not answer.ok:
            status = 502 if answer.status in (0, 503) else 403
            return self.page(status, pages.ticket_refused(self.config, school, answer))
        visit = {key: answer.content.get(key) for key in ("learner", "name", "kind", "year", "offering")}
        visit |= {"school": school.code, "reference": answer.content.get("enrolment")}
        if visit["reference"] and self.store.study(visit["reference"]) is None:
            course = school.of_kind(visit["kind"])[0]
            self.store.save_study(studies.new_study(visit, course, visit["reference"]))
        token = self.store.open_session(visit)
        cookie = f"school_{school.code}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=43200"
        return self.redirect(f"/learn/{school.code}", cookie)

    def learn(self, school, course_id):
        visit = self.visit(school)
        if visit is None:
            return self.page(403, pages.stranger(self.config, school))
        found = self.store.studies_of(visit)
        course = school.course(visit["kind"], course_id or self.where_they_were(visit, found))
        study = found.get(course.id)
        message = self.store.message(study["message"]) if study else None
        return self.page(200, pages.course_page(self.config, school, visit, course, found, message))

    def where_they_were(self, visit, found):
        """The course of the study that the platform named, else the latest one, else none."""
        named = self.store.study(visit["reference"])
        return named["course"] if named else next(reversed(found), "")

    def act(self, school, visit, course, action, answers):
        """Do what a button says, if it fits where the learner is."""
        study = self.store.studies_of(visit).get(course.id)
        if action == "resend" and study and study["message"]:
            return self.outbox.send(self.store.message(study["message"]))
        if action == "enrol" and (study is None or study["state"] == "new"):
            study = study or studies.new_study(visit, course)
        elif action not in ("finish", "cancel", "lesson") or study is None or study["state"] != "enrolled":
            return None
        credits = int(answers["credits"]) if answers.get("credits", "").isdecimal() else 0
        if action == "finish" and credits not in course.credits:
            return None
        study, message = studies.act(study, course, action, credits or None)
        self.store.save_study(study)
        return self.outbox.submit(message)

    def visit(self, school):
        """Who this browser is, as far as this school knows."""
        try:
            cookies = SimpleCookie(self.headers.get("Cookie", ""))
        except CookieError:
            return None
        morsel = cookies.get(f"school_{school.code}")
        visit = self.store.visit(morsel.value) if morsel else None
        return visit if visit and visit["school"] == school.code else None

    # --- the operator, in demos alone

    def operate(self, school, action, answers):
        if (
            not self.config.operator
            or self.headers.get("Origin", self.config.public_url) != self.config.public_url
        ):
            return self.page(404, pages.not_found(self.config))
        if action == "mode" and answers.get("mode") in MODES:
            self.store.set_mode(school.code, answers["mode"])
        elif action == "send":
            self.outbox.send_all(school.code)
        elif action == "batch":
            self.outbox.send_batch(school.code)
        elif action == "reconcile":
            self.store.save_report(school.code, reconcile(self.outbox, school.code))
        return self.redirect(f"/operator#{school.code}")

    # --- requests and answers

    def body(self):
        """The posted form, or None when it is larger than any form of ours."""
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > MAX_BODY:
            return None
        posted = parse_qs(self.rfile.read(int(length)).decode("utf-8", "replace"))
        return {name: values[-1] for name, values in posted.items()}

    def page(self, status, html):
        self.answer(status, html.encode(), "text/html; charset=utf-8")

    def redirect(self, path, cookie=None):
        extra = {"Location": quote(path, safe="/#"), **({"Set-Cookie": cookie} if cookie else {})}
        self.answer(303, b"", "text/plain", extra)

    def answer(self, status, content, content_type, extra=None):
        self.send_response(status)
        sent = {**HEADERS, "Content-Type": content_type, "Content-Length": str(len(content)), **(extra or {})}
        for name, value in sent.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_request(self, code="-", size="-"):
        # The query holds the ticket: the path alone is written.
        print(f"{self.command} {urlsplit(self.path).path} {int(code)}", file=sys.stderr, flush=True)

    def log_message(self, format, *args):
        print("bad request", file=sys.stderr, flush=True)
