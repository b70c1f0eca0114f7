"""Filing of schools: their signing secrets."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounting_platform.lib import signing
from accounting_platform.lib.errors import DomainError
from education.models import Institution
from registration import audit

LIVE_SECRETS = 2


@transaction.atomic
def create_secret(institution_id, *, by):
    """Make one more signing secret and return it in clear, this once; two may live at a time. Raises DomainError."""
    institution = Institution.objects.select_for_update().get(pk=institution_id)
    live = institution.secrets.filter(Q(ends_at=None) | Q(ends_at__gt=timezone.now())).count()
    if live >= LIVE_SECRETS:
        raise DomainError("该机构已有两把有效密钥，请先为其中一把设定已过去的失效时间，再生成新的。")
    secret = signing.new_secret()
    institution.secrets.create(secret=secret)
    audit.record("institution.secret_created", actor=by, subject=institution)
    return secret
