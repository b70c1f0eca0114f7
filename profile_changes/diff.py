"""Before and after of a change, label by label, in the words of the archive."""

from dataclasses import dataclass
from datetime import date

from collection import archive
from collection.choices import AttachmentKind
from collection.models import Profile
from collection.sections import picture_title
from registration.models import Accountant


@dataclass(frozen=True)
class Line:
    """One answer as it was and as it became; "" where there was or is nothing."""

    label: str
    before: str
    after: str


def lines(change, *, staff=False):
    """The differences of a change request as Lines, in the section's order; for `staff` addresses are masked."""
    section = change.section
    order = [*section.columns, *(one.key for one in section.lists)]
    names = sorted(change.differences, key=lambda name: order.index(name) if name in order else len(order))
    lists = {one.key: one for one in section.lists}
    found = []
    for name in names:
        old, new = change.differences[name]
        if name in AttachmentKind.values:
            found.append(Line(picture_title(change.profile.accountant, AttachmentKind(name)), old, new))
        elif name in lists:
            found.append(Line(lists[name].title, list_words(lists[name], old), list_words(lists[name], new)))
        else:
            hide = archive.STAFF_MASKS.get(name) if staff else None
            before, after = (shown(words(Profile, name, value), hide) for value in (old, new))
            found.append(Line(label_of(name), before, after))
    return found


def shown(value, hide):
    return hide(value) if hide and value else value


def label_of(name):
    model = Profile if name in {field.name for field in Profile._meta.fields} else Accountant
    return archive.label_of(model, name)


def words(model, name, stored):
    """A stored value as people read it; dates come back from JSON as text."""
    field = model._meta.get_field(name)
    value = date.fromisoformat(stored) if stored and field.get_internal_type() == "DateField" else stored
    return archive.words(model(**{name: value}), name)


def list_words(one, rows):
    """The rows of a list, an entry a line."""
    return "\n".join(
        "，".join(filter(None, (words(one.model, name, row.get(name)) for name in one.columns)))
        for row in rows or []
    )
