"""改回: the answers of a section with what stood there before a change, put into the form; saving is up to the person."""

from collection.choices import AttachmentKind
from collection.closing import GONE
from collection.comparing import with_dates
from profile_changes.models import ChangeRequest


def restorable(change, locked=()):
    """The answers of a change that can be put back: no pictures, nothing deleted since, nothing that is locked."""
    if change.status != ChangeRequest.Status.APPLIED:
        return []
    return [
        name
        for name, (old, _new) in change.differences.items()
        if name not in AttachmentKind.values and old != GONE and name not in locked
    ]


def form_before(change, profile, *, only="", locked=()):
    """(answers, names): the section's form over today's profile with the old values of a change, or of one answer of it."""
    names = [name for name in restorable(change, locked) if only in ("", name)]
    section = change.section
    old = {name: change.differences[name][0] for name in names}
    data = with_dates(section, section.answers(profile) | old)
    return section.form_for(profile, data, locked=locked).quiet(), names
