"""Where a person stands in a year, in words and figures for the pages; the judgement itself is the ledger's."""

from dataclasses import dataclass
from decimal import Decimal

from accounting_platform.lib import clock
from education.ledger import rules
from education.ledger.entries import Totals, plain, totals_against
from education.ledger.record import exempt_words, record_of
from education.models import YearRule, YearTotal

ZERO = Decimal(0)
TICK = 10
LONG_TICK = 30


def long_date(day):
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def is_over(rule):
    """Whether nothing can be added to a year any more; a year without a rule has not begun to count."""
    return rule is not None and (rule.closed_at is not None or clock.today() > rule.closes_on)


@dataclass(frozen=True)
class Standing:
    """One person's year. `owed` is False for years before continuing education was due and for exempt ones."""

    rule: YearRule
    totals: Totals
    owed: bool = True
    # Why the person need not study in this year: 在校生.
    exempt: str = ""

    @property
    def year(self):
        return self.rule.year

    @property
    def parts(self):
        """公需课 and 专业课, in this order."""
        return (self.totals.public, self.totals.professional)

    @property
    def required(self):
        return self.totals.total.need

    def missing_of(self, part):
        """What one kind still lacks; professional courses also owe the year's 专业通识."""
        general = self.totals.general_professional.missing if part is self.totals.professional else ZERO
        return max(part.missing, general)

    @property
    def missing(self):
        """What is still to be learnt: one kind's surplus does not make up for the other."""
        return max(self.totals.total.missing, sum(self.missing_of(part) for part in self.parts))

    @property
    def counted(self):
        """How far the year has come, between 0 and `required`."""
        return max(self.required - self.missing, ZERO)

    @property
    def is_done(self):
        return self.totals.complete

    @property
    def is_over(self):
        return is_over(self.rule)

    @property
    def tag(self):
        """(kind, words) of the state as the `tag` template tag takes them."""
        if self.is_done:
            return "ok", "已完成"
        if not self.owed:
            return "plain", "已免" if self.exempt else "不作要求"
        return ("plain", "已截止") if self.is_over else ("wait", "未完成")

    @property
    def title(self):
        """The year in one line."""
        if self.is_done:
            return f"{self.year} 年度学分已修满"
        if not self.owed:
            return f"{self.year} 年度{'已免' if self.exempt else '不作要求'}"
        return f"{self.year} 年度还差 {plain(self.missing)} 学分"

    @property
    def words(self):
        """What is missing of each kind, and until when it can be made up."""
        if self.exempt and not self.is_done:
            return f"免于本年度继续教育，原因：{self.exempt}。所学的学分照常记录。"
        if not self.owed and not self.is_done:
            return "从事会计工作或取得资格的次年起参加继续教育，本年度所学的学分照常记录。"
        return "".join(self.words_of(part) for part in self.parts) + self.deadline

    def words_of(self, part):
        """One kind in a sentence: 专业课还差 30 学分，其中专业通识还差 20 学分。"""
        missing = self.missing_of(part)
        if not missing:
            return f"{part.label} {plain(part.need)} 学分已修满。"
        general = self.totals.general_professional
        inner = part is self.totals.professional and general.missing
        within = (
            f"，其中{general.label.removeprefix('其中')}还差 {plain(general.missing)} 学分" if inner else ""
        )
        return f"{part.label}还差 {plain(missing)} 学分{within}。"

    @property
    def explanation(self):
        """Why the ledger holds more than counts, in one sentence; nothing when all of it counts."""
        have = self.totals.total.have
        if self.is_done or have <= self.counted:
            return ""
        general = self.totals.general_professional.missing
        reasons = [
            f"{part.label}超出 {plain(part.need)} 学分的部分不能抵另一类"
            for part in self.parts
            if part.have > part.need
        ]
        if general > self.totals.professional.missing:
            reasons.append(f"专业通识还差 {plain(general)} 学分，多修其他专业课不能代替")
        return f"账上共 {plain(have)} 学分，计入本年度要求的是 {plain(self.counted)} 学分：{'；'.join(reasons)}。"

    @property
    def deadline(self):
        """The time that is left, nothing for a year that is done."""
        if self.is_done:
            return ""
        if self.is_over:
            return f"该年度已于 {long_date(self.rule.closes_on)}截止。"
        if clock.today() < self.rule.opens_on:
            return f"该年度从 {long_date(self.rule.opens_on)}开始学习。"
        left = (self.rule.closes_on - clock.today()).days
        rest = f"还有 {left} 天" if left else "今天是最后一天"
        return f"请在 {long_date(self.rule.closes_on)}前完成，{rest}。"

    @property
    def ruler(self):
        """The drawing: bars (x, width), where the kinds meet, ticks (x, long)."""
        public, professional = self.parts
        length = int(max(self.required, public.need + professional.need))
        bars = [(plain(0), filled(public)), (plain(public.need), filled(professional))]
        ticks = [(x, x % LONG_TICK == 0) for x in range(0, length + 1, TICK)]
        return {"length": length, "bars": bars, "split": plain(public.need), "ticks": ticks}

    def sheet(self, caption, foot, url=""):
        """The credit sheet as templates/_sheet.html draws it."""
        rows = [(part.label, [part.need, part.have]) for part in self.totals.parts]
        total = ("合计", [self.required, self.totals.total.have])
        return {
            "caption": caption,
            "columns": ["应修", "已修"],
            "rows": rows,
            "total": total,
            "foot": self.explanation + foot,
            "url": url,
        }


def filled(part):
    """How much of a kind's own share is there."""
    return plain(min(max(part.have, ZERO), part.need))


@dataclass(frozen=True)
class Overview:
    """The standing in every year that has a rule and has begun, newest first, by year, and why years are owed."""

    years: dict[int, Standing]
    why: str


def overview(profile):
    """A person's years; one query."""
    record = record_of(profile)
    first = rules.first_year_owed(profile, record)
    found = {}
    for rule in rules.begun_rules():
        totals = totals_against(rule, record.totals.get(rule.year) or YearTotal(year=rule.year))
        exempt = exempt_words(rule, record, profile)
        owed = first is not None and rule.year >= first and not exempt
        found[rule.year] = Standing(rule, totals, owed, exempt)
    return Overview(found, duty_words(profile, record, first))


def standings(profile):
    """The standings of an overview alone."""
    return overview(profile).years


def duty_words(profile, record, first):
    """Since when somebody owes years, and because of what."""
    if first is None:
        return "您的档案里没有开始从事会计工作的时间，也没有会计专业技术资格，所以现在不要求继续教育。"
    dated = [day for day in record.certificates if day]
    starts = [(day, "开始从事会计工作") for day in [profile.accounting_since] if day]
    starts += [(day, "取得专业技术资格") for day in dated]
    if not starts:
        return f"您的专业技术资格没有填写取得时间，从采集信息的年度起计，即 {first} 年度起。"
    day, what = min(starts)
    later = f"本平台记录 {rules.FIRST_YEAR} 年度及以后，" if day.year + 1 < rules.FIRST_YEAR else ""
    return f"您 {day.year} 年{what}，从次年起每年参加继续教育；{later}所以从 {first} 年度起计。"


def duty(year):
    """What a year asks of everybody, as a credit sheet; None while the year has no rule."""
    rule = next((rule for rule in rules.begun_rules() if rule.year == year), None)
    if rule is None:
        return None
    rows = [("公需课（免费）", [rule.public_min]), ("专业课", [rule.professional_min])]
    foot = "学完后由学习机构自动回传，无需自己申报。"
    return {
        "caption": "每年应修的继续教育学分",
        "rows": rows,
        "total": ("合计", [rule.total_min]),
        "foot": foot,
    }
