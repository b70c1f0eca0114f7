"""Things that happen at the same moment, for the tests of races."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection


def at_once(*calls):
    """The results of calls that start together, each in a thread with a connection of its own."""
    start = Barrier(len(calls))

    def run(call):
        try:
            connection.ensure_connection()
            start.wait()
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [task.result() for task in [pool.submit(run, call) for call in calls]]


def later(seconds, call):
    """The call after a pause, to let the other one win."""

    def wait_and_call():
        time.sleep(seconds)
        return call()

    return wait_and_call
