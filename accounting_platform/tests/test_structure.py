"""The repository tests itself: imports, templates, models, migrations, sizes, and what must never stand in a file."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin
from django.db.migrations import RunPython, RunSQL
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.template.utils import get_app_template_dirs
from django.utils import translation
from importlinter.cli import lint_imports

from accounting_platform.tests.repository import OUR_APPS, ROOT, files, templates, text, tree

pytestmark = pytest.mark.once

# Tests of one module stay together, so their files may be longer.
LONGEST_FILE, LONGEST_TEST_FILE, LONGEST_FUNCTION = 300, 400, 40
# Django looks for these by itself.
ERROR_PAGES = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}
# They draw our own markup out of escaped parts, many times a page.
MAY_MARK_SAFE = {f"accounting_platform/lib/{name}.py" for name in ("controls", "field_box", "icons")}
SAFE = re.compile(r"\b(mark_safe|SafeString|SafeText|html_safe)\b")
NOT_IN_TEMPLATES = {
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)", re.I),
    "inline style": re.compile(r"<style\b|\sstyle\s*=", re.I),
    "event handler": re.compile(r"\s(on[a-z]+|hx-on[:a-z-]*)\s*=(?!=)|javascript:", re.I),
    "unescaped value": re.compile(r"\|\s*safe(seq)?\b|\{%\s*autoescape\s+off"),
    "colour": re.compile(r"""(?<!href=)(?<!target=)["':\s]#[0-9a-f]{3,8}\b|\b(rgb|hsl)a?\(""", re.I),
}
# Put together here, or this file would find itself.
MACHINE_PATH = re.compile(r"(?<![\w/.}*-])/(root|home/\w+|Users/\w+|work|workspace|builds)/")
HOSTS = ["pypi" + ".org", "python" + "hosted.org", "registry.npm" + "js.org", "deb." + "debian.org"]
HOSTS += ["pypi.tuna." + "tsinghua", "mirrors." + "aliyun", "registry.npm" + "mirror"]


def places(pattern, paths):
    """Where a pattern stands, as path:line: text."""
    return [
        f"{path}:{number}: {line.strip()[:100]}"
        for path in paths
        for number, line in enumerate(text(path).splitlines(), 1)
        if pattern.search(line)
    ]


def our_models():
    return [model for label in OUR_APPS for model in apps.get_app_config(label).get_models()]


def our_migrations():
    loader = MigrationLoader(None)
    return loader, {key: each for key, each in loader.disk_migrations.items() if key[0] in OUR_APPS}


def test_imports_run_one_way(capsys, monkeypatch):
    monkeypatch.chdir(ROOT)

    code = lint_imports(config_filename="pyproject.toml", no_cache=True)

    assert code == 0, capsys.readouterr().out


def test_every_template_is_used():
    sources = {path: text(path) for path in files(".py", ".html", ".txt")}
    app_folders = get_app_template_dirs("templates")

    def used(name, own):
        # The texts of messages are asked for by their stem.
        names = [name] + [Path(name).stem] * name.startswith("sms/")
        quoted = [mark + each + mark for each in names for mark in "\"'"]
        return any(each in source for path, source in sources.items() if path != own for each in quoted)

    def overrides(name):
        # The admin looks for admin/<app>/<model>/change_form.html before its own admin/change_form.html.
        general = re.sub(r"^admin/\w+/\w+/", "admin/", name)
        found = any((folder / each).exists() for folder in app_folders for each in (name, general))
        return name in ERROR_PAGES or found

    unused = [name for name, path in templates().items() if not used(name, path) and not overrides(name)]
    assert unused == []


@pytest.mark.parametrize("what", NOT_IN_TEMPLATES)
def test_templates_hold_no(what):
    pages = [path for name, path in templates().items() if path.suffix == ".html"]

    assert places(NOT_IN_TEMPLATES[what], pages) == []


def test_values_are_escaped_by_the_template_engine():
    code = [
        path for path in files(".py") if path.as_posix() not in MAY_MARK_SAFE and "tests" not in path.parts
    ]

    assert places(SAFE, code) == []


def test_every_model_is_in_the_admin():
    shown = set(admin.site._registry)
    shown |= {inline.model for each in admin.site._registry.values() for inline in each.inlines}

    missing = [model._meta.label for model in our_models() if model not in shown and not model._meta.proxy]
    assert missing == []


def test_no_migration_is_missing():
    loader = MigrationLoader(None)
    detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))

    # Migrations keep the untranslated names of Django's own fields.
    with translation.override(None):
        changes = detector.changes(graph=loader.graph)

    assert {label: each for label, each in changes.items() if label in OUR_APPS} == {}


def test_migrations_of_an_app_form_one_line():
    loader, migrations = our_migrations()
    parents = [
        (key[0], dependency)
        for key, migration in migrations.items()
        for dependency in migration.dependencies
        if dependency[0] == key[0]
    ]

    assert len(parents) == len(set(parents)), "two migrations follow the same one"
    for label in {label for label, name in migrations}:
        assert len(loader.graph.leaf_nodes(label)) == 1


def test_migrations_can_be_reversed():
    loader, migrations = our_migrations()

    one_way = [
        (key, operation)
        for key, migration in migrations.items()
        for operation in migration.operations
        if isinstance(operation, RunPython | RunSQL) and not operation.reversible
    ]
    assert one_way == []


def test_no_file_is_too_long():
    code = [path for path in files(".py", ".html", ".css", ".js") if "migrations" not in path.parts]

    lengths = {path.as_posix(): text(path).count("\n") for path in code}
    allowed = {path: LONGEST_TEST_FILE if "/tests/" in path else LONGEST_FILE for path in lengths}
    assert {path: length for path, length in lengths.items() if length > allowed[path]} == {}


def test_no_function_is_too_long():
    long = [
        f"{path}:{node.lineno} {node.name} has {node.end_lineno - node.lineno + 1} lines"
        for path in files(".py")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno >= LONGEST_FUNCTION
    ]
    assert long == []


def test_no_path_of_a_machine_is_in_a_file():
    assert places(MACHINE_PATH, files(vendored=True)) == []


def test_no_package_registry_is_named():
    assert places(re.compile("|".join(map(re.escape, HOSTS))), files(vendored=True)) == []


def test_every_setting_of_the_environment_has_an_example():
    read = re.compile(r"""(?:env\.\w+|secret|environ\.get)\(\s*"([A-Z_]+)\"""")
    used = {
        name
        for path in (
            "accounting_platform/settings.py",
            "accounting_platform/settings_files.py",
            "accounting_platform/settings_sms.py",
            "deploy/gunicorn.conf.py",
        )
        for name in read.findall(text(path))
    }

    assert used - set(re.findall(r"^#? ?([A-Z_]+)=", text(".env.example"), re.M)) == set()


def test_nothing_is_left_to_do():
    mark = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")

    assert places(mark, files(".py", ".html", ".css", ".js", ".md", ".toml", ".sh")) == []


def own_code():
    return [path for path in files(".py") if not {"tests", "migrations", "benchmarks"} & set(path.parts)]


def test_tables_for_spreadsheets_are_written_in_one_known_place():
    """Cells with what people typed would need a quote before = + - @; the one sheet there is holds our own words."""
    writes = re.compile(r"\bWorkbook\(|\bcsv\.(writer|DictWriter)\(|\.to_(csv|excel)\(|\bExportMixin\b")

    assert {place.partition(":")[0] for place in places(writes, own_code())} == {
        "collection/employer_sheet.py"
    }


def test_one_module_writes_the_audit():
    writes = re.compile(r"\bAuditEvent(\(|\.objects\.(bulk_create|create|get_or_create|update_or_create)\b)")

    found = {place.partition(":")[0] for place in places(writes, own_code())}
    # The model's own class statement, and record().
    assert found == {"registration/audit.py", "registration/models/audit.py"}


def test_services_record_in_the_audit_and_views_do_not():
    # Django's forms for log-in and passwords do themselves what services do elsewhere.
    staff_forms = "registration/staff_forms.py"
    layers = re.compile(r"(views|forms|tasks|admin|urls|middleware)\.py$|/models/|/models\.py$")

    outside = [
        path for path in own_code() if layers.search(path.as_posix()) and path.as_posix() != staff_forms
    ]
    assert places(re.compile(r"\baudit\.record\("), outside) == []
