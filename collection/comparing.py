"""Stored values of single answers in the words of the archive, for whoever sets two versions side by side."""

from datetime import date

from collection import archive
from collection.models import Profile
from registration.models import Accountant

OF_PROFILE = {field.name for field in Profile._meta.fields}


def stored_words(section, name, value):
    """A column's value, or the rows of a list, as people read it; values as JSON keeps them."""
    one = next((one for one in section.lists if one.key == name), None)
    if one:
        return list_words(one, value)
    return words(Profile if name in OF_PROFILE else Accountant, name, value)


def words(model, name, stored):
    """A stored value as people read it; dates come back from JSON as text."""
    field = model._meta.get_field(name)
    value = date.fromisoformat(stored) if stored and field.get_internal_type() == "DateField" else stored
    return archive.words(model(**{name: value}), name)


def with_dates(section, answers):
    """Stored answers as a form draws them: days out of JSON are days again, so that a month stays a month."""
    lists = {one.key: one.model for one in section.lists}
    return {
        name: [dated(lists[name], row) for row in value]
        if name in lists
        else dated(Profile, {name: value})[name]
        for name, value in answers.items()
    }


def dated(model, values):
    days = {field.name for field in model._meta.fields if field.get_internal_type() == "DateField"}
    return {
        n: date.fromisoformat(v) if n in days and isinstance(v, str) and v else v for n, v in values.items()
    }


def list_words(one, rows):
    """The rows of a list, an entry a line."""
    return "\n".join(
        "，".join(filter(None, (words(one.model, name, row.get(name)) for name in one.columns)))
        for row in rows or []
    )
