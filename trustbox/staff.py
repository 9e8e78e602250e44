"""The staff site: Django's admin, entered with a key, opening on the day's work."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from journal.selectors import days_of
from schools.selectors import schools_for
from schools.services.signing_in import open_pair
from schools.session import forget_session_key, remember_session_key, sign_in


class SignInForm(AdminAuthenticationForm):
    """User name and password; keeps the opened pair for the view."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.user_cache is not None:
            self.pair = open_pair(user=self.user_cache, password=cleaned["password"])
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

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_staff

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        index = reverse("admin:index", current_app=self.name)
        if request.method == "GET" and self.has_permission(request):
            return HttpResponseRedirect(index)
        context = {**self.each_context(request), "title": _("Sign in"), "app_path": request.path}
        if REDIRECT_FIELD_NAME not in request.GET and REDIRECT_FIELD_NAME not in request.POST:
            context[REDIRECT_FIELD_NAME] = index
        return SignInView.as_view(
            extra_context={**context, **(extra_context or {})}, template_name="admin/login.html"
        )(request)

    def logout(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        response = super().logout(request, extra_context)
        forget_session_key(response)
        return response

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        schools = schools_for(request.user, "journal.view_entry")
        return super().index(
            request, {"days": days_of(schools), "keyring": request.keyring, **(extra_context or {})}
        )
