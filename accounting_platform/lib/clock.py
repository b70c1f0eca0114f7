"""The calendar of Guangdong, and dates of which often only the month is known."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from .errors import InputError
from .text import normalise, strip_blanks

SHANGHAI = ZoneInfo("Asia/Shanghai")
EARLIEST_YEAR, LATEST_YEAR = 1900, 2099

_WRITTEN = re.compile(
    r"""([0-9]{4})
    (?: [-/.年] ([0-9]{1,2}) (?: [-/.月] ([0-9]{1,2}) 日? | 月 )?   # 1993-7, 1993年7月5日
      | ([0-9]{2}) ([0-9]{2})?                                      # 199307, 19930705
    )""",
    re.VERBOSE,
)


def today() -> date:
    """Today's date in Asia/Shanghai, wherever the server stands."""
    return timezone.localdate(timezone=SHANGHAI)


def year() -> int:
    """The current calendar year in Asia/Shanghai."""
    return today().year


def next_midnight() -> datetime:
    """The aware moment at which the current day ends in Asia/Shanghai."""
    return datetime.combine(today() + timedelta(days=1), time(), tzinfo=SHANGHAI)


def parse_day_or_month(text: str) -> date:
    """A date typed as 1993-07, 1993/7, 1993年7月, 199307 or with a day; without one, the first of the month."""
    written = _WRITTEN.fullmatch(strip_blanks(normalise(text)))
    if written is None:
        raise InputError("日期请写成 1993-07 或 1993-07-05 的样子", code="date_format")
    year_, month, day, short_month, short_day = written.groups()
    if not EARLIEST_YEAR <= int(year_) <= LATEST_YEAR:
        raise InputError(f"年份应在 {EARLIEST_YEAR} 至 {LATEST_YEAR} 之间，请核对", code="date_year")
    try:
        return date(int(year_), int(month or short_month), int(day or short_day or 1))
    except ValueError:
        raise InputError("没有这一天，请核对月份和日期", code="date_unknown") from None


def month_value(day: date) -> str:
    """The month as a form field holds it: 1993-07."""
    return f"{day:%Y-%m}"


def month_label(day: date) -> str:
    """The month as people read it: 1993 年 7 月."""
    return f"{day.year} 年 {day.month} 月"


def day_label(day: date) -> str:
    """A day as people write it: 2026 年 11 月 23 日."""
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def moment_label(moment: datetime) -> str:
    """A moment in Guangdong as people write it: 2026 年 11 月 23 日 14:32."""
    local = moment.astimezone(SHANGHAI) if timezone.is_aware(moment) else moment
    return f"{day_label(local)} {local:%H:%M}"
