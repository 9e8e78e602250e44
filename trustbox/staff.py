"""The staff site: Django's admin, entered with a key, opening on the day's work."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import PasswordChangeView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from schools.languages import OWN_NAMES
from schools.mailing import mail_state
from schools.selectors import works_with_demo
from schools.session import Waits, forget_session_key, seconds_left_in_all, waits

ROOMS = ("schools", "box", "journal", "reports")


class StaffSite(AdminSite):
    """The one admin site of the portal."""

    site_header = _("Trust box")
    site_title = _("Trust box")
    index_title = _("Today")
    enable_nav_sidebar = False
    site_url = None

    def has_permission(self, request: HttpRequest) -> bool:
        return (
            request.user.is_active and request.user.is_staff and waits(request) is Waits.FOR_NOTHING
        )

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        from trustbox.entrance.signing_in import SignInView

        index = reverse("admin:index", current_app=self.name)
        if request.method == "GET" and self.has_permission(request):
            return HttpResponseRedirect(index)
        # With the query: a wrong password must not change the language of the page.
        context = {
            **self.each_context(request),
            "title": _("Sign in"),
            "app_path": request.get_full_path(),
        }
        if REDIRECT_FIELD_NAME not in request.GET and REDIRECT_FIELD_NAME not in request.POST:
            context[REDIRECT_FIELD_NAME] = index
        return SignInView.as_view(
            extra_context={**context, **(extra_context or {})}, template_name="admin/login.html"
        )(request)

    def logout(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        language = translation.get_language()
        response = super().logout(request, extra_context)
        if response.status_code == 200:
            response = HttpResponseRedirect(f"{reverse('admin:login')}?language={language}")
        forget_session_key(response)
        return response

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Our own rooms alone: a package's tables (secrets of second factors) are nobody's to look at."""
        models = (
            model_or_iterable if isinstance(model_or_iterable, Iterable) else [model_or_iterable]
        )
        ours = [model for model in models if model._meta.app_label in ROOMS]
        super().register(ours, admin_class, **options)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        # Imported here: the admin packages register their models with this very site.
        from journal.admin import (
            escalations,
            forwardings,
            importing,
            keys,
            logo,
            public_notes,
            set_up,
            ways,
        )
        from reports import urls as reports_urls
        from schools.admin.own import own_urlpatterns
        from trustbox.entrance import second_factor, welcome

        # Open to whoever is not wholly signed in; each asks for itself who comes.
        entrance = [
            path("logout/", self.logout, name="logout"),
            path("second-factor/", second_factor.ask, name="second_factor"),
            path("second-factor/set-up/", second_factor.set_up, name="second_factor_set_up"),
            path("welcome/", welcome.welcome, name="welcome"),
            path("welcome/<str:token>/", welcome.link, name="welcome_link"),
        ]
        # Before the admin's own: its last address takes whatever is left.
        ours = [
            path("second-factor/renew/", second_factor.renew, name="second_factor_renew"),
            *own_urlpatterns,
            *keys.staff_urlpatterns,
            *set_up.staff_urlpatterns,
            *escalations.staff_urlpatterns,
            *forwardings.staff_urlpatterns,
            *importing.staff_urlpatterns,
            *logo.staff_urlpatterns,
            *public_notes.staff_urlpatterns,
            *ways.staff_urlpatterns,
            *reports_urls.staff_urlpatterns,
        ]
        # Django's own way out is shut to whoever has not shown the second factor.
        djangos = [url for url in super().get_urls() if getattr(url, "name", "") != "logout"]
        return [*entrance, *(self._guarded(pattern) for pattern in ours), *djangos]

    def _guarded(self, page: URLPattern) -> URLPattern:
        return URLPattern(
            page.pattern, self.admin_view(page.callback), page.default_args, page.name
        )

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().each_context(request)
        if not context["has_permission"]:
            return {**context, "languages": OWN_NAMES.items()}
        # Imported here: the pages of the journal are in the frame that this site gives them.
        from journal.admin.alert_page import danger_bar
        from journal.admin.escalation_page import region_bar

        return {
            **context,
            "danger_bar": danger_bar(request.user),
            "region_bar": region_bar(request.user),
            "staff_menu": _menu(request),
            "session": session_end(request),
            "demonstration": works_with_demo(request.user),
        }

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        from journal.admin.set_up import set_ups_on_today
        from journal.admin.today import today

        context = {
            **today(request),
            **set_ups_on_today(request),
            "mail_state": mail_state(request.user),
            "watches_only": request.user.has_perm("schools.watch_region")
            and not (request.user.is_operator or request.user.roles_by_school),
        }
        return super().index(request, {**context, **(extra_context or {})})

    def app_index(
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The menu leads everywhere; a list of tables is nobody's place of work."""
        return HttpResponseRedirect(reverse("admin:index"))

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        from schools.admin.own import OwnPasswordForm

        return PasswordChangeView.as_view(
            form_class=OwnPasswordForm,
            success_url=reverse("admin:password_change_done", current_app=self.name),
            template_name="admin/password_change.html",
            extra_context={
                **self.each_context(request),
                "title": _("Change your password"),
                **(extra_context or {}),
            },
        )(request)


def session_end(request: HttpRequest) -> dict[str, Any]:
    """When this session ends if nothing is done, and whether doing something would help."""
    left = seconds_left_in_all(request)
    idle = settings.SESSION_COOKIE_AGE
    return {"seconds": min(left, idle), "can_stay": left > idle}


def _menu(request: HttpRequest) -> list[dict[str, Any]]:
    """The few places of the site that this person may enter; the one they are in is marked."""
    user = request.user
    places = [
        ("admin:index", _("Today"), True),
        ("admin:journal_entry_changelist", _("Journal"), "journal.view_entry"),
        ("admin:journal_opening_changelist", _("Openings"), "journal.view_opening"),
        ("admin:journal_meeting_changelist", _("Commission"), "journal.view_meeting"),
        ("admin:journal_volume_changelist", _("Volumes"), "journal.view_volume"),
        ("admin:reports", _("Reports"), "reports.view_periodreport"),
        (
            "admin:journal_destruction_changelist",
            pgettext_lazy("menu", "Destruction"),
            "journal.view_destruction",
        ),
        ("admin:journal_alert_changelist", pgettext_lazy("menu", "Danger"), "journal.view_alert"),
        ("admin:reached", pgettext_lazy("menu", "Reached you"), "schools.answer_for_region"),
        ("admin:figures_list", _("Figures"), "journal.view_entry"),
        (
            "admin:public_notes",
            pgettext_lazy("menu", "Public notes"),
            ("box.write_publicnote", "box.approve_publicnote"),
        ),
        (
            "admin:ways_list",
            _("Ways to the box"),
            ("schools.view_school", "journal.view_entry"),
        ),
        ("admin:region", pgettext_lazy("menu", "Region"), "schools.watch_region"),
        ("admin:keys_list", _("Keys"), ("schools.hold_key", "schools.view_membership")),
        ("admin:schools_user_changelist", _("People"), "schools.view_user"),
        ("admin:settings", _("School settings"), "schools.view_regulation"),
    ]
    menu = []
    for name, label, needed in places:
        wanted = needed if isinstance(needed, tuple) else (needed,)
        if needed is not True and not any(user.has_perm(permission) for permission in wanted):
            continue
        address = reverse(name)
        here = request.path == address or (
            name != "admin:index" and request.path.startswith(address)
        )
        menu.append({"address": address, "label": label, "here": here})
    return menu
