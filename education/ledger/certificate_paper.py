"""继续教育学分证明 on paper, and for others to check."""

from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from accounting_platform.lib.clock import moment_label
from education.models import Certificate
from registration.papers import Group, Sheet, Standing


class CertificateSheet(Sheet):
    kind, title = "certificate", "继续教育学分证明"
    template, shared_template = "education/certificate_paper.html", "education/_shared_certificate.html"
    groups = (Group("credits", "公需课、专业课和合计学分"), Group("entries", "每笔学分的来源"))

    def __init__(self, certificate):
        self.certificate = certificate
        self.reference, self.label = str(certificate.public_id), str(certificate)
        self.owner_name = certificate.content["name"]

    @classmethod
    def find(cls, accountant, reference):
        certificate = of_owner(accountant, reference)
        return certificate and cls(certificate)

    @classmethod
    def page(cls, reference):
        return reverse("education:certificate", args=[reference])

    @classmethod
    def standing(cls, share):
        """有效 while the certificate is in force, whatever was shared of it."""
        certificate = of_owner(share.accountant, share.reference)
        if certificate is None or not certificate.is_valid:
            since = moment_label(certificate.revoked_at) if certificate else ""
            words = f"这份证明已于 {since} 撤销，不能再作为学分证明使用。需要核验的，请本人重新开具。"
            return Standing("bad", "已撤销", words, shows=False)
        return Standing("ok", "有效", "以下内容与平台上的学分账一致。")

    def context(self):
        return {"certificate": self.certificate, "issued_on": timezone.localdate(self.certificate.issued_at)}

    def shared(self, chosen):
        content = self.certificate.content
        facts = {"name": content["name"], "document_number": content["document_number"]}
        facts |= {"number": self.certificate.number, "year": self.certificate.year}
        return (
            facts
            | {"issued": moment_label(self.certificate.issued_at)}
            | {key: content[key] for key in chosen}
        )


def of_owner(accountant, reference):
    """This person's certificate of that id, None for anything else."""
    try:
        key = UUID(reference)
    except ValueError:
        return None
    return Certificate.objects.filter(public_id=key, profile__accountant=accountant).first()
