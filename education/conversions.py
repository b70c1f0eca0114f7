"""学分折算: somebody applies with proof, staff of the division decide, and what is granted goes through the ledger."""

from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal

from django.db import IntegrityError, transaction

from accounting_platform.lib import clock
from accounting_platform.lib.errors import DomainError
from collection.models import Profile
from education import proofs
from education.choices import ConversionState, CountsAs, CourseKind, CreditSource
from education.ledger.entries import book, plain
from education.models import Conversion, ConversionKind, CreditEntry, YearRule
from education.studies import lock_profiles
from registration import audit
from registration.services import notify

ZERO = Decimal(0)
MIN_REASON = 5
State = ConversionState


@dataclass(frozen=True)
class Grant:
    """The credits of one conversion; `general` is the part of `professional` that is 专业通识."""

    public: Decimal
    professional: Decimal
    general: Decimal

    @property
    def words(self):
        """公需课 30 学分，专业课 60 学分（其中专业通识 20 学分）."""
        told = [f"公需课 {plain(self.public)} 学分"] if self.public else []
        if self.professional:
            general = f"（其中专业通识 {plain(self.general)} 学分）" if self.general else ""
            told.append(f"专业课 {plain(self.professional)} 学分{general}")
        return "，".join(told)


def open_kinds():
    """What can be applied for today: kinds of years whose window is open, newest year first."""
    today = clock.today()
    rules = [rule.pk for rule in YearRule.objects.filter(closed_at=None) if rule.is_open(today)]
    kinds = ConversionKind.objects.filter(rule__in=rules, is_open=True).select_related("rule")
    return kinds.order_by("-rule__year", "pk")


def suggested(kind, quantity):
    """The Grant that a kind brings by the year's rule, never more than the year asks for."""
    rule = kind.rule
    credits = min(kind.credits * quantity, rule.total_min)
    if kind.counts_as == CountsAs.PROFESSIONAL:
        return Grant(ZERO, min(credits, rule.professional_min), ZERO)
    public = min(credits, rule.public_min)
    professional = credits - public
    return Grant(public, professional, min(rule.general_professional_min, professional))


def apply(profile, *, kind, quantity, obtained_on, words, uploads, by):
    """Hand in an application with its proof. Raises DomainError."""
    if not kind.is_open or not kind.rule.is_open(clock.today()):
        raise DomainError(f"{kind.rule.year} 年度现在不接收折算申请，请选择其他项目。", field="kind")
    if not uploads:
        raise DomainError("请上传证明材料的照片。", field="files")
    names = proofs.take_in(uploads)
    try:
        with transaction.atomic():
            conversion = insert(
                profile,
                kind=kind,
                year=kind.rule.year,
                quantity=quantity,
                obtained_on=obtained_on,
                words=words.strip(),
            )
            proofs.attach(names, conversion=conversion)
            audit.record("conversion.applied", actor=by, subject=conversion, detail={"year": conversion.year})
    except BaseException:
        proofs.forget(names)
        raise
    return conversion


def insert(profile, **fields):
    try:
        with transaction.atomic():
            return Conversion.objects.create(profile=profile, **fields)
    except IntegrityError:
        words = "这个项目您已有一份申请正在审核。请等待结果，或先撤回再重新申请。"
        raise DomainError(words, field="kind", code="conversion_waiting") from None


def add_proofs(conversion_id, uploads, *, by):
    """More pictures for an application that waits. Raises DomainError."""
    if not uploads:
        raise DomainError("请先选择图片。", field="files")
    there = Conversion.objects.get(pk=conversion_id).proofs.exclude(state="rejected").count()
    names = proofs.take_in(uploads, there)
    try:
        with transaction.atomic():
            conversion = waiting(conversion_id)
            proofs.attach(names, conversion=conversion)
            audit.record("conversion.proof_added", actor=by, subject=conversion)
    except BaseException:
        proofs.forget(names)
        raise


@transaction.atomic
def withdraw(conversion_id, *, by):
    """Take an application back while it waits. Raises DomainError."""
    conversion = waiting(conversion_id)
    conversion.move(State.WITHDRAWN)
    conversion.save(update_fields=["state", "decided_at"])
    audit.record("conversion.withdrawn", actor=by, subject=conversion)
    return conversion


@transaction.atomic
def approve(conversion_id, *, year, grant, by):
    """Book what is granted for a year and tell the person; one entry a kind, through the ledger's writer."""
    conversion = waiting(conversion_id)
    check(conversion, year, grant)
    conversion.move(State.APPROVED)
    conversion.year, conversion.by = year, by
    conversion.public, conversion.professional = grant.public, grant.professional
    conversion.general_professional = grant.general
    columns = ["state", "decided_at", "year", "by", "public", "professional", "general_professional"]
    conversion.save(update_fields=columns)
    book(entries_of(conversion))
    audit.record("conversion.approved", actor=by, subject=conversion, detail={"year": year})
    told = f"您申请的“{conversion.kind}”已通过，记入 {year} 年度{grant.words}。"
    notify(conversion.profile.accountant, "学分折算已通过", told)
    return conversion


def check(conversion, year, grant):
    """Refuse what no year could hold."""
    rule = YearRule.objects.filter(year=year).first()
    if rule is None:
        raise DomainError(f"没有 {year} 年度的规则，请选择其他年度。", field="year")
    if min(grant.public, grant.professional, grant.general) < 0 or not grant.public + grant.professional:
        raise DomainError("请填写折算的学分，公需课和专业课不能都为 0。", field="professional")
    if grant.general > grant.professional:
        raise DomainError("专业通识包含在专业课学分之内，不能超过专业课学分。", field="general")
    if grant.public + grant.professional > rule.total_min:
        most = plain(rule.total_min)
        raise DomainError(
            f"一份申请最多折算 {most} 学分（{year} 年度的总学分），请核对。", field="professional"
        )


def entries_of(conversion):
    finished = datetime.combine(conversion.obtained_on, time(), tzinfo=clock.SHANGHAI)
    of_kind = {
        CourseKind.PUBLIC: (conversion.public, ZERO),
        CourseKind.PROFESSIONAL: (conversion.professional, conversion.general_professional),
    }
    return [
        CreditEntry(
            profile_id=conversion.profile_id,
            year=conversion.year,
            kind=kind,
            source=CreditSource.CONVERSION,
            credits=credits,
            general_professional=general,
            conversion=conversion,
            finished_at=finished,
            booked_at=conversion.decided_at,
        )
        for kind, (credits, general) in of_kind.items()
        if credits
    ]


@transaction.atomic
def refuse(conversion_id, *, by, reason):
    """Say no, with a reason the person reads. Raises DomainError."""
    reason = reason.strip()
    if len(reason) < MIN_REASON:
        raise DomainError(f"请写明未通过的原因，至少 {MIN_REASON} 个字，本人会看到。", field="reason")
    conversion = waiting(conversion_id)
    conversion.move(State.REFUSED)
    conversion.reason, conversion.by = reason[:200], by
    conversion.save(update_fields=["state", "decided_at", "reason", "by"])
    audit.record("conversion.refused", actor=by, subject=conversion, detail={"fields": ["reason"]})
    told = f"您申请的“{conversion.kind}”未通过，原因：{conversion.reason}。可以补齐材料后重新申请。"
    notify(conversion.profile.accountant, "学分折算未通过", told)
    return conversion


def waiting(conversion_id):
    """An application that still waits, locked in everybody's order: profile, then the row."""
    owner = Conversion.objects.filter(pk=conversion_id).values("profile_id")
    lock_profiles(Profile.objects.filter(pk__in=owner))
    rows = Conversion.objects.select_for_update(of=("self",), no_key=True)
    conversion = rows.select_related("kind__rule", "profile__accountant__user").get(pk=conversion_id)
    if conversion.state != State.WAITING:
        state = conversion.get_state_display()
        raise DomainError(f"这份申请当前为“{state}”，不能再办理，请刷新页面查看。")
    return conversion
