"""Before and after of a change, label by label, in the words of the archive."""

from dataclasses import dataclass

from collection import archive
from collection.choices import AttachmentKind
from collection.comparing import OF_PROFILE, list_words, words
from collection.models import Profile
from collection.sections import picture_title
from registration.models import Accountant


@dataclass(frozen=True)
class Line:
    """One answer as it was and as it became; "" where there was or is nothing."""

    label: str
    before: str
    after: str
    name: str = ""


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
            found.append(Line(picture_title(change.profile.accountant, AttachmentKind(name)), old, new, name))
        elif name in lists:
            found.append(
                Line(lists[name].title, list_words(lists[name], old), list_words(lists[name], new), name)
            )
        else:
            hide = archive.STAFF_MASKS.get(name) if staff else None
            before, after = (shown(words(Profile, name, value), hide) for value in (old, new))
            found.append(Line(label_of(name), before, after, name))
    return found


def shown(value, hide):
    return hide(value) if hide and value else value


def label_of(name):
    model = Profile if name in OF_PROFILE else Accountant
    return archive.label_of(model, name)
