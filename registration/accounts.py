"""Finding accounts by what people type."""

from django.db import connection

from accounting_platform.lib.documents import DOCUMENT_TYPES, check_number, normalise_number
from accounting_platform.lib.encryption import keyed_hash
from accounting_platform.lib.errors import DomainError
from registration.models import Accountant, RecoveryRequest, User

READ = ("id", "password", "is_active", "kind")
# One row at least, so that what is counted comes along for numbers that mean nobody.
PEOPLE = """
SELECT ({counted}), accountant.id,
    EXISTS (
        SELECT 1 FROM registration_recoveryrequest
        WHERE accountant_id = accountant.id AND state IN (%s, %s)
    ),
    person.id, person.password, person.is_active, person.kind
FROM (SELECT 1) AS always
LEFT JOIN registration_user person ON person.username IN ({keys})
LEFT JOIN registration_accountant accountant ON accountant.user_id = person.id
"""


def plain_number(raw):
    """A document number as every type normalises it: half-width, upper case, without blanks."""
    return normalise_number("", raw)


def keys_of_number(raw):
    """The look-up keys of a typed number, one for each document type that accepts it."""
    plain, keys = plain_number(raw), []
    for kind in DOCUMENT_TYPES.values():
        number = kind.tidy(plain)
        # Most types are ruled out by their pattern, at no cost.
        if not kind.pattern.fullmatch(number):
            continue
        try:
            check_number(kind.key, number)
        except DomainError:
            continue
        keys.append(Accountant.key_of_document(kind.key, number))
    return keys


def users_of_keys(keys, *, counted):
    """How many tries a limit has counted (`counted` is a limits.query), and the accounts that the keys of a typed
    number may mean: what a log-in needs of them, each with two facts.

    `accountant_key` is the accountant's id, `phone_is_asked_for` whether somebody asks for another phone (lost_phone).
    """
    # Written out and asked at once: a log-in may cost little more than its hash, and each question counts.
    used, values = counted
    keys = keys or [""]
    statement = PEOPLE.format(counted=used, keys=", ".join(["%s"] * len(keys)))
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, *RecoveryRequest.OPEN, *keys])
        rows = cursor.fetchall()
    return rows[0][0] or 0, [user_of(*row[1:]) for row in rows if row[1] is not None]


def user_of(accountant_key, phone_is_asked_for, *columns):
    """A User with what was read; everything else is read when it is asked for."""
    read = dict(zip(READ, columns, strict=True))
    # Models take their values in the order of their columns.
    names = [column.attname for column in User._meta.concrete_fields if column.attname in read]
    user = User.from_db(connection.alias, names, [read[name] for name in names])
    user.accountant_key, user.phone_is_asked_for = accountant_key, bool(phone_is_asked_for)
    return user


def attempts_key(raw):
    """What login failures are counted under: the same for every way of typing one number."""
    return keyed_hash("login", plain_number(raw))
