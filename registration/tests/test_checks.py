import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

from accounting_platform.checks import refuse_unfit

HERE = "accounting_platform.lib.sms"
TENCENT = f"{HERE}.tencent.TencentBackend"


@pytest.fixture
def production(settings):
    """A real installation as it should be."""
    from registration import checks

    numbers = ",".join(f"{file.stem}=1" for file in checks.TEXTS.glob("*.txt"))
    settings.LOOPBACK = False
    settings.SMS_COOLDOWN_SECONDS = 60
    settings.SMS_BACKENDS = [TENCENT]
    settings.SMS_TENCENT = settings.SMS_TENCENT | {"SECRET_ID": "i", "SECRET_KEY": "k", "APP_ID": "1"}
    settings.SMS_TENCENT |= {"SIGN": "s", "TEMPLATES": numbers}
    return settings


def problems():
    return [(error.id, error.msg) for error in run_checks(tags=["limits", "sms"])]


def test_a_proper_installation_passes(production):
    assert problems() == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMS_COOLDOWN_SECONDS", 0),
        ("SMS_COOLDOWN_SECONDS", 59),
        ("SMS_DAILY_BUDGET", 0),
        ("SMS_PER_MINUTE", 0),
        ("SMS_TIMEOUT", 60),
        ("SESSION_IDLE_SECONDS", 86400),
        ("ACCOUNTS_PER_PHONE", 1000),
    ],
)
def test_a_relaxed_limit_is_refused_by_its_name(production, name, value):
    setattr(production, name, value)

    assert [(code, msg.split()[0]) for code, msg in problems()] == [("registration.E001", name)]


@pytest.mark.parametrize("name", ["ConsoleBackend", "FileBackend", "DemoBackend", "MemoryBackend"])
def test_a_backend_that_shows_codes_is_refused(production, name):
    production.SMS_BACKENDS = [TENCENT, f"{HERE}.{name}"]

    assert [msg for _code, msg in problems()] == [
        f"{HERE}.{name}: shows codes where it runs; a real installation needs a provider."
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"SIGN": ""}, "Set SMS_TENCENT_SIGN in the environment."),
        ({"TEMPLATES": "code_register=1"}, "The provider's TEMPLATES have no number for "),
    ],
)
def test_a_half_configured_provider_is_refused(production, change, words):
    production.SMS_TENCENT |= change

    assert [msg for _code, msg in problems() if words in msg]


@pytest.mark.parametrize(
    ("backends", "words"), [([], "Set SMS_BACKENDS"), (["no.such.Backend"], "No module")]
)
def test_no_backend_is_refused(production, backends, words):
    production.SMS_BACKENDS = backends

    assert [msg for _code, msg in problems() if words in msg]


@pytest.mark.parametrize(
    ("name", "value"), [("SMS_COOLDOWN_SECONDS", 0), ("SMS_BACKENDS", [f"{HERE}.ConsoleBackend"])]
)
def test_web_and_worker_do_not_start_on_it(production, name, value):
    setattr(production, name, value)

    with pytest.raises(
        ImproperlyConfigured, match="SMS_COOLDOWN_SECONDS must be|ConsoleBackend: shows codes"
    ):
        refuse_unfit()


def test_demo_and_tests_may_relax(settings):
    settings.SMS_DAILY_BUDGET = 0

    assert settings.LOOPBACK and problems() == []
