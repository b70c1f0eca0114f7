"""Packages: every one pinned with hashes, every direct one with its purpose, and installed as locked."""

import re
from importlib.metadata import PackageNotFoundError, version

import pytest
from packaging.requirements import Requirement

from accounting_platform.tests.repository import text

pytestmark = pytest.mark.once

LOCKS = [
    "requirements.txt",
    "requirements-sms.txt",
    "requirements-s3.txt",
    "requirements-dev.txt",
    "deploy/uv.txt",
]
SOURCES = {
    "requirements.in": "requirements.txt",
    "requirements-sms.in": "requirements-sms.txt",
    "requirements-s3.in": "requirements-s3.txt",
    "requirements-dev.in": "requirements-dev.txt",
}
GIVEN = {
    "django": "5.2.19",
    "django-crispy-forms": "2.7",
    "pillow": "13.0.0",
    "django-phonenumber-field": "9.0.0",
    "celery": "5.7.0",
    "redis": "8.1.0",
    "psycopg2-binary": "2.9.13",
    "pytest-django": "4.14.0",
}


def locked(name):
    """The requirements of a lock file: (name, version, marker, number of hashes)."""
    joined = text(name).replace("\\\n", " ")
    found = []
    for line in filter(None, joined.splitlines()):
        requirement = Requirement(re.sub(r"\s--hash=\S+", "", line))
        pin = str(requirement.specifier).removeprefix("==")
        found.append((requirement.name.lower(), pin, requirement.marker, line.count("--hash=sha256:")))
    return found


def pins(name):
    return {package: pin for package, pin, marker, hashes in locked(name)}


def direct(name):
    """Lines of an .in file that name a package."""
    return [line for line in text(name).splitlines() if line and not line.startswith(("#", "-c ", "-r "))]


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_a_version_and_hashes(name):
    loose = [each for each in locked(name) if not re.fullmatch(r"[\w.+]+", each[1]) or not each[3]]

    assert loose == []
    assert not re.search(r"^\s*(-i|--index|--extra|--find|--trusted)|://", text(name), re.M)


@pytest.mark.parametrize("name", SOURCES)
def test_every_direct_package_is_pinned_and_says_what_for(name):
    assert [line for line in direct(name) if not re.fullmatch(r"[\w.\[\]-]+==[\w.]+\s+# \S.{5,}", line)] == []


@pytest.mark.parametrize(("source", "lock"), SOURCES.items())
def test_the_lock_has_what_is_asked_for(source, lock):
    # moto[s3] is locked as moto.
    names = [re.sub(r"\[.*\]", "", line.split("#")[0].strip().lower()) for line in direct(source)]
    asked = dict(name.split("==") for name in names)

    assert asked.items() <= pins(lock).items()


@pytest.mark.parametrize("one", ["requirements.txt", "requirements-sms.txt"])
@pytest.mark.parametrize("other", ["requirements-sms.txt", "requirements-dev.txt"])
def test_locks_agree(one, other):
    some, others = pins(one), pins(other)
    shared = some.keys() & others.keys()

    assert {name: (some[name], others[name]) for name in shared if some[name] != others[name]} == {}


def test_tests_have_the_extras_too():
    assert pins("requirements-sms.txt").items() <= pins("requirements-dev.txt").items()


def test_given_versions_are_kept():
    assert GIVEN.items() <= pins("requirements.txt").items()


def test_installed_packages_are_the_locked_ones():
    wrong = {}
    for lock in SOURCES.values():
        for name, pin, marker, _hashes in locked(lock):
            if marker is None or marker.evaluate():
                try:
                    installed = version(name)
                except PackageNotFoundError:
                    installed = "missing"
                if installed != pin:
                    wrong[name] = (pin, installed)
    assert wrong == {}
