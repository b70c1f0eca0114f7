"""The statements behind a docket: each put together once, asked with the values of the events at hand."""

from django.db.models import FilteredRelation, OuterRef, Q, Subquery

from accounting_platform.lib.prepared import Prepared, Slot, columns
from collection.models import Profile
from education.models import Delivery, Enrolment, Learner, Offering
from education.models.delivery import FINAL
from education.studies import in_locking_order
from registration.models import Accountant

PROFILE_COLUMNS = ("id", "accountant_id", "state", "division")
TAKEN_COLUMNS = ("id", "public_id", "message_id", "digest")


def own(model):
    """Rows of one model that belong to the institution."""
    return model.objects.filter(institution=Slot("institution"))


def own_studies():
    return own(Enrolment).filter(reference__any_of=Slot("references"))


@Prepared
def learners():
    return own(Learner).filter(public_id__any_of=Slot("learners")).values_list("public_id", "profile_id")


@Prepared
def holders():
    people = Accountant.objects.filter(document_type__any_of=Slot("types"), document_key__any_of=Slot("keys"))
    return people.values_list("document_type", "document_key", "name", "profile__pk")


@Prepared
def locked_profiles():
    """Profiles by id, and those of studies by reference."""
    # A union, never an OR: so that each part is found by its own index.
    named = Profile.objects.filter(pk__any_of=Slot("named")).values("pk")
    wanted = own_studies().values("profile_id").union(named)
    return in_locking_order(Profile.objects.filter(pk__in=wanted)).values_list(*PROFILE_COLUMNS)


@Prepared
def locked_studies():
    """Studies by reference, each locked behind its profile."""
    # From the profile's side, since the tables of a row are locked in the order in which they are joined.
    studies = Profile.objects.filter(
        enrolment__institution=Slot("institution"), enrolment__reference__any_of=Slot("references")
    )
    max_credits = Offering.objects.filter(pk=OuterRef("enrolment__offering_id")).values("max_credits")
    study = (f"enrolment__{name}" for name in columns(Enrolment))
    locked = studies.order_by("pk", "enrolment__pk").select_for_update(no_key=True)
    return locked.values_list("accountant_id", Subquery(max_credits), *study)


@Prepared
def taken_deliveries():
    return own(Delivery).filter(message_id__any_of=Slot("ids"), outcome__in=FINAL).values_list(*TAKEN_COLUMNS)


@Prepared
def filings():
    """Offerings of some years, a row for each of the prefixes that they are filed for."""
    covering = FilteredRelation("divisions", condition=Q(divisions__prefix__any_of=Slot("prefixes")))
    offerings = own(Offering).filter(year__any_of=Slot("years"), institution__filed=True)
    return offerings.annotate(covering=covering).values_list(
        "year", "kind", "pk", "public_id", "title", "max_credits", "covering__prefix"
    )
