"""继续教育学分证明: when it is issued, what it says, and what takes it out of force."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accounting_platform.lib import clock
from accounting_platform.lib.errors import DomainError
from education.choices import CertificateState, CreditSource
from education.ledger import certificates
from education.ledger.certificate_paper import CertificateSheet
from education.ledger.entries import book
from education.models import Certificate, CreditEntry
from education.tests.factories import fill_year, make_certificate, make_collected, make_year_rule
from registration import papers
from registration.models import AuditEvent, Message
from registration.tests.factories import make_accountant, make_paper, make_share, make_staff, staff_login

pytestmark = pytest.mark.django_db
YEAR = clock.year()
DESK = ("education.view_certificate", "education.change_certificate")


@pytest.fixture
def profile():
    make_year_rule()
    return make_collected()


@pytest.fixture
def done(profile):
    """A person whose year is done."""
    fill_year(profile)
    return profile


@pytest.fixture
def owner(client, profile):
    client.force_login(profile.accountant.user)
    return client


def take_away(profile, credits):
    """A correction that staff confirmed."""
    study = CreditEntry.objects.filter(profile=profile, kind="professional").first()
    facts = {name: getattr(study, name) for name in ("profile", "institution", "kind", "year", "enrolment")}
    facts |= {"source": CreditSource.CORRECTION, "credits": -Decimal(credits), "finished_at": timezone.now()}
    book([CreditEntry(**facts)])


def page_of(certificate):
    return reverse("education:certificate", args=[certificate.public_id])


def test_certificate_of_a_year_that_is_done(owner, done):
    assert "开具学分证明" in owner.get(reverse("education:credits")).text

    answer = owner.post(reverse("education:issue_certificate"), {"year": YEAR})
    page = owner.get(answer.url).text

    certificate = Certificate.objects.get()
    assert answer.url == page_of(certificate) and certificate.number in page
    assert done.accountant.name in page and done.accountant.document_number not in page
    totals = certificate.content["credits"]
    assert [(row["label"], row["need"], row["have"]) for row in totals] == [
        ("公需课", "30", "30"),
        ("专业课", "60", "60"),
        ("合计", "90", "90"),
    ]
    assert [(row["kind"], row["hours"], row["credits"]) for row in certificate.content["entries"]] == [
        ("公需课", "30", "30"),
        ("专业课", "60", "60"),
    ]
    assert AuditEvent.objects.latest("id").kind == "certificate.issued"


def test_year_that_is_not_done_has_no_certificate(owner, profile):
    fill_year(profile, professional=59)

    page = owner.get(reverse("education:credits")).text
    answer = owner.post(reverse("education:issue_certificate"), {"year": YEAR}, follow=True)

    assert "开具学分证明" not in page and "还没有修满" in answer.text
    assert not Certificate.objects.exists()


def test_asking_again_gives_the_same_until_the_ledger_says_more(done):
    by = done.accountant.user
    first = certificates.issue(done, YEAR, by=by)
    assert certificates.issue(done, YEAR, by=by) == first
    fill_year(done, public=1, professional=1)

    second = certificates.issue(done, YEAR, by=by)

    first.refresh_from_db()
    assert (first.state, first.reason) == (CertificateState.REVOKED, certificates.RENEWED)
    assert second.is_valid and second.number != first.number and second.content["credits"][-1]["have"] == "92"


def test_certificate_of_somebody_else_is_not_found(client, done):
    certificate = certificates.issue(done, YEAR, by=done.accountant.user)
    client.force_login(make_collected().accountant.user)

    assert client.get(page_of(certificate)).status_code == 404
    new_paper = reverse("registration:new_paper", args=["certificate"])
    assert client.post(new_paper, {"of": str(certificate.public_id)}).status_code == 404


# --- out of force


def test_correction_below_the_need_takes_it_out_of_force(owner, client, done):
    certificate = certificates.issue(done, YEAR, by=done.accountant.user)
    share = make_share(done.accountant, CertificateSheet(certificate), groups=["credits"])

    take_away(done, 10)

    certificate.refresh_from_db()
    assert (certificate.state, certificate.reason) == (CertificateState.REVOKED, certificates.FELL)
    assert certificates.FELL in owner.get(page_of(certificate)).text
    assert Message.objects.get(accountant=done.accountant).title == "学分证明已撤销"
    client.logout()
    check = client.get(reverse("registration:verify", args=[share.token])).text
    assert "已撤销" in check and certificate.number not in check


def test_correction_that_leaves_enough_changes_nothing(done):
    fill_year(done, public=0, professional=20)
    certificate = certificates.issue(done, YEAR, by=done.accountant.user)

    take_away(done, 10)

    certificate.refresh_from_db()
    assert certificate.is_valid


def test_year_may_be_certified_again_once_it_is_done_again(done):
    certificates.issue(done, YEAR, by=done.accountant.user)
    take_away(done, 10)
    with pytest.raises(DomainError, match="还没有修满"):
        certificates.issue(done, YEAR, by=done.accountant.user)
    fill_year(done, public=0, professional=10)

    assert certificates.issue(done, YEAR, by=done.accountant.user).is_valid


def test_staff_of_the_division_revoke_with_a_reason(client, done):
    certificate = certificates.issue(done, YEAR, by=done.accountant.user)
    staff = make_staff(permissions=DESK, division_scope="4401")
    staff_login(client, staff)
    url = reverse("admin:education_certificate_changelist")
    chosen = {"action": "revoke", "_selected_action": [certificate.pk]}

    asked = client.post(url, chosen)
    client.post(url, chosen | {"confirm": "1", "reason": "学员身份有误，已核实"})

    assert certificate.number in asked.text
    certificate.refresh_from_db()
    assert (certificate.state, certificate.reason) == (CertificateState.REVOKED, "学员身份有误，已核实")
    assert "学员身份有误" in Message.objects.get(accountant=done.accountant).body


def test_staff_elsewhere_see_no_certificate(client, done):
    certificate = certificates.issue(done, YEAR, by=done.accountant.user)
    staff = make_staff(permissions=DESK, division_scope="4402")
    staff_login(client, staff)

    page = client.get(reverse("admin:education_certificate_changelist")).text

    assert certificate.number not in page


def test_revoking_needs_a_reason_and_happens_once(done):
    certificate = certificates.issue(done, YEAR, by=done.accountant.user)
    with pytest.raises(DomainError, match="撤销原因"):
        certificates.revoke(certificate.pk, by=None, reason=" 错 ")
    certificates.revoke(certificate.pk, by=None, reason="身份有误，已核实")

    with pytest.raises(DomainError, match="不能再撤销"):
        certificates.revoke(certificate.pk, by=None, reason="身份有误，已核实")


# --- on paper, and for others


@pytest.mark.pdf
def test_pdf_of_a_certificate(done):
    certificate = certificates.issue(done, YEAR, by=done.accountant.user)
    row = make_paper(done.accountant, CertificateSheet(certificate))

    papers.PAPERS.make(row.pk)

    row.refresh_from_db()
    found = PdfReader(BytesIO(papers.PAPERS.read(row)))
    said = "".join(found.pages[0].extract_text().split())
    assert len(found.pages) == 1 and found.trailer["/Root"]["/MarkInfo"]["/Marked"]
    for words in (certificate.number, done.accountant.name, f"{YEAR}年度", "应修学分", "企业会计准则"):
        assert words in said
    assert done.accountant.document_number not in said


def test_check_page_shows_the_groups_that_were_chosen(client, done):
    sheet = CertificateSheet(certificates.issue(done, YEAR, by=done.accountant.user))
    shares = [make_share(done.accountant, sheet, groups=groups) for groups in ([], ["credits"], ["entries"])]

    pages = [client.get(reverse("registration:verify", args=[share.token])).text for share in shares]

    assert all(sheet.certificate.number in page and "有效" in page for page in pages)
    assert ["应修学分" in page for page in pages] == [False, True, False]
    assert ["企业会计准则" in page for page in pages] == [False, False, True]


def test_unknown_references_name_nothing(done):
    for reference in ("", "nonsense", "00000000-0000-0000-0000-000000000000"):
        assert CertificateSheet.find(done.accountant, reference) is None
    assert CertificateSheet.find(make_accountant(), str(make_certificate(done).public_id)) is None


def test_ledger_page_takes_few_queries(owner, done, django_assert_max_num_queries):
    certificates.issue(done, YEAR, by=done.accountant.user)
    owner.get(reverse("education:credits"))

    with django_assert_max_num_queries(5):
        owner.get(reverse("education:credits"))
