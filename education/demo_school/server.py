"""The school's web site: arrival with a ticket, the course page and its buttons."""

import sys
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

from education.demo_school import pages, studies
from education.demo_school.platform_client import PlatformClient
from education.demo_school.store import Store

STYLE = (Path(__file__).parent / "style.css").read_bytes()
MAX_BODY = 4096
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def make_server(config):
    """The server, bound and ready; `serve_forever` runs it."""
    handler = type("SchoolHandler", (Handler,), {"config": config, "store": Store(config.state_file)})
    return Server(("127.0.0.1", config.port), handler)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64


class Handler(BaseHTTPRequestHandler):
    """One request. Addresses: /, /launch/<code>, /learn/<code>, /learn/<code>/<action>, /style.css."""

    server_version = "DemoSchool"
    sys_version = ""
    timeout = 30

    def do_GET(self):
        url = urlsplit(self.path)
        parts = url.path.strip("/").split("/")
        if url.path == "/":
            self.page(200, pages.home(self.config))
        elif url.path == "/style.css":
            self.answer(200, STYLE, "text/css; charset=utf-8")
        elif url.path == "/favicon.ico":
            self.answer(204, b"", "image/x-icon")
        elif len(parts) == 2 and parts[0] in ("launch", "learn") and parts[1] in self.config.schools:
            school = self.config.schools[parts[1]]
            if parts[0] == "launch":
                self.launch(school, parse_qs(url.query).get("ticket", [""])[-1])
            else:
                self.learn(school)
        else:
            self.page(404, pages.not_found(self.config))

    def do_POST(self):
        answers = self.body()
        parts = urlsplit(self.path).path.strip("/").split("/")
        if answers is None:
            return self.page(413, pages.not_found(self.config))
        if len(parts) != 3 or parts[0] != "learn" or parts[1] not in self.config.schools:
            return self.page(404, pages.not_found(self.config))
        school = self.config.schools[parts[1]]
        visit = self.visit(school)
        if visit is None:
            return self.page(403, pages.stranger(self.config, school))
        study = self.next_study(school, visit, parts[2], answers)
        if study is not None:
            self.store.save_study(study)
        return self.redirect(f"/learn/{school.code}")

    def launch(self, school, ticket):
        """Redeem the ticket at once, then go on without it: an address with a ticket must not be kept."""
        answer = PlatformClient(self.config.platform_url, school).redeem(ticket)
        if not answer.ok:
            status = 502 if answer.status in (0, 503) else 403
            return self.page(status, pages.ticket_refused(self.config, school, answer))
        visit = {key: answer.content.get(key) for key in ("learner", "name", "kind", "year", "offering")}
        visit["school"] = school.code
        reference = answer.content.get("enrolment")
        if reference and self.store.study(reference) is None:
            self.store.save_study(studies.new_study(visit, school.courses[visit["kind"]], reference))
        token = self.store.open_session(visit)
        cookie = f"school_{school.code}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=43200"
        return self.redirect(f"/learn/{school.code}", cookie)

    def learn(self, school):
        visit = self.visit(school)
        if visit is None:
            return self.page(403, pages.stranger(self.config, school))
        return self.page(200, pages.course(self.config, school, visit, self.store.current_study(visit)))

    def next_study(self, school, visit, action, answers):
        """The study after this button, or None where the button does not fit it."""
        study = self.store.current_study(visit)
        course = school.courses[visit["kind"]]
        if action == "resend":
            return studies.deliver(self.config, school, study) if study and study["message"] else None
        if action == "enrol" and (study is None or study["state"] == "new"):
            return studies.act(self.config, school, study or studies.new_study(visit, course), "enrol")
        if action not in ("finish", "cancel") or study is None or study["state"] != "enrolled":
            return None
        credits = int(answers["credits"]) if answers.get("credits", "").isdecimal() else 0
        if action == "finish" and credits not in course["credits"]:
            return None
        return studies.act(self.config, school, study, action, credits or None)

    def visit(self, school):
        """Who this browser is, as far as this school knows."""
        try:
            cookies = SimpleCookie(self.headers.get("Cookie", ""))
        except CookieError:
            return None
        morsel = cookies.get(f"school_{school.code}")
        visit = self.store.visit(morsel.value) if morsel else None
        return visit if visit and visit["school"] == school.code else None

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
        self.answer(
            303, b"", "text/plain", {"Location": quote(path), **({"Set-Cookie": cookie} if cookie else {})}
        )

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
