"""继续教育学分证明: issued by its owner once a year is done, revoked by staff, or by itself when credits fall.

A certificate says what stood in the ledger, and what the year asked for, on the day it was issued; a rule that is
changed later does not reach back to it.
"""

import secrets

from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from accounting_platform.lib.clock import day_label
from accounting_platform.lib.errors import DomainError
from accounting_platform.lib.masking import mask_document
from collection.models import Profile
from education.choices import CertificateState
from education.learning.my_learning import entries
from education.ledger.entries import plain, totals
from education.models import Certificate
from education.signals import credits_fell
from education.studies import lock_profiles
from registration import audit
from registration.services import notify

# Without what is taken for something else when it is read out or typed.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
MIN_REASON = 5
FELL = "学分更正或撤销后，低于该年度的要求"
RENEWED = "学分有变化，已重新开具"


def valid(profile, year):
    """The certificate of a year that is in force, or None."""
    return Certificate.objects.filter(profile=profile, year=year, state=CertificateState.VALID).first()


@transaction.atomic
def issue(profile, year, *, by):
    """The certificate of a year that is done: the one in force while it still says what the ledger says, else a new
    one in its place. Raises DomainError."""
    lock_profiles(Profile.objects.filter(pk=profile.pk))
    sums = totals(profile, year)
    if not sums.complete:
        raise DomainError(f"{year} 年度的学分还没有修满，修满后才能开具证明", code="not_done", status=409)
    content, old = content_of(profile, sums), valid(profile, year)
    if old and old.content == content:
        return old
    if old:
        withdraw(old, RENEWED)
    made = Certificate.objects.create(profile=profile, year=year, number=new_number(year), content=content)
    audit.record("certificate.issued", actor=by, subject=made, detail={"year": year})
    return made


def new_number(year):
    """2026-7K3M-Q9WD: random, so that no number leads to another."""
    letters = [secrets.choice(ALPHABET) for _ in range(8)]
    return f"{year}-{''.join(letters[:4])}-{''.join(letters[4:])}"


def content_of(profile, sums):
    """What a certificate says, as plain data."""
    person = profile.accountant
    parts = [*sums.parts, sums.total]
    return {
        "name": person.name,
        "document_type": person.get_document_type_display(),
        "document_number": mask_document(person.document_number),
        "archive_number": profile.archive_number,
        "credits": [
            {"label": part.label, "need": plain(part.need), "have": plain(part.have)} for part in parts
        ],
        "entries": [entry_words(entry) for entry in entries(profile, sums.year)],
    }


def entry_words(entry):
    """One line of the ledger in words."""
    study = entry.enrolment
    return {
        "source": entry.institution.name if entry.institution else entry.get_source_display(),
        "kind": entry.get_kind_display(),
        "title": study.title if study else "",
        "hours": plain(study.hours) if study and study.hours else "",
        "credits": plain(entry.credits),
        "finished": day_label(timezone.localtime(entry.finished_at)),
    }


def withdraw(certificate, reason):
    """Take a certificate out of force; the caller holds the profile's lock."""
    certificate.revoke(reason)
    certificate.save(update_fields=["state", "revoked_at", "reason"])


@transaction.atomic
def revoke(certificate_id, *, by, reason):
    """Staff take a certificate out of force and the person is told why. Raises DomainError."""
    reason = reason.strip()
    if len(reason) < MIN_REASON:
        raise DomainError(f"请写明撤销原因，至少 {MIN_REASON} 个字。", field="reason")
    owner = Certificate.objects.filter(pk=certificate_id).values("profile_id")
    lock_profiles(Profile.objects.filter(pk__in=owner))
    certificate = Certificate.objects.select_related("profile__accountant").get(pk=certificate_id)
    withdraw(certificate, reason)
    audit.record("certificate.revoked", actor=by, subject=certificate, detail={"fields": ["state", "reason"]})
    tell_revoked(certificate)
    return certificate


@receiver(credits_fell)
def withdraw_what_no_longer_holds(sender, pairs, **kwargs):
    """Certificates of years that credits were taken from, and that are no longer done. It may raise, unlike others:
    staff's correction must not be booked while a certificate goes on saying otherwise."""
    for profile_id, year in sorted(pairs):
        certificate = valid(profile_id, year)
        if certificate and not totals(profile_id, year).complete:
            withdraw(certificate, FELL)
            detail = {"fields": ["state", "reason"]}
            audit.record("certificate.revoked", actor=None, subject=certificate, detail=detail)
            tell_revoked(certificate)


def tell_revoked(certificate):
    words = (
        f"您的 {certificate}（编号 {certificate.number}）已撤销，原因：{certificate.reason}。"
        "已经打印或分享的证明，核验时会显示“已撤销”。"
    )
    notify(certificate.profile.accountant, "学分证明已撤销", words)
