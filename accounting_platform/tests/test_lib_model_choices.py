import pytest
from django import forms
from django.contrib.auth.models import Group

from accounting_platform.lib.model_choices import AnyKey


class One(AnyKey, forms.ModelChoiceField):
    pass


class Several(AnyKey, forms.ModelMultipleChoiceField):
    pass


@pytest.mark.django_db
@pytest.mark.parametrize(("field", "value"), [(One, "9" * 20), (Several, ["9" * 20]), (One, "x")])
def test_a_key_that_cannot_be_is_refused_like_one_that_is_not_there(field, value):
    form_field = field(queryset=Group.objects.all())

    with pytest.raises(forms.ValidationError) as refusal:
        form_field.clean(value)

    assert refusal.value.error_list[0].code in ("invalid_choice", "invalid_pk_value")
