"""Year rules with their history, and trials of a changed rule."""

from decimal import Decimal

import pytest
from django.urls import reverse

from accounting_platform.lib import clock
from accounting_platform.lib.errors import DomainError
from education.ledger import rule_history, trials
from education.models import ConversionKind, RuleTrial, YearRule, YearRuleChange, YearTotal
from education.tests.factories import make_collected, make_exemption, make_kind, make_year_rule
from registration.models import AuditEvent
from registration.tests.factories import make_staff, staff_login

pytestmark = pytest.mark.django_db
FIGURES = trials.FIGURES


@pytest.fixture
def province(client):
    user = make_staff(is_superuser=True)
    staff_login(client, user)
    return user


def typed(rule, kind, **changes):
    """The rule's page as a browser posts it."""
    answers = {name: getattr(rule, name) for name in (*trials.CREDITS, "credits_per_hour", "basis")}
    answers |= {
        "provisional": "on",
        "opens_on": rule.opens_on,
        "closes_on": rule.closes_on,
        "exempt_statuses": ["student"],
    }
    kinds = {"id": kind.pk, "rule": rule.pk, "name": kind.name, "unit": kind.unit, "credits": kind.credits}
    kinds |= {"counts_as": kind.counts_as, "evidence": kind.evidence, "basis": "", "is_open": "on"}
    answers |= {f"conversion_kinds-0-{name}": value for name, value in kinds.items()}
    answers |= {"conversion_kinds-TOTAL_FORMS": 1, "conversion_kinds-INITIAL_FORMS": 1}
    return answers | {"changes-TOTAL_FORMS": 0, "changes-INITIAL_FORMS": 0} | changes


def test_a_changed_rule_keeps_who_changed_what(client, province):
    rule = make_year_rule(exempt_statuses=["student"])
    ConversionKind.objects.filter(rule=rule).delete()
    kind = make_kind(rule, name="论文")
    changes = {"general_professional_min": 25, "exempt_statuses": [], "conversion_kinds-0-credits": 20}
    url = reverse("admin:education_yearrule_change", args=[rule.pk])

    assert client.post(url, typed(rule, kind, **changes)).status_code == 302
    client.post(url, typed(rule, kind, **changes))

    change = YearRuleChange.objects.get()
    assert change.by == province
    assert change.differences == [
        ["其中专业通识学分", "0", "25"],
        ["免于学习的在岗状态", "在校生", "（无）"],
        ["折算项目“论文”", "每篇 30 学分，计入专业课，证明", "每篇 20 学分，计入专业课，证明"],
    ]
    page = client.get(url).content.decode()
    assert "其中专业通识学分：0 → 25" in page and str(province) in page


def test_the_reference_rules_come_with_what_may_be_converted():
    kinds = ConversionKind.objects.filter(rule__year=2026)

    assert kinds.count() == 10
    assert set(kinds.filter(counts_as="all").values_list("credits", flat=True)) == {Decimal(90)}
    assert YearRule.objects.get(year=2021).exempt_statuses == ["student"]


def test_a_new_year_takes_over_the_kinds_of_the_year_before(client, province):
    answers = {"year": 2030, "total_min": 90, "public_min": 30, "professional_min": 60}
    answers |= {"general_professional_min": 20, "credits_per_hour": "2.5"}
    answers |= {"opens_on": "2030-01-01", "closes_on": "2031-04-30"}

    client.post(reverse("admin:education_yearrule_add"), answers)

    rule = YearRule.objects.get(year=2030)
    assert rule.conversion_kinds.count() == ConversionKind.objects.filter(rule__year=2026).count() > 0
    assert YearRuleChange.objects.get(rule=rule).differences[0] == ["总学分", "（无）", "90"]


def test_take_over_leaves_kinds_that_are_there():
    rule = make_year_rule(2030)
    make_kind(rule)

    rule_history.take_over_kinds(rule)

    assert rule.conversion_kinds.count() == 1


# --- trials


def total(division, public, professional, general=0, **profile):
    year = clock.year()
    credits = {"public": public, "professional": professional, "general_professional": general}
    return YearTotal.objects.create(
        profile=make_collected(division=division, **profile), year=year, **credits
    )


def tried(rule, **changes):
    after = trials.values_of(rule) | {name: str(value) for name, value in changes.items()}
    trial = trials.begin(rule, after=after | changes if "exempt_statuses" in changes else after, by=None)
    trials.run(trial.pk)
    trial.refresh_from_db()
    return trial


def found(trial):
    return {row["division"]: tuple(row[name] for name in FIGURES) for row in trial.result}


def test_a_trial_counts_by_city_who_changes_state_and_changes_nothing(
    django_assert_max_num_queries, monkeypatch
):
    rule = make_year_rule(general_professional_min=20)
    total("440106", 30, 60, 20)
    total("440103", 30, 60, 10)
    total("440106", 30, 50, 20)
    total("441900", 30, 60, 20)
    total("440000-B", 30, 60, 0)
    make_exemption(total("440106", 0, 0).profile)
    YearTotal.objects.create(profile=make_collected(), year=rule.year - 1, public=30, professional=60)
    before = list(YearTotal.objects.values())
    monkeypatch.setattr(trials, "CHUNK", 3)

    trial = tried(rule, general_professional_min=10)

    assert found(trial) == {
        "4401": (3, 1, 2, 1, 0),
        "4419": (1, 1, 1, 0, 0),
        "440000-B": (1, 0, 0, 0, 0),
    }
    assert (trial.state, trial.percent) == ("done", 100)
    assert list(YearTotal.objects.values()) == before
    assert YearRule.objects.get(pk=rule.pk).general_professional_min == 20


def test_a_stricter_rule_loses_people_and_a_duty_status_frees_them():
    rule = make_year_rule(exempt_statuses=[])
    total("440106", 30, 60)
    total("440106", 30, 60, duty_status="student")

    strict = tried(rule, total_min=95, professional_min=65)
    kind = tried(rule, total_min=95, professional_min=65, exempt_statuses=["student"])

    assert found(strict) == {"4401": (2, 2, 0, 0, 2)}
    assert found(kind) == {"4401": (2, 2, 1, 0, 1)}


def test_one_trial_of_a_year_at_a_time_and_a_lost_one_is_rung_again():
    rule = make_year_rule()
    RuleTrial.objects.create(rule=rule, before=trials.values_of(rule), after=trials.values_of(rule))

    with pytest.raises(DomainError, match="正在试算"):
        trials.begin(rule, after=trials.values_of(rule), by=None)
    trials.sweep()

    assert RuleTrial.objects.get().state == "done"


def test_staff_try_a_rule_and_see_the_table(client, province):
    rule = make_year_rule(general_professional_min=20)
    total("440106", 30, 60, 10)
    answers = {"rule": rule.pk, "total_min": 90, "public_min": 30, "professional_min": 60}
    form = client.get(reverse("admin:education_ruletrial_add"), {"rule": rule.pk}).content.decode()

    response = client.post(
        reverse("admin:education_ruletrial_add"), answers | {"general_professional_min": 10}, follow=True
    )
    trials.run(RuleTrial.objects.get().pk)
    page = client.get(response.request["PATH_INFO"]).content.decode()

    assert 'name="general_professional_min" value="20.00"' in form
    assert (
        "广东省广州市" in page
        and "已完成" in page
        and "<svg" in page
        and "style=" not in page.split("<main")[-1]
    )
    assert [cell for cell in ('<td class="r">1</td>', "现行 0%，试算 100%") if cell not in page] == []
    assert AuditEvent.objects.filter(kind="year_rule.tried", actor_id=province.pk).exists()


def test_a_city_neither_sees_nor_tries_rules(client):
    rights = [f"education.{what}_{name}" for what in ("view", "add") for name in ("ruletrial", "yearrule")]
    staff_login(client, make_staff(division_scope="4401", permissions=rights))

    for name in ("ruletrial_add", "ruletrial_changelist", "yearrule_changelist"):
        assert client.get(reverse(f"admin:education_{name}")).status_code == 403
