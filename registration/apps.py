from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RegistrationConfig(AppConfig):
    name = "registration"
    verbose_name = "注册与登录"

    def ready(self):
        # Receivers are connected, and tasks known, before the first request needs them.
        from registration import canaries, checks, sessions, tasks  # noqa: F401

        post_migrate.connect(lambda **_: canaries.check(), sender=self, weak=False)
