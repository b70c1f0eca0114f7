"""One row of everything, and the four kinds of visitors who ask for every address."""

from dataclasses import dataclass, field
from datetime import date

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounting_platform.tests.pictures import render
from collection import attachments, employers
from collection import services as collection_services
from collection.models import Award, EmployerImport, Qualification, TalentProgramme
from collection.tests.factories import make_profile
from education.learning import launch
from education.ledger import trials
from education.ledger.certificate_paper import CertificateSheet
from education.models import Proof, RuleTrial
from education.schools.judge import judge
from education.tests.factories import (
    event,
    make_certificate,
    make_conversion,
    make_dispute,
    make_enrolment,
    make_exemption,
    make_learner,
    make_offering,
    make_year_rule,
    received,
)
from profile_changes import services as change_services
from registration import audit, sms_codes, staff_codes
from registration.models import SpentProof, User
from registration.tests.factories import (
    make_accountant,
    make_announcement,
    make_device,
    make_export,
    make_message,
    make_paper,
    make_recovery_request,
    make_share,
    make_staff,
    staff_login,
)


@dataclass
class World:
    """Who asks (None is a visitor), and what there is to ask for."""

    people: dict = field(default_factory=dict)
    clients: dict = field(default_factory=dict)
    profile: object = None
    attachment: object = None
    enrolment: object = None
    conversion: object = None
    proof: object = None
    dispute: object = None
    announcement: object = None
    export: object = None
    share: object = None
    paper: object = None

    def ask(self, who, method, url):
        """The status of an empty request, and where it leads."""
        client = self.clients.get(who) or self.enter(who)
        answer = getattr(client, method)(url)
        if self.people[who] and not client.cookies[settings.SESSION_COOKIE_NAME].value:
            del self.clients[who]  # logged out: comes back next time
        return answer.status_code, answer.headers.get("Location", "")

    def enter(self, who):
        client = self.clients[who] = Client(raise_request_exception=False)
        person = self.people[who]
        if person:
            staff_login(client, person) if person.is_staff else client.force_login(person)
        return client

    def staff_row(self, model):
        """A row of a model that its admin shows: of accounts the staff's own."""
        return self.people["staff"] if model is User else model._base_manager.last()


def make_world():
    """At least one row of every model, most of them about one person who has finished 信息采集."""
    world = World()
    world.profile = make_profile(submitted=True)
    owner = world.profile.accountant
    world.people = {
        "visitor": None,
        "draft": make_accountant().user,
        "collected": owner.user,
        "staff": make_staff(is_superuser=True),
    }
    make_device(world.people["staff"])
    world.export = make_export(owner)
    make_recovery_request(accountant=owner)
    world.share, world.paper = make_papers(world.profile)
    world.announcement = make_announcement()
    world.attachment = make_picture(world.profile, by=owner.user)
    world.enrolment = make_study(world.profile)
    make_rows(world.profile)
    make_cases(world)
    Group.objects.create(name="财政部门管理员")
    make_message(owner)
    sms_codes.issue(owner.phone, "register", "session")
    SpentProof.objects.create(nonce="used", expires_at=timezone.now())
    staff_codes.new_rescue_codes(world.people["staff"])
    audit.record("login.ok", actor=owner.user)
    return world


def make_picture(profile, *, by):
    upload = SimpleUploadedFile("portrait.jpg", render("portrait", (600, 800)).content, "image/jpeg")
    attachment = attachments.receive(profile, "portrait", upload, by=by)
    attachments.process(attachment.pk)
    return attachment


def make_rows(profile):
    """Repeated answers, the employer, a version of the archive and a change."""
    Qualification.objects.create(profile=profile, type="accounting", level="junior", method="exam")
    TalentProgramme.objects.create(profile=profile, type="high_end", selected_year=2012, state="training")
    Award.objects.create(profile=profile, name="先进会计工作者", level="city")
    employers.remember(profile)
    EmployerImport.objects.create(
        file_name="单位.xlsx", size=1, user=User.objects.filter(kind="staff").first()
    )
    collection_services.store_version(profile, cause="submitted", by=None)
    change_services.book(profile.pk, "440104", by=profile.accountant.user)


def make_papers(profile):
    """A certificate that is shared, and a PDF that waits for its worker."""
    sheet = CertificateSheet(make_certificate(profile))
    share = make_share(profile.accountant, sheet)
    return share, make_paper(profile.accountant, sheet, share=share)


def make_cases(world):
    """An application with its proof, an exemption, a question, and a rule that was tried."""
    world.conversion = make_conversion(world.profile)
    world.proof = Proof.objects.create(conversion=world.conversion, state="rejected")
    make_exemption(world.profile)
    world.dispute = make_dispute(make_enrolment(world.profile))
    rule = world.conversion.kind.rule
    RuleTrial.objects.create(rule=rule, before=trials.values_of(rule), after=trials.values_of(rule))


def make_study(profile):
    """A course in progress with its launch, and another one completed as its school reported it."""
    make_year_rule(closes_on=date(timezone.now().year + 1, 12, 31))
    offering = make_offering()
    launch.start(profile, offering=offering, by=profile.accountant.user)
    make_learner(profile, offering.institution)
    done = make_enrolment(profile, offering=offering)
    finished = timezone.now().isoformat()
    sent = event("study.completed", enrolment=done.reference, credits=10, finished_at=finished)
    judge(offering.institution, [received("m1", sent)])
    return make_enrolment(profile, offering=offering)


def our_models():
    """The models of the apps and the groups: whatever has a page at the desk."""
    names = ("registration", "collection", "education", "profile_changes")
    return [Group, *(model for name in names for model in apps.get_app_config(name).get_models())]
