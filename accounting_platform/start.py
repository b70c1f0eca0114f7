"""What a serving process makes sure of before it serves: settings.START_CHECKS, each of which raises to refuse."""

import logging

from django.conf import settings
from django.db import InterfaceError, OperationalError, connections
from django.db.backends.signals import connection_created
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)


def check():
    """Run the checks now, or when the database comes back: until they pass no connection is handed out."""
    try:
        run_checks()
    except (OperationalError, InterfaceError) as error:
        logger.error("database away at the start, checks wait for it: %s", type(error).__name__)
        connection_created.connect(check_first_connection)
    finally:
        connections.close_all()


def run_checks():
    for name in settings.START_CHECKS:
        import_string(name)()


def check_first_connection(connection, **_):
    # The checks use this very connection.
    connection_created.disconnect(check_first_connection)
    try:
        run_checks()
    except BaseException:
        connection_created.connect(check_first_connection)
        connection.close()
        raise
