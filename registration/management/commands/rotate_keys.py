"""Brings everything that is sealed to the first key of SEALING_KEYS and to SEALING_ALGORITHM."""

from django.core.management.base import BaseCommand, CommandError

from accounting_platform.lib.encryption import sealing_now
from registration import rotation


class Command(BaseCommand):
    help = (
        "Seals all personal data and files anew that an older key or the other algorithm sealed, while the platform "
        "runs; may be broken off and begun again. Fails while something is left."
    )

    def add_arguments(self, parser):
        parser.add_argument("--batch", type=int, default=500, help="rows in one transaction (500)")
        parser.add_argument("--dry-run", action="store_true", help="count what would be sealed anew")

    def handle(self, *, batch, dry_run, **options):
        report = rotation.rotate(batch=max(batch, 1), dry_run=dry_run, say=self.say)
        self.stdout.write(
            "{} rows and files looked at, {} sealed anew with key {} ({}).".format(
                report.looked_at, report.sealed_anew, *sealing_now()
            )
        )
        for (place, key_id, algorithm), number in sorted((report.left + report.broken).items()):
            self.stdout.write(f"{place}: {number} sealed with key {key_id} ({algorithm})")
        for key_id in report.keys_to_remove:
            self.stdout.write(f"Key {key_id} seals nothing any more: it can be taken out of SEALING_KEYS.")
        if report.broken:
            raise CommandError(f"{report.broken.total()} do not open; is a key missing in SEALING_KEYS?")
        if report.left and not dry_run:
            raise CommandError("Something was in use or will be gone within a day; run this again later.")

    def say(self, line):
        self.stdout.write(line)
        self.stdout.flush()
