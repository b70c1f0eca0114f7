"""Vendored files are what they claim to be; style sheets and scripts keep to what old phones understand."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
VENDOR = STATIC / "vendor"
COLOUR = re.compile(
    r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|rgba|hsl|hsla)\(|:\s*(?:white|black|red|green|blue|gray|grey)\b"
)
# Chrome 90 and Safari 14 know none of these.
TOO_NEW = re.compile(r":has\(|@container|aspect-ratio\s*:|(?<![-\w])inset\s*:|(?<!grid-)(?<![-\w])gap\s*:")
SHEETS = sorted(path for path in (STATIC / "css").glob("*.css"))
SCRIPTS = sorted((STATIC / "js").glob("*.js"))


def declarations(path):
    """A style sheet without comments and selectors' ids."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
    return "\n".join(re.findall(r"\{([^{}]*)\}", text))


def test_vendored_files_are_listed_with_name_version_digest_and_licence():
    listed = json.loads((VENDOR / "VENDOR.json").read_text())

    found = {
        str(path.relative_to(VENDOR)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "VENDOR.json" and not path.name.startswith("LICENSE")
    }

    assert {entry["file"]: entry["sha256"] for entry in listed} == found
    for entry in listed:
        folder = VENDOR / f"{entry['name'].replace('/', '-')}-{entry['version']}"
        assert (VENDOR / entry["file"]).is_relative_to(folder)
        assert entry["licence"] and list(folder.glob("LICENSE*"))


def test_vendored_files_name_no_source_maps():
    texts = [path for path in VENDOR.rglob("*") if path.suffix in {".css", ".js"}]

    assert texts
    assert [path for path in texts if "sourceMappingURL" in path.read_text()] == []


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_sheet_leaves_colours_to_the_tokens(path):
    found = COLOUR.findall(declarations(path))

    assert bool(found) == (path.name == "tokens.css"), found


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_sheet_uses_only_what_old_browsers_know(path):
    assert TOO_NEW.findall(re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)) == []


def test_sheets_use_only_tokens_that_exist():
    tokens = set(re.findall(r"(--kj-[\w-]+)\s*:", (STATIC / "css" / "tokens.css").read_text()))

    used = {name for path in SHEETS for name in re.findall(r"var\((--kj-[\w-]+)", path.read_text())}

    assert used - tokens == set()
    assert tokens - used == set()


def test_dark_tokens_are_the_same_by_choice_and_by_device():
    text = (STATIC / "css" / "tokens.css").read_text()
    blocks = [block for block in re.findall(r"\{([^{}]*)\}", text) if "color-scheme: dark" in block]

    chosen, followed = (sorted(line.strip() for line in block.split(";\n")) for block in blocks)

    assert chosen == followed


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_script_works_under_the_content_policy(path):
    assert re.findall(r"\beval\(|new Function|document\.write|style=", path.read_text()) == []


def test_templates_hold_nothing_inline():
    inline = re.compile(
        r"<style|\sstyle=|\son[a-z]+=|hx-on|javascript:|<script(?![^>]*\bsrc=)(?![^>]*application/json)"
    )
    pages = sorted((ROOT / "templates").rglob("*.html"))

    assert pages
    assert {str(page.relative_to(ROOT)) for page in pages if inline.search(page.read_text())} == set()


def test_static_files_named_in_templates_exist():
    named = {
        name
        for page in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r"""{%\s*static\s+["']([^"']+)["']""", page.read_text())
    }

    assert named
    assert {name for name in named if finders.find(name) is None} == set()
