"""System checks: a real installation keeps its limits and sends through a provider."""

from pathlib import Path

from django.conf import settings
from django.core.checks import Error, register
from django.core.exceptions import ImproperlyConfigured

from accounting_platform.lib import sms

# Settings that tests and the demo may relax: what a real installation needs at least, or allows at most.
AT_LEAST = {"SMS_COOLDOWN_SECONDS": 60, "SMS_DAILY_BUDGET": 1, "SMS_PER_MINUTE": 1}
AT_MOST = {"SMS_TIMEOUT": 5, "SESSION_IDLE_SECONDS": 30 * 60, "ACCOUNTS_PER_PHONE": 10}
PLAIN = tuple(f"{sms.__name__}.{name}Backend" for name in ("Console", "File", "Demo", "Memory"))
TEXTS = Path(settings.BASE_DIR) / "templates" / "sms"


@register("limits")
def limits_are_kept(app_configs, **options):
    """No limit is relaxed outside the demo, development and tests."""
    if settings.LOOPBACK:
        return []
    low = [name for name, least in AT_LEAST.items() if getattr(settings, name) < least]
    high = [name for name, most in AT_MOST.items() if getattr(settings, name) > most]
    words = [f"{name} must be at least {AT_LEAST[name]} here." for name in low]
    words += [f"{name} must be at most {AT_MOST[name]} here." for name in high]
    return [Error(each, id="registration.E001") for each in words]


@register("limits")
def codes_are_not_shown(app_configs, **options):
    """Outside the demo texts go through a provider: elsewhere codes would lie in a log or file."""
    if settings.LOOPBACK:
        return []
    plain = [path for path in settings.SMS_BACKENDS if path.startswith(PLAIN)]
    words = "shows codes where it runs; a real installation needs a provider."
    told = [f"{path}: {words}" for path in plain]
    if not settings.SMS_BACKENDS:
        told = ["Set SMS_BACKENDS in the environment."]
    return [Error(each, id="registration.E002") for each in told]


@register("sms")
def providers_are_set_up(app_configs, **options):
    """Each provider has its SDK, its account and a number for every text of ours."""
    if settings.LOOPBACK:
        return []
    problems = [(path, problem_of(path)) for path in settings.SMS_BACKENDS if not path.startswith(PLAIN)]
    return [Error(f"{path}: {problem}", id="registration.E003") for path, problem in problems if problem]


def problem_of(path):
    """What this provider lacks, "" when nothing."""
    try:
        sms.backend(path).check(sorted(file.stem for file in TEXTS.glob("*.txt")))
    except (ImportError, ImproperlyConfigured) as error:
        return str(error)
    return ""
