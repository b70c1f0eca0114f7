"""What closing an account does to continuing education: tickets, proofs and open cases go; studies and ledger stay."""

from django.utils import timezone

from collection.models import Profile
from education import proofs, studies
from education.choices import ConversionState, DisputeState
from education.models import Conversion, Dispute, Ticket


def warnings(accountant):
    """What is going on at the schools: the credits still arrive, but nobody tells the person."""
    profile = Profile.objects.filter(accountant=accountant).first()
    if profile is None:
        return []
    number = studies.in_progress(profile).count()
    told = ["学分账按档案管理规定保留，重新注册后可以继续查看。"]
    if number:
        told.insert(
            0,
            f"您还有 {number} 门课程正在学习。注销后学习机构仍会回传学分，但您收不到通知，也不能再从本平台进入学习。",
        )
    return told


def erase(accountant):
    """Nobody can go to a school any more in this person's name; pictures of proof go, what waits is taken back."""
    Ticket.objects.filter(profile__accountant=accountant).delete()
    now = timezone.now()
    own = Conversion.objects.filter(profile__accountant=accountant)
    own.filter(state=ConversionState.WAITING).update(state=ConversionState.WITHDRAWN, decided_at=now)
    Dispute.objects.filter(profile__accountant=accountant, state=DisputeState.OPEN).update(
        state=DisputeState.SETTLED, settled_at=now
    )
    proofs.erase(own)


def reopen(accountant):
    """Studies and ledger were never away."""
