"""The answers of one section as they are stored or as they were typed: form and rows, bound to a copy of the profile."""

from copy import copy

from django.forms.utils import ErrorDict
from django.utils import timezone

from accounting_platform.lib import controls
from collection import coach
from collection.rows import RowSet, plain

# The names of the buttons that only redraw the page: 更新, 新增, 删除.
REARRANGING = {"refresh", "add", "remove"}


class SectionAnswers:
    """What Section.form_for gives: shows, judges, compares and stores the answers of one section.

    `is_valid()` judges them, `problems` lists what to mend, `differences()` tells what storing would change,
    `store_all()` and `store_valid()` write; call those under the profile's lock.
    """

    def __init__(self, section, profile, data=None, *, locked=(), saved=None):
        self.section = section
        self.original = profile
        self.profile = copy(profile)
        self.is_bound = data is not None
        self.was_kept, self.changed = False, []
        self.status = section.status_of(profile, data)
        self.identity = section.identity_for(profile)
        initial = {name: getattr(profile.accountant, name) for name in self.identity}
        self.form = section.form_class(self.status, self.identity)(
            data, instance=self.profile, initial=initial, locked=locked
        )
        saved = section.saved_rows(profile) if saved is None else saved
        self.slots, self.findings = [], []
        self.row_sets = [
            RowSet(one, profile, saved[one.key], data, status=self.status) for one in section.lists
        ]

    # --- judging

    def is_valid(self):
        """Whether everything this section asks is answered and fits together."""
        valid = [self.form.is_valid(), *(rows.is_valid() for rows in self.row_sets)]
        return all(valid) and not self.missing_pictures

    def judge_pictures(self, slots):
        """Insist from now on that these slots (attachments.slots for `status`) are filled."""
        self.slots = slots
        return self

    @property
    def missing_pictures(self):
        """The slots into which nothing was put that may still count; what is being processed may."""
        return [slot for slot in self.slots if slot.is_missing]

    @property
    def problems(self):
        """[(id of the control, label, message)] in the order of the page."""
        found = problems_of(self.form)
        for rows in self.row_sets:
            found += [(f"id_{rows.key}", rows.list.title, message) for message in rows.errors]
            several = len(rows.forms) > 1
            for number, form in enumerate(rows.forms, start=1):
                where = f"{rows.list.title}第 {number} 条：" if several else ""
                own = problems_of(form)
                found += [(target, where + label, where + message) for target, label, message in own]
        return found + [(f"picture-{slot.kind}", slot.title, slot.problem) for slot in self.missing_pictures]

    @property
    def summary(self):
        """The problems as the error summary takes them: (words, id of the control)."""
        return [(message, target) for target, _label, message in self.problems]

    @property
    def refused_labels(self):
        """The labels of what was typed and cannot be kept; what is merely missing is not among them."""
        found = []
        for form in [self.form, *(form for rows in self.row_sets for form in rows.forms)]:
            for name, errors in form.errors.as_data().items():
                if any(error.code != "required" for error in errors) and name in form.fields:
                    found.append(str(form.fields[name].label))
        return list(dict.fromkeys(found))

    def label(self, name):
        """What a column or list is called, also one that is not asked now."""
        rows = next((rows for rows in self.row_sets if rows.key == name), None)
        field = self.form.fields.get(name) or self.profile._meta.get_field(name) if rows is None else None
        return rows.list.title if rows else str(getattr(field, "label", None) or field.verbose_name)

    def coach(self, data=None):
        """Look for what is odd within this section, show it at its fields, and give back what nobody confirmed yet."""
        rows = {rows.key: [form.instance for form in rows.forms] for rows in self.row_sets}
        self.findings = coach.warnings(self.profile, rows, section=self.section.key)
        return self.show_odd(self.findings, data)

    def show_odd(self, findings, data=None):
        """Put findings of this section at their fields; gives back those that nobody confirmed."""
        forms = {form.prefix: form for rows in self.row_sets for form in rows.forms}
        for one in findings:
            if one.rule.whole:
                self.rows(one.list_key).notices.append(one.words)
                continue
            field = forms.get(one.row, self.form).fields.get(one.rule.field)
            if field is not None:
                field.notice = getattr(field, "notice", "") + one.words
        return coach.unconfirmed(findings, data or {})

    def quiet(self):
        """Draw what was typed without a word about what is missing: the page is only being rearranged."""
        for form in [self.form, *(form for rows in self.row_sets for form in rows.forms)]:
            form._errors, form.cleaned_data = ErrorDict(), {}
        return self

    def rearranged(self, data):
        """The page as typed, with one row more or less, or with the fields of another duty status."""
        for rows in self.row_sets:
            if data.get("add") == rows.key:
                rows.add_blank()
            key, _, index = data.get("remove", "").rpartition("-")
            if key == rows.key:
                rows.drop(index)
        return self.quiet()

    # --- showing

    @property
    def groups(self):
        """[(legend, [[bound field, ...], ...])]: the fields that are asked, as they stand on the page."""
        found = []
        for group in self.section.groups:
            lines = [[self.form[name] for name in line if name in self.form.fields] for line in group.lines]
            if any(lines):
                found.append((group.legend, [line for line in lines if line]))
        return found

    def rows(self, key):
        """The row set of one list."""
        return next(rows for rows in self.row_sets if rows.key == key)

    # --- comparing and storing

    def differences(self):
        """{column or list key: [stored, typed]} in values that JSON keeps, as far as the typed ones are valid."""
        self.is_valid()
        self.empty_what_is_not_asked()
        found = {}
        for name in self.section.columns:
            old, new = plain(getattr(self.original, name)), plain(getattr(self.profile, name))
            if old != new:
                found[name] = [old, new]
        for name in self.identity:
            old, new = plain(getattr(self.original.accountant, name)), plain(self.form.cleaned_data.get(name))
            if name in self.form.cleaned_data and old != new:
                found[name] = [old, new]
        for rows in self.row_sets:
            if rows.differs():
                found[rows.key] = [rows.before(), rows.after()]
        return found

    def identity_answers(self):
        """The valid facts of the accountant, for the registration service to keep."""
        return {
            name: self.form.cleaned_data[name] for name in self.identity if name in self.form.cleaned_data
        }

    def empty_what_is_not_asked(self):
        """A new duty status leaves nothing behind of what it does not ask."""
        if "duty_status" in self.section.fields and "duty_status" in self.form.cleaned_data:
            for name in set(self.section.columns) - set(self.section.fields_for(self.status)):
                setattr(self.profile, name, self.profile._meta.get_field(name).get_default())

    def bring_back_what_is_not_asked(self):
        for name in set(self.section.columns) - set(self.section.fields_for(self.status)):
            setattr(self.profile, name, getattr(self.original, name))

    def store_all(self, **also):
        """Write all answers, and `also` these columns, in one UPDATE and the rows' few statements."""
        if not self.is_valid():
            raise ValueError("store_all() takes valid answers only; store_valid() keeps those that are")
        self.store(also)

    def store_valid(self, *, emptying=True, **also):
        """Write the answers that are valid alone and leave the others as they were.

        Without `emptying` answers that a new duty status does not ask stay too, until that status is complete.
        """
        self.is_valid()
        self.store(also, emptying=emptying)

    def store(self, also, *, emptying=True):
        if emptying:
            self.empty_what_is_not_asked()
        else:
            self.bring_back_what_is_not_asked()
        self.profile.version = self.original.version + 1
        self.profile.saved_at = timezone.now()
        for name, value in also.items():
            setattr(self.profile, name, value)
        names = {*self.section.columns, *also, "version", "saved_at"}
        if emptying and "employer_name" in self.section.columns and not self.profile.employer_name:
            self.profile.employer = None
            names.add("employer")
        self.profile.save(update_fields=names)
        for rows in self.row_sets:
            rows.store()

    def settle(self):
        """What was stored is the page's new beginning."""
        self.original = copy(self.profile)
        for rows in self.row_sets:
            rows.settle()
        return self


def problems_of(form):
    """[(id of the control, label, message)] of one form."""
    return [
        (controls.target_id(form[name]), str(form.fields[name].label), message)
        for name, messages in form.errors.items()
        if name in form.fields
        for message in messages
    ]
