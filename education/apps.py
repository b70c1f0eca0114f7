from django.apps import AppConfig


class EducationConfig(AppConfig):
    name = "education"
    verbose_name = "继续教育"

    def ready(self):
        from education.ledger import certificates  # noqa: F401  (connects the receiver)
