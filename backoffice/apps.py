"""The staff face: Django admin in Unfold's dress."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class BackofficeConfig(AppConfig):
    name = "backoffice"

    def ready(self) -> None:
        from backoffice import exports, import_jobs  # noqa: F401 - their kinds of jobs are known to every worker


class BackofficeAdminConfig(AdminConfig):
    """Makes `BackofficeSite` the default admin site, where every room registers."""

    default_site = "backoffice.site.BackofficeSite"
