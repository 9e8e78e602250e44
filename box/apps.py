from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BoxConfig(AppConfig):
    name = "box"
    verbose_name = _("Box")
    default_auto_field = "django.db.models.BigAutoField"
