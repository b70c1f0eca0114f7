from datetime import timedelta

import pytest
from django.db.models import Q
from django.utils import timezone

from accounting_platform.lib.prepared import Prepared, Slot, columns, instance
from registration.models import Accountant, Message, SmsMessage
from registration.tests.factories import make_accountant

pytestmark = pytest.mark.django_db


def make_messages(*titles):
    accountant = make_accountant()
    return [Message.objects.create(accountant=accountant, title=title, body="x") for title in titles]


def test_rows_are_the_querysets_for_whatever_values_are_given():
    one, two, three = make_messages("甲", "乙%", "丙")
    titled = Prepared(
        lambda: (
            Message.objects.filter(title__any_of=Slot("titles"), read_at=None)
            .order_by("pk")
            .values_list("pk")
        )
    )

    assert titled(titles={"甲", "乙%", "丁"}) == [(one.pk,), (two.pk,)]
    assert titled(titles=["丙"]) == [(three.pk,)]
    assert titled(titles=[]) == []


def test_statement_is_put_together_once(django_assert_num_queries):
    built = []

    @Prepared
    def all_messages():
        built.append(1)
        return Message.objects.values_list("pk").filter(accountant=Slot("accountant"))

    (message,) = make_messages("甲")
    with django_assert_num_queries(3):
        assert [all_messages(accountant=message.accountant_id) for _ in range(3)] == [[(message.pk,)]] * 3
    assert built == [1]


def test_numbers_and_moments_fill_a_place():
    one, _ = make_messages("甲", "乙")
    since = Prepared(
        lambda: Message.objects.filter(
            Q(read_at=None) | Q(created_at__gt=Slot("moment")), pk=Slot("number")
        ).values_list("title")
    )

    assert since(number=one.pk, moment=timezone.now() - timedelta(days=1)) == [("甲",)]


def test_an_instance_is_the_row_as_the_model_reads_it():
    """Sealed columns are opened, moments and empty values come as ever."""
    make_accountant()
    known = Prepared(lambda: Accountant.objects.values_list(*columns(Accountant)))

    (row,) = known()

    read, kept = instance(Accountant, row), Accountant.objects.get()
    assert read == kept
    assert [getattr(read, name) for name in columns(Accountant)] == [
        getattr(kept, name) for name in columns(Accountant)
    ]


def test_an_instance_of_some_columns_fetches_the_others_when_asked():
    (message,) = make_messages("甲")

    read = instance(Message, [message.pk], ["id"])

    assert read.title == "甲"
    assert not SmsMessage.objects.exists()
