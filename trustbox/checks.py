"""System checks: what would be unsafe is said before the first letter, not after."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register


@register
def check_safety(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Errors for what must never run, warnings for what only a trial may do."""
    found: list[CheckMessage] = []
    if settings.DEBUG:
        found.append(Error("DEBUG is on: error pages would show letters.", id="trustbox.E001"))
    if settings.HTTPS and not (settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE):
        found.append(Error("Cookies would travel unencrypted.", id="trustbox.E002"))
    if "*" in settings.ALLOWED_HOSTS and "trustbox.hosts.HostMiddleware" not in settings.MIDDLEWARE:
        found.append(Error("Every name on the web would be answered.", id="trustbox.E004"))
    engine = settings.DATABASES["default"]["ENGINE"]
    options = settings.DATABASES["default"].get("OPTIONS", {})
    if engine.endswith("sqlite3") and options.get("transaction_mode") != "IMMEDIATE":
        found.append(Error("SQLite must begin its transactions as IMMEDIATE.", id="trustbox.E003"))
    return found


@register(deploy=True)
def check_public_address(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A box that children reach must be reached by https."""
    if settings.HTTPS:
        return []
    return [
        Warning(
            "TRUSTBOX_URL is not an https address: letters would travel readable.",
            id="trustbox.W001",
        )
    ]
