"""Answers that repeat: a list of rows, its forms as typed, and the few statements that store it.

Rows are posted as `<list>-<index>-<field>`, or in one piece as a list of dicts under the list's key.
"""

import math
import re
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, field
from functools import cache

from django.db import models
from django.forms import modelform_factory
from django.template.loader import render_to_string

from collection import codes
from collection.fields import formfield
from collection.forms import RowForm
from collection.models import Profile


def none_needed(profile):
    """Most lists may stay empty."""
    return 0


@dataclass(frozen=True, eq=False)
class RowList:
    """One repeated answer of a section: which rows belong to it and how they are asked."""

    key: str
    title: str
    model: type[models.Model]
    form: type[RowForm]
    columns: tuple[str, ...]
    add_label: str
    empty: str  # shown while the list has no row
    lines: tuple[tuple[str, ...], ...] = ()  # how the fields stand beside each other
    fixed: Mapping[str, str] = field(default_factory=dict)
    minimum: Callable[..., int] = none_needed
    maximum: int = 10

    def holds(self, row):
        """Whether a row of the table belongs to this list (全日制 and 非全日制 share one)."""
        return all(getattr(row, name) == value for name, value in self.fixed.items())

    def value(self, row):
        """The stored values of a row, ready for JSON; `id` leads back to it."""
        return {"id": row.pk} | {name: plain(getattr(row, name)) for name in self.columns}


def plain(value):
    """A stored value as JSON can keep it."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def load(profile, lists):
    """{list key: rows in the order of entry}, one query for each table unless they were preloaded."""
    tables = dict.fromkeys(one.model for one in lists)
    kept = getattr(profile, "preloaded_rows", None)
    found = kept or {model: list(model.objects.filter(profile_id=profile.pk)) for model in tables}
    return {one.key: [row for row in found[one.model] if one.holds(row)] for one in lists}


@cache
def form_class(row_list):
    """The form class of a list, made once."""
    base = type(row_list.form)(row_list.form.__name__, (row_list.form,), {"list_key": row_list.key})
    return modelform_factory(row_list.model, form=base, fields=row_list.columns, formfield_callback=formfield)


class RowSet:
    """The rows of one list as they are stored, or as they were typed."""

    def __init__(self, row_list, profile, saved, data=None, *, status=""):
        self.list = row_list
        self.profile = profile
        self.saved = saved
        self.status = status
        self.minimum = row_list.minimum(profile) if profile.accountant_id else 0
        self.is_bound = data is not None
        self.errors, self.notices = [], []
        self.forms = (
            self.typed_forms(data) if self.is_bound else [self.form(i, row) for i, row in enumerate(saved)]
        )

    @property
    def key(self):
        return self.list.key

    @property
    def rows_on_page(self):
        """The forms to draw: never less than the minimum, so that nobody meets an empty required list."""
        missing = self.minimum - len(self.forms)
        return self.forms + [self.blank(self.next_index + i) for i in range(missing)]

    @property
    def next_index(self):
        """An index that no row on the page has."""
        return max((form.index for form in self.forms), default=-1) + 1

    @property
    def template(self):
        """A blank row for rows.js, its index to be filled in; the same for everybody, so it is drawn once."""
        return drawn_blank(self.list, self.status)

    @property
    def is_full(self):
        return len(self.forms) >= self.list.maximum

    def form(self, index, row, data=None):
        prefix = f"{self.key}-{index}"
        made = form_class(self.list)(
            data, instance=copy(row), prefix=prefix, status=self.status, profile=self.profile
        )
        made.index = made.instance.page_index = index
        made.layout = self.list.lines
        made.row_id = row.pk or ""
        return made

    def blank(self, index):
        return self.form(index, self.list.model(profile_id=self.profile.pk, **self.list.fixed))

    def typed_forms(self, data):
        """A form for each posted row; an id counts only if it is one of this list's own, and once."""
        own = {str(row.pk): row for row in self.saved}
        found = []
        for index, values in posted_rows(self.key, data):
            row = own.pop(str(values.get(f"{self.key}-{index}-id", "")), None)
            row = row or self.list.model(profile_id=self.profile.pk, **self.list.fixed)
            found.append(self.form(index, row, values))
        return found

    def drop(self, index):
        """Take one row off the page."""
        self.forms = [form for form in self.forms if str(form.index) != index]

    def add_blank(self):
        """Put one more row on the page; the new one gets the focus."""
        if not self.is_full:
            # Bound like its neighbours, so that the page is drawn in one way.
            self.forms.append(self.blank(self.next_index))
            self.forms[-1].is_new = True

    def is_valid(self):
        """Judge every row that is not blank; blank ones stand for nothing unless the list needs them."""
        filled = [form for form in self.forms if not form.is_blank]
        for form in self.forms:
            if len(filled) < self.minimum and form.is_blank:
                filled.append(form)
        self.forms = sorted(filled, key=lambda form: form.index)
        valid = [form.is_valid() for form in self.forms]
        self.recognise()
        if len(self.forms) < self.minimum:
            self.errors = [f"请至少填写一项{self.list.title}"]
        elif len(self.forms) > self.list.maximum:
            self.errors = [f"{self.list.title}最多填写 {self.list.maximum} 项，请删减"]
        return all(valid) and not self.errors

    def recognise(self):
        """A row typed without its id that says what a stored one says is that one: sending a page twice adds nothing."""
        claimed = {form.instance.pk for form in self.forms}
        free = [row for row in self.saved if row.pk not in claimed]
        for instance in (form.instance for form in self.forms if not form.instance.pk):
            twin = next(
                (row for row in free if self.list.value(row) == self.list.value(instance) | {"id": row.pk}),
                None,
            )
            if twin:
                free.remove(twin)
                instance.pk, instance._state.adding = twin.pk, False

    def before(self):
        """The rows as they are stored."""
        return [self.list.value(row) for row in self.saved]

    def after(self):
        """The rows as they were typed, as far as each answer is valid."""
        typed = [self.list.value(form.instance) for form in self.forms[: self.list.maximum]]
        return sorted(typed, key=lambda row: row["id"] or math.inf)

    def settle(self):
        """What was typed is what is stored now: later posts of this page find their rows again."""
        self.saved = [form.instance for form in self.forms[: self.list.maximum]]
        for form in self.forms:
            form.row_id = form.instance.pk or ""

    def differs(self):
        """Whether storing would change anything."""
        return self.before() != self.after()

    def store(self):
        """Delete, change and add what differs: at most three statements, whatever the number of rows."""
        if not self.differs():
            return
        saved = {row.pk: self.list.value(row) for row in self.saved}
        rows = [form.instance for form in self.forms[: self.list.maximum]]
        kept = {row.pk for row in rows if row.pk}
        if saved.keys() - kept:
            self.list.model.objects.filter(profile_id=self.profile.pk, pk__in=saved.keys() - kept).delete()
        changed = [row for row in rows if row.pk and self.list.value(row) != saved[row.pk]]
        if changed:
            self.list.model.objects.bulk_update(changed, self.list.columns)
        self.list.model.objects.bulk_create([row for row in rows if not row.pk])


@codes.once_a_table
def drawn_blank(row_list, status):
    nobody = RowSet(row_list, Profile(), [], status=status)
    context = {"rows": nobody, "form": nobody.blank("__index__"), "number": "", "index": "__index__"}
    return render_to_string("collection/_row.html", context)


def posted_rows(key, data):
    """[(index, values named as in the form)] of one list, from a form post or from plain rows."""
    whole = data.get(key)
    if isinstance(whole, list | tuple):
        return [
            (index, {f"{key}-{index}-{name}": text(value) for name, value in row.items()})
            for index, row in enumerate(whole)
        ]
    name = re.compile(rf"{re.escape(key)}-([0-9]{{1,3}})-[a-z_]+")
    indexes = {int(found[1]) for found in map(name.fullmatch, data) if found}
    return [(index, data) for index in sorted(indexes)]


def text(value):
    return "" if value is None else value
