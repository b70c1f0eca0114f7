from django.core.management.base import BaseCommand, CommandError
from django.db.models import Max, Q, Sum
from django.db.models.functions import Coalesce

from education.choices import CourseKind
from education.ledger.entries import COLUMNS, GENERAL, ZERO
from education.models import CreditEntry, YearTotal

CHUNK = 20_000
SUMS = {f"sum_{kind}": Coalesce(Sum("credits", filter=Q(kind=kind)), ZERO) for kind in CourseKind.values}
SUMS[f"sum_{GENERAL}"] = Sum(GENERAL)


class Command(BaseCommand):
    help = "Proves that every year total equals the sum of its ledger entries; fails where one does not."

    def handle(self, **options):
        people = differing = 0
        for first in range(0, self.last_profile() + 1, CHUNK):
            span = {"profile_id__gte": first, "profile_id__lt": first + CHUNK}
            kept, counted = totals_of(span), sums_of(span)
            people += len(kept.keys() | counted.keys())
            for profile_id, year in sorted(kept.keys() | counted.keys()):
                if kept.get((profile_id, year)) != counted.get((profile_id, year)):
                    differing += 1
                    self.stderr.write(f"profile {profile_id}, year {year}: total and ledger differ")
        if differing:
            raise CommandError(f"{differing} of {people} totals differ from the ledger.")
        self.stdout.write(f"{people} totals equal the ledger.")

    def last_profile(self):
        last = [model.objects.aggregate(last=Max("profile_id"))["last"] for model in (CreditEntry, YearTotal)]
        return max(filter(None, last), default=0)


def totals_of(span):
    rows = YearTotal.objects.filter(**span).values_list("profile_id", "year", *COLUMNS)
    return {row[:2]: row[2:] for row in rows}


def sums_of(span):
    rows = CreditEntry.objects.filter(**span).values("profile_id", "year").annotate(**SUMS)
    return {(row["profile_id"], row["year"]): tuple(row[f"sum_{name}"] for name in COLUMNS) for row in rows}
