"""Pages on which a list kept before is taken over: the file, its columns, a look at it, and the taking over."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from box.files.uploads import takes_files
from journal.admin.importing_kinds import KINDS, Kind
from journal.admin.importing_schools import SCHOOLS_KIND, heads_alone
from journal.admin.pages import staff_page
from journal.forms import PasswordForm
from journal.import_forms import FileForm
from journal.importing.columns import Heads
from journal.services import taking_over
from journal.services.giving_links import links_waiting
from journal.services.refusing import Withheld, note_refused
from journal.services.taking_over import Seen
from schools.errors import Conflict, Refused
from schools.models import School
from schools.selectors import key_in_use, schools_for
from schools.starting_regulations import STARTING_REGULATIONS

MOST_FINDINGS = 300


def _school(request: HttpRequest, slug: str, kind: Kind) -> School | None:
    """A school in which this person may take such a list over; else 404. Without its key, where it is needed, 403.

    None for a list that belongs to no school.
    """
    if not kind.of_school:
        if request.keyring.person is None or not request.user.has_perm(kind.permission):
            raise PermissionDenied
        return None
    school = get_object_or_404(schools_for(request.user, kind.permission), slug=slug)
    if kind.needs_key:
        key = key_in_use(school)
        if key is None or not request.keyring.opens_school_key(key.pk):
            note_refused(school=school, by=request.user, attempt="take over a journal")
            raise Withheld
    elif request.keyring.person is None:
        raise PermissionDenied
    return school


def _address(kind: Kind, page: str, school: School | None, pk: int | None = None) -> str:
    given = [*([school.slug] if school else []), *([] if pk is None else [pk])]
    return reverse(f"admin:import_{kind.name}{page}", args=given)


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def choose_file(request: HttpRequest, kind: Kind, slug: str = "") -> HttpResponse:
    """The file is read and sealed; what its columns are is guessed."""
    school = _school(request, slug, kind)
    posted = request.method == "POST"
    form = FileForm(request.POST if posted else None, request.FILES if posted else None)
    ready = not kind.needs_key or school.regulations.exists()
    if posted and not ready:
        form.add_error(None, _("The school has no regulation yet: without it nothing is numbered."))
    elif posted and form.is_valid():
        table = form.cleaned_data["attachments"]
        heads = Heads(kind.targets)
        line = heads.line([cells for _number, cells in table.rows])
        try:
            incoming = taking_over.keep_incoming(
                school=school,
                kind=kind.name,
                table=table,
                head=line,
                columns=heads.told(table.rows[line][1]),
                by=request.user,
                keyring=request.keyring,
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return HttpResponseRedirect(_address(kind, "_columns", school, incoming.pk))
    context = {
        "form": form,
        "targets": kind.targets,
        "back": reverse(kind.back),
        "waiting": [] if school else links_waiting(by=request.user),
        "starts": STARTING_REGULATIONS.items(),
    }
    return _page(request, "file", kind, school, context)


@require_http_methods(["GET", "HEAD", "POST"])
def tell_columns(request: HttpRequest, pk: int, kind: Kind, slug: str = "") -> HttpResponse:
    """Which column is what; changing the row of the heads guesses anew."""
    school = _school(request, slug, kind)
    seen = _seen(request, school, pk, kind)
    if seen is None:
        return _gone(request, school, kind)
    form = kind.columns_form(school, seen)
    if request.method == "POST":
        form = kind.columns_form(school, seen, request.POST)
        chosen = request.POST.get("head", "")
        head = int(chosen) if chosen.isdecimal() and len(chosen) < 4 else -1
        if head != seen.layout.head and 0 <= head < len(seen.rows):
            columns = Heads(kind.targets).told(seen.rows[head][1])
            _tell(request, school, pk, head=head, columns=columns, choices=vars(seen.choices))
            return HttpResponseRedirect(_address(kind, "_columns", school, pk))
        if form.is_valid():
            columns = form.columns()
            chosen = form.choices() if kind.needs_key else {}
            _tell(request, school, pk, head=seen.layout.head, columns=columns, choices=chosen)
            if kind.needs_key and _asks_more(request, school, pk, kind, form):
                return HttpResponseRedirect(f"{_address(kind, '_columns', school, pk)}#categories")
            return HttpResponseRedirect(_address(kind, "_look", school, pk))
    context = {
        "form": form,
        "pk": pk,
        "sheets": seen.sheets,
        "rows": len(seen.rows) - seen.layout.head - 1,
        "cancel": _address(kind, "_cancel", school, pk),
    }
    return _page(request, "columns", kind, school, context)


def _tell(request: HttpRequest, school: School | None, pk: int, **told: Any) -> None:
    taking_over.tell_columns(
        school=school,
        pk=pk,
        **told,
        by=request.user,
        keyring=request.keyring,
    )


def _asks_more(request: HttpRequest, school: School, pk: int, kind: Kind, form: Any) -> bool:
    """Whether the columns, as told now, hold names of categories that were not asked about."""
    seen = _seen(request, school, pk, kind)
    return seen is not None and bool(
        set(kind.columns_form(school, seen).unknown) - set(form.unknown)
    )


@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: HttpRequest, pk: int, kind: Kind, slug: str = "") -> HttpResponse:
    """Everything that is wrong, or the first rows; then all of it is taken over, or nothing."""
    school = _school(request, slug, kind)
    seen = _seen(request, school, pk, kind)
    if seen is None:
        return _gone(request, school, kind)
    form = _asked(request, kind)
    status = 200
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            return kind.take(request, school, pk)
        except (Conflict, Refused) as refused:
            messages.error(request, str(refused))
            status = 409
    looked = kind.look(school, seen)
    context = {
        "form": form,
        "pk": pk,
        "looked": looked,
        "findings": looked.findings[:MOST_FINDINGS],
        "more": max(0, len(looked.findings) - MOST_FINDINGS),
        "rows": len(seen.rows) - seen.layout.head - 1,
        "columns": _address(kind, "_columns", school, pk),
        "again": _address(kind, "", school),
        "cancel": _address(kind, "_cancel", school, pk),
    }
    return _page(request, "look", kind, school, context, status=status)


def _asked(request: HttpRequest, kind: Kind) -> Form | None:
    """What is asked before a list is added: the password of who takes a journal over, or what the kind asks."""
    posted = request.POST if request.method == "POST" else None
    if kind.needs_key:
        return PasswordForm(posted, by=request.user)
    return kind.asks(posted) if kind.asks else None


@require_POST
def cancel(request: HttpRequest, pk: int, kind: Kind, slug: str = "") -> HttpResponse:
    """Nothing of the list stays here."""
    school = _school(request, slug, kind)
    taking_over.throw_away(school=school, pk=pk, by=request.user)
    messages.success(request, _("The list is thrown away; nothing of it stays here."))
    return HttpResponseRedirect(_address(kind, "", school))


def _seen(request: HttpRequest, school: School | None, pk: int, kind: Kind) -> Seen | None:
    return taking_over.incoming_of(
        school=school, kind=kind.name, pk=pk, by=request.user, keyring=request.keyring
    )


def _gone(request: HttpRequest, school: School | None, kind: Kind) -> HttpResponse:
    messages.error(request, _("This list was taken over already, or thrown away."))
    return HttpResponseRedirect(_address(kind, "", school))


def _page(
    request: HttpRequest,
    name: str,
    kind: Kind,
    school: School | None,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    facts = {"title": kind.title, "kind": kind, "school": school}
    return staff_page(request, f"journal/import_{name}.html", {**facts, **context}, status=status)


_START = {
    taking_over.JOURNAL: "journal/import",
    taking_over.STAFF: "people/import",
    taking_over.CLASSES: "classes/import",
    taking_over.SCHOOLS: "schools/import",
}


def _start(kind: Kind) -> str:
    return f"{_START[kind.name]}/{'<slug:slug>/' if kind.of_school else ''}"


staff_urlpatterns: list[URLPattern] = [
    path("schools/import/columns.xlsx", heads_alone, name="import_schools_heads"),
    *(
        url
        for kind in (*KINDS, SCHOOLS_KIND)
        for url in (
            path(
                _start(kind),
                choose_file,
                {"kind": kind},
                name=f"import_{kind.name}",
            ),
            path(
                f"{_start(kind)}<int:pk>/columns/",
                tell_columns,
                {"kind": kind},
                name=f"import_{kind.name}_columns",
            ),
            path(
                f"{_start(kind)}<int:pk>/",
                look,
                {"kind": kind},
                name=f"import_{kind.name}_look",
            ),
            path(
                f"{_start(kind)}<int:pk>/throw-away/",
                cancel,
                {"kind": kind},
                name=f"import_{kind.name}_cancel",
            ),
        )
    ),
]
