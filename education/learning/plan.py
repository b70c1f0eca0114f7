"""The way to the deadline: what is missing, in hours and minutes a day."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal

from accounting_platform.lib import clock
from education.ledger.entries import plain

HALF, HOUR = Decimal("0.5"), 60
STEP = 5
# Beyond this nobody should think that there is time.
TIGHT = 4


@dataclass(frozen=True)
class Plan:
    """How long somebody still has to study, and over how many days."""

    hours: Decimal
    days: int
    closes_on: date

    @property
    def minutes_a_day(self):
        """Rounded up to five minutes."""
        exact = self.hours * HOUR / self.days
        return int((exact / STEP).to_integral_value(ROUND_CEILING)) * STEP

    @property
    def pace(self):
        """每天约 25 分钟, from an hour on 每天约 1.5 小时."""
        minutes = self.minutes_a_day
        if minutes < HOUR:
            return f"{minutes} 分钟"
        hours = (Decimal(minutes) / HOUR / HALF).to_integral_value(ROUND_CEILING) * HALF
        return f"{plain(hours)} 小时"

    @property
    def words(self):
        rest = f"连今天共 {self.days} 天" if self.days > 1 else "今天是最后一天"
        told = f"还需学习约 {plain(self.hours)} 学时，{rest}，平均每天约 {self.pace}。"
        return told + ("时间很紧，请尽早开始。" if self.minutes_a_day > TIGHT * HOUR else "")


def plan_for(standing):
    """The Plan of a year that is owed, open and not done; else None."""
    rule = standing.rule
    today = clock.today()
    if standing.is_done or not standing.owed or not rule.is_open(today):
        return None
    hours = (standing.missing / rule.credits_per_hour / HALF).to_integral_value(ROUND_CEILING) * HALF
    return Plan(hours, (rule.closes_on - today).days + 1, rule.closes_on)
