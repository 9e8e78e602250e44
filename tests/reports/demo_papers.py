"""Every paper that the four demonstration schools can print, read once and drawn by whoever asks."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from journal.models import Entry, Forwarding, Meeting, Opening
from journal.prints import end_of_book
from journal.selectors import history_of
from reports.analysis.freezing import freeze_report
from reports.blank_views import BLANKS
from reports.documents.entry_card import read_card, read_slip
from reports.documents.forwarding_sheet import read_sheet
from reports.documents.openings_journal import read_openings
from reports.documents.paper import Paper
from reports.documents.period_report import report_in
from reports.documents.regulation import regulation_paper
from reports.figures.for_outsiders import last_finished
from reports.figures.periods import whole_months
from reports.issuing import act_of, is_draft, protocol_of
from reports.models import PeriodReport
from schools.languages import LANGUAGES, speaking
from schools.models import School, User
from schools.regulation_text import read_text
from schools.selectors import keyring_of, regulation_of
from schools.services.roles import sync_roles
from schools.services.signing_in import open_pair
from trustbox.demo.loading import load_schools
from vault.keyring import Keyring

PASSWORD = "correct horse battery staple"


@dataclass(frozen=True)
class Printed:
    """A paper of a school in a language, under the name of its kind."""

    kind: str
    slug: str
    paper: Paper

    @property
    def name(self) -> str:
        """For a file."""
        return f"{self.kind}-{self.slug}-{self.paper.language}"


def read_all() -> list[Printed]:
    """Every paper of every demonstration school in every language; the schools are gone again afterwards."""
    with transaction.atomic():
        sync_roles()
        papers = [paper for school in load_schools(PASSWORD) for paper in _papers_of(school)]
        transaction.set_rollback(True)
    return papers


def _papers_of(school: School) -> Iterator[Printed]:
    user = _holder(school)
    keyring = keyring_of(user, open_pair(user=user, password=PASSWORD))
    for language in LANGUAGES:
        for kind, paper in _in_language(school, language, keyring):
            yield Printed(kind, school.slug, paper)


def _holder(school: School) -> User:
    """Somebody to whom nothing of the school is closed as a matter of course: the first key holder of its own."""
    names = [f"{role}.{school.slug}" for role in ("deputy", "psychologist", "social")]
    grants = User.objects.filter(username__in=names, key_grants__key__school=school)
    return grants.order_by("pk").first()


def _in_language(school: School, language: str, keyring: Keyring) -> Iterator[tuple[str, Paper]]:
    drawn_up = Opening.objects.filter(school=school, act_number__isnull=False).order_by("pk")
    for place, opening in enumerate(drawn_up, start=1):
        subject = act_of(opening)
        mark = "draft" if is_draft(subject) else ""
        frozen = subject.freeze(opening, keyring=keyring)
        yield f"act{place}", subject.paper(frozen, language, mark=mark)
    for meeting in Meeting.objects.filter(school=school, state=Meeting.State.HELD):
        subject = protocol_of(meeting)
        frozen = subject.freeze(meeting, keyring=keyring)
        yield "protocol", subject.paper(frozen, language)
        yield "protocol-initials", subject.paper(frozen, language, short_names=True)
    year = school.today().year
    yield "openings", read_openings(school, year, language)
    rows = Entry.objects.filter(school=school, school_key__isnull=False)
    entry = rows.order_by("-state", "pk").first()
    end = end_of_book(school).groups
    for identity in (True, False):
        yield (
            f"card-{'signed' if identity else 'nameless'}",
            read_card(
                entry,
                rows=history_of(entry),
                hash_of_book=end,
                language=language,
                keyring=keyring,
                identity=identity,
            ),
        )
    yield "slip", read_slip(entry, language=language, whom="")
    forwarding = Forwarding.objects.filter(entry__school=school).first()
    if forwarding is not None:
        sheet = read_sheet(forwarding, language=language, keyring=keyring, reprint=False)
        with speaking(language):
            yield "sheet", sheet.paper()
    period = whole_months(last_finished(school), 1)
    month = freeze_report(school, PeriodReport.Kind.MONTH, period)
    yield "report", report_in(month, language, prepared_on=school.today())
    yield "regulation", regulation_paper(read_text(regulation_of(school), language))
    for what, (_title, read) in BLANKS.items():
        yield f"blank-{what}", read(school, language)
