"""学习资源, the page before leaving for a school, 我的学习 and 学分."""

from urllib.parse import urlencode, urlsplit

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from collection import codes
from education.choices import CourseKind
from education.learning import catalogue as resources
from education.learning import my_learning, standing
from education.learning.forms import CatalogueForm, YearForm
from education.learning.launch import UNAVAILABLE
from education.learning.plan import plan_for
from education.ledger import certificates, rules
from registration.access import collected_required


@require_safe
@collected_required
def catalogue(request):
    """学习资源: what is open for the person's division, by kind, year and school."""
    profile = request.accountant.profile
    form = CatalogueForm(request.GET)
    kind, year, search = form.chosen_kind, form.chosen_year, form.cleaned_data.get("q", "")
    page = resources.page(profile, kind=kind, year=year, search=search, after=form.cleaned_data.get("after"))
    rule = rules.kept_rule(year)
    context = {
        "form": form,
        "page": page,
        "kind": kind,
        "year": year,
        "search": search,
        "kinds": [(one, query(form, kind=one, after="")) for one in CourseKind],
        "here": query(form),
        "next": query(form, after=page.next_after) if page.next_after else "",
        "first": query(form, after="") if form.cleaned_data.get("after") else "",
        "rule": rule,
        "is_past": standing.is_over(rule),
        "division": codes.division_name(profile.division),
        "is_slow": resources.is_slow(page.last_delivery_at),
    }
    return render(request, "education/catalogue.html", context)


@require_safe
@collected_required
def leave(request, public_id):
    """Says where 去学习 leads and what goes along, before it leads there."""
    offering = resources.offerings_for(request.accountant.profile).filter(public_id=public_id).first()
    if offering is None:
        raise Http404(UNAVAILABLE)
    form = CatalogueForm(request.GET)
    list_query = query(form, kind=offering.kind, year=offering.year)
    rule = rules.kept_rule(offering.year)
    context = {
        "offering": offering,
        "host": urlsplit(offering.institution.launch_url).hostname,
        "back": f"{reverse('education:catalogue')}?{list_query}#offering-{offering.public_id}",
        "rule": rule,
        "is_past": standing.is_over(rule),
    }
    return leading_to(render(request, "education/leave.html", context), [offering.institution])


@require_safe
@collected_required
def my(request):
    """我的学习: standing, studies and ledger sheet of one year, and the other years in short."""
    profile = request.accountant.profile
    form = YearForm(request.GET)
    whole = standing.overview(profile)
    now = whole.years.get(form.chosen_year)
    rows = my_learning.rows(profile, form.chosen_year, now)
    context = {
        "form": form,
        "year": form.chosen_year,
        "rows": rows,
        "standing": now,
        "plan": plan_for(now) if now else None,
        "why": whole.why,
        "others": others(whole.years, now),
    }
    if now is not None:
        context["sheet"] = now.sheet(f"{now.year} 年度学分账页", sheet_foot(now), credits_url(now.year))
    return leading_to(
        render(request, "education/my.html", context),
        [row.enrolment.institution for row in rows if row.can_go_on],
    )


@require_safe
@collected_required
def credits(request):
    """The ledger of a year, entry by entry, with where each came from."""
    profile = request.accountant.profile
    form = YearForm(request.GET)
    entries = my_learning.entries(profile, form.chosen_year)
    context = {
        "form": form,
        "year": form.chosen_year,
        "entries": entries,
        "total": sum(entry.credits for entry in entries),
        "certificate": certificates.valid(profile, form.chosen_year),
        "standing": standing.standings(profile).get(form.chosen_year),
    }
    return render(request, "education/credits.html", context)


def query(form, **changes):
    """The list's address as asked for, with changes; what is empty or standard is left out."""
    asked = {"kind": form.chosen_kind, "year": form.chosen_year, "q": form.cleaned_data.get("q")}
    asked |= {"after": form.cleaned_data.get("after")} | changes
    return urlencode({name: value for name, value in asked.items() if value})


def leading_to(response, institutions):
    """Let the forms of this page be redirected to these schools, and on within them; our policy stops them otherwise."""
    origins = set()
    for institution in institutions:
        url = urlsplit(institution.launch_url)
        origins |= {f"{url.scheme}://{host}" for host in [url.netloc, *institution.hosts.split()]}
    if origins:
        response._csp_update = {"form-action": sorted(origins)}
    return response


def others(years, now):
    """The other years worth showing, newest first: those that were owed or brought credits."""
    return [
        one
        for year, one in sorted(years.items(), reverse=True)
        if one is not now and (one.owed or one.exempt or one.totals.total.have)
    ]


def sheet_foot(now):
    return f"合计满 {standing.plain(now.required)} 学分，且两类都修满，当年任务才算完成。"


def credits_url(year):
    return f"{reverse('education:credits')}?year={year}"
