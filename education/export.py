"""What continuing education holds about one person, for their export: studies, ledger, applications and pseudonyms."""

from functools import partial

from education import proofs
from education.choices import ProofState
from education.models import (
    Certificate,
    Conversion,
    CreditEntry,
    Dispute,
    Enrolment,
    Exemption,
    Learner,
    Proof,
)
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
        "学分折算": [conversion(row) for row in Conversion.objects.filter(**own).select_related("kind")],
        "免学登记": [exemption(row) for row in Exemption.objects.filter(**own)],
        "学分疑问": [dispute(row) for row in Dispute.objects.filter(**own).select_related("institution")],
        "学员编号": [{"学习机构": row.institution.name, "学员编号": row.public_id} for row in learners],
    }
    kept = Proof.objects.filter(conversion__profile__accountant=accountant, state=ProofState.READY)
    files = [(f"pictures/proof-{row.pk}.jpg", partial(proofs.read, row)) for row in kept]
    return Part("education", data, files)


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


def conversion(row):
    return {
        "折算项目": row.kind.name,
        "年度": row.year,
        "数量": row.quantity,
        "取得时间": row.obtained_on,
        "说明": row.words,
        "状态": row.get_state_display(),
        "公需课学分": row.public,
        "专业课学分": row.professional,
        "未通过原因": row.reason,
        "申请时间": row.created_at,
        "办理时间": row.decided_at,
    }


def exemption(row):
    return {
        "年度": row.year,
        "情形": row.get_kind_display(),
        "说明": row.reason,
        "登记时间": row.created_at,
        "取消时间": row.ended_at,
        "取消原因": row.end_reason,
    }


def dispute(row):
    return {
        "学习机构": row.institution.name,
        "问题": row.get_topic_display(),
        "说明": row.words,
        "状态": row.get_state_display(),
        "答复": row.answer,
        "提出时间": row.created_at,
    }
