"""Which pictures are asked of whom, what they are called, what each has to be and what is made of it."""

from dataclasses import dataclass, field

from collection.choices import AttachmentKind, DutyStatus

PORTRAIT_SIZE = (358, 441)
LONGEST_SIDE = (1600, 1600)
PASSPORTS = {"passport_cn", "passport_foreign"}


@dataclass(frozen=True)
class Rule:
    """One kind of picture: its section, the least size taken, what is said, what `lib.images.produce` makes of it."""

    section: str
    min_size: tuple[int, int]
    hint: str
    advice: str
    shape: dict = field(default_factory=lambda: {"box": LONGEST_SIDE})


CARD_ADVICE = "请避开灯光，把证件平放在深色桌面上，四角都拍进去，再试一次。"
RULES = {
    AttachmentKind.PORTRAIT: Rule(
        section="personal",
        min_size=(200, 280),
        hint="头部居中，肩膀露出，白色或浅色背景，不戴帽子。会自动裁成 358 × 441 像素。",
        advice="请在光线充足的地方，对着白色或浅色背景再拍一张。",
        shape={"box": PORTRAIT_SIZE, "crop": True},
    ),
    AttachmentKind.ID_FRONT: Rule(
        section="personal", min_size=(600, 380), hint="四角拍全，字迹清楚，不要反光。", advice=CARD_ADVICE
    ),
    AttachmentKind.ID_BACK: Rule(
        section="personal", min_size=(600, 380), hint="四角拍全，字迹清楚，不要反光。", advice=CARD_ADVICE
    ),
    AttachmentKind.STUDENT_PROOF: Rule(
        section="work",
        min_size=(600, 380),
        hint="学生证（带照片和注册章的一页）或学校开具的在读证明。",
        advice="请避开灯光，把整页拍进去，再试一次。",
    ),
}
# A mainland ID card has the labels of AttachmentKind; other papers have other sides.
PASSPORT_TITLES = {AttachmentKind.ID_FRONT: "护照资料页"}
OTHER_TITLES = {AttachmentKind.ID_FRONT: "证件人像面", AttachmentKind.ID_BACK: "证件反面"}


def title(profile, kind):
    """What this kind of picture is called for this person's document."""
    document = profile.accountant.document_type
    if document == "resident_id":
        return AttachmentKind(kind).label
    titles = PASSPORT_TITLES if document in PASSPORTS else OTHER_TITLES
    return titles.get(kind, AttachmentKind(kind).label)


def kinds(profile, section=None, *, duty_status=None):
    """The pictures asked of this person, in the order of the pages; those of one section alone when its key is given."""
    status = profile.duty_status if duty_status is None else duty_status
    # Of a passport one page says everything.
    left_out = {AttachmentKind.ID_BACK} if profile.accountant.document_type in PASSPORTS else set()
    if status != DutyStatus.STUDENT:
        left_out.add(AttachmentKind.STUDENT_PROOF)
    return [kind for kind in RULES if kind not in left_out and section in (None, RULES[kind].section)]


def acceptable(profile):
    """The pictures this person may upload: a proof of study also before the duty status is saved."""
    return kinds(profile, duty_status=DutyStatus.STUDENT)
