from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class TrustboxConfig(AppConfig):
    name = "trustbox"
    verbose_name = _("Trust box")

    def ready(self) -> None:
        from trustbox import checks  # noqa: F401


class StaffSiteConfig(AdminConfig):
    """Django's admin with our own first page and our own rule of who comes in."""

    default_site = "trustbox.staff.StaffSite"
