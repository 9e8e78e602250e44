"""The pages of the second factor: asking for a code, setting it up, and setting it up anew."""

from typing import Any

import django_otp
import segno
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice

from journal.forms import PasswordForm
from journal.services.attempts import note_failed_sign_in
from reports.recovery_sheet import strokes_of
from schools.models import User
from schools.services import second_factor
from schools.services.second_factor import WrongCode
from schools.session import Waits, waits

_SECRET_FIELD = "second_factor_secret"
_FEW_LEFT = 3
_GROUP = 4


def _code_field(**attrs: str) -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "characters",
                "spellcheck": "false",
                **attrs,
            }
        ),
    )


class CodeForm(forms.Form):
    """A code of the app, or a backup code."""

    code = _code_field(autofocus="")


class AppCodeForm(forms.Form):
    """A code of the app that has just been told the secret."""

    code = _code_field(inputmode="numeric")


class RenewForm(PasswordForm):
    """The password and a code that is good now, before another app takes the place of this one."""

    code = _code_field()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        # The code last, and only with the right password: a try uses it up.
        if not self.errors:
            try:
                second_factor.verify(user=self.by, code=cleaned["code"])
            except WrongCode as wrong:
                raise ValidationError({"code": str(wrong)}) from None
        return cleaned


def _page(
    request: HttpRequest, template: str, title: str, context: dict[str, Any]
) -> TemplateResponse:
    return TemplateResponse(
        request,
        f"entrance/{template}.html",
        {**admin.site.each_context(request), "title": title, **context},
    )


def _next(request: HttpRequest) -> str:
    wanted = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else resolve_url(settings.LOGIN_REDIRECT_URL)


def _pass(request: HttpRequest, device: Device) -> None:
    django_otp.login(request, device)
    request.session.cycle_key()
    request.session.pop(_SECRET_FIELD, None)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The code, after the password."""
    if not (request.user.is_authenticated and request.user.is_staff):
        return HttpResponseRedirect(reverse("admin:login"))
    if waits(request) is not Waits.FOR_CODE:
        return HttpResponseRedirect(_next(request))
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            device = second_factor.verify(user=request.user, code=form.cleaned_data["code"])
        except WrongCode as wrong:
            form.add_error("code", str(wrong))
            note_failed_sign_in(username=request.user.username, second_factor=True)
        else:
            _pass(request, device)
            _say_how_many_are_left(request, device)
            return HttpResponseRedirect(_next(request))
    return _page(request, "second_factor", _("The second step"), {"form": form})


def _say_how_many_are_left(request: HttpRequest, device: Device) -> None:
    left = second_factor.backup_codes_left(request.user)
    if isinstance(device, StaticDevice) or left < _FEW_LEFT:
        messages.warning(
            request,
            ngettext(
                "You have %(count)d backup code left. Under “For you” you can set up the app anew and get ten more.",
                "You have %(count)d backup codes left. Under “For you” you can set up the app anew and get ten more.",
                left,
            )
            % {"count": left},
        )


@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """The secret as a picture and as text, confirmed by one code; then the backup codes, once."""
    user = request.user
    if not (user.is_authenticated and user.is_staff):
        return HttpResponseRedirect(reverse("admin:login"))
    if waits(request) is Waits.FOR_CODE:
        return HttpResponseRedirect(reverse("admin:second_factor"))
    secret = request.session.get(_SECRET_FIELD)
    if secret is None:
        if second_factor.has_second_factor(user):
            return HttpResponseRedirect(reverse("admin:second_factor_renew"))
        secret = request.session[_SECRET_FIELD] = second_factor.new_secret()
    form = AppCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            device, codes = second_factor.set_up(
                user=user, secret=secret, code=form.cleaned_data["code"]
            )
        except WrongCode as wrong:
            form.add_error("code", str(wrong))
        else:
            _pass(request, device)
            request._waits = Waits.FOR_NOTHING
            title = _("Ten codes for when the phone is not there")
            return _page(request, "backup_codes", title, {"codes": codes})
    return _page(
        request,
        "set_up",
        _("Set up the second step"),
        {
            "form": form,
            **_picture_and_text(user, secret),
            "first": waits(request) is Waits.FOR_SET_UP,
        },
    )


def _picture_and_text(user: User, secret: str) -> dict[str, Any]:
    """For the template: the QR code as a path over a square, and the secret in groups of four."""
    address = second_factor.app_address(user=user, secret=secret)
    code = segno.make(address, error="m", micro=False)
    text = second_factor.secret_as_text(secret)
    return {
        "qr_size": code.symbol_size(border=0)[0],
        "qr_path": strokes_of(code),
        "groups": [text[at : at + _GROUP] for at in range(0, len(text), _GROUP)],
        "account": user.username,
    }


@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: HttpRequest) -> HttpResponse:
    """Another app, confirmed by the password and a code that is good now."""
    if not second_factor.has_second_factor(request.user):
        return HttpResponseRedirect(reverse("admin:second_factor_set_up"))
    form = RenewForm(request.POST or None, by=request.user)
    if request.method == "POST":
        if form.is_valid():
            request.session[_SECRET_FIELD] = second_factor.new_secret()
            return HttpResponseRedirect(reverse("admin:second_factor_set_up"))
        if form.data.get("code") and form.data.get("password"):
            note_failed_sign_in(username=request.user.username, second_factor=True)
    return _page(request, "renew", _("Set up the second step anew"), {"form": form})
