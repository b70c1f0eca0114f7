"""去学习: out to a school with a one-time ticket, and what the school learns when it redeems it."""

import secrets
from datetime import timedelta
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounting_platform.lib.encryption import keyed_hash
from accounting_platform.lib.masking import mask_document
from education.models import Enrolment, Learner, Offering, Ticket
from education.schools.refusals import Refusal
from registration import audit
from registration.access import collected_required, prefixes

LIFETIME = timedelta(seconds=60)
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
UNAVAILABLE = "该学习机构不可用"


@require_POST
@collected_required
def launch(request, public_id):
    """From the catalogue: an open offering that covers the person's division."""
    profile = request.accountant.profile
    offerings = Offering.objects.open_for(prefixes(profile.division)).select_related("institution")
    offering = offerings.filter(public_id=public_id).first()
    if offering is None:
        raise Http404(UNAVAILABLE)
    return HttpResponseRedirect(start(profile, offering=offering, by=request.user))


@require_POST
@collected_required
def relaunch(request, public_id):
    """From 我的学习: back to a study of one's own, also after the offering closed or the person moved."""
    profile = request.accountant.profile
    studies = Enrolment.objects.filter(profile=profile, institution__filed=True)
    enrolment = studies.select_related("institution", "offering").filter(public_id=public_id).first()
    if enrolment is None:
        raise Http404(UNAVAILABLE)
    return HttpResponseRedirect(start(profile, enrolment=enrolment, by=request.user))


def start(profile, *, offering=None, enrolment=None, by):
    """The address that takes this person to the school: its registered one and a ticket, nothing else."""
    offering = offering or enrolment.offering
    institution = enrolment.institution if enrolment else offering.institution
    target = safe_target(institution)
    ticket = secrets.token_urlsafe(32)
    with transaction.atomic():
        Ticket.objects.create(
            ticket_hash=hash_of(ticket),
            institution=institution,
            profile=profile,
            offering=offering,
            enrolment=enrolment,
            expires_at=timezone.now() + LIFETIME,
        )
        audit.record("study.launched", actor=by, subject=enrolment or offering)
    parameters = "&".join(filter(None, [target.query, urlencode({"ticket": ticket})]))
    return urlunsplit(target._replace(query=parameters, fragment=""))


def safe_target(institution):
    """The school's registered address in parts; 404 unless it is https (http to loopback in the demo) on a filed host."""
    target = urlsplit(institution.launch_url)
    local = settings.DEMO and target.hostname in LOOPBACK
    allowed = {"https", "http"} if local else {"https"}
    filed = {target.hostname, target.netloc} & set(institution.hosts.split())
    if target.scheme not in allowed or not filed or "@" in target.netloc:
        raise Http404(UNAVAILABLE)
    return target


def hash_of(ticket):
    return keyed_hash("ticket", ticket)


@transaction.atomic
def redeem(institution, ticket):
    """Who came with a ticket, told once to the school it was made for; Refusal in all other cases."""
    if not isinstance(ticket, str) or not spend(institution, ticket):
        raise Refusal("ticket_unknown")
    spent = Ticket.objects.select_related("profile__accountant", "offering", "enrolment")
    spent = spent.get(ticket_hash=hash_of(ticket))
    learner, _created = Learner.objects.get_or_create(
        institution=institution, profile=spent.profile, defaults={"public_id": f"lrn_{secrets.token_hex(16)}"}
    )
    accountant, study = spent.profile.accountant, spent.enrolment or spent.offering
    audit.record("ticket.redeemed", actor=None, subject=accountant, detail={"institution": institution.code})
    return {
        "learner": learner.public_id,
        "name": accountant.name,
        "document": {
            "type": accountant.document_type,
            "masked": mask_document(accountant.document_number),
        },
        "division": spent.profile.division,
        "kind": study.kind,
        "year": study.year,
        "offering": str(spent.offering.public_id) if spent.offering else None,
        "enrolment": spent.enrolment.reference if spent.enrolment else None,
    }


def spend(institution, ticket):
    """Use up a live ticket of this institution by one update, so that of many uses at once one succeeds."""
    now = timezone.now()
    live = Ticket.objects.filter(
        ticket_hash=hash_of(ticket), institution=institution, redeemed_at=None, expires_at__gt=now
    )
    return live.update(redeemed_at=now) == 1
