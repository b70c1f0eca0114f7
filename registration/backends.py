"""Where `request.user` comes from."""

from django.conf import settings
from django.contrib.auth.backends import ModelBackend

from registration.models import User


class AccountBackend(ModelBackend):
    """Accounts of every kind; what nearly every page needs comes along (settings.ACCOUNT_RELATED)."""

    def get_user(self, user_id):
        user = User.objects.select_related(*settings.ACCOUNT_RELATED).filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
