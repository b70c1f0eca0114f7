"""Says whether the audit is what it was when it was written."""

from django.core.management.base import BaseCommand, CommandError

from registration import chain


def noted(text):
    """An id and a digest, as the log notes them."""
    row_id, _, digest = text.partition(":")
    return int(row_id), digest


class Command(BaseCommand):
    help = "Proves that no chained audit row was changed, removed, put in or moved; fails where one was."

    def add_arguments(self, parser):
        parser.add_argument(
            "--expect",
            action="append",
            default=[],
            type=noted,
            metavar="ID:DIGEST",
            help="an end of the chain as the log noted it; proves that nothing was cut off behind it",
        )

    def handle(self, *, expect, **options):
        try:
            found = chain.verify(expect)
        except chain.Broken as broken:
            raise CommandError(f"The audit is broken: {broken}.") from None
        last_id, digest = chain.end_of_chain()
        self.stdout.write(f"{found['chained']} rows are chained and hold, up to {last_id}:{digest}.")
        self.stdout.write(f"{found['unchained']} rows behind them are not chained yet.")
        if found["gaps"]:
            self.stdout.write(f"{found['gaps']} ids are missing, as rolled back transactions leave them.")
