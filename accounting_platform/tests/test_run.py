"""The runner of the suite: its sums and its verdict; and the installer, which does nothing twice."""

import json
import runpy
import sys
from types import SimpleNamespace

import pytest

from accounting_platform.tests import run, services
from accounting_platform.tests.repository import ROOT
from accounting_platform.tests.services import Services

pytestmark = pytest.mark.once


def found(**changes):
    here = {"postgresql": "postgres://", "redis": "redis://", "chromium": "chromium", "fonts": "Noto"}
    here |= {"node": "node", "java": "java", "php": "php", "pdf": "pdf"}
    return Services(**here | changes, notes={})


def part(passed=3, failed=0, skipped=0):
    return run.Part("SQLite", "", ran=True, passed=passed, failed=failed, skipped=skipped)


@pytest.mark.parametrize(
    ("required", "here", "parts", "code"),
    [
        (False, found(), [part(), part()], 0),
        (False, found(), [part(), part(failed=1)], 1),
        (False, found(redis=""), [part(), part(passed=0)], 0),
        (False, found(), [part(passed=0)], 1),
        (True, found(), [part(), part()], 0),
        (True, found(redis=""), [part()], 1),
        (True, found(), [part(), part(passed=0)], 1),
        (True, found(), [part(skipped=1)], 1),
    ],
)
def test_verdict_fails_on_failures_and_where_required_on_anything_missing(
    monkeypatch, required, here, parts, code
):
    monkeypatch.setattr(run, "REQUIRED", required)

    assert run.verdict(here, parts, []) == code


@pytest.mark.parametrize(("ours", "missing"), [(True, ["php"]), (False, [])])
def test_languages_of_samples_are_missed_where_they_are_ours_to_install(monkeypatch, ours, missing):
    monkeypatch.setattr(services, "may_install", lambda: ours)

    assert found(php="").missing == missing


def test_count_reads_what_pytest_wrote(tmp_path):
    report = tmp_path / "report.xml"
    report.write_text('<testsuites><testsuite errors="1" failures="2" skipped="3" tests="10"/></testsuites>')
    counted = run.Part("SQLite", "")

    run.count(counted, report)

    assert (counted.passed, counted.failed, counted.skipped) == (4, 3, 3)


def test_show_ends_with_the_sum_on_a_line_of_its_own(capsys):
    run.show(found(), [part(), part(passed=2, failed=1)])

    assert capsys.readouterr().out.splitlines()[-1] == "5 passed, 1 failed, 0 skipped"


def test_parts_see_nothing_of_the_users_own_installation(monkeypatch, tmp_path):
    for name in ("DATABASE_URL", "SECRET_KEY", "SMS_BACKENDS"):
        monkeypatch.setenv(name, "somebody's")

    env = run.environment(run.PARTS[0], found(), tmp_path)

    assert "somebody's" not in env.values()


@pytest.fixture
def bootstrap(monkeypatch, tmp_path):
    """deploy/bootstrap.py over a folder where the packages of requirements.txt are already installed."""
    module = SimpleNamespace(**runpy.run_path(str(ROOT / "deploy" / "bootstrap.py")))
    scope = module.main.__globals__
    stamp = tmp_path / "installed.json"
    stamp.write_text(json.dumps(module.wanted([module.RUN])))
    installed = []
    scope |= {"STAMP": str(stamp), "PYTHON": sys.executable, "install": installed.append}
    return SimpleNamespace(main=module.main, stamp=stamp, installed=installed)


def test_bootstrap_installs_nothing_twice(bootstrap, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["bootstrap.py"])

    bootstrap.main()

    assert (bootstrap.installed, capsys.readouterr().out) == ([], "")


def test_bootstrap_adds_the_packages_of_the_tests_and_keeps_them(bootstrap, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["bootstrap.py", "--dev"])
    bootstrap.main()
    monkeypatch.setattr(sys, "argv", ["bootstrap.py"])
    bootstrap.main()

    assert bootstrap.installed == [["requirements.txt", "requirements-dev.txt"]]


def test_bootstrap_installs_anew_when_a_lock_changed(bootstrap, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["bootstrap.py"])
    bootstrap.stamp.write_text(
        bootstrap.stamp.read_text().replace('"requirements.txt": "', '"requirements.txt": "0')
    )

    bootstrap.main()

    assert bootstrap.installed == [["requirements.txt"]]


def test_missing_pdf_libraries_are_named_with_their_packages(monkeypatch, capsys):
    monkeypatch.setattr(services.pdf, "opens", lambda library: False)
    monkeypatch.setattr(services, "FINDERS", services.FINDERS | {"redis": lambda: ""})

    services.report()

    told = capsys.readouterr().out
    assert "pdf         missing" in told
    packages = "redis-server libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    assert f"apt-get install --no-install-recommends {packages}" in told
