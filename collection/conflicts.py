"""Two pages open at once: what is saved beside what was typed, answer by answer, and the answers made of the choice.

A page says in `drawn` what its answers were when it was drawn, so that the choice offered first is the one that changed.
"""

import json
from dataclasses import dataclass
from zlib import crc32

from collection.archive import EMPTY
from collection.comparing import OF_PROFILE, stored_words, with_dates
from collection.rows import plain

SAVED, TYPED = "saved", "typed"
# Parts of a post that are no answers.
ABOUT_THE_PAGE = {"csrfmiddlewaretoken", "version", "drawn", "merge", "take_all", "confirmed"}


@dataclass(frozen=True)
class Versions:
    """One answer in both versions, in words; `take` is the one that is chosen until somebody chooses otherwise."""

    name: str
    label: str
    saved: str
    typed: str
    take: str


def digest(value):
    return f"{crc32(json.dumps(value, ensure_ascii=False, default=str).encode()):x}"


def drawn(answers):
    """What the page shows, one short digest for each answer: "email:1f3a,division:77c0"."""
    return ",".join(f"{name}:{digest(value)}" for name, value in stored(answers).items())


def stored(answers):
    """{name: value} as saved, of the answers that this page asks; rows without their ids."""
    found = {
        name: plain(getattr(answers.original, name)) for name in answers.form.fields if name in OF_PROFILE
    }
    found |= {name: plain(getattr(answers.profile.accountant, name)) for name in answers.identity}
    return found | {rows.key: without_ids(rows.before()) for rows in answers.row_sets}


def without_ids(rows):
    return [{name: value for name, value in row.items() if name != "id"} for row in rows]


def versions(answers, data):
    """The answers in which a page differs from what is saved; `answers` are the page's, judged."""
    answers.is_valid()
    before = dict(pair.split(":", 1) for pair in str(data.get("drawn", "")).split(",") if ":" in pair)
    found = []
    for name, value in stored(answers).items():
        typed, words = typed_answer(answers, name)
        if typed != value:
            take = choice(before.get(name), digest(value), digest(typed), typed)
            saved = stored_words(answers.section, name, value)
            found.append(Versions(name, answers.label(name), saved or EMPTY, words or EMPTY, take))
    return found


def typed_answer(answers, name):
    """(value, words) of what was typed: the text itself where it is not valid."""
    rows = next((rows for rows in answers.row_sets if rows.key == name), None)
    if rows is not None:
        value = without_ids(rows.after())
    elif name in answers.form.cleaned_data:
        value = plain(answers.form.cleaned_data[name])
    else:
        raw = answers.form[name].data
        return raw or None, str(raw or "")
    return value, stored_words(answers.section, name, value)


def choice(before, saved, typed, value):
    """Whose version is offered: of whoever changed the answer; where both did, or nobody knows, what was typed."""
    if before == typed or before is None and not value:
        return SAVED
    return TYPED


def merged(section, profile, data):
    """The post that results from the choice: what is saved, overlaid by what was typed wherever that was taken."""
    page = section.form_for(profile, data)
    found = {one.name: data.get(f"take-{one.name}", one.take) for one in versions(page, data)}
    if data.get("take_all") in (SAVED, TYPED):
        found = dict.fromkeys(found, data["take_all"])
    result = with_dates(section, section.answers(profile))
    for name in [*page.form.fields, *(rows.key for rows in page.row_sets)]:
        if found.get(name) == TYPED:
            result.pop(name, None)
            result |= {key: data[key] for key in data if belongs(key, name)}
    return result | {key: data[key] for key in ("version", "leave") if key in data}


def belongs(key, name):
    """Whether a key of a post is part of an answer: division_city of division, awards-0-name of awards."""
    return key in (name, f"{name}_city", f"{name}_county") or key.startswith(f"{name}-")


def typed_pairs(data):
    """[(name, value)] of everything typed, for the page that keeps it while somebody chooses."""
    return [
        (name, value)
        for name, values in data.lists()
        for value in values
        if name not in ABOUT_THE_PAGE and not name.startswith("take-")
    ]
