"""docs/security.md names a place and a test for every promise: each of them exists, and no promise is left out."""

import re
from fnmatch import fnmatch

import pytest

from accounting_platform.tests.repository import files, text, tree

pytestmark = pytest.mark.once
TABLE = "docs/security.md"
PROMISES = {"A": 10, "B": 8, "C": 2, "D": 6, "E": 7, "I": 5, "J": 3}
PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)*\.(?:py|js|html|conf|csv|md)")
TEST = re.compile(r"([\w/.-]*)::(\w+\*?)")


def rows():
    """(id, where, test) of every line of the table; | inside a cell does not occur."""
    whole = text(TABLE).partition("| id | ")[2]
    lines = [line for line in whole.splitlines()[2:] if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def quoted(cell):
    return re.findall(r"`([^`]+)`", cell)


def found(path):
    """The files of the repository that a path, perhaps shortened at its beginning, may mean."""
    return [
        each.as_posix()
        for each in files(".py", ".js", ".html", ".conf", ".csv", ".md", vendored=True)
        if f"/{each.as_posix()}".endswith(f"/{path}")
    ]


def names_in(path):
    return {node.name for node in tree(path).body if getattr(node, "name", "").startswith("test_")}


def named_tests(cell):
    """(file, name) of each test in a cell; one without a file is in the file named before it."""
    current = ""
    for token in quoted(cell):
        match = TEST.fullmatch(token)
        if match:
            current = match[1] or current
            yield current, match[2]
        elif PATH.fullmatch(token):
            current = token


def test_no_promise_is_missing():
    wanted = {f"{part}{number}" for part, most in PROMISES.items() for number in range(1, most + 1)} | {"D1a"}

    told = {each for row in rows() for each in re.findall(r"\b[A-J]\d+a?\b", row[0])}

    assert wanted - told == set()


def test_every_line_has_four_cells_with_a_place_and_a_test():
    short = [row[0] for row in rows() if len(row) != 4 or not quoted(row[3])]

    assert short == []


def test_every_path_exists():
    paths = {
        path for row in rows() for cell in row[2:] for token in quoted(cell) for path in PATH.findall(token)
    }

    assert {path for path in paths if not found(path)} == set()
    assert len(paths) > 100


def test_every_named_test_exists():
    missing = [
        f"{row[0]}: {path}::{name}"
        for row in rows()
        for path, name in named_tests(row[3])
        if not any(fnmatch(each, name) for file in found(path) for each in names_in(file))
    ]

    assert missing == []
