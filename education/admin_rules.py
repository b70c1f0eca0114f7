"""The desk's pages of year rules: the rule with its conversion kinds and history, and trials of a changed rule."""

from django.contrib import admin, messages
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from accounting_platform.lib.errors import DomainError
from collection import codes
from education import studies
from education.admin_parts import ProvinceDesk, confirm_page
from education.admin_rule_forms import ConversionKindForm, TrialForm, YearRuleForm
from education.choices import TrialState
from education.ledger import rule_history, trials
from education.models import ConversionKind, RuleTrial, YearRule, YearRuleChange
from registration.admin_base import PlatformAdmin, ReadOnly


class ConversionKindInline(admin.TabularInline):
    """What may be converted in this year. A kind somebody applied for is closed, not deleted."""

    model = ConversionKind
    form = ConversionKindForm
    extra = 0
    can_delete = False


class RuleChangeInline(ReadOnly, admin.TabularInline):
    """Who changed what, and when."""

    model = YearRuleChange
    fields = readonly_fields = ["made_at", "who", "what"]
    extra = 0

    @admin.display(description="操作人")
    def who(self, change):
        return str(change.by) if change.by else "系统"

    @admin.display(description="变更内容")
    def what(self, change):
        return format_html_join(
            "", "<div>{}：{} → {}</div>", ((label, old, new) for label, old, new in change.differences)
        )

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("by")


@admin.register(YearRule)
class YearRuleAdmin(ProvinceDesk, PlatformAdmin):
    form = YearRuleForm
    inlines = [ConversionKindInline, RuleChangeInline]
    list_display = ["year", "total_min", "public_min", "professional_min", "opens_on", "closes_on", "state"]
    fields = [
        "year",
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
        "trial_link",
    ]
    actions = ["close_years"]

    def get_fields(self, request, obj=None):
        return self.fields if obj else [name for name in self.fields if name != "trial_link"]

    def get_readonly_fields(self, request, obj=None):
        return ["closed_at", "year", "trial_link"] if obj else ["closed_at"]

    def get_inlines(self, request, obj):
        # A new year takes over the kinds of the year before.
        return self.inlines if obj else []

    def save_model(self, request, obj, form, change):
        request.rule_before = rule_history.snapshot(obj.pk) if change else {}
        super().save_model(request, obj, form, change)
        if not change:
            rule_history.take_over_kinds(obj)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        rule_history.note_change(form.instance.pk, request.rule_before, by=request.user)

    def row_label(self, rule):
        return str(rule)

    @admin.display(description="试算")
    def trial_link(self, rule):
        url = reverse("admin:education_ruletrial_add")
        words = '<a href="{}?rule={}">改动之前先试算：会有多少人达标或不再达标</a>'
        return format_html(words, url, rule.pk)

    @admin.display(description="状态")
    def state(self, rule):
        if rule.closed_at:
            return "已关闭"
        return "暂定" if rule.provisional else "已公布"

    @admin.action(description="关闭所选年度（未完成的学习记为已截止）", permissions=["change"])
    def close_years(self, request, queryset):
        """Ask first: a closed year takes no more credits."""
        years = sorted(queryset.values_list("year", flat=True))
        if "confirm" not in request.POST:
            words = "关闭后不再接收这些年度的学分，未完成的学习记为“已截止”，不能恢复。"
            return confirm_page(self, request, queryset, "关闭年度", words, "close_years")
        for year in years:
            people = studies.close_year(year, by=request.user)
            self.message_user(
                request, f"{year} 年度已关闭，{people} 人未完成的学习记为已截止。", messages.SUCCESS
            )
        return None


@admin.register(RuleTrial)
class RuleTrialAdmin(ProvinceDesk, PlatformAdmin):
    """规则试算: typed in like a rule, counted by a worker; the rule itself stays as it is."""

    form = TrialForm
    add_form_template = "admin/change_form.html"
    change_form_template = "admin/education/trial.html"
    list_display = ["id", "rule", "state", "by", "created_at"]
    list_select_related = ["rule", "by"]
    fields = TrialForm.FIELDS

    def has_change_permission(self, request, obj=None):
        return False

    def get_changeform_initial_data(self, request):
        rules = YearRule.objects.order_by("-year")
        rule = rules.filter(pk=as_key(request.GET.get("rule"))).first() or rules.first()
        return {"rule": rule, **trials.values_of(rule)} if rule else {}

    def get_fields(self, request, obj=None):
        return ["rule"] if obj else self.fields

    def save_model(self, request, obj, form, change):
        try:
            trial = trials.begin(obj.rule, after=form.demands(), by=request.user)
        except DomainError as refusal:
            # Somebody asked a moment earlier: their trial is shown.
            self.message_user(request, str(refusal), messages.WARNING)
            trial = RuleTrial.objects.filter(rule=obj.rule).first()
        obj.pk, obj._state.adding = trial.pk, False
        obj.refresh_from_db()

    def response_add(self, request, obj, post_url_continue=None):
        request.POST = request.POST.copy() | {"_continue": "1"}
        return super().response_add(request, obj, post_url_continue)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        trial = self.get_object(request, object_id)
        shown = {"trial": trial, "title": "规则试算"}
        if trial is not None:
            shown |= {"demands": demands(trial), "rows": rows(trial), "waits": trial.is_unfinished}
            shown["failed"] = trial.state == TrialState.FAILED
        return super().change_view(request, object_id, form_url, (extra_context or {}) | shown)


def as_key(text):
    return text if text and text.isascii() and text.isdecimal() and len(text) < 10 else None


def demands(trial):
    """[(what, as it is, as tried, whether they differ)]."""
    labels = {name: YearRule._meta.get_field(name).verbose_name for name in trials.values_of(trial.rule)}
    shown = [(label, told(trial.before[name]), told(trial.after[name])) for name, label in labels.items()]
    return [(label, before, after, before != after) for label, before, after in shown]


def told(value):
    if isinstance(value, list):
        return rule_history.statuses(value)
    return rule_history.plain(value)


def rows(trial):
    """The result by city with the widths of its bars, and the sum last."""
    figures = [{**row, "name": codes.division_name(full_code(row["division"]))} for row in trial.result]
    if len(figures) > 1:
        figures.append(
            {"name": "合计"} | {name: sum(row[name] for row in figures) for name in trials.FIGURES}
        )
    for row in figures:
        whole = row["people"] or 1
        row["before_width"] = row["done_before"] * 100 // whole
        row["after_width"] = row["done_after"] * 100 // whole
    return figures


def full_code(division):
    return division if division.endswith("-B") else f"{division:0<6}"
