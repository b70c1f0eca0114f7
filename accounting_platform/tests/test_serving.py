"""The demo's supervisor with its real processes: it serves, ends everything, and starts again quickly."""

import os
import signal
import time
from http.client import HTTPConnection

import pytest

from accounting_platform.processes import answers
from accounting_platform.tests.stack import Stack

pytestmark = pytest.mark.browser


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for_end(stack, seconds=20):
    stack.child.process.wait(seconds)
    return stack.log("serve_demo")


def test_demo_serves_and_says_where_and_as_whom(stack):
    assert answers(f"{stack.base_url}/livez") and answers(f"{stack.base_url}/readyz")
    assert answers(f"{stack.school_url}/", any_status=True)
    said = stack.log("serve_demo")
    assert f"{stack.base_url}/" in said and f"{stack.school_url}/" in said
    for person in stack.logins():
        assert (person.get("document_number") or person["username"]) in said
        assert person["password"] in said


def test_demo_ends_with_all_its_processes(processes):
    stack = processes()
    pids = stack.pids

    stack.child.process.send_signal(signal.SIGTERM)

    assert "stopping" in wait_for_end(stack)
    assert [name for name, pid in pids.items() if alive(pid)] == []
    assert not answers(f"{stack.base_url}/livez")


def test_demo_ends_when_a_process_dies_and_shows_its_log(processes):
    stack = processes()

    os.kill(stack.pids["worker"], signal.SIGKILL)

    said = wait_for_end(stack)
    assert "worker 意外退出" in said and "celery" in said
    assert stack.child.process.returncode == 1


def test_demo_starts_again_and_keeps_its_data(processes):
    stack = processes()
    before = stack.logins()

    stack.halt()
    stack.launch()

    assert stack.logins() == before
    assert "creating the tables" not in stack.log("serve_demo")


def test_demo_refuses_a_port_in_use(stack):
    late = Stack(PORT=str(stack.port))

    with pytest.raises(RuntimeError, match=f"Port {stack.port} is in use"):
        late.start()


def test_demo_refuses_a_folder_in_use(stack):
    late = Stack(VAR_DIR=str(stack.folder))

    with pytest.raises(RuntimeError, match="already running"):
        late.start()


def test_a_request_that_falls_silent_is_ended(stack):
    client = HTTPConnection("127.0.0.1", stack.port, timeout=40)
    client.putrequest("POST", "/login/")
    client.putheader("Content-Length", "100")
    client.endheaders(b"username=")

    began = time.monotonic()
    answer = client.getresponse()

    assert 400 <= answer.status < 500
    assert time.monotonic() - began < 30


@pytest.mark.postgres
def test_demo_serves_on_postgresql_and_redis(processes):
    stack = processes(big=True)

    assert answers(f"{stack.base_url}/readyz")
    assert not (stack.folder / "platform.sqlite3").exists()
