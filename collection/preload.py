"""All rows and pictures of a profile in one query, for the pages that show everything."""

import uuid

from django.db.models import CharField, Value
from django.db.models.functions import Cast, JSONObject

from collection import attachments
from collection.models import Attachment
from collection.sections import ALL_LISTS


def preload(profile):
    """Fetch the rows of all lists and the states of the pictures at once; the profile keeps them for whoever asks."""
    tables = {model.__name__: model for model in dict.fromkeys(one.model for one in ALL_LISTS)}
    parts = [rows_as_json(name, model, profile) for name, model in tables.items()]
    parts.append(pictures_as_json(profile))
    profile.preloaded_rows = {model: [] for model in tables.values()}
    pictures = []
    for name, pk, values in parts[0].union(*parts[1:], all=True):
        if name in tables:
            profile.preloaded_rows[tables[name]].append(row_from_json(tables[name], int(pk), values, profile))
        else:
            pictures.append(values | {"id": pk})
    for rows in profile.preloaded_rows.values():
        rows.sort(key=lambda row: row.pk)
    pictures.sort(key=lambda picture: picture["created_at"])
    profile.preloaded_pictures = [
        (picture["kind"], picture["state"], uuid.UUID(picture["id"])) for picture in pictures
    ]


def rows_as_json(name, model, profile):
    columns = {column.name: column.name for column in own_columns(model)}
    return as_json(name, model.objects.filter(profile_id=profile.pk), columns)


def pictures_as_json(profile):
    columns = {name: name for name in ("kind", "state", "created_at")}
    return as_json(Attachment.__name__, attachments.standing(profile), columns)


def as_json(name, rows, columns):
    """A query of (name, key, values) that can stand beside others in one union."""
    return rows.order_by().values_list(Value(name), Cast("pk", CharField()), JSONObject(**columns))


def row_from_json(model, pk, values, profile):
    values = {column.name: column.to_python(values[column.name]) for column in own_columns(model)}
    row = model(pk=pk, profile_id=profile.pk, **values)
    row._state.adding, row._state.db = False, profile._state.db
    return row


def own_columns(model):
    """What a row says, without its key and its owner."""
    return [column for column in model._meta.concrete_fields if column.name not in ("id", "profile")]
