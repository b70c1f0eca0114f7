"""会计人员信息档案: the answers as people read them, panel by panel; today's, and as they stood on a past day.

Archive page, check page, changes and the staff's desk draw the same panels. Values are words: names of codes, months,
是 and 否. What is masked is masked here, by the name of the answer.
"""

from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, time, timedelta

from accounting_platform.lib.clock import SHANGHAI, month_label
from accounting_platform.lib.masking import mask_document, mask_phone
from collection import attachments, codes, picture_rules
from collection.choices import AttachmentState, TalentState
from collection.forms import BELOW_SECONDARY_VOCATIONAL, NO_POSITION, NO_SCHOOLING
from collection.models import Profile
from collection.sections import IDENTITY, SECTIONS
from collection.wording import CODE_LISTS, LABELS, NO_CHOICE_LABELS
from registration.models import Accountant

EMPTY = "未填写"
IDENTITY_KEY = "identity"
IDENTITY_FIELDS = (*Accountant.IMMUTABLE, "phone")
YES_NO = {True: "是", False: "否"}
YEARS = ("accounting_years", "selected_year", "graduation_year")


def mask_address(address):
    """The beginning, which is a district, and nothing of the street."""
    return address[:6] + "*" * 6


def mask_day(words):
    """The year alone: the day stands in the middle of the document number, which is masked."""
    return words.split(" 年")[0] + " 年"


# Before whom what is hidden: owners on all pages but the archive itself, staff until they give a reason.
OWNER_MASKS = {"document_number": mask_document, "phone": mask_phone}
STAFF_MASKS = OWNER_MASKS | {"home_address": mask_address, "birth_date": mask_day}


@dataclass(frozen=True)
class Row:
    """One answer: `item` names the entry of a list it belongs to, `frozen` says that its owner cannot change it."""

    field: str
    label: str
    value: str
    item: str = ""
    frozen: bool = False
    empty: bool = False
    masked: bool = False


@dataclass(frozen=True)
class Panel:
    """The answers of one section under its title; `key` is the section's, or identity."""

    key: str
    title: str
    rows: list[Row] = field(default_factory=list)


def panels(profile, *, full=False, staff=False, shown=()):
    """Today's answers. Numbers are masked unless `full`; for `staff` the home address too, but not what is `shown`."""
    return mask(full_panels(profile), full=full, staff=staff, shown=shown)


def content(profile):
    """What an ArchiveVersion keeps: everything in full, in words, so that later names and lists change nothing."""
    found = [asdict(panel) for panel in full_panels(profile)]
    return {"archive_number": profile.archive_number, "name": profile.accountant.name, "panels": found}


def version_panels(version, *, full=False, staff=False):
    """The panels of a stored version, masked like today's."""
    kept = [
        Panel(panel["key"], panel["title"], [kept_row(row) for row in panel["rows"]])
        for panel in version.content["panels"]
    ]
    return mask(kept, full=full, staff=staff)


def kept_row(stored):
    # An older release may have kept more, or less.
    return Row(**{name: stored[name] for name in Row.__dataclass_fields__ if name in stored})


def version_on(profile, day):
    """The version that held at the end of a day in Guangdong, None before the first."""
    midnight = datetime.combine(day + timedelta(days=1), time(), tzinfo=SHANGHAI)
    return profile.archiveversion_set.filter(created_at__lt=midnight).order_by("-id").first()


def mask(found, *, full, staff, shown=()):
    """The same panels with what this reader may not see put behind stars."""
    if full:
        return found
    masks = {
        name: hide for name, hide in (STAFF_MASKS if staff else OWNER_MASKS).items() if name not in shown
    }
    return [Panel(panel.key, panel.title, [mask_row(row, masks) for row in panel.rows]) for panel in found]


def mask_row(row, masks):
    hide = masks.get(row.field)
    return row if hide is None or row.empty else replace(row, value=hide(row.value), masked=True)


# --- from the tables to words


def full_panels(profile):
    """Identity and every section, nothing masked."""
    states = attachments.states(profile)
    return [identity_panel(profile.accountant)] + [
        section_panel(section, profile, states) for section in SECTIONS
    ]


def identity_panel(accountant):
    rows = [
        answer(
            accountant,
            name,
            Accountant._meta.get_field(name).verbose_name,
            frozen=name in Accountant.IMMUTABLE,
        )
        for name in IDENTITY_FIELDS
    ]
    return Panel(IDENTITY_KEY, "身份信息", rows)


def section_panel(section, profile, states):
    rows = [
        answer(profile, name, label_of(Profile, name))
        for name in section.fields_for(profile.duty_status)
        if name not in IDENTITY and is_asked(profile, name)
    ]
    saved = section.saved_rows(profile)
    for one in section.lists:
        rows += list_rows(one, saved[one.key])
    for kind in picture_rules.kinds(profile, section.key):
        state = states.get(kind)
        value = AttachmentState(state).label if state else "未上传"
        rows.append(Row(kind.value, picture_rules.title(profile, kind), value, empty=not state))
    return Panel(section.key, section.title, rows)


def list_rows(one, saved):
    """The rows of one list, each entry under its own name; an empty list is one empty row."""
    if not saved:
        return [Row(one.key, one.title, EMPTY, empty=True)]
    found = []
    for number, entry in enumerate(saved, start=1):
        item = f"{one.title} {number}" if len(saved) > 1 else one.title
        found += [
            answer(entry, name, label_of(one.model, name), item=item)
            for name in one.columns
            if is_asked(entry, name)
        ]
    return found


def label_of(model, name):
    return LABELS.get(name) or model._meta.get_field(name).verbose_name


def answer(instance, name, label, **also):
    """One answer as a row."""
    value = words(instance, name)
    return Row(name, label, value or NO_CHOICE_LABELS.get(name) or EMPTY, empty=not value, **also)


def words(instance, name):
    """A stored value as people read it, "" for none."""
    value = getattr(instance, name)
    if value is None or value == "":
        return ""
    if name == "division":
        return codes.division_name(value)
    if name in CODE_LISTS:
        return codes.label(CODE_LISTS[name], value)
    if name in YEARS:
        return f"{value} 年"
    if isinstance(value, bool):
        return YES_NO[value]
    if isinstance(value, date):
        return date_words(name, value)
    return str(dict(instance._meta.get_field(name).flatchoices).get(value, value))


def date_words(name, day):
    """1993 年 7 月; with the day where one was given."""
    if day.day == 1 and name != "birth_date":
        return month_label(day)
    return f"{month_label(day)} {day.day} 日"


def is_asked(instance, name):
    """Whether an answer is asked beside the others of its row."""
    hidden = HIDDEN.get((instance._meta.model_name, name))
    return hidden is None or not hidden(instance)


def has_no_schooling(row):
    return row.education_level == NO_SCHOOLING


def is_below_secondary(row):
    return row.education_level in BELOW_SECONDARY_VOCATIONAL


# Answers that others make superfluous.
HIDDEN = {
    ("profile", "technical_position_since"): lambda row: row.technical_position == NO_POSITION,
    ("schooling", "degree"): is_below_secondary,
    ("schooling", "major"): is_below_secondary,
    ("schooling", "school"): has_no_schooling,
    ("schooling", "entered_on"): has_no_schooling,
    ("schooling", "graduated_on"): has_no_schooling,
    ("talentprogramme", "graduation_year"): lambda row: row.state != TalentState.GRADUATED,
}
