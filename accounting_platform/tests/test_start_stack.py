"""Real processes refuse to serve with other keys than those that sealed what is there."""

import base64
import json
import os
import subprocess
import sys

import pytest

from accounting_platform.processes import free_port
from accounting_platform.tests.repository import ROOT
from accounting_platform.tests.stack import OWN

pytestmark = pytest.mark.browser
OTHER = base64.b64encode(b"o" * 32).decode()
QUIET = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--concurrency", "1"]
WEB = ["gunicorn", "--config", "deploy/gunicorn.conf.py", "accounting_platform.wsgi:application"]
WORKER = ["celery", "--app", "accounting_platform", "worker", *QUIET]


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """A migrated database of its own, and the keys it was migrated with."""
    folder = tmp_path_factory.mktemp("keys")
    env = {name: value for name, value in os.environ.items() if name not in OWN}
    env |= {"DEMO": "1", "VAR_DIR": str(folder), "PORT": str(free_port())}
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=env, check=True, timeout=120)
    return env | json.loads((folder / "demo_keys.json").read_text())


@pytest.mark.parametrize("command", [WEB, WORKER], ids=["web", "worker"])
@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"SEALING_KEYS": f"demo1:{OTHER}"}, "key 'demo1' is not the key of that name"),
        ({"SEALING_KEYS": f"next:{OTHER}"}, "lacks key 'demo1'"),
        ({"LOOKUP_KEY": OTHER}, "LOOKUP_KEY or LOOKUP_ALGORITHM is not what people are found by"),
    ],
)
def test_process_ends_and_says_which_key_is_wrong(environment, command, changed, reason):
    ended = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env=environment | changed,
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert ended.returncode != 0
    assert reason in ended.stderr + ended.stdout
    assert OTHER not in ended.stderr + ended.stdout
