"""A stand-in for the SMS providers on loopback: their reply formats, their refusals, and everything that goes wrong."""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

SLOW_SECONDS = 3


class Stub(ThreadingHTTPServer):
    """Answers every request as `reply` says: (status, body), "cut", "slow" or "drip"; keeps what it was asked."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.reply, self.asked = (200, {}), []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request, client_address):
        """A client that gave up is what some of the tests are about."""


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        query = dict(parse_qsl(urlsplit(self.path).query))
        self.server.asked.append((dict(self.headers), json.loads(body) if body else query))
        reply = self.server.reply
        if reply == "cut":
            self.connection.close()
        elif reply == "drip":
            self.drip()
        else:
            if reply == "slow":
                time.sleep(SLOW_SECONDS)
                reply = (200, {})
            self.answer(*reply)

    def answer(self, status, body):
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def drip(self):
        """A byte now and then, each in time, the whole never."""
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "1000")
        self.end_headers()
        for _ in range(10):
            self.wfile.write(b" ")
            self.wfile.flush()
            time.sleep(SLOW_SECONDS / 10)

    def log_message(self, format, *args):
        """The address of a request may hold phone and code."""


@contextmanager
def running():
    """A stub that serves, until the end of the block."""
    stub = Stub()
    thread = threading.Thread(target=stub.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        stub.shutdown()
        stub.server_close()
        thread.join()


def tencent(code, **status):
    """腾讯云's answer about one phone."""
    fields = {
        "Code": code,
        "Message": "said",
        "SerialNo": "1",
        "PhoneNumber": "+86",
        "Fee": 1,
        "IsoCode": "CN",
    }
    return 200, {"Response": {"SendStatusSet": [fields | status], "RequestId": "r-1"}}


def tencent_error(code):
    """腾讯云's refusal of a whole request."""
    return 200, {"Response": {"Error": {"Code": code, "Message": "said"}, "RequestId": "r-1"}}


def aliyun(code, status=200):
    """阿里云's answer, or refusal with an HTTP status."""
    return status, {"Code": code, "Message": "said", "BizId": "1", "RequestId": "r-1"}
