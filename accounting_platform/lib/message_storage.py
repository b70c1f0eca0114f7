"""One-time messages as Django keeps them, under a cookie name of our own."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class NamedCookieStorage(CookieStorage):
    """The cookie is bound to this host where there is TLS (settings.MESSAGES_COOKIE_NAME)."""

    cookie_name = settings.MESSAGES_COOKIE_NAME


class PlatformStorage(FallbackStorage):
    """In the cookie while they fit, else in the session."""

    storage_classes = (NamedCookieStorage, SessionStorage)
