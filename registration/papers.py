"""Papers that people hold of the platform: 会计人员信息档案, 继续教育学分证明. One way to print them, one to show them.

Each of settings.PAPERS is a class of Sheets, made by the app that knows the content. Here is what all of them share:
the PDF that a worker makes of one, and (in shares.py) the link by which others check it.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.module_loading import import_string

from accounting_platform.lib import pdf, qr
from accounting_platform.lib.errors import DomainError
from registration import audit, limits
from registration.made_files import MadeFiles
from registration.models import PaperFile

NO_PDF = "这台服务器暂时不能生成 PDF，请使用“打印”，在打印窗口里可以另存为 PDF"
LOADED, DRAWN = 30, 90


@dataclass(frozen=True)
class Group:
    """A part of a sheet that its owner may show to others."""

    key: str
    title: str


@dataclass(frozen=True)
class Standing:
    """What the check page says of a share: `kind` and `word` as the tag takes them, and whether content is shown."""

    kind: str
    word: str
    text: str
    shows: bool = True


class Sheet:
    """One paper of one person. A subclass for each kind; `find` gives the one that a reference names."""

    # Templates read the class itself.
    do_not_call_in_templates = True
    kind = title = ""
    # Draws the PDF; and the content of a share on the check page.
    template = shared_template = ""
    # What names it in addresses and rows, and what it is called in lists.
    reference = label = owner_name = ""
    # What its owner may choose from.
    groups = ()

    @classmethod
    def find(cls, accountant, reference):
        """The sheet of this person that a reference names, else None."""
        raise NotImplementedError

    @classmethod
    def page(cls, reference):
        """The address of its owner's page."""
        raise NotImplementedError

    @classmethod
    def standing(cls, share):
        """How a live share of this kind stands."""
        raise NotImplementedError

    @classmethod
    def titles(cls, keys):
        """The names of these groups."""
        return [group.title for group in cls.groups if group.key in keys]

    def context(self):
        """What the template of the PDF needs."""
        raise NotImplementedError

    @property
    def url(self):
        return self.page(self.reference)

    def shared(self, chosen):
        """What the check page keeps and shows of these groups: plain data, masked, with `name`."""
        raise NotImplementedError


def sheet_class(kind):
    """The class of one kind of paper, None for a kind nobody has."""
    classes = (import_string(path) for path in settings.PAPERS)
    return next((one for one in classes if one.kind == kind), None)


def find(accountant, kind, reference):
    """A person's sheet, or 404: another person's and a missing one are the same."""
    found = sheet_class(kind)
    sheet = found.find(accountant, reference) if found else None
    if sheet is None:
        raise Http404("没有这份材料，请返回重新选择。")
    return sheet


# --- the PDF


def request(accountant, sheet, *, share=None):
    """Begin the PDF of a sheet and return its row; one that is being made already is waited for. Raises DomainError."""
    if not pdf.is_available():
        raise DomainError(NO_PDF, code="no_pdf", status=503)
    same = PaperFile.objects.filter(accountant=accountant, kind=sheet.kind, reference=sheet.reference)
    same = same.filter(share=share)
    unfinished = same.filter(state__in=PaperFile.UNFINISHED).first()
    if unfinished:
        return unfinished
    limits.count("paper", str(accountant.pk))
    with transaction.atomic():
        for row in same:
            PAPERS.delete(row)
        facts = {"kind": sheet.kind, "reference": sheet.reference, "label": sheet.label, "share": share}
        row = PaperFile.objects.create(accountant=accountant, **facts)
        audit.record("paper.requested", actor=accountant, subject=accountant, detail={"kind": sheet.kind})
        transaction.on_commit(partial(PAPERS.ring, row.pk))
    return row


def content(row):
    """The PDF of one row."""
    sheet = sheet_class(row.kind).find(row.accountant, row.reference)
    context = {"sheet": sheet, "made_at": timezone.now(), "mark": pdf.picture("img/favicon.svg")}
    context |= sheet.context() | share_context(row.share)
    PAPERS.note_progress(row.pk, LOADED)
    made = pdf.render(render_to_string(sheet.template, context))
    PAPERS.note_progress(row.pk, DRAWN)
    return made


def share_context(share):
    """QR code and end of the share that is printed on a paper; nothing where there is none, or it has ended."""
    if share is None or not share.is_live:
        return {}
    return {"share": share, "qr": qr.picture(share.url, border=2)}


def tell_ready(row):
    audit.record("paper.made", actor=None, subject=row.accountant, detail={"kind": row.kind})


def fetched(row, *, by):
    """Note that the owner takes the PDF away."""
    audit.record("paper.downloaded", actor=by, subject=row.accountant, detail={"kind": row.kind})


PAPERS = MadeFiles(
    model=PaperFile,
    folder="papers",
    kept=timedelta(days=1),
    task="registration.tasks.make_paper",
    content=content,
    ready=tell_ready,
    hopeless=(pdf.Unavailable,),
)
FILES = PAPERS.files
