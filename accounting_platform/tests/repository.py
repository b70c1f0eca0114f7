"""Reads the project's own files, for the tests that hold them to the rules of the house."""

import ast
import os
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
OUR_APPS = ("accounting_platform", "registration", "collection", "education", "profile_changes")
# Made by tools or while running; git ignores them too.
NOT_OURS = {".git", ".venv", "var", "staticfiles", ".hypothesis", "test-results", "__pycache__"}


@cache
def files(*suffixes, vendored=False):
    """Paths of the project's files with one of these suffixes (all without any), relative to its root."""
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in NOT_OURS and not name.endswith("_cache")]
        if not vendored and "vendor" in folders:
            folders.remove("vendor")
        found += [Path(folder, name).relative_to(ROOT) for name in names if name not in NOT_OURS]
    return sorted(path for path in found if not suffixes or path.suffix in suffixes)


@cache
def text(path):
    """The text of one file; of pictures and the like what can be read of them."""
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")


@cache
def tree(path):
    """The syntax tree of one Python file."""
    return ast.parse(text(path))


def templates():
    """Template files with the names that views know them by."""
    return {
        path.relative_to("templates").as_posix(): path for path in files() if path.parts[0] == "templates"
    }
