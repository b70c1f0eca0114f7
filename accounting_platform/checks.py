"""System checks of the frame: what a real installation must be told before it faces the internet."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Warning, register, run_checks
from django.core.exceptions import ImproperlyConfigured

from accounting_platform.lib import pdf

TAG = "platform"
# Whose errors keep a serving process from starting; `manage.py check` shows them all the same.
REFUSING_TAGS = (TAG, "limits")
OWN_MACHINE = {"127.0.0.1", "localhost", "[::1]"}
SHORTEST_KEY, FEWEST_CHARACTERS = 50, 10


def refuse_unfit():
    """Raise ImproperlyConfigured with everything that is wrong; one of settings.START_CHECKS."""
    errors = [each for each in run_checks(tags=REFUSING_TAGS) if each.is_serious()]
    if errors:
        raise ImproperlyConfigured(" ".join(error.msg for error in errors))


@register(TAG)
def secret_key_is_long(app_configs, **options):
    """A key that cannot be guessed."""
    key = settings.SECRET_KEY
    if settings.LOOPBACK or len(key) >= SHORTEST_KEY and len(set(key)) >= FEWEST_CHARACTERS:
        return []
    return [Error(f"SECRET_KEY needs {SHORTEST_KEY} random characters or more.", id="platform.E001")]


@register(TAG)
def hosts_are_named(app_configs, **options):
    """Every host by its full name; demo and development on this machine alone."""
    hosts = settings.ALLOWED_HOSTS
    if settings.DEBUG or settings.DEMO:
        foreign = sorted(set(hosts) - OWN_MACHINE)
        words = f"DEBUG and DEMO are for this machine: take {', '.join(foreign)} out of ALLOWED_HOSTS."
        return [Error(words, id="platform.E002")] if foreign else []
    if settings.LOOPBACK:
        return []
    if not hosts:
        return [Error("Set ALLOWED_HOSTS to the host names people use.", id="platform.E002")]
    if any("*" in host or host.startswith(".") for host in hosts):
        return [Error("ALLOWED_HOSTS takes full host names, no * and no leading dot.", id="platform.E002")]
    return []


@register(TAG)
def addresses_are_ours(app_configs, **options):
    """The public address is one of our hosts over TLS, and so is every origin that may post."""
    if settings.LOOPBACK:
        return []
    found = []
    public = urlsplit(settings.PUBLIC_URL)
    if public.scheme != "https" or public.hostname not in settings.ALLOWED_HOSTS:
        found.append(Error("Set PUBLIC_URL to https:// and a host of ALLOWED_HOSTS.", id="platform.E003"))
    if any(not origin.startswith("https://") or "*" in origin for origin in settings.CSRF_TRUSTED_ORIGINS):
        words = "CSRF_TRUSTED_ORIGINS takes https:// and full host names, no *."
        found.append(Error(words, id="platform.E004"))
    return found


@register(TAG)
def proxy_is_believed(app_configs, **options):
    """Whoever terminates TLS must be believed about it, or every page redirects to itself."""
    if settings.LOOPBACK or settings.TRUSTED_PROXIES or not settings.SECURE_SSL_REDIRECT:
        return []
    words = (
        "TRUSTED_PROXIES is 0: X-Forwarded-Proto and the client's address from the proxy are not believed."
    )
    return [Warning(words, hint="Set it to the number of proxies of yours.", id="platform.W001")]


@register("papers")
def pdfs_can_be_made(app_configs, **options):
    """What PDFs are made with; without it the pages offer to print instead."""
    lacking = pdf.missing_packages()
    if not lacking:
        return []
    words = (
        f"PDFs cannot be made on this machine: {', '.join(lacking)} missing. Pages offer to print instead."
    )
    return [Warning(words, hint=f"On Debian: {pdf.install_line(lacking)}", id="platform.W003")]


@register(TAG)
def services_are_there(app_configs, **options):
    """Database, cache and broker that several machines share."""
    if settings.LOOPBACK:
        return []
    lacking = [name for name in ("DATABASE_URL", "REDIS_URL") if not getattr(settings, name)]
    if not lacking:
        return []
    words = f"Without {' and '.join(lacking)} this is the embedded mode: one machine, and never without the proxy."
    return [Warning(words, id="platform.W002")]
