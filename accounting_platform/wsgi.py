"""Entry point of web servers."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "accounting_platform.settings")
django.setup(set_prefix=False)

# Django has to be set up before anything asks the database.
from accounting_platform import handler, start  # noqa: E402

application = handler.PlatformHandler()

start.check()
