"""Renders one form of 16 fields through stock crispy-bootstrap5 and through our field template, turn by turn in one run.

.venv/bin/python benchmarks/form_rendering.py
"""

import statistics
import sys
import time
from pathlib import Path

import crispy_bootstrap5
import django
from django import forms
from django.conf import settings
from django.template import Context, Engine

BASE = Path(__file__).resolve().parent.parent
ROUNDS, FORMS_A_ROUND = 7, 40
CHOICES = [(str(number), f"选项{number}") for number in range(12)]
STOCK = Path(crispy_bootstrap5.__file__).parent / "templates"


class SixteenFields(forms.Form):
    """The mix of a wizard step: text, choices, dates, ticks."""


def sixteen_fields():
    fields = {f"text_{n}": forms.CharField(label=f"文字{n}", max_length=30) for n in range(8)}
    fields |= {f"choice_{n}": forms.ChoiceField(label=f"选择{n}", choices=CHOICES) for n in range(4)}
    radio = forms.RadioSelect
    fields |= {
        f"radio_{n}": forms.ChoiceField(label=f"单选{n}", choices=CHOICES[:4], widget=radio) for n in range(2)
    }
    fields["since"] = forms.DateField(label="时间", help_text="如 1993-07", required=False)
    fields["promise"] = forms.BooleanField(label="承诺填写信息的真实性")
    return type("Form", (SixteenFields,), fields)


def engine(first):
    """A template engine whose bootstrap5 pack comes from this folder; the rest is the same for both."""
    loaders = [("django.template.loaders.cached.Loader", ["django.template.loaders.filesystem.Loader"])]
    libraries = {
        "l10n": "django.templatetags.l10n",
        "platform": "accounting_platform.templatetags.platform",
        "crispy_forms_utils": "crispy_forms.templatetags.crispy_forms_utils",
        "crispy_forms_field": "crispy_forms.templatetags.crispy_forms_field",
        "crispy_forms_filters": "crispy_forms.templatetags.crispy_forms_filters",
    }
    return Engine(dirs=[first, STOCK], loaders=loaders, libraries=libraries)


def round_time(template, form_class):
    """Milliseconds of CPU for one form, drawn afresh each time."""
    begun = time.process_time()
    for _ in range(FORMS_A_ROUND):
        context = {"form": form_class(), "field_template": "bootstrap5/field.html"}
        template.render(Context(context | {"form_show_labels": True, "form_show_errors": True}))
    return (time.process_time() - begun) / FORMS_A_ROUND * 1000


def main():
    sys.path.insert(0, str(BASE))
    settings.configure(
        INSTALLED_APPS=["django.forms", "crispy_forms", "crispy_bootstrap5"],
        FORM_RENDERER="django.forms.renderers.TemplatesSetting",
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        CRISPY_TEMPLATE_PACK="bootstrap5",
    )
    django.setup()
    form_class = sixteen_fields()
    stock = engine(STOCK).get_template("bootstrap5/uni_form.html")
    ours = engine(BASE / "templates").get_template("bootstrap5/uni_form.html")
    for template in (stock, ours):
        round_time(template, form_class)
    times = [(round_time(stock, form_class), round_time(ours, form_class)) for _ in range(ROUNDS)]
    stock_ms, our_ms = (statistics.median(column) for column in zip(*times, strict=True))
    ratio = statistics.median(a / b for a, b in times)
    print(f"16 fields: stock crispy {stock_ms:.2f} ms, ours {our_ms:.2f} ms, {ratio:.1f} times as fast")


if __name__ == "__main__":
    main()
