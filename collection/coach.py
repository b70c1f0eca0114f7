"""The conflict coach: answers that contradict each other, found by the one table of rules in coach_rules.py.

A refusal is an error at its field, raised by the form that takes the answer. A warning may be true all the same: it is
shown at the field, again on the check page, and confirmed by going on from a page that showed it.
"""

from dataclasses import dataclass
from hashlib import sha256

from accounting_platform.lib.errors import DomainError
from collection.coach_rules import REFUSE, RULES, WARN
from collection.judges_work import ENOUGH

REFUSALS_OF_SECTION, REFUSALS_OF_LIST = {}, {}
for _rule in RULES:
    if _rule.effect == REFUSE and not _rule.lists:
        REFUSALS_OF_SECTION.setdefault(_rule.section, []).append(_rule)
    for _list in _rule.lists if _rule.effect == REFUSE else ():
        REFUSALS_OF_LIST.setdefault(_list, []).append(_rule)


@dataclass(frozen=True)
class Finding:
    """One contradiction: what to say, at which answer of which section; `row` is the form's prefix of a row."""

    rule: object
    words: str
    row: str = ""

    @property
    def section(self):
        return self.rule.section

    @property
    def target(self):
        """The id of the control, or of the list where it concerns no single row."""
        return "_".join(filter(None, ("id", "-".join(filter(None, (self.row, self.rule.field))))))

    @property
    def short(self):
        """The sentence for a list that says once for all what to do."""
        return self.words.removesuffix(ENOUGH)

    @property
    def place(self):
        """What of the page holds both label and control."""
        return f"{self.target}_field" if self.rule.field else self.target

    @property
    def list_key(self):
        """The list whose row, or which as a whole, it concerns; "" for a single answer."""
        return self.row.rpartition("-")[0] or self.row

    @property
    def token(self):
        """Names this very sentence: other answers, other words, another confirmation."""
        return f"{self.rule.key}:{sha256((self.row + self.words).encode()).hexdigest()[:8]}"


class Facts:
    """The answers as rules ask for them: those of a profile or form, the accountant's, and rows by their list."""

    def __init__(self, answers, profile, rows=None):
        self.answers, self.profile, self.rows = answers, profile, rows or {}

    @property
    def accountant(self):
        return self.profile.accountant

    def __getattr__(self, name):
        return getattr(self.answers, name)

    def all_rows(self, *lists):
        """[(number on the page, row)] of these lists."""
        return [(number, row) for key in lists for number, row in enumerate(self.rows.get(key, ()), start=1)]


class Typed:
    """The answers of a form being judged: valid typed ones, and for what it does not ask those of its instance."""

    def __init__(self, form):
        self.form = form

    def __getattr__(self, name):
        form = self.form
        return form.cleaned_data.get(name) if name in form.fields else getattr(form.instance, name)


class Unconfirmed(DomainError):
    """Something looks odd and nobody has said yet that it is meant: `findings` are to be shown and confirmed."""

    def __init__(self, findings):
        super().__init__("请先核对标出的内容，确认无误再继续", code="confirm")
        self.findings = findings


# --- asking the table


def refusals_of_section(section_key, form, profile):
    """[(field, sentence)]: single answers of one section that cannot be true together."""
    facts = Facts(Typed(form), profile)
    return refused(REFUSALS_OF_SECTION.get(section_key, ()), form, facts)


def refusals_of_row(list_key, form, profile):
    """The same for one row of a list."""
    facts = Facts(Typed(form), profile)
    return refused(REFUSALS_OF_LIST.get(list_key, ()), form, facts, facts.answers)


def refused(rules, form, facts, *row):
    found = [(rule.field, rule.judge(*row, facts)) for rule in rules if rule.field in form.cleaned_data]
    return [(name, words) for name, words in found if words]


def warnings(profile, rows, *, section=None):
    """The Findings to confirm: those that lie within one section, or with None in all answers together.

    `rows` are the rows by the key of their list, all lists when all answers are asked about.
    """
    facts = Facts(profile, profile, rows)
    found = []
    for rule in RULES:
        if rule.effect == WARN and (section is None or rule.section == section and not rule.also):
            found += list(findings(rule, facts))
    return found


def findings(rule, facts):
    if not rule.lists or rule.whole:
        if words := rule.judge(facts):
            yield Finding(rule, words, row=rule.lists[0] if rule.lists else "")
        return
    for key in rule.lists:
        for index, row in enumerate(facts.rows.get(key, ())):
            # On a page where rows came and went they keep the index they were given.
            index = getattr(row, "page_index", index)
            if words := rule.judge(row, facts):
                yield Finding(rule, words, row=f"{key}-{index}")


def unconfirmed(found, data):
    """Those of the findings that the page did not show when its button was pressed."""
    shown = data.getlist("confirmed") if hasattr(data, "getlist") else data.get("confirmed", ())
    return [one for one in found if one.token not in shown]
