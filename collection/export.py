"""What 信息采集 holds about one person, for their export: answers in words, past versions, pictures."""

from functools import partial

from collection import archive, attachments
from collection.choices import AttachmentState
from collection.models import Profile
from registration.export import Part


def part(accountant):
    """The archive as it stands and as it stood, and the pictures that count."""
    profile = Profile.objects.select_related("accountant").filter(accountant=accountant).first()
    if profile is None:
        return Part("collection", {})
    ready = attachments.standing(profile).filter(state=AttachmentState.READY)
    pictures = [(f"pictures/{row.kind}.jpg", partial(attachments.read, row)) for row in ready]
    data = {
        "档案号": profile.archive_number,
        "状态": profile.get_state_display(),
        "提交时间": profile.submitted_at,
        "信息": in_words(archive.panels(profile, full=True)),
        "历次档案": [version(row) for row in profile.archiveversion_set.order_by("id").iterator()],
    }
    return Part("collection", data, pictures)


def version(row):
    panels = in_words(archive.version_panels(row, full=True))
    return {"时间": row.created_at, "原因": row.get_cause_display(), "信息": panels}


def in_words(panels):
    """Panels as plain data, row by row."""
    return [
        {
            "栏目": panel.title,
            "内容": [
                {"项目": row.item, row.label: row.value} if row.item else {row.label: row.value}
                for row in panel.rows
            ],
        }
        for panel in panels
    ]
