"""The staff face: Django admin in Unfold's dress."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class BackofficeConfig(AppConfig):
    name = "backoffice"

    def ready(self) -> None:
        from backoffice import exports  # noqa: F401 - registers its kind of job


class BackofficeAdminConfig(AdminConfig):
    """Makes `BackofficeSite` the default admin site, where every room registers."""

    default_site = "backoffice.site.BackofficeSite"
