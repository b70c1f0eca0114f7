"""gunicorn behind the proxy of deploy/nginx.conf, or on loopback for the demo.

BIND (an address or unix:/path), PORT, WEB_CONCURRENCY and WEB_THREADS change what depends on the machine.
"""

import os
import re
import socket
import struct
import sys

from gunicorn.glogging import Logger

DEMO = os.environ.get("DEMO", "").lower() in {"1", "true", "yes", "on"}
PORT = os.environ.get("PORT", "8000")

bind = f"127.0.0.1:{PORT}" if DEMO else os.environ.get("BIND", f"127.0.0.1:{PORT}")
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", 2))
threads = int(os.environ.get("WEB_THREADS", 4))
# Without it one worker takes all kept-alive connections.
reuse_port = True
preload_app = False

timeout = 60
graceful_timeout = 15
keepalive = 15
limit_request_line = 8190
limit_request_fields = 64
limit_request_field_size = 8190
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
# A leak, should there ever be one, ends here; the spread keeps the workers from leaving together.
max_requests = 20000
max_requests_jitter = 2000
control_socket_disable = True
proc_name = "accounting-platform"

errorlog = "-"
accesslog = "-"
# The path alone, and of check pages not even that: query strings and referrers may carry what people typed.
access_log_format = '%(h)s %(t)s "%(m)s %(U)s %(H)s" %(s)s %(B)s %(L)s'

SILENCE_SECONDS = 15


class QuietLogger(Logger):
    """The access log without the addresses of check pages, which are their keys."""

    def atoms(self, resp, req, environ, request_time):
        found = super().atoms(resp, req, environ, request_time)
        found["U"] = re.sub(r"^/verify/.+", "/verify/-/", found["U"] or "")
        return found


logger_class = QuietLogger


def on_starting(server):
    """The demo has no TLS and keeps its keys beside its data: it is not to be reached from another machine."""
    for address in server.cfg.address:
        if DEMO and not (isinstance(address, tuple) and address[0] in {"127.0.0.1", "::1", "localhost"}):
            sys.exit("DEMO=1 serves on loopback only; unset BIND, or set up a real installation (deploy/).")


def post_worker_init(worker):
    limit_silence(worker)
    tell_the_queue(worker)


def tell_the_queue(worker):
    """Requests carry how many others of this process wait for a thread: what repeats by itself is then sent away."""
    application, queue = worker.wsgi, worker.tpool._work_queue

    def telling(environ, start_response):
        environ["platform.waiting"] = queue.qsize()
        return application(environ, start_response)

    worker.wsgi = telling


def limit_silence(worker):
    """A client that falls silent inside a request loses its connection instead of holding a thread for ever."""
    for listener in worker.sockets:
        # Linux hands the limit of a listening socket down to the connections it accepts.
        listener.sock.setsockopt(
            socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("@ll", SILENCE_SECONDS, 0)
        )
