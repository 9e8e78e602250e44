"""A person's own pages: language, password, second step, sessions; and the way to the settings of their schools."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.forms import AdminPasswordChangeForm
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from schools.admin.calendar import year_page
from schools.admin.choosing import schools_found
from schools.admin.own_mails import mails_context, mails_urlpatterns
from schools.languages import language_choices
from schools.models import User
from schools.selectors import regulations_in_force, schools_for
from schools.services.second_factor import backup_codes_left, has_second_factor
from schools.services.signing_in import change_password
from schools.services.signing_in import sign_out_everywhere as end_sessions
from schools.session import forget_session_key


class OwnPasswordForm(AdminPasswordChangeForm):
    """A new password by somebody who knows the old one: their keys stay."""

    @sensitive_variables()
    def save(self, commit: bool = True) -> User:
        change_password(
            user=self.user,
            old=self.cleaned_data["old_password"],
            new=self.cleaned_data["new_password1"],
        )
        return self.user


class OwnForm(forms.ModelForm):
    """What a person chooses for themselves."""

    language = forms.ChoiceField(choices=language_choices, widget=forms.RadioSelect)

    class Meta:
        model = User
        fields = ["language"]
        labels = {"language": ""}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].label = _("Language of the staff pages")


@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """The person's own language, and the way to their password."""
    # Of a row of its own: a language not saved must not show on this page.
    person = User.objects.get(pk=request.user.pk)
    form = OwnForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        form.save()
        with override(person.language):
            messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("admin:own"))
    context = {
        **admin.site.each_context(request),
        "title": _("For you"),
        "form": form,
        "second_factor": has_second_factor(person),
        "backup_codes": backup_codes_left(person),
        **mails_context(person),
    }
    return TemplateResponse(request, "schools/own.html", context)


@require_POST
def stay(request: HttpRequest) -> HttpResponse:
    """The person is still there: the session lives on, as with any other request."""
    return HttpResponse(status=204)


@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session of the person, on every device, this one too."""
    language = request.user.language
    end_sessions(user=request.user)
    logout(request)
    response = HttpResponseRedirect(f"{reverse('admin:login')}?language={language}")
    forget_session_key(response)
    return response


@require_GET
def settings(request: HttpRequest) -> HttpResponse:
    """Each school's settings in one place."""
    if not request.user.has_perm("schools.view_regulation"):
        raise PermissionDenied
    found = schools_found(request, schools_for(request.user, "schools.view_regulation"))
    schools = found.schools
    regulations = regulations_in_force(schools)
    context = {
        **admin.site.each_context(request),
        "title": _("School settings"),
        "found": found,
        "cards": [
            {"school": school, "regulation": regulations.get(school.pk)} for school in schools
        ],
        "adds_schools": request.user.has_perm("schools.add_school"),
    }
    return TemplateResponse(request, "schools/settings.html", context)


own_urlpatterns: list[URLPattern] = [
    path("own/", own, name="own"),
    *mails_urlpatterns,
    path("own/stay/", stay, name="stay"),
    path("own/sign-out-everywhere/", sign_out_everywhere, name="sign_out_everywhere"),
    path("settings/", settings, name="settings"),
    path("settings/calendar/<slug:slug>/", year_page, name="year"),
]
