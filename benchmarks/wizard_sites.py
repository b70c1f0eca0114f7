"""The three sites that benchmarks/wizard.py drives: the platform, its bare limit, and the same fields on django-formtools."""
# ruff: noqa: E402  The settings are changed before Django is set up.

import os
import re
import sys
import time
from datetime import date
from html import escape
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "accounting_platform.settings_test")

import wizard_stock

CSRF = "c" * 32
STEPS = ("personal", "education", "work", "professional", "awards")
if "formtools" in sys.argv:
    wizard_stock.stock_settings()

import django

django.setup()

from django import forms
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import models, transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from django.urls import path, reverse

from accounting_platform import urls
from collection import codes
from collection.choices import DutyStatus
from collection.models import Award, Profile, Qualification, Schooling, TalentProgramme
from collection.sections import SECTION_BY_KEY
from collection.tests import factories
from collection.wording import CODE_LISTS
from registration.tests.factories import make_accountant, resident_id

STATUS = DutyStatus.ACCOUNTING


def session_of(user):
    """The key of a session in which this user is logged in."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


class Site:
    """One contestant in one process; requests are made before the clock starts."""

    urls = urls.urlpatterns

    def __init__(self, people=25):
        settings.ROOT_URLCONF, settings.DEBUG_PROPAGATE_EXCEPTIONS = __name__, True
        globals()["urlpatterns"] = self.urls
        self.handler, self.factory = WSGIHandler(), RequestFactory()
        self.people = [self.somebody(complete=True) for _ in range(people)]

    def somebody(self, *, complete):
        """(user, session key) of a person with a filled-in or a fresh draft."""
        born = date(1980, 1, 1 + list(SITES.values()).index(type(self)))
        accountant = make_accountant(document_number=resident_id(birth_date=born))
        make = factories.make_profile if complete else factories.make_draft
        profile = (
            make(accountant=accountant)
            if complete
            else make(accountant, notice_accepted_at="2026-11-01T00:00Z")
        )
        factories.make_pictures(profile)
        return session_of(accountant.user)

    def request(self, method, address, session, data=None):
        posted = {"data": urlencode(data or {}), "content_type": "application/x-www-form-urlencoded"}
        made = self.factory.generic(method.upper(), address, **posted if method == "post" else {})
        cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={CSRF}"
        return made.environ | {"HTTP_COOKIE": cookies, "HTTP_X_CSRFTOKEN": CSRF}

    def ask(self, environ, statuses=("200 OK",)):
        """The body of an answer whose status is as expected."""
        got = []
        response = self.handler(environ, lambda status, headers: got.append(status))
        body = b"".join(response)
        response.close()
        assert got[0] in statuses, (got, environ["PATH_INFO"], re.sub(r"\s+", " ", body.decode())[-1500:])
        return body

    def timed(self, requests):
        """{requests, seconds, CPU seconds} of these requests, one after the other."""
        begun, spent = time.perf_counter(), time.process_time()
        for environ in requests:
            # What is posted is taken: a form that comes back with errors is no application.
            self.ask(
                environ, ("302 Found",) if environ["REQUEST_METHOD"] == "POST" else ("200 OK", "302 Found")
            )
        seconds, spent = time.perf_counter() - begun, time.process_time() - spent
        return {"requests": len(requests), "seconds": seconds, "cpu": spent}

    def address(self, step):
        return reverse("collection:section", args=[step])

    def get(self, step, turn):
        return self.timed([self.request("get", self.address(step), one) for one in self.people])

    def post(self, step, turn):
        data = factories.answers_for(STATUS, step)
        # Something differs each time, as if somebody had typed.
        data |= {
            "personal": {"email": f"lin{turn}@example.com"},
            "work": {"accounting_years": str(turn % 20)},
        }.get(step, {})
        return self.timed([self.request("post", self.address(step), one, data) for one in self.people])

    def application(self, turn, count=12):
        """Whole ways through the wizard, each by somebody new."""
        return self.timed(
            [each for _ in range(int(count)) for each in self.way(self.somebody(complete=False))]
        ) | {"requests": int(count)}

    def way(self, session):
        for step in STEPS:
            yield self.request("get", self.address(step), session)
            yield self.request("post", self.address(step), session, factories.answers_for(STATUS, step))
        yield self.request("get", reverse("collection:review"), session)
        yield self.request("post", reverse("collection:review"), session, {"promise": "on"})


# --- the limit: a view with the same session, one row read or written, the same HTML written by hand

PAGES = {}
TOKEN, TYPED = "%%TOKEN%%", re.compile(r'value="([^"<>]{2,})"')


def bare(request, step):
    user = request.user
    if request.method == "POST":
        names = SECTION_BY_KEY[step].fields_for(STATUS)
        typed = {
            name: request.POST[name] for name in names if name in request.POST and name not in BARE_DATES
        }
        values = {name: {"yes": True, "no": False}.get(value, value) for name, value in typed.items()}
        Profile.objects.filter(accountant_id=user.accountant.pk).update(
            **values or {"email": "lin@example.com"}
        )
        return HttpResponseRedirect(f"/bare/{step}")
    profile = Profile.objects.get(accountant_id=user.accountant.pk)
    values = {name: escape(str(getattr(profile, name))) for name in SECTION_BY_KEY[step].fields_for(STATUS)}
    page = PAGES[step].replace(TOKEN, get_token(request))
    for name, value in values.items():
        page = page.replace(f"%%{name}%%", value)
    return HttpResponse(page)


BARE_DATES = ("accounting_since", "technical_position_since")


class Bare(Site):
    urls = [*urls.urlpatterns, path("bare/<slug:step>", bare)]

    def __init__(self):
        super().__init__()
        for step in STEPS:
            page = self.ask(self.request("get", super().address(step), self.people[0])).decode()
            for token in set(re.findall(r'csrfmiddlewaretoken" value="(\w+)"|X-CSRFToken": "(\w+)"', page)):
                page = page.replace("".join(token), TOKEN)
            for name, value in (factories.PERSONAL | factories.EMPLOYER).items():
                page = page.replace(f'value="{value}"', f'value="%%{name}%%"')
            PAGES[step] = page

    def address(self, step):
        return f"/bare/{step}"


# --- the yardstick


def stock_field(column, **kwargs):
    """The field people would write: a select for a list of codes, radio buttons where ours are, Django's own otherwise."""
    name = column.name
    if name == "division":
        return forms.ChoiceField(label=column.verbose_name, choices=codes.choices("division"))
    if name in CODE_LISTS:
        offered = [("", "请选择"), *codes.grouped_choices(CODE_LISTS[name])]
        return forms.ChoiceField(label=column.verbose_name, choices=offered, required=not column.blank)
    if isinstance(column, models.BooleanField):
        offered = [("True", "是"), ("False", "否")]
        return forms.TypedChoiceField(
            label=column.verbose_name,
            choices=offered,
            widget=forms.RadioSelect,
            coerce=lambda value: value == "True",
        )
    if name == "duty_status":
        return forms.ChoiceField(label=column.verbose_name, choices=column.choices, widget=forms.RadioSelect)
    return column.formfield(**kwargs)


def stock_form(model, names):
    return forms.modelform_factory(model, fields=names, formfield_callback=stock_field)


def stock_formset(model, names):
    """Repeated answers, one row to begin with and an empty form for more, as formtools takes them: a step of their own."""
    return forms.formset_factory(stock_form(model, list(names)), extra=1, min_num=0)


ROW_STEPS = {
    "education": (Schooling, ["mode", *factories.SCHOOLING], [factories.SCHOOLING | {"mode": "full_time"}]),
    "qualifications": (
        Qualification,
        [*factories.QUALIFICATION, "name", "obtained_on", "certificate_number"],
        [factories.QUALIFICATION],
    ),
    "talents": (TalentProgramme, factories.TALENT, []),
    "awards": (Award, factories.AWARD, [factories.AWARD]),
}
FORMTOOLS_STEPS = ("personal", "education", "work", "professional", "qualifications", "talents", "awards")


def formtools_step(step):
    if step in ROW_STEPS:
        return stock_formset(*ROW_STEPS[step][:2])
    return stock_form(Profile, SECTION_BY_KEY[step].fields_for(STATUS))


def formtools_urls():
    from formtools.wizard.views import NamedUrlSessionWizardView

    class Wizard(NamedUrlSessionWizardView):
        template_name = "wizard.html"

        @transaction.atomic
        def done(self, form_list, form_dict, **kwargs):
            profile = self.request.user.accountant.profile
            for step in set(form_dict) - set(ROW_STEPS):
                for name, value in form_dict[step].cleaned_data.items():
                    setattr(profile, name, value)
            profile.save()
            for step, (model, *_) in ROW_STEPS.items():
                rows = [values for values in form_dict[step].cleaned_data if values]
                model.objects.bulk_create([model(profile=profile, **values) for values in rows])
            return HttpResponseRedirect("/done")

    steps = [(step, formtools_step(step)) for step in FORMTOOLS_STEPS]
    view = Wizard.as_view(steps, url_name="step", done_step_name="finished")
    return [
        path("done", lambda request: HttpResponse("完成")),
        path("wizard/<slug:step>/", view, name="step"),
    ]


class Formtools(Site):
    def __init__(self):
        self.urls = formtools_urls()
        super().__init__(people=2)

    def address(self, step):
        return f"/wizard/{step}/"

    def way(self, session):
        for step in FORMTOOLS_STEPS:
            yield self.request("get", self.address(step), session)
            yield self.request("post", self.address(step), session, posted_to_formtools(step))
        yield self.request("get", self.address("finished"), session)


def posted_to_formtools(step):
    """The answers of factories.answers_for() as this wizard's forms call them."""
    if step in ROW_STEPS:
        rows = ROW_STEPS[step][2]
        answers = {"TOTAL_FORMS": max(1, len(rows)), "INITIAL_FORMS": 0} | {
            f"{number}-{name}": value for number, row in enumerate(rows) for name, value in row.items()
        }
    else:
        answers = factories.answers_for(STATUS, step)
    for name, value in answers.items():
        if name.endswith(("since", "_on")) and value:
            answers[name] = f"{value}-01"
        answers[name] = {"yes": "True", "no": "False"}.get(answers[name], answers[name])
    return {f"{step}-{name}": value for name, value in answers.items()} | {"wizard-current_step": step}


SITES = {"ours": Site, "bare": Bare, "formtools": Formtools}
