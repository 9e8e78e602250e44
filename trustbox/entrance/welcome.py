"""Coming in by an invitation: the link leads here, the person chooses a password and is signed in.

The link's token leaves the address at once for a cookie of this page alone, so that no title, history, log of a later
page or referrer holds it; the cookie is gone with the browser or with the password chosen.
"""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.forms import SetPasswordMixin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods

from box.limits import Buckets
from schools.errors import Refused
from schools.languages import OWN_NAMES
from schools.models import Invitation, User
from schools.services import inviting
from trustbox.entrance.signing_in import come_in
from vault.errors import WrongPassword

attempts = Buckets(at_once=lambda: 10, a_minute=lambda: 2)
COOKIE_NAME = "trustbox_invitation"


class WelcomeForm(SetPasswordMixin, forms.Form):
    """The password that the person chooses, twice."""

    password1, password2 = SetPasswordMixin.create_password_fields(
        label1=gettext_lazy("Password"), label2=gettext_lazy("The same password once more")
    )

    former = forms.CharField(
        label=gettext_lazy("Password of before"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=gettext_lazy(
            "Your school has moved here from another server. With the password that you had there you keep your "
            "key and can go on reading letters. Left empty: a colleague gives you the key anew, and letters that "
            "were opened to you in person stay closed."
        ),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        if inviting.came_with_pair(person):
            # First, as browsers know it: whoever passes it over has chosen a password without the key.
            self.order_fields(["former"])
            self.fields["password1"].label = _("New password")
        else:
            del self.fields["former"]

    def clean(self) -> dict[str, Any]:
        self.validate_passwords()
        self.validate_password_for_user(self.person)
        return super().clean()


@require_GET
@sensitive_variables()
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link leads: on to the page without the token. Looking at it does not use it up."""
    response = HttpResponseRedirect(reverse("admin:welcome"))
    response.set_cookie(
        COOKIE_NAME,
        token,
        path=reverse("admin:welcome"),
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",  # the link is followed from a mail
    )
    return response


@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """The page of the link, in the invited person's language."""
    token = request.COOKIES.get(COOKIE_NAME, "")
    invitation = inviting.invitation_of(token)
    if invitation is None:
        return _gone(request)
    with translation.override(invitation.user.language):
        response = _choose(request, invitation, token)
        if hasattr(response, "render"):
            response.render()
        response.headers["Content-Language"] = translation.get_language()
        return response


def _choose(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    form = WelcomeForm(request.POST or None, person=invitation.user)
    if request.method == "POST" and form.is_valid() and _may_try(form):
        typed = form.cleaned_data
        try:
            user, pair = inviting.accept(
                token=token, password=typed["password1"], former=typed.get("former", "")
            )
        except Refused:
            return _gone(request)
        except WrongPassword:
            form.add_error("former", _("This was not your password there."))
            return _page(request, "welcome", _shown(form, invitation))
        response = HttpResponseRedirect(reverse("admin:index"))
        response.delete_cookie(COOKIE_NAME, path=reverse("admin:welcome"), samesite="Lax")
        return come_in(request, response, user=user, pair=pair)
    return _page(request, "welcome", _shown(form, invitation))


def _may_try(form: WelcomeForm) -> bool:
    """A password remembered wrong is typed again; trying many out is something else."""
    if not form.cleaned_data.get("former") or attempts.take(str(form.person.pk).encode()):
        return True
    form.add_error("former", _("Too many attempts. Wait a few minutes, then try again."))
    return False


def _shown(form: WelcomeForm, invitation: Invitation) -> dict[str, Any]:
    return {"title": _("Welcome"), "form": form, "person": invitation.user}


def _gone(request: HttpRequest) -> HttpResponse:
    """One page for a link used, too old, or never given."""
    response = _page(
        request,
        "welcome_gone",
        {"title": _("This link does not open any more"), "languages": OWN_NAMES.items()},
        status=410,
    )
    response.delete_cookie(COOKIE_NAME, path=reverse("admin:welcome"), samesite="Lax")
    return response


def _page(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> TemplateResponse:
    # Nothing of whoever may be signed in here belongs on the page of somebody else.
    frame = {"site_title": admin.site.site_title, "site_header": admin.site.site_header}
    return TemplateResponse(
        request, f"entrance/{template}.html", {**frame, **context}, status=status
    )
