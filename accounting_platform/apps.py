from django.apps import AppConfig


class PlatformConfig(AppConfig):
    name = "accounting_platform"
    verbose_name = "平台"

    def ready(self):
        from accounting_platform import checks  # noqa: F401  (registers them)
        from accounting_platform.lib import encryption, lookups  # noqa: F401  (registers them)

        # A wrong key or a broken library must stop the start, not the first person who logs in.
        encryption.self_test()
