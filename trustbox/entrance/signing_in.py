"""Signing in by name and password, and what a locked name is told."""

import math
from typing import Any

from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from journal.services.attempts import note_failed_sign_in
from schools.lockout import locked_until, remember_browser
from schools.models import User
from schools.services.signing_in import open_pair_at_sign_in
from schools.session import remember_session_key, sign_in
from vault.pairs import KeyPair


class SignInForm(AdminAuthenticationForm):
    """User name and password; keeps the opened pair for the view."""

    def clean(self) -> dict[str, Any]:
        try:
            cleaned = super().clean()
        except ValidationError:
            # Counted ones alone: a locked name fills nobody's book.
            if getattr(self.request, "axes_failures_since_start", None):
                note_failed_sign_in(username=self.cleaned_data["username"])
            raise
        if self.user_cache is not None:
            self.pair = open_pair_at_sign_in(user=self.user_cache, password=cleaned["password"])
        return cleaned


def come_in(
    request: HttpRequest, response: HttpResponse, *, user: User, pair: KeyPair
) -> HttpResponse:
    """Sign the person in with their pair, and leave both cookies in the browser."""
    session_key = sign_in(request, user, pair)
    remember_session_key(response, session_key)
    remember_browser(request, response, username=user.username)
    return response


class SignInView(LoginView):
    """Signs in and puts the person's pair, locked, into the session."""

    form_class = SignInForm

    def form_valid(self, form: SignInForm) -> HttpResponse:
        response = HttpResponseRedirect(self.get_success_url())
        return come_in(self.request, response, user=form.get_user(), pair=form.pair)


def locked(
    request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """429: too many wrong passwords; when to try again. The same for names that nobody has."""
    seconds = (locked_until(request) - timezone.now()).total_seconds()
    context = {
        **admin.site.each_context(request),
        "title": _("Please wait"),
        "minutes": max(1, math.ceil(seconds / 60)),
    }
    return render(request, "entrance/locked.html", context, status=429)
