"""Year rules with their history: who changed what, and every value before and after."""

from django.db import transaction
from django.utils import timezone

from collection.choices import DutyStatus
from education.ledger.entries import plain
from education.models import ConversionKind, YearRule, YearRuleChange

FIELDS = (
    "total_min",
    "public_min",
    "professional_min",
    "general_professional_min",
    "credits_per_hour",
    "opens_on",
    "closes_on",
    "exempt_statuses",
    "provisional",
    "basis",
    "closed_at",
)
CREDITS = FIELDS[:5]
NOTHING = "（无）"


def snapshot(rule_id):
    """{what: value} of a rule and its conversion kinds, in the words of the form; {} before it exists."""
    rule = YearRule.objects.filter(pk=rule_id).first()
    if rule is None:
        return {}
    found = {YearRule._meta.get_field(name).verbose_name: words(rule, name) for name in FIELDS}
    for kind in ConversionKind.objects.filter(rule=rule):
        state = "" if kind.is_open else "，不接收申请"
        told = f"每{kind.unit} {plain(kind.credits)} 学分，计入{kind.get_counts_as_display()}，{kind.evidence}{state}"
        found[f"折算项目“{kind.name}”"] = told
    return found


def words(rule, name):
    value = getattr(rule, name)
    if name in CREDITS:
        return plain(value)
    if name == "exempt_statuses":
        return statuses(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if name == "closed_at" and value:
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    return str(value or NOTHING)


def statuses(values):
    return "、".join(DutyStatus(one).label for one in values) or NOTHING


@transaction.atomic
def note_change(rule_id, before, *, by):
    """Keep the difference between an earlier snapshot and the rule as it is; None when there is none."""
    after = snapshot(rule_id)
    labels = dict.fromkeys([*before, *after])
    differences = [
        [label, before.get(label, NOTHING), after.get(label, NOTHING)]
        for label in labels
        if before.get(label) != after.get(label)
    ]
    if not differences:
        return None
    return YearRuleChange.objects.create(rule_id=rule_id, differences=differences, by=by)


def take_over_kinds(rule):
    """A new year begins with the conversion kinds of the year before it."""
    earlier = YearRule.objects.filter(year__lt=rule.year, conversion_kinds__isnull=False)
    model = earlier.order_by("-year").first()
    if model is None or rule.conversion_kinds.exists():
        return
    kinds = list(model.conversion_kinds.all())
    for kind in kinds:
        kind.pk, kind.rule, kind._state.adding = None, rule, True
    ConversionKind.objects.bulk_create(kinds)
