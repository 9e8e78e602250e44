"""The staff site: Django's admin, entered with a key, opening on the day's work."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from schools.languages import OWN_NAMES
from schools.selectors import works_with_demo
from schools.services.signing_in import open_pair_at_sign_in
from schools.session import forget_session_key, remember_session_key, sign_in


class SignInForm(AdminAuthenticationForm):
    """User name and password; keeps the opened pair for the view."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.user_cache is not None:
            self.pair = open_pair_at_sign_in(user=self.user_cache, password=cleaned["password"])
        return cleaned


class SignInView(LoginView):
    """Signs in and puts the person's pair, locked, into the session."""

    form_class = SignInForm

    def form_valid(self, form: SignInForm) -> HttpResponse:
        session_key = sign_in(self.request, form.get_user(), form.pair)
        response = HttpResponseRedirect(self.get_success_url())
        remember_session_key(response, session_key)
        return response


class StaffSite(AdminSite):
    """The one admin site of the portal."""

    site_header = _("Trust box")
    site_title = _("Trust box")
    index_title = _("Today")
    login_form = SignInForm
    enable_nav_sidebar = False
    site_url = None

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_staff

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
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

    def get_urls(self) -> list[URLPattern | URLResolver]:
        # Imported here: the admin packages register their models with this very site.
        from journal.admin import keys
        from reports import urls as reports_urls
        from schools.admin.own import own_urlpatterns

        # Before the admin's own: its last address takes whatever is left.
        ours = [*own_urlpatterns, *keys.staff_urlpatterns, *reports_urls.staff_urlpatterns]
        return [*(self._guarded(pattern) for pattern in ours), *super().get_urls()]

    def _guarded(self, page: URLPattern) -> URLPattern:
        return URLPattern(
            page.pattern, self.admin_view(page.callback), page.default_args, page.name
        )

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().each_context(request)
        if not context["has_permission"]:
            return {**context, "languages": OWN_NAMES.items()}
        return {
            **context,
            "staff_menu": _menu(request),
            "demonstration": works_with_demo(request.user),
        }

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        from journal.admin.today import today

        return super().index(request, {**today(request), **(extra_context or {})})

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


def _menu(request: HttpRequest) -> list[dict[str, Any]]:
    """The few places of the site that this person may enter; the one they are in is marked."""
    user = request.user
    places = [
        ("admin:index", _("Today"), True),
        ("admin:journal_entry_changelist", _("Journal"), "journal.view_entry"),
        ("admin:journal_opening_changelist", _("Openings"), "journal.view_opening"),
        ("admin:journal_volume_changelist", _("Volumes"), "journal.view_volume"),
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
