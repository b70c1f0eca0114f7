"""证明材料: pictures behind applications and exemptions, taken in, made safe by a worker and read like those of the archive."""

import logging
from base64 import b64encode
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounting_platform.lib import images, watermark
from accounting_platform.lib.encryption import SealError
from accounting_platform.lib.errors import DomainError
from accounting_platform.lib.sealed_files import SealedFiles
from collection import picture_files
from education.choices import ProofState
from education.models import Proof
from registration import audit

logger = logging.getLogger(__name__)
QUARANTINE, PICTURES = "proof-quarantine", "proofs"
MOST, MOST_BYTES = 4, 12 * 1024 * 1024
SMALLEST, BOX = (400, 400), (2200, 2200)
MAX_TRIES = 3
RING_AGAIN = timedelta(seconds=30)
RINGS_A_SWEEP = 200
UNREADABLE = "图片无法识别，请重新拍摄后上传"


def new_picture_name():
    return picture_files.new_name(f"{PICTURES}/{timezone.localdate():%Y-%m-%d}")


UPLOAD_FILES = SealedFiles("education.Proof", "quarantine", picture_files.seal_context(QUARANTINE))
PICTURE_FILES = SealedFiles("education.Proof", "file", picture_files.seal_context(PICTURES), new_picture_name)


def check(uploads, there=0):
    """Refuse (DomainError) what is too many, too large, too small or no picture, by the headers alone."""
    if there + len(uploads) > MOST:
        raise DomainError(f"证明材料最多 {MOST} 张，请减少几张再提交。", field="files")
    if sum(upload.size for upload in uploads) > MOST_BYTES:
        raise DomainError("几张图片合计不能超过12MB，请分几次上传，或压缩后再上传。", field="files")
    for upload in uploads:
        try:
            images.check_header(upload, min_size=SMALLEST)
        except DomainError as refusal:
            raise DomainError(refusal.message, field="files") from None


def take_in(uploads, there=0):
    """Check uploads and seal them; the names in quarantine. Raises DomainError, then nothing is kept."""
    check(uploads, there)
    names = []
    try:
        for upload in uploads:
            name = picture_files.new_name(QUARANTINE)
            names.append(picture_files.save(QUARANTINE, name, upload.read()))
    except BaseException:
        forget(names)
        raise
    return names


def forget(names):
    """Delete files that no row came to name."""
    for name in names:
        picture_files.remove(name)


def attach(names, **owner):
    """Rows for sealed uploads, handed to a worker after the commit; the caller holds the transaction."""
    rows = Proof.objects.bulk_create(Proof(quarantine=name, **owner) for name in names)
    for row in rows:
        transaction.on_commit(partial(ring, row.pk))
    return rows


def ring(proof_id):
    """Tell a worker; where the broker is away the sweep finds the row."""
    # tasks stands above this module and calls back into it.
    from education import tasks

    try:
        tasks.process_proof.delay(str(proof_id))
    except Exception as error:
        # Whatever the broker raises: the upload was taken, and its row is safe.
        logger.warning("broker away, proof %s waits for the sweep: %s", proof_id, type(error).__name__)


def waiting():
    return Proof.objects.filter(state=ProofState.PROCESSING)


def process(proof_id):
    """Make the kept picture out of the quarantined file. Safe to repeat and to run twice at once."""
    proof = waiting().filter(pk=proof_id).first()
    if proof is None:
        return
    try:
        raw = UPLOAD_FILES.read(proof)
    except (FileNotFoundError, SealError) as error:
        logger.error("proof %s is lost: %s", proof_id, type(error).__name__)
        settle(proof, ProofState.REJECTED, reason=UNREADABLE)
        return
    # Counted before the decoder sees it: a picture that takes its worker along must not come back for ever.
    waiting().filter(pk=proof.pk).update(tries=F("tries") + 1)
    try:
        if proof.tries >= MAX_TRIES:
            raise DomainError(UNREADABLE)
        picture = images.produce(raw, box=BOX)
    except DomainError as error:
        settle(proof, ProofState.REJECTED, reason=error.message)
        return
    name = picture_files.save(PICTURES, new_picture_name(), picture.bytes)
    if not settle(proof, ProofState.READY, file=name):
        picture_files.remove(name)


def give_up(proof_id):
    """Send a picture back whose processing took too long."""
    settle(Proof.objects.get(pk=proof_id), ProofState.REJECTED, reason=UNREADABLE)


def settle(proof, state, **facts):
    """Move a processing row to its outcome and delete the upload; False when another worker was quicker."""
    if not waiting().filter(pk=proof.pk).update(state=state, quarantine="", **facts):
        return False
    picture_files.remove(proof.quarantine)
    return True


def read(proof):
    """The kept picture as JPEG bytes."""
    return PICTURE_FILES.read(proof)


def erase(conversions):
    """Delete the pictures of these applications, the files after the commit."""
    rows = Proof.objects.filter(conversion__in=conversions)
    names = [name for pair in rows.values_list("file", "quarantine") for name in pair if name]
    rows.delete()
    transaction.on_commit(partial(forget, names))


def sweep():
    """Ring again for what has waited too long, and remove the files that no row names."""
    late = waiting().filter(created_at__lt=timezone.now() - RING_AGAIN)
    for key in late.order_by("created_at").values_list("pk", flat=True)[:RINGS_A_SWEEP]:
        ring(key)
    picture_files.remove_orphans(QUARANTINE, partial(named_in, "quarantine"))
    for folder in picture_files.recent_picture_folders(PICTURES):
        picture_files.remove_orphans(folder, partial(named_in, "file"))


def named_in(column, names):
    return Proof.objects.filter(**{f"{column}__in": names}).values_list(column, flat=True)


@transaction.atomic
def look(owner, *, reason, by):
    """The pictures of an application or exemption as data: addresses, marked with who looks and when; audited."""
    audit.record(
        "person.viewed",
        actor=by,
        subject=owner.profile.accountant,
        detail={"fields": ["proofs"], "reason": reason},
    )
    who = by.username if by.username.isascii() else f"No. {by.pk}"
    told = f"{who} {timezone.localtime():%Y-%m-%d %H:%M}"
    found = []
    for proof in owner.proofs.filter(state=ProofState.READY):
        try:
            marked = watermark.stamp(read(proof), told)
        except FileNotFoundError:
            continue
        found.append("data:image/jpeg;base64," + b64encode(marked).decode())
    return found
