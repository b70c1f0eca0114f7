import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from django.core.exceptions import ImproperlyConfigured

from accounting_platform.lib import sms

HERE = "accounting_platform.lib.sms"


class DownBackend:
    def send(self, message):
        raise sms.GatewayError("no route")


class UnsetBackend:
    def __init__(self):
        raise ImproperlyConfigured("Set SMS_TENCENT_SIGN in the environment.")


def answering(*outcome):
    """A backend that gives this outcome."""
    return type("Answering", (), {"send": lambda self, message: sms.Outcome(*outcome)})


RefusingBackend = answering("refused", "arrears", "ours")
BusyBackend = answering("refused", "too-fast", "busy")
PhoneBackend = answering("refused", "blacklisted", "phone")
LostBackend = answering("unknown", "timeout")
DOWN, UNSET, REFUSING, BUSY, OF_PHONE, LOST = (
    f"{__name__}.{name}Backend" for name in ("Down", "Unset", "Refusing", "Busy", "Phone", "Lost")
)


class Breaker(sms.Breaker):
    """Open for some backends; keeps what it is told."""

    def __init__(self, *is_open):
        self.is_open, self.told = is_open, []

    def lets(self, path):
        return path not in self.is_open

    def note(self, path, *, failed):
        self.told.append((path, failed))


@pytest.fixture(autouse=True)
def empty_outbox():
    sms.outbox.clear()


def use(settings, *paths):
    settings.SMS_BACKENDS = list(paths)


def test_memory_backend_keeps_what_was_sent(settings):
    use(settings, f"{HERE}.MemoryBackend")

    assert sms.send("13800138000", "验证码 000123").status == "sent"
    assert [(message.to, message.text) for message in sms.outbox] == [("13800138000", "验证码 000123")]


def test_console_backend_prints(settings, capsys):
    use(settings, f"{HERE}.ConsoleBackend")

    assert sms.send("13800138000", "验证码 000123").status == "sent"
    assert capsys.readouterr().out == "[SMS] 13800138000 验证码 000123\n"


def test_file_backend_adds_private_json_lines_with_zone(settings, tmp_path):
    settings.SMS_FILE = tmp_path / "var" / "sms.jsonl"
    use(settings, f"{HERE}.FileBackend")
    sms.send("13800138000", "一\n行")
    sms.send("13900139000", "二")

    lines = [json.loads(line) for line in settings.SMS_FILE.read_text(encoding="utf-8").splitlines()]
    assert [(line["to"], line["text"]) for line in lines] == [
        ("13800138000", "一\n行"),
        ("13900139000", "二"),
    ]
    assert {datetime.fromisoformat(line["sent_at"]).utcoffset().total_seconds() for line in lines} == {
        8 * 3600
    }
    assert settings.SMS_FILE.stat().st_mode & 0o777 == 0o600


def test_file_backend_writes_whole_lines_from_many_at_once(settings, tmp_path):
    settings.SMS_FILE = tmp_path / "sms.jsonl"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: sms.FileBackend().send(sms.Text(str(number), "长" * 5000)), range(40)))

    lines = [json.loads(line) for line in settings.SMS_FILE.read_text(encoding="utf-8").splitlines()]
    assert sorted(int(line["to"]) for line in lines) == list(range(40))


def test_demo_backend_prints_and_writes(settings, tmp_path, capsys):
    settings.SMS_FILE = tmp_path / "sms.jsonl"
    use(settings, f"{HERE}.DemoBackend")
    sms.send("13800138000", "验证码")

    assert "验证码" in capsys.readouterr().out
    assert "验证码" in settings.SMS_FILE.read_text(encoding="utf-8")


@pytest.mark.parametrize("first", [DOWN, UNSET, REFUSING, BUSY])
def test_the_next_backend_is_asked_when_the_first_certainly_sent_nothing(settings, first):
    use(settings, first, f"{HERE}.MemoryBackend")

    assert sms.send("13800138000", "一") == sms.Outcome("sent", "memory", backend="MemoryBackend")
    assert len(sms.outbox) == 1


@pytest.mark.parametrize(
    ("first", "status"), [(LOST, "unknown"), (OF_PHONE, "refused"), (f"{HERE}.MemoryBackend", "sent")]
)
def test_nobody_else_is_asked_after_any_other_answer(settings, first, status):
    use(settings, first, f"{HERE}.FileBackend")
    settings.SMS_FILE = "/nowhere/at/all"

    outcome = sms.send("13800138000", "一")

    assert (outcome.status, outcome.backend) == (status, first.rpartition(".")[2])


def test_an_open_breaker_is_passed_over(settings):
    use(settings, LOST, f"{HERE}.MemoryBackend")

    assert sms.send("13800138000", "一", breaker=Breaker(LOST)).status == "sent"


def test_the_breaker_is_told_what_speaks_against_a_provider(settings):
    for path in (DOWN, UNSET, REFUSING, LOST, BUSY, OF_PHONE, f"{HERE}.MemoryBackend"):
        breaker = Breaker()
        use(settings, path)
        try:
            sms.send("13800138000", "一", breaker=breaker)
        except sms.GatewayError:
            pass
        assert breaker.told == [(path, path in (DOWN, UNSET, REFUSING, LOST))]


def test_refused_by_all_is_refused(settings):
    use(settings, REFUSING, REFUSING)

    assert sms.send("13800138000", "一").detail == "arrears"


@pytest.mark.parametrize(
    "paths", [[DOWN], [DOWN, DOWN], [BUSY, REFUSING], [REFUSING, BUSY], [REFUSING, DOWN], []]
)
def test_a_gateway_error_says_that_a_later_try_may_help(settings, paths):
    use(settings, *paths)

    with pytest.raises(sms.GatewayError):
        sms.send("13800138000", "一")


def test_no_log_line_of_a_failover_holds_phone_or_text(settings, caplog):
    use(settings, DOWN, UNSET, f"{HERE}.MemoryBackend")
    sms.send("13800138000", "验证码 481503")

    assert "away" in caplog.text
    assert "13800138000" not in caplog.text and "481503" not in caplog.text
