"""学分疑问: a learner asks about a study, staff of the division answer, either of them settles it."""

from django.db import IntegrityError, transaction

from accounting_platform.lib.errors import DomainError
from education.choices import DisputeState, DisputeTopic
from education.models import Dispute
from registration import audit
from registration.services import notify

SHORTEST, LONGEST = 5, 500
WAITING = "这门课程您已提过问题，正在等待答复。"


def prefilled(study):
    """What a question about this study begins with: what staff need to know, in the learner's words."""
    topic = DisputeTopic.WRONG_CREDITS if study.credits is not None else DisputeTopic.NOT_BOOKED
    course = f"“{study.institution}”{study.year} 年度{study.get_kind_display()}"
    title = f"《{study.title}》" if study.title else ""
    words = f"我在{course}{title}的报名编号是 {study.reference}，"
    if topic == DisputeTopic.NOT_BOOKED:
        words += "已在机构学完，学分至今没有到账，已联系过机构客服。请协助核实。"
    else:
        words += "到账的学分与实际不符，请协助核实。"
    return {"topic": topic, "words": words}


def ask(study, *, topic, words, by):
    """Put a question to the finance department. Raises DomainError."""
    words = words.strip()
    if not SHORTEST <= len(words) <= LONGEST:
        raise DomainError(f"请用 {SHORTEST} 至 {LONGEST} 个字说明情况。", field="words")
    try:
        with transaction.atomic():
            dispute = Dispute.objects.create(
                profile_id=study.profile_id,
                enrolment=study,
                institution_id=study.institution_id,
                topic=topic,
                words=words,
            )
            audit.record("dispute.opened", actor=by, subject=dispute, detail={"topic": topic})
    except IntegrityError:
        raise DomainError(WAITING, code="dispute_open") from None
    return dispute


@transaction.atomic
def answer(dispute_id, *, words, by):
    """Answer a question; the person gets a message. Raises DomainError."""
    words = words.strip()
    if not SHORTEST <= len(words) <= LONGEST:
        raise DomainError(f"答复应在 {SHORTEST} 至 {LONGEST} 个字之间。", field="words")
    dispute = locked(dispute_id)
    dispute.move(DisputeState.ANSWERED)
    dispute.answer, dispute.by = words, by
    dispute.save(update_fields=["state", "answer", "by", "answered_at"])
    audit.record("dispute.answered", actor=by, subject=dispute)
    told = f"您关于“{dispute.institution}”的问题已有答复，请在“我的学习”的“我的提问”中查看。"
    notify(dispute.profile.accountant, "您的问题已有答复", told)
    return dispute


@transaction.atomic
def settle(dispute_id, *, by):
    """The learner says that it is settled. Raises DomainError."""
    dispute = locked(dispute_id)
    dispute.move(DisputeState.SETTLED)
    dispute.save(update_fields=["state", "settled_at"])
    audit.record("dispute.settled", actor=by, subject=dispute)
    return dispute


def locked(dispute_id):
    rows = Dispute.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("institution", "profile__accountant").get(pk=dispute_id)
