"""All settings, read from the environment (README has the table).

Without DATABASE_URL and REDIS_URL the embedded default runs: SQLite, local files, a Celery worker over the
filesystem transport in var/. With them: PostgreSQL over persistent connections and Redis. A start without its
secrets is refused, naming the variable; DEMO=1 makes them once in var/ and serves on loopback only.
"""

import os
import sys
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from accounting_platform.lib.demo_keys import demo_keys
from accounting_platform.lib.keys import read_ring, read_secret
from accounting_platform.settings_files import S3, file_storage
from accounting_platform.settings_parts import *  # noqa: F403
from accounting_platform.settings_sms import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEMO = env.bool("DEMO", False)
DEBUG = env.bool("DEBUG", False)
# Loopback may go without TLS in the demo and while developing; nowhere else.
LOOPBACK = DEMO or DEBUG
VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)
DEMO_KEYS = demo_keys(VAR_DIR / "demo_keys.json") if DEMO else {}
# Commands that only build (static files, migrations on paper) need no real secret.
BUILDING = len(sys.argv) > 1 and sys.argv[1] in {"collectstatic", "makemigrations", "compilemessages"}
ONLY_BUILDING = "only-for-building" * 4


def secret(name):
    """The secret from the environment or its file, the demo's own in demo mode, else a refusal that names it."""
    value = read_secret(name, os.environ) or DEMO_KEYS.get(name, "")
    if not value and BUILDING:
        return ONLY_BUILDING
    if not value:
        raise ImproperlyConfigured(
            f"Set {name} or {name}_FILE in the environment (README, settings), or DEMO=1 for the demo."
        )
    return value


# --- what the platform is made of
INSTALLED_APPS = [
    "accounting_platform",
    "registration",
    "collection",
    "education",
    "profile_changes",
    "registration.admin_apps.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "crispy_forms",
    "crispy_bootstrap5",
    "phonenumber_field",
    "django_htmx",
    "django_otp",
    "csp",
    "ninja",
]
MIDDLEWARE = [
    "accounting_platform.middleware.RequestContextMiddleware",
    "accounting_platform.middleware.PolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "accounting_platform.middleware.NoStoreMiddleware",
    "accounting_platform.middleware.MethodMiddleware",
    "accounting_platform.middleware.FaultMiddleware",
    "accounting_platform.middleware.BodyMiddleware",
    "accounting_platform.middleware.SessionCookieMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "registration.middleware.SessionAgeMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "accounting_platform.urls"
WSGI_APPLICATION = "accounting_platform.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounting_platform.context_processors.platform",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Whether browsers keep the domain on their preload list is its owner's decision.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

# --- secrets
SECRET_KEY = secret("SECRET_KEY")
# "id:base64 of 32 bytes" pairs, the first one seals, all of them open.
SEALING_KEYS = read_ring(secret("SEALING_KEYS").replace(ONLY_BUILDING, ""))
SEALING_ALGORITHM = env.str("SEALING_ALGORITHM", "sm4")
# What keyed hashes are made with; it outlives the sealing keys, since people are found by those hashes.
LOOKUP_KEY = secret("LOOKUP_KEY")
LOOKUP_ALGORITHM = env.str("LOOKUP_ALGORITHM", "sm3")

# --- database
DATABASE_URL = env.str("DATABASE_URL", "")
if DATABASE_URL:
    DATABASES = {"default": env.db_url_config(DATABASE_URL)}
    DATABASES["default"] |= {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
    DATABASES["default"].setdefault("OPTIONS", {})
    DATABASES["default"]["OPTIONS"] |= {
        "options": "-c statement_timeout=5000 -c lock_timeout=2000 -c synchronous_commit=on -c timezone=UTC"
    }
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR_DIR / "platform.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
            },
        }
    }

# --- cache, sessions, tasks
REDIS_URL = env.str("REDIS_URL", "")
if REDIS_URL:
    CACHES = {
        "default": {"BACKEND": "accounting_platform.lib.cache.ForgivingRedisCache", "LOCATION": REDIS_URL},
        "sessions": {"BACKEND": "accounting_platform.lib.cache.BriefRedisCache", "LOCATION": REDIS_URL},
    }
    SESSION_CACHE_ALIAS = "sessions"
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 600,
        "socket_timeout": 3,
        "socket_connect_timeout": 2,
        # A request rings once more and goes on without the bell: the row is found by the sweep.
        **{"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1},
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    QUEUE_DIR = VAR_DIR / "queue"
    for folder in ("messages", "control", "processed"):
        (QUEUE_DIR / folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_URL = "filesystem://localhost//"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(QUEUE_DIR / "messages"),
        "data_folder_out": str(QUEUE_DIR / "messages"),
        "control_folder": str(QUEUE_DIR / "control"),
        "processed_folder": str(QUEUE_DIR / "processed"),
        "store_processed": False,
        "polling_interval": 0.05,
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "Asia/Shanghai"

# --- files: sealed, outside the web root
STORAGES = {
    "default": file_storage(VAR_DIR / "files", S3),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = VAR_DIR / "files"
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 13 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 13 * 1024 * 1024

# --- people
AUTH_USER_MODEL = "registration.User"
AUTHENTICATION_BACKENDS = ["registration.backends.AccountBackend"]
PASSWORD_HASHERS = ["registration.hashers.PlatformArgon2Hasher"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "accounting_platform.lib.validators.PasswordRule"}]
LOGIN_URL = "registration:login"
LOGIN_REDIRECT_URL = "collection:status"
LOGOUT_REDIRECT_URL = "home"
SESSION_ENGINE = "registration.session_store"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_SECONDS", 30 * 60)
# How long the owner of a lost phone's account may object before the new phone takes effect.
RECOVERY_WAIT_HOURS = env.int("RECOVERY_WAIT_HOURS", 72)
ACCOUNTS_PER_PHONE = env.int("ACCOUNTS_PER_PHONE", 3)
ALLOW_OTHER_DOCUMENTS = env.bool("ALLOW_OTHER_DOCUMENTS", False)
SERVICE_PHONE = env.str("SERVICE_PHONE", "020-1234 5678")
SERVICE_HOURS = env.str("SERVICE_HOURS", "工作日 8:30–12:00，14:30–17:30")

# --- SMS
PLAIN_BACKEND = f"accounting_platform.lib.sms.{'Demo' if DEMO else 'Console'}Backend"
SMS_BACKENDS = env.list("SMS_BACKENDS", default=[PLAIN_BACKEND])
SMS_FILE = VAR_DIR / "sms.jsonl"

# --- the web surface
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"] if LOOPBACK else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0)
# The demo's two ports on loopback.
PORT = env.int("PORT", 8000)
SCHOOL_PORT = env.int("SCHOOL_PORT", 8001)
PUBLIC_URL = env.str("PUBLIC_URL", f"http://127.0.0.1:{PORT}" if LOOPBACK else "")
SECURE = not LOOPBACK
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
TEXT_SIZE_COOKIE_NAME = "__Host-text" if SECURE else "text"
MESSAGES_COOKIE_NAME = "__Host-messages" if SECURE else "messages"
MESSAGE_STORAGE = "accounting_platform.lib.message_storage.PlatformStorage"
CSRF_FAILURE_VIEW = "accounting_platform.views.csrf_failure"
SECURE_SSL_REDIRECT = SECURE and env.bool("SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 86400 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "style-src": [SELF],
        "script-src": [SELF],
        "worker-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- language and time
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = USE_TZ = True

# What web and worker make sure of before they serve.
START_CHECKS = ["accounting_platform.checks.refuse_unfit", "registration.canaries.check"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", "INFO")},
    # Bad requests are answered, not shouted about; and request lines may carry what people typed.
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        # An SMS SDK and the HTTP library below put whole messages into their debug lines.
        "tencentcloud_sdk_common": {"level": "ERROR"},
        "urllib3": {"level": "ERROR"},
        # So does the file store's.
        "botocore": {"level": "ERROR"},
        # The PDF maker names pictures by their whole content, and tells every step.
        "weasyprint": {"level": "CRITICAL"},
        "weasyprint.progress": {"level": "CRITICAL"},
        "fontTools": {"level": "ERROR"},
        "boto3": {"level": "ERROR"},
    },
}
