"""Ears for the tests of silence: what is logged, asked for, queued, cached and kept in Redis while people go their way."""

import json
import logging

import redis
from celery import current_app
from django.core.cache.backends.base import BaseCache
from django.test import Client

from accounting_platform.tests.test_journeys import Walker


class Keeper(logging.Handler):
    """Every record as it would be written, traceback and all."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record) + repr(record.args))


class RecordingClient(Client):
    """Remembers every address asked for and every one it was sent to."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, raise_request_exception=False, **kwargs)
        self.addresses = []

    def request(self, **request):
        response = super().request(**request)
        asked = f"{request['PATH_INFO']}?{request.get('QUERY_STRING', '')}"
        self.addresses += [asked, response.headers.get("Location", "")]
        return response


class QueueWalker(Walker):
    """A walker whose tasks go through the broker as they do outside of tests, and are done before the next request."""

    def __init__(self, *args, redis_url=""):
        super().__init__(*args)
        self.messages, self.kept, self.redis_url = [], [], redis_url

    def post(self, url, data):
        response = super().post(url, data)
        self.look_into_redis()
        while waiting := self.take_messages():
            for name, arguments, keywords in waiting:
                with self.commit(execute=True):
                    current_app.tasks[name].apply(arguments, keywords)
        self.look_into_redis()
        return response

    def take_messages(self):
        """(task, arguments) of all that is queued; the messages are kept whole, headers and all."""
        taken = []
        with current_app.connection_for_read() as broker:
            queue = current_app.amqp.queues["celery"](broker.default_channel)
            queue.declare()
            while message := queue.get():
                message.ack()
                self.messages.append(json.dumps([message.headers, message.payload], ensure_ascii=False))
                arguments, keywords, _embedded = message.payload
                taken.append((message.headers["task"], arguments, keywords))
        return taken

    def look_into_redis(self):
        """Note every key with what it holds."""
        if not self.redis_url:
            return
        server = redis.Redis.from_url(self.redis_url)
        for key in server.scan_iter():
            self.kept.append(repr(key) + readable(contents(server, key)))


def contents(server, key):
    kind = server.type(key).decode()
    read = {
        "string": server.get,
        "list": lambda key: server.lrange(key, 0, -1),
        "set": server.smembers,
        "hash": server.hgetall,
        "zset": lambda key: server.zrange(key, 0, -1, withscores=True),
    }
    return read[kind](key) if kind in read else b""


def readable(value):
    """Bytes as text, so that Chinese can be found in it too."""
    values = value if isinstance(value, list | set | tuple) else [value]
    return " ".join(
        each.decode(errors="replace") if isinstance(each, bytes) else str(each) for each in values
    )


def note_cache_keys(monkeypatch):
    """A list of every key that any cache is asked for from now on."""
    keys, make_key = [], BaseCache.make_key

    def noting(cache, key, version=None):
        keys.append(str(key))
        return make_key(cache, key, version)

    monkeypatch.setattr(BaseCache, "make_key", noting)
    return keys
