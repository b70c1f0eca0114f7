"""The way back for the last administrator: whoever may run commands on the server may reset any staff device."""

from django.core.management.base import BaseCommand, CommandError

from registration import staff_codes
from registration.choices import UserKind
from registration.models import User


class Command(BaseCommand):
    help = "Forgets authenticator app and rescue codes of a staff account; its next log-in binds an app anew."

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, *, username, **options):
        user = User.objects.filter(username=username, kind=UserKind.STAFF).first()
        if user is None:
            raise CommandError(f"There is no staff account {username!r}.")
        staff_codes.reset(user, by=None, reason="manage.py reset_staff_code")
        self.stdout.write(f"{username}: the next log-in binds an authenticator app anew.")
