"""kill -9 of every part while schools report: the short form of benchmarks/faults.py, with services of its own."""

import json
import os
import subprocess
import sys

import pytest

from accounting_platform.tests.stack import OWN, ROOT

pytestmark = [pytest.mark.browser, pytest.mark.postgres]


def test_whatever_was_acknowledged_survives_the_death_of_every_part():
    own = {name: value for name, value in os.environ.items() if name not in OWN}

    ended = subprocess.run(
        [sys.executable, "benchmarks/faults.py", "1"], cwd=ROOT, env=own, capture_output=True, text=True
    )

    assert ended.returncode == 0, ended.stdout + ended.stderr
    told = json.loads(ended.stdout.splitlines()[-1])
    assert (told["wrong"], told["as_promised"]) == (0, True)
