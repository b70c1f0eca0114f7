"""Settings for tests: the real thing, with SMS in memory, tasks at once, a fast password hash and a folder of its own."""

import os
import tempfile

os.environ.setdefault("SECRET_KEY", "tests-only-" + "k" * 50)
os.environ.setdefault("SEALING_KEYS", "t1:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
os.environ.setdefault("LOOKUP_KEY", "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY=")
os.environ.setdefault("VAR_DIR", tempfile.mkdtemp(prefix="kj-tests-"))
os.environ.setdefault("DEBUG", "1")

from accounting_platform.tests.sharing import own_redis  # noqa: E402

if os.environ.get("REDIS_URL"):
    os.environ["REDIS_URL"] = own_redis(os.environ["REDIS_URL"])

from accounting_platform.settings import *  # noqa: E402, F403
from accounting_platform.settings import DATABASES, MIDDLEWARE, STORAGES

DEBUG = False
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_TASK_ALWAYS_EAGER = True
SMS_BACKENDS = ["accounting_platform.lib.sms.MemoryBackend"]
SMS_COOLDOWN_SECONDS = 0
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]
if os.environ.get("DATABASE_URL"):
    run = os.environ.get("TEST_RUN", os.getpid())
    DATABASES["default"]["TEST"] = {"NAME": f"test_platform_{run}"}
