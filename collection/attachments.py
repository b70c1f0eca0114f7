"""Pictures: how they come in, what is made of them, and how they are read.

A picture comes in whole, is sealed into quarantine, and a worker makes of it what is kept. Whatever was there before
stays until its successor is ready.
"""

import logging
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounting_platform.lib import images
from accounting_platform.lib.encryption import SealError
from accounting_platform.lib.errors import DomainError
from collection import picture_files, picture_rules, signals
from collection.choices import AttachmentState
from collection.models import Attachment, Profile
from registration import audit

logger = logging.getLogger(__name__)
UNREADABLE = "图片无法识别，请重新拍摄后上传"
MAX_TRIES = 3
NEW = "new"


@dataclass(frozen=True)
class Slot:
    """The place of one picture on a page: what counts now, what is being worked on, what was sent back."""

    kind: str
    title: str
    hint: str
    advice: str
    current: Attachment | None = None
    new: Attachment | None = None
    pending: Attachment | None = None
    rejected: Attachment | None = None

    @property
    def failed(self):
        """Whether there is nothing that counts, only a picture that was sent back."""
        return bool(self.rejected and not self.shown)

    @property
    def shown(self):
        """The picture to draw: one that waits for its change to be saved, else the one that counts."""
        return self.new or self.current

    @property
    def is_missing(self):
        """Whether a step cannot be left like this: nothing is there that may still count, or a change's picture is not done."""
        return bool(self.problem) and not (self.pending and not self.pending.for_change)

    @property
    def problem(self):
        """What keeps this picture from counting, as a sentence; "" when it counts."""
        if self.pending and self.pending.for_change:
            return f"“{self.title}”正在处理，请稍等几秒再保存"
        if self.shown:
            return ""
        if self.pending:
            return f"“{self.title}”正在处理，请稍等几秒再提交"
        if self.rejected:
            return f"请重新上传“{self.title}”：{self.rejected.reason}"
        return f"请上传“{self.title}”"


# --- what is asked, and what is there


def slots(profile, section, *, duty_status=None):
    """The pictures of one section (a Section or its key); `duty_status` when another one than the saved is shown."""
    key = getattr(section, "key", section)
    return filled(profile, picture_rules.kinds(profile, key, duty_status=duty_status))


def slot(profile, kind):
    """The place of one kind of picture."""
    return filled(profile, [kind])[0]


def states(profile):
    """{kind: state} of every picture there is: ready once one counts, else how far the latest try has come."""
    found = {}
    for kind, state, _pk in preloaded_or_read(profile):
        if found.get(kind) != AttachmentState.READY:
            found[kind] = state
    return found


def current(profile, kind):
    """The picture of a kind that counts, or None."""
    return slot(profile, kind).current


def ready(profile, kinds):
    """[(title, id)] of the pictures that count, in the order of these kinds."""
    found = {kind: pk for kind, state, pk in preloaded_or_read(profile) if state == AttachmentState.READY}
    return [(picture_rules.title(profile, kind), found[kind]) for kind in kinds if kind in found]


def preloaded_or_read(profile):
    """(kind, state, id) of every picture that stands, oldest first."""
    kept = getattr(profile, "preloaded_pictures", None)
    return standing(profile).values_list("kind", "state", "pk") if kept is None else kept


def standing(profile):
    """The pictures that no successor has replaced, oldest first; those that wait for a change to be saved apart."""
    return at_hand(profile).filter(for_change=False)


def at_hand(profile):
    return profile.attachment_set.filter(replaced_at=None).order_by("created_at")


def filled(profile, kinds):
    """Slots of these kinds with what the database holds, in one query."""
    if not kinds:
        return []
    states = {kind: {} for kind in kinds}
    for row in at_hand(profile).filter(kind__in=kinds):
        # A picture that was sent back is history once a later one has come.
        states[row.kind].pop(AttachmentState.REJECTED, None)
        states[row.kind][NEW if row.for_change and row.state == AttachmentState.READY else row.state] = row
    return [make_slot(profile, kind, states[kind]) for kind in kinds]


def make_slot(profile, kind, states):
    rule = picture_rules.RULES[kind]
    return Slot(
        kind=kind,
        title=picture_rules.title(profile, kind),
        hint=rule.hint,
        advice=rule.advice,
        current=states.get(AttachmentState.READY),
        new=states.get(NEW),
        pending=states.get(AttachmentState.PROCESSING),
        rejected=states.get(AttachmentState.REJECTED),
    )


def read(attachment):
    """The kept picture as JPEG bytes."""
    return picture_files.PICTURE_FILES.read(attachment)


# --- coming in


def receive(profile, kind, upload, *, by):
    """Take one uploaded file: refused with a DomainError, or sealed in quarantine and handed to a worker."""
    if kind not in picture_rules.acceptable(profile):
        raise DomainError("这里不需要这种照片，请返回重新选择。", field="file")
    images.check_header(upload, min_size=picture_rules.RULES[kind].min_size)
    name = picture_files.save_upload(upload.read())
    try:
        with transaction.atomic():
            attachment = Attachment.objects.create(
                profile=profile, kind=kind, quarantine=name, for_change=profile.is_submitted
            )
            audit.record("attachment.received", actor=by, subject=attachment, detail={"kind": kind})
            transaction.on_commit(partial(ring, attachment.pk))
    except BaseException:
        # File and row come together or not at all.
        picture_files.remove(name)
        raise
    return attachment


def ring(attachment_id):
    """Tell a worker; where the broker is away the sweep finds the row."""
    # tasks stands above this module and calls back into it.
    from collection import tasks

    try:
        tasks.process_attachment.delay(str(attachment_id))
    except Exception as error:
        # Whatever the broker raises: the upload was taken, and its row is safe.
        logger.warning("broker away, picture %s waits for the sweep: %s", attachment_id, type(error).__name__)


# --- being processed


def waiting():
    """The pictures that a worker still has to see."""
    return Attachment.objects.filter(state=AttachmentState.PROCESSING, replaced_at=None)


def process(attachment_id):
    """Make the kept picture out of the quarantined file. Safe to repeat and to run twice at once."""
    attachment = waiting().filter(pk=attachment_id).first()
    if attachment is None:
        return
    try:
        raw = picture_files.UPLOAD_FILES.read(attachment)
    except (FileNotFoundError, SealError) as error:
        logger.error("picture %s is lost: %s", attachment_id, type(error).__name__)
        settle(attachment, AttachmentState.REJECTED, reason=UNREADABLE)
        return
    # Counted before the decoder sees it: a picture that takes its worker along must not come back for ever.
    Attachment.objects.filter(pk=attachment.pk).update(tries=F("tries") + 1)
    try:
        if attachment.tries >= MAX_TRIES:
            raise DomainError(UNREADABLE)
        picture = images.produce(raw, **picture_rules.RULES[attachment.kind].shape)
    except DomainError as error:
        settle(attachment, AttachmentState.REJECTED, reason=error.message)
    else:
        keep(attachment, picture)


def give_up(attachment_id):
    """Send a picture back whose processing took too long."""
    settle(Attachment.objects.get(pk=attachment_id), AttachmentState.REJECTED, reason=UNREADABLE)


def keep(attachment, picture):
    """Store the finished picture, unless another worker was quicker."""
    try:
        name = picture_files.save_picture(picture.bytes)
    except DomainError:
        # The storage's fault, not the picture's: this try does not count.
        Attachment.objects.filter(pk=attachment.pk).update(tries=0)
        raise
    facts = {"width": picture.width, "height": picture.height, "size": len(picture.bytes)}
    if not settle(attachment, AttachmentState.READY, file=name, **facts):
        picture_files.remove(name)


@transaction.atomic
def settle(attachment, state, **facts):
    """Move a processing row to its outcome; False when it was settled before. Files go after the commit."""
    # The owner's row first, so that two pictures of one kind are put in order one after the other.
    Profile.objects.select_for_update().only("pk").get(pk=attachment.profile_id)
    mine = waiting().filter(pk=attachment.pk)
    if not mine.update(state=state, quarantine="", processed_at=timezone.now(), **facts):
        return False
    transaction.on_commit(partial(picture_files.remove, attachment.quarantine))
    if state == AttachmentState.READY:
        replace_older(attachment)
    return True


def replace_older(attachment):
    """Of the settled pictures of a kind only the newest stays; one that finishes late gives way to its successor."""
    own = {name: getattr(attachment, name) for name in ("profile_id", "kind", "for_change")}
    rows = Attachment.objects.filter(**own, replaced_at=None)
    settled = list(rows.exclude(state=AttachmentState.PROCESSING).order_by("created_at"))
    newest = [row for row in settled if row.state == AttachmentState.READY][-1]
    older = [row for row in settled if row.created_at < newest.created_at]
    retire(older)
    if (
        newest.pk == attachment.pk
        and not attachment.for_change
        and any(row.state == AttachmentState.READY for row in older)
    ):
        signals.picture_replaced.send(sender=Attachment, attachment=newest)


def retire(rows):
    """Mark these pictures as replaced and delete their files after the commit."""
    keys = [row.pk for row in rows]
    Attachment.objects.filter(pk__in=keys).update(replaced_at=timezone.now(), quarantine="")
    transaction.on_commit(partial(delete_files, rows))


def delete_files(rows):
    """Delete the files of replaced pictures; a row forgets its file only when it is gone."""
    gone = [
        row.pk for row in rows if all(map(picture_files.remove, filter(None, (row.file, row.quarantine))))
    ]
    Attachment.objects.filter(pk__in=gone).update(file="", quarantine="")


@transaction.atomic
def discard(profile, kinds):
    """Give up the pictures of kinds that are no longer asked, such as a proof of study after the student's time."""
    retire(list(at_hand(profile).filter(kind__in=kinds)))


@transaction.atomic
def withdraw_new(profile, kind):
    """Give up the picture that was to replace the one of this kind; that one never stopped counting."""
    retire(list(at_hand(profile).filter(kind=kind, for_change=True)))


def take_new(profile, slots):
    """Let the new pictures of these slots count instead of their elders; call it in the change's transaction."""
    kinds = [slot.kind for slot in slots if slot.new]
    retire(list(standing(profile).filter(kind__in=kinds)))
    Attachment.objects.filter(pk__in=[slot.new.pk for slot in slots if slot.new]).update(for_change=False)
