"""The page on which the journal, narrowed as the list is, leaves the portal as a file."""

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from journal.admin.filters import DatesFilter
from journal.admin.pages import staff_page
from journal.forms import PasswordForm
from journal.models import Entry
from journal.services.exporting import Exported, export_journal
from journal.services.refusing import Withheld, note_refused
from schools.errors import Refused
from schools.models import School, User
from schools.models.sealed import not_withheld_from
from schools.selectors import keys_in_use, schools_for

PERMISSION = "journal.export_journal"


class ExportForm(PasswordForm):
    """Of which school, as what, confirmed by one's own password."""

    school = forms.ModelChoiceField(
        School.objects.none(), label=gettext_lazy("School"), empty_label=None
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of file"),
        choices=[
            ("xlsx", gettext_lazy("XLSX, for Excel")),
            ("ods", gettext_lazy("ODS, for LibreOffice")),
            ("csv", gettext_lazy("CSV, for other programs")),
        ],
        widget=forms.RadioSelect,
        initial="xlsx",
    )

    field_order = ("school", "kind", "password")

    def __init__(self, *args: Any, by: User, schools: list[School], **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        self.schools = schools
        if len(schools) == 1:
            del self.fields["school"]
            return
        self.fields["school"].queryset = School.objects.filter(pk__in=[one.pk for one in schools])

    def school_chosen(self) -> School:
        """Of a valid form."""
        return self.cleaned_data.get("school") or self.schools[0]


def exportable_schools(request: HttpRequest) -> list[School]:
    """Schools whose journal this person may export, and whose key they hold."""
    schools = list(schools_for(request.user, PERMISSION))
    keys = keys_in_use(schools)
    return [
        school
        for school in schools
        if school.pk in keys and request.keyring.opens_school_key(keys[school.pk].pk)
    ]


def list_links(request: HttpRequest, specs: Iterable[Any]) -> dict[str, Any]:
    """For the list of the journal: where it is exported, with the list's own filters, and where one is taken over."""
    query = urlencode(_chosen(specs))
    export = reverse("admin:journal_entry_export") + (f"?{query}" if query else "")
    takes = schools_for(request.user, "journal.import_journal")
    return {
        "export": export if request.user.has_perm(PERMISSION) else "",
        "takes_over": [(one, reverse("admin:import_journal", args=[one.slug])) for one in takes],
    }


def export_page(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Ask for the kind of file and the password; then the file, as a stream."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    schools = exportable_schools(request)
    if not schools:
        for school in schools_for(request.user, PERMISSION):
            note_refused(school=school, by=request.user, attempt="export the journal")
        raise Withheld
    try:
        shown = model_admin.get_changelist_instance(request)
    except IncorrectLookupParameters:
        return HttpResponseRedirect(request.path)
    entries = Entry.objects.filter(pk__in=shown.queryset.order_by().values("pk"))
    filters = _chosen(shown.filter_specs)
    posted = request.method == "POST"
    form = ExportForm(
        request.POST if posted else None,
        by=request.user,
        schools=schools,
        initial={"school": filters.get("school")},
    )
    status = 200
    if posted and form.is_valid():
        try:
            exported = export_journal(
                school=form.school_chosen(),
                entries=entries,
                kind=form.cleaned_data["kind"],
                filters=filters,
                language=get_language() or "",
                by=request.user,
                keyring=request.keyring,
            )
        except Refused as refused:
            form.add_error(None, str(refused))
            status = 409
        else:
            return _file(exported)
    counted = entries.filter(not_withheld_from(request.user.pk), school__in=schools)
    context = {
        "title": _("Export the journal"),
        "school": schools[0] if len(schools) == 1 else None,
        "form": form,
        "count": counted.count(),
        "narrowed": bool(filters),
        "back": f"{reverse('admin:journal_entry_changelist')}?{urlencode(filters)}",
    }
    return staff_page(request, "journal/export.html", context, status=status)


def _chosen(specs: Iterable[Any]) -> dict[str, str]:
    """By what the list is narrowed: choices that it offers, and days; never words typed into the address."""
    found: dict[str, str] = {}
    for spec in specs:
        if isinstance(spec, DatesFilter):
            days = {"since": spec.since, "until": spec.until}
            found |= {name: day.isoformat() for name, day in days.items() if day}
        elif spec.value() in {str(value) for value, _label in spec.lookup_choices}:
            found[spec.parameter_name] = spec.value()
    return found


class _Pieces:
    """The file in pieces; closed with the answer, also where nobody ever began to read it."""

    def __init__(self, exported: Exported) -> None:
        self._spool = exported.spool

    def __iter__(self) -> Iterator[bytes]:
        yield from self._spool.chunks()

    def close(self) -> None:
        self._spool.close()


def _file(exported: Exported) -> StreamingHttpResponse:
    response = StreamingHttpResponse(_Pieces(exported), content_type=exported.type)
    response["Content-Disposition"] = f'attachment; filename="{exported.name}"'
    response["Content-Length"] = str(exported.spool.size)
    response["Cache-Control"] = "no-store"
    return response
