"""Many at once: one archive, one draft, nothing lost silently."""

import threading

import pytest
from django.db import connection

from accounting_platform.lib.errors import DomainError
from collection import services
from collection.choices import DutyStatus
from collection.models import ArchiveVersion, Profile
from collection.sections import SECTION_BY_KEY
from collection.tests.factories import answers_for, make_pictures, make_profile
from registration.models import AuditEvent
from registration.tests.factories import make_accountant

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


def at_once(run, *arguments):
    """Call run(argument) for all arguments at the same moment, each on a connection of its own."""
    barrier = threading.Barrier(len(arguments))

    def start(argument):
        try:
            barrier.wait()
            run(argument)
        finally:
            connection.close()

    threads = [threading.Thread(target=start, args=[argument]) for argument in arguments]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def ready():
    profile = make_profile()
    make_pictures(profile)
    return profile


def test_many_submits_at_once_make_one_archive():
    profiles = [ready() for _ in range(3)]
    numbers = []

    def submit(profile):
        numbers.append(services.submit(profile.pk, by=profile.accountant.user).archive_number)

    at_once(submit, *profiles * 4)

    assert len(numbers) == 12
    assert len(set(numbers)) == len(profiles)
    assert ArchiveVersion.objects.count() == len(profiles)
    assert AuditEvent.objects.filter(kind="collection.submitted").count() == len(profiles)


def test_pages_saved_at_once_lose_nothing_silently():
    profile = make_profile()
    outcomes = []

    def save(address):
        data = answers_for(DutyStatus.ACCOUNTING, "work", employer_address=address, version="1")
        try:
            services.save_section(profile.pk, SECTION_BY_KEY["work"], data, by=profile.accountant.user)
            outcomes.append(address)
        except DomainError as error:
            outcomes.append(str(error.status))

    at_once(save, *(f"地址 {number} 号" for number in range(8)))

    profile.refresh_from_db()
    assert sorted(outcomes) == sorted(["409"] * 7 + [profile.employer_address])


def test_first_visits_at_once_open_one_draft():
    accountant = make_accountant()
    opened = []

    at_once(lambda person: opened.append(services.open_profile(person).pk), *[accountant] * 4)

    assert opened == [Profile.objects.get().pk] * 4
