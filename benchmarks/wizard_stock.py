"""The pages and settings of the django-formtools site in benchmarks/wizard_sites.py, before Django is set up."""

import os
from importlib import import_module

FORMTOOLS_PAGES = {
    "base.html": "<!doctype html><html lang=zh-CN><head><title>{% block title %}{% endblock %}</title></head><body>"
    "<header>{{ request.user.username }}</header>{% for message in messages %}{{ message }}{% endfor %}"
    "<main>{% block content %}{% endblock %}</main></body></html>",
    "wizard.html": "{% extends 'base.html' %}{% load crispy_forms_tags %}{% block title %}信息采集{% endblock %}"
    "{% block content %}<p>第 {{ wizard.steps.step1 }} 步，共 {{ wizard.steps.count }} 步</p>"
    "<form method=post>{% csrf_token %}{{ wizard.management_form }}"
    "{% if wizard.form.forms %}{{ wizard.form.management_form }}{% for form in wizard.form.forms %}{{ form|crispy }}"
    "{% endfor %}<template>{{ wizard.form.empty_form|crispy }}</template>{% else %}{{ wizard.form|crispy }}{% endif %}"
    "<button name=wizard_goto_step value='{{ wizard.steps.prev }}'>上一步</button>"
    "<button type=submit>下一步</button></form>{% endblock %}",
}


def stock_settings():
    """A project as `startproject` and the handbooks of crispy and formtools leave it."""
    settings = import_module(os.environ["DJANGO_SETTINGS_MODULE"])
    names = ("sessions.middleware.Session", "auth.middleware.Authentication", "messages.middleware.Message")
    settings.MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
    settings.MIDDLEWARE += [
        f"django.contrib.{names[0]}Middleware",
        "django.middleware.common.CommonMiddleware",
    ]
    settings.MIDDLEWARE += ["django.middleware.csrf.CsrfViewMiddleware"]
    settings.MIDDLEWARE += [f"django.contrib.{name}Middleware" for name in names[1:]]
    settings.MIDDLEWARE += ["django.middleware.clickjacking.XFrameOptionsMiddleware"]
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "formtools"]
    loaders = [
        ("django.template.loaders.locmem.Loader", FORMTOOLS_PAGES),
        "django.template.loaders.app_directories.Loader",
    ]
    cached = [("django.template.loaders.cached.Loader", loaders)]
    processors = [f"django.{name}" for name in ("template.context_processors.request",)]
    processors += [f"django.contrib.{name}" for name in ("auth.context_processors.auth",)]
    processors += ["django.contrib.messages.context_processors.messages"]
    options = {"loaders": cached, "context_processors": processors}
    settings.TEMPLATES = [{"BACKEND": settings.TEMPLATES[0]["BACKEND"], "OPTIONS": options}]
