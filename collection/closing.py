"""What closing an account does to the archive: pictures and addresses go, drafts go entirely, the rest stays.

Who comes back finds the archive as an open draft under its old number: what was deleted has to be completed first.
"""

from collection import attachments
from collection.choices import ProfileState
from collection.models import Profile
from collection.sections import SECTIONS
from collection.services import lock_profile

# Answers by which a person can be reached; the employer's address is the employer's.
ERASED = ("home_address", "email")
ERASED_ROWS = (*ERASED, "document_number", "phone")
GONE = "已随账号注销删除"


def warnings(accountant):
    """What closing means for this person's archive."""
    profile = Profile.objects.filter(accountant=accountant).first()
    if profile is None:
        return []
    if profile.archive_number is None:
        return ["您的信息采集还没有提交，已填写的内容和照片会全部删除。"]
    return ["会计人员信息档案按档案管理规定保留，其中的照片、居住地址、电子邮箱、证件号码和手机号码会删除。"]


def erase(accountant):
    """Delete the pictures and addresses of an archive, everything of a draft."""
    profile = locked(accountant)
    if profile is None:
        return
    attachments.retire(list(profile.attachment_set.all()))
    if profile.archive_number is None:
        profile.delete()
        return
    for name in ERASED:
        setattr(profile, name, "")
    profile.complete_sections = still_complete(profile)
    profile.version += 1
    profile.save(update_fields=[*ERASED, "complete_sections", "version"])
    for version in profile.archiveversion_set.all():
        version.content = without_numbers(version.content)
        version.save(update_fields=["content"])


def reopen(accountant):
    """The archive is a draft again, under the number it has, until its owner has completed and submitted it."""
    profile = locked(accountant)
    if profile is None:
        return
    profile.state = ProfileState.DRAFT
    profile.notice_accepted_at = None
    profile.version += 1
    profile.save(update_fields=["state", "notice_accepted_at", "version"])


def locked(accountant):
    key = Profile.objects.filter(accountant=accountant).values_list("pk", flat=True).first()
    return lock_profile(key) if key else None


def still_complete(profile):
    """The sections that need neither a picture nor anything that was deleted."""
    complete = [section for section in SECTIONS if section.key in profile.complete_sections]
    return [
        section.key
        for section in complete
        if not section.attachment_kinds(profile) and section.accepts(profile)
    ]


def without_numbers(content):
    """A kept archive with what was deleted put out of it."""
    panels = [panel | {"rows": [without_number(row) for row in panel["rows"]]} for panel in content["panels"]]
    return content | {"panels": panels}


def without_number(row):
    if row["field"] not in ERASED_ROWS or row.get("empty"):
        return row
    return row | {"value": GONE, "empty": True}
