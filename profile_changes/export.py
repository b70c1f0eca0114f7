"""What was changed after submission, for a person's export: before and after in words."""

from profile_changes import diff
from profile_changes.models import ChangeRequest
from registration.export import Part


def part(accountant):
    """Every change with its lines."""
    changes = ChangeRequest.objects.filter(profile__accountant=accountant).order_by("id")
    return Part("changes", [in_words(change) for change in changes])


def in_words(change):
    return {
        "栏目": change.section.title,
        "状态": change.get_status_display(),
        "提交时间": change.created_at,
        "生效或撤回时间": change.settled_at,
        "变更": [
            {"项目": line.label, "变更前": line.before, "变更后": line.after} for line in diff.lines(change)
        ],
    }
