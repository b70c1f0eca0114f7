"""What continuing education holds about one person, for their export: studies, ledger and pseudonyms."""

from education.models import Certificate, CreditEntry, Enrolment, Learner
from registration.export import Part


def part(accountant):
    """Studies, credit entries, and under which number each school knows the person."""
    own = {"profile__accountant": accountant}
    studies = Enrolment.objects.filter(**own).select_related("institution").order_by("id")
    entries = CreditEntry.objects.filter(**own).select_related("institution").order_by("id")
    learners = Learner.objects.filter(**own).select_related("institution").order_by("id")
    certificates = Certificate.objects.filter(**own).order_by("id")
    data = {
        "学习记录": [study(row) for row in studies],
        "学分账": [entry(row) for row in entries],
        "学分证明": [certificate(row) for row in certificates],
        "学员编号": [{"学习机构": row.institution.name, "学员编号": row.public_id} for row in learners],
    }
    return Part("education", data)


def study(row):
    return {
        "学习机构": row.institution.name,
        "机构报名编号": row.reference,
        "类别": row.get_kind_display(),
        "年度": row.year,
        "课程名称": row.title,
        "状态": row.get_state_display(),
        "学分": row.credits,
        "报名时间": row.enrolled_at,
        "结束时间": row.ended_at,
        "取消或释放原因": row.reason,
    }


def entry(row):
    return {
        "年度": row.year,
        "类别": row.get_kind_display(),
        "来源": row.get_source_display(),
        "学分": row.credits,
        "其中专业通识": row.general_professional,
        "学习机构": row.institution.name if row.institution else "",
        "完成时间": row.finished_at,
        "入账时间": row.booked_at,
    }


def certificate(row):
    return {
        "年度": row.year,
        "编号": row.number,
        "状态": row.get_state_display(),
        "开具时间": row.issued_at,
        "撤销时间": row.revoked_at,
        "撤销原因": row.reason,
        "内容": row.content,
    }
