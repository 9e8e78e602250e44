"""Pages of the staff site that print. The staff site itself lets in only who has signed in."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from journal.models import Volume
from journal.selectors import volumes_for
from reports import printing
from reports.forms import JournalPrintForm
from reports.models import PrintJob
from reports.rendering import LibrariesMissing, RenderingFailed
from vault.errors import NotForThisKey

REFRESH_SECONDS = "2"


def _volume(request: HttpRequest, pk: int) -> Volume:
    """A volume of the schools in which this person prints the journal; else 404."""
    return get_object_or_404(volumes_for(request.user, "journal.print_journal"), pk=pk)


def _holds_key(request: HttpRequest, volume: Volume) -> bool:
    """Whether the person holds a key of the school now: who lost it takes no file home either."""
    keys = volume.school.keys.values_list("pk", flat=True)
    return any(map(request.keyring.opens_school_key, keys))


def _page(
    request: HttpRequest, template: str, volume: Volume, status: int = 200, **context: Any
) -> TemplateResponse:
    return TemplateResponse(
        request,
        f"reports/{template}.html",
        {
            **admin.site.each_context(request),
            "title": _("Print the journal"),
            "volume": volume,
            "school": volume.school,
            **context,
        },
        status=status,
    )


def _pdf(file: bytes, volume: Volume) -> HttpResponse:
    response = HttpResponse(file, content_type="application/pdf")
    name = f"journal-{volume.school.slug}-{volume.number}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    patch_cache_control(response, no_store=True, private=True)
    return response


@require_http_methods(["GET", "POST"])
def journal_volume_print(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask what to print; then the PDF, or the page that shows how far it is."""
    volume = _volume(request, pk)
    if not _holds_key(request, volume):
        return _page(request, "print_refused", volume, status=403, reason="key")
    printing.forget_old()
    form = JournalPrintForm(request.POST or None, volume=volume)
    if request.method == "GET" or not form.is_valid():
        return _page(request, "print_form", volume, form=form)
    since, until = form.days
    wish = printing.Wish(
        volume=volume,
        language=form.cleaned_data["language"],
        since=since,
        until=until,
        by=request.user,
        keyring=request.keyring,
    )
    if wish.takes_long:
        job = printing.begin_job(wish)
        return HttpResponseRedirect(reverse("admin:journal_print_job", args=[volume.pk, job.pk]))
    try:
        return _pdf(printing.print_journal(wish), volume)
    except LibrariesMissing:
        return _page(request, "print_refused", volume, status=503, reason="libraries")
    except RenderingFailed:
        return _page(request, "print_refused", volume, status=503, reason="failed")


def _job(request: HttpRequest, volume: Volume, pk: int) -> PrintJob | None:
    # Another person's job does not open for this one anyway; it is not even shown.
    return PrintJob.objects.filter(pk=pk, volume=volume, by=request.user).first()


@require_GET
def journal_print_job(request: HttpRequest, pk: int, job: int) -> HttpResponse:
    """How far the printing is; comes again by itself until it is ready."""
    volume = _volume(request, pk)
    if not _holds_key(request, volume):
        return _page(request, "print_refused", volume, status=403, reason="key")
    found = _job(request, volume, job)
    if found is None:
        return _page(request, "print_refused", volume, status=404, reason="gone")
    if found.state == PrintJob.State.UNABLE:
        return _page(request, "print_refused", volume, status=503, reason="libraries")
    if printing.is_interrupted(found):
        return _page(request, "print_refused", volume, reason="interrupted")
    ready = found.state == PrintJob.State.READY
    response = _page(request, "print_job", volume, job=found, ready=ready)
    if not ready:
        response.headers["Refresh"] = REFRESH_SECONDS
    return response


@require_POST
def journal_print_take(request: HttpRequest, pk: int, job: int) -> HttpResponse:
    """The finished file, once."""
    volume = _volume(request, pk)
    if not _holds_key(request, volume):
        return _page(request, "print_refused", volume, status=403, reason="key")
    found = _job(request, volume, job)
    try:
        file = printing.take_file(job=found, keyring=request.keyring) if found else None
    except NotForThisKey:
        return _page(request, "print_refused", volume, status=403, reason="key")
    if file is None:
        return _page(request, "print_refused", volume, status=404, reason="gone")
    return _pdf(file, volume)
