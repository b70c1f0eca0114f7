"""Sessions as Django keeps them in the database (with Redis: read through the cache), with fewer statements at a log-in."""

import secrets

from django.conf import settings
from django.contrib.sessions.backends import cached_db, db
from django.contrib.sessions.backends.base import CreateError
from django.core import signing
from django.db import IntegrityError, connection, transaction

from accounting_platform.lib.quick_insert import insert


class DatabaseStore(db.SessionStore):
    """New ids are random and inserted, so none is looked up first; a browser without a session has no id to change."""

    def _get_new_session_key(self):
        return secrets.token_hex(16)

    def encode(self, session_dict):
        # As Django does, but not compressed: at this size that saves nothing and costs 256 KB of working memory.
        return signing.dumps(session_dict, salt=self.key_salt, serializer=self.serializer)

    def cycle_key(self):
        # Reading the session drops an id that the server did not issue.
        self._get_session()
        if self.session_key is None:
            # Whoever saves it gets a new id; nothing is inserted twice.
            self.modified = True
        else:
            super().cycle_key()

    def save(self, must_create=False):
        if self.session_key is None or not must_create:
            return super().save(must_create)
        row = self.create_model_instance(self._get_session(no_load=True))
        try:
            if connection.in_atomic_block:
                with transaction.atomic():
                    insert(row)
            else:
                insert(row)
        except IntegrityError:
            raise CreateError from None


class CachedStore(cached_db.SessionStore, DatabaseStore):
    """The same behind the cache, where a session comes to lie when it is first read."""

    def save(self, must_create=False):
        if self.session_key is None or must_create:
            return DatabaseStore.save(self, must_create)
        return super().save()


SessionStore = CachedStore if settings.REDIS_URL else DatabaseStore
