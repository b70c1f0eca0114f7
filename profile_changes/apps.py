from django.apps import AppConfig


class ProfileChangesConfig(AppConfig):
    name = "profile_changes"
    verbose_name = "信息变更"

    def ready(self):
        from profile_changes import receivers  # noqa: F401  (connects the receiver)
