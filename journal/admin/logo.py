"""The school's logo on the staff site: choose a picture, see what was made of it, take it away."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from box.files.field import REASONS, FilesInput
from box.files.refusals import NotCleaned, Why
from box.files.uploads import SealedUpload, takes_files
from box.files.worker import CleanFile, clean_upload
from box.look import logo_mark
from box.services.logos import remove_logo, set_logo
from journal.admin.pages import staff_page
from schools.errors import Refused
from schools.models import Logo, School
from schools.selectors import schools_for


class LogoField(forms.Field):
    """One picture, made into a logo."""

    widget = FilesInput(attrs={"accept": "image/png,image/jpeg,image/webp"})

    def clean(self, value: list[SealedUpload] | None) -> CleanFile:
        if not value:
            raise ValidationError(_("Choose a picture."), code="required")
        if len(value) > 1:
            raise ValidationError(_("Choose one picture alone."), code="too_many")
        try:
            return clean_upload(value[0], as_logo=True)
        except NotCleaned as refusal:
            raise ValidationError(_why(refusal.why), code=refusal.why.name.lower()) from None


def _why(why: Why) -> str:
    if why is Why.UNKNOWN:
        return _("A logo is a picture: PNG, JPEG or WebP.")
    if why is Why.BROKEN:
        return _("This file is damaged and cannot be opened as a picture.")
    return _("This picture is not taken: %(reason)s") % {"reason": REASONS[why]}


class LogoForm(forms.Form):
    """The picture."""

    attachments = LogoField(
        label=gettext_lazy("Picture"),
        help_text=gettext_lazy(
            "PNG, JPEG or WebP, up to 10 MB. It is made anew as a small picture (512 pixels, 100 kB at most), and what "
            "is see-through stays so. Best is a sign without small letters."
        ),
    )


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def logo(request: HttpRequest, slug: str) -> HttpResponse:
    """The logo as it is, and a form for another."""
    school = _school(request, slug)
    posted = request.method == "POST"
    form = LogoForm(request.POST if posted else None, request.FILES if posted else None)
    if form.is_valid():
        try:
            set_logo(school=school, file=form.cleaned_data["attachments"], by=request.user)
        except Refused as refused:
            form.add_error("attachments", str(refused))
        else:
            messages.success(request, _("The logo stands on the school’s public pages now."))
            return HttpResponseRedirect(reverse("admin:logo", args=[school.slug]))
    kept = Logo.objects.filter(school=school).defer("png").first()
    context: dict[str, Any] = {"title": _("Logo"), "school": school, "form": form, "logo": kept}
    if kept is not None:
        context["address"] = reverse(
            "box:logo", kwargs={"slug": school.slug, "mark": logo_mark(kept)}
        )
    return staff_page(request, "journal/logo.html", context)


@require_POST
def remove(request: HttpRequest, slug: str) -> HttpResponse:
    """The school has no logo any more."""
    school = _school(request, slug)
    remove_logo(school=school, by=request.user)
    messages.success(request, _("The logo is taken away."))
    return HttpResponseRedirect(reverse("admin:logo", args=[school.slug]))


def _school(request: HttpRequest, slug: str) -> School:
    return get_object_or_404(schools_for(request.user, "schools.change_school"), slug=slug)


staff_urlpatterns: list[URLPattern] = [
    path("settings/logo/<slug:slug>/", logo, name="logo"),
    path("settings/logo/<slug:slug>/remove/", remove, name="logo_remove"),
]
