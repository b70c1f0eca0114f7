import copy
import pickle

import pytest
from django import forms
from django.core.exceptions import ValidationError

from accounting_platform.lib.errors import DomainError, InputError


def test_domain_error_shows_its_message_and_keeps_the_rest():
    error = DomainError("请稍后再试", field="phone", code="limit", status=429)

    assert (str(error), error.field, error.code, error.status) == ("请稍后再试", "phone", "limit", 429)


def test_input_error_is_a_refusal_to_services_and_a_field_error_to_forms():
    class OneField(forms.Form):
        phone = forms.CharField()

        def clean_phone(self):
            raise InputError("手机号码格式不正确", field="phone", code="phone")

    form = OneField({"phone": "1"})

    assert form.errors == {"phone": ["手机号码格式不正确"]}
    assert form.errors.as_data()["phone"][0].code == "phone"
    assert issubclass(InputError, DomainError)
    assert issubclass(InputError, ValidationError)


@pytest.mark.parametrize("kind", [DomainError, InputError])
@pytest.mark.parametrize("again", [copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))])
def test_errors_survive_copying(kind, again):
    error = again(kind("请核对", field="name", status=409))

    assert (type(error), error.message, error.field, error.status) == (kind, "请核对", "name", 409)
