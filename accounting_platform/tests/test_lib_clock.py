from datetime import date, datetime

import pytest
import time_machine

from accounting_platform.lib import clock
from accounting_platform.lib.errors import InputError


@time_machine.travel("2026-12-31T16:00:00+00:00", tick=False)
def test_the_day_is_that_of_shanghai_on_a_server_elsewhere(settings):
    settings.TIME_ZONE = "UTC"

    assert clock.today() == date(2027, 1, 1)
    assert clock.year() == 2027
    assert clock.next_midnight() == datetime(2027, 1, 2, tzinfo=clock.SHANGHAI)


@time_machine.travel("2026-03-01T23:59:30+08:00", tick=False)
def test_next_midnight_is_seconds_away_at_the_end_of_a_day():
    assert (clock.next_midnight() - datetime.now(clock.SHANGHAI)).total_seconds() == 30


@pytest.mark.parametrize(
    "text",
    [
        "1993-07",
        "1993-7",
        "1993/7",
        "1993.7",
        "1993 年 7 月",
        "1993年07月",
        "199307",
        " １９９３－０７ ",
        "1993-07-01",
    ],
)
def test_months_are_read_as_their_first_day(text):
    assert clock.parse_day_or_month(text) == date(1993, 7, 1)


@pytest.mark.parametrize("text", ["1993-07-05", "1993/7/5", "1993年7月5日", "19930705", "1993.07.05"])
def test_days_are_read(text):
    assert clock.parse_day_or_month(text) == date(1993, 7, 5)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "date_format"),
        ("1993", "date_format"),
        ("93-07", "date_format"),
        ("1993-07-", "date_format"),
        ("19937", "date_format"),
        ("1993-13", "date_unknown"),
        ("1993-02-30", "date_unknown"),
        ("0001-01", "date_year"),
        ("٢٠٢٠-01", "date_format"),
    ],
)
def test_other_dates_are_refused_with_a_reason(text, code):
    with pytest.raises(InputError) as refusal:
        clock.parse_day_or_month(text)

    assert refusal.value.code == code


def test_months_are_written_for_fields_and_for_people():
    assert clock.month_value(date(1993, 7, 5)) == "1993-07"
    assert clock.month_label(date(1993, 7, 5)) == "1993 年 7 月"
