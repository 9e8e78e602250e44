"""Two schools with everything in them, and somebody of every kind who comes to their walls."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from box.look import style_in
from box.services.public_notes import write_note
from journal.importing.worker import Table
from journal.models import (
    CommissionMember,
    Destruction,
    Doomed,
    Entry,
    Escalation,
    Meeting,
    Opening,
    TakenLetter,
)
from journal.services import at_region
from journal.services.calls import register_call
from journal.services.entering import PaperLetter, Registration
from journal.services.meetings import Point, call_meeting
from journal.services.protocols import Decided, Heard, Officer, record_protocol
from journal.services.taking_over import JOURNAL, keep_incoming
from reports.documents import making
from reports.issuing import act_of, print_paper
from reports.models import Issued, PrintJob, Scan
from reports.scanning import attach_scans
from schools.models import (
    CalendarDay,
    ClassGroup,
    FirstAnswer,
    Logo,
    Membership,
    Region,
    School,
    TrustPhone,
    Vacation,
)
from schools.roles import OFFICER_PERMISSIONS, OPERATOR_PERMISSIONS, ROLE_PERMISSIONS
from schools.services.causes import give_causes
from tests import factories
from tests.box.files.making import clean_file
from tests.factories import Person
from tests.reports.analysis.reports_made import make_report
from vault.pairs import seal

SCHOOLS = ("first-wall", "second-wall")
# Who comes as the named person of the first school's region.
NAMED = "named person"
COLOUR = "#1f5fa8"
PDF = b"%PDF-1.7 printed"
PICTURE = b"\xff\xd8\xff\xe0 no picture, but told apart as one"


@dataclass(frozen=True)
class Place:
    """A school and one row of each kind in it.

    ``words``: what only who holds its key may read. ``personal_words``: of a letter about one of the readers, which
    is sealed to the keeper and the other holder in person; nobody who comes may read them. ``region_words``: of a
    letter about all who hold the key, for the region's named person alone.
    """

    school: School
    rows: dict[str, Any]
    taken: TakenLetter
    keeper: Person
    words: tuple[bytes, ...]
    personal_words: tuple[bytes, ...]
    officer: Person
    region_words: tuple[bytes, ...]


@dataclass(frozen=True)
class Visitor:
    """Somebody who comes: with a role in the first school or none, with its key or not."""

    name: str
    role: str = ""
    operator: bool = False
    signed_in: bool = True
    holds_key: bool = False
    person: Person | None = None
    cookies: Any = None
    jobs: dict[str, int] = field(default_factory=dict)

    @property
    def is_staff(self) -> bool:
        """Whether the staff site lets them in at all."""
        return self.signed_in and bool(self.role or self.operator)

    def may_in(self, permission: str, place: Place | None) -> bool:
        """By the roles' data alone. ``place`` None asks for any school; their own is the first."""
        if self.operator:
            return permission in OPERATOR_PERMISSIONS
        own = place is None or place.school.slug == SCHOOLS[0]
        if self.role == NAMED:
            return own and permission in OFFICER_PERMISSIONS
        return own and permission in ROLE_PERMISSIONS.get(self.role, ())


def make_place(slug: str) -> Place:
    school = factories.make_school(
        slug,
        school_fields={"colour": COLOUR},
        sources=["web", "paper", "phone", "email", "person"],
    )
    keeper = factories.make_person(school, "psychologist", with_key=True, username=f"keeper.{slug}")
    newcomer = factories.make_person(school, "psychologist", username=f"newcomer.{slug}")
    holder = factories.make_person(school, "psychologist", username=f"holder.{slug}", with_key=True)
    words = tuple(f"{kind}-of-{slug}" for kind in ("text", "summary", "name", "phone", "place"))
    identity = {"full_name": words[2], "phone": words[3]}
    letter = {
        "text": f"{words[0]} and some more",
        "signed": True,
        "identity": identity,
        "files": [PICTURE],
    }
    entry = factories.registered_entry(school, by=keeper, summary=words[1], **letter)
    forwarding = factories.forwarded(
        entry, by=keeper, covering=words[0], parts=["summary", "phone"]
    )
    entry.refresh_from_db()
    about = tuple(f"{kind}-about-a-reader-of-{slug}" for kind in ("text", "summary"))
    personal = factories.registered_entry(
        school, by=keeper, text=f"{about[0]} and more", summary=about[1], about=["director"]
    )
    officer, escalation = _pass_on(school, about=f"text-for-the-region-of-{slug}")
    factories.send_letter(school, **letter)
    opening = factories.open_box(school, by=keeper, place=words[4], paper_count=2)
    factories.send_letter(school, **letter)
    danger = factories.send_letter(school, danger=True, **letter)
    member, planned, held = _make_meetings(school, keeper, entry, words)
    listed, destroyed = _make_lists(school, keeper, held, [entry, personal])
    issued, scan = _issue(entry.opening, keeper)
    call = _take_call(school, keeper, words)
    phone = TrustPhone.objects.create(school=school, names={"en": "Trust phone"}, number="111")
    return Place(
        school=school,
        rows={
            "school": school,
            "region": factories.region_of(school),
            "user": newcomer.user,
            "newcomer": newcomer.user,
            "holder": holder.user,
            "membership": Membership.objects.get(user=newcomer.user),
            "regulation": school.regulations.get(),
            "category": school.categories.first(),
            "cause": give_causes(school=school)[0],
            "firstanswer": FirstAnswer.objects.create(
                school=school, names={"en": "Read"}, texts={"en": "We have read it."}
            ),
            "trustphone": phone,
            "calendarday": CalendarDay.objects.create(school=school, day=timezone.localdate()),
            "vacation": Vacation.objects.create(
                school=school, first_day=timezone.localdate(), last_day=timezone.localdate()
            ),
            "body": forwarding.body,
            "entry": entry,
            "call": call,
            "forwarding": forwarding,
            "personal": personal,
            "opening": opening,
            "commissionmember": member,
            "meeting": planned,
            "held": held,
            "volume": entry.volume,
            "alert": danger.alerts.get(),
            "escalation": escalation,
            "logo": Logo.objects.create(
                school=school, png=b"\x89PNG", width=1, height=1, digest="a1" * 32
            ),
            "style": style_in(COLOUR),
            "classgroup": ClassGroup.objects.create(school=school, name="7Б", level=7),
            "incoming": keep_incoming(
                school=school,
                kind=JOURNAL,
                table=Table(rows=[(1, ["№", "Date"]), (2, ["1", words[1]])]),
                head=0,
                columns={"number": 0},
                by=keeper.fresh(),
                keyring=keeper.keyring(),
            ),
            "publicnote": write_note(
                school=school,
                texts={"en": "The light works again."},
                about_nobody=True,
                by=keeper.fresh(),
            ),
            "destruction": listed,
            "destroyed": destroyed,
            "issued": issued,
            "scan": scan,
            "report": make_report(school),
        },
        taken=opening.taken_letters.get(entry__isnull=True),
        keeper=keeper,
        words=tuple(word.encode() for word in words),
        personal_words=tuple(word.encode() for word in about),
        officer=officer,
        region_words=(f"text-for-the-region-of-{slug}".encode(),),
    )


def _pass_on(school: School, *, about: str) -> tuple[Person, Escalation]:
    """A letter about everybody who holds the key, and the region's named person to whom it went."""
    region = factories.region_of(school)
    officer = factories.make_person(None, None, username=f"named.{school.slug}")
    Region.objects.filter(pk=region.pk).update(officer=officer.user)
    letter = factories.send_letter(
        school, text=f"{about} and more", about=["psychologist"], files=[PICTURE]
    )
    return officer, at_region.reach_with_letter(letter.pk)


def _make_lists(
    school: School, keeper: Person, held: Meeting, entries: list[Entry]
) -> tuple[Destruction, Destruction]:
    """A list for destruction that waits for the commission, and one that was carried out."""
    of = {"school": school, "drawn_up_on": school.today(), "drawn_up_by": keeper.user}
    waits = Destruction.objects.create(number=1, **of)
    for entry in entries:
        Doomed.objects.create(destruction=waits, entry=entry)
    act = {"meeting": held, "approved_on": school.today(), "approved_by": keeper.user}
    done = {"done_on": school.today(), "done_by": keeper.user}
    return waits, Destruction.objects.create(number=2, **of, **act, **done)


def _take_call(school: School, keeper: Person, words: tuple[str, ...]) -> Entry:
    """A call that somebody took, with who called."""
    call = PaperLetter(
        text="",
        audience="parent",
        signed=True,
        source="phone",
        identity={"full_name": words[2], "phone": words[3]},
        received_at=school.now(),
    )
    return register_call(
        school=school,
        call=call,
        registration=Registration(summary=words[1], category=None),
        by=keeper.fresh(),
        keyring=keeper.keyring(),
    ).entry


def _make_meetings(
    school: School, keeper: Person, entry: Entry, words: tuple[str, ...]
) -> tuple[CommissionMember, Meeting, Meeting]:
    """The one member, a planned meeting about the entry, and one that was held; what is said there are words too."""
    member = CommissionMember.objects.create(
        school=school,
        name=f"Member of {school.slug}",
        posts={"en": "teacher"},
        comes_from=CommissionMember.ComesFrom.TEACHERS,
        since=school.today(),
    )
    guest = [{"name": words[2], "who": "coach"}]
    by = {"school": school, "by": keeper.fresh(), "keyring": keeper.keyring()}
    plan = {
        "planned_for": school.now(),
        "place": words[4],
        "points": [Point(topic=words[1], entry=entry)],
        "invited": guest,
    }
    called, planned = call_meeting(**plan, **by), call_meeting(**plan, **by)
    held = record_protocol(
        meeting=called,
        held_on=school.today(),
        place=words[4],
        present=[member],
        chair=Officer(name=member.name, posts=member.posts),
        secretary=Officer(name=member.name, posts=member.posts),
        elected_chair=False,
        invited=guest,
        points=[Point(topic=words[1])],
        heard=[Heard(point=1, speaker=words[2], what=words[0])],
        decided=[Decided(text=words[0], who=words[2], due_on=school.today())],
        version=called.version,
        **by,
    )
    return member, planned, held


def _issue(opening: Opening, keeper: Person) -> tuple[Issued, Scan]:
    """The act of an opening as it was printed, and the signed sheet."""
    by = {"by": keeper.fresh(), "keyring": keeper.keyring()}
    print_paper(subject=act_of(opening), language="en", form="docx", **by)
    issued = Issued.objects.get(opening=opening)
    file = clean_file(PICTURE)
    try:
        (scan,) = attach_scans(issued=issued, files=[file], **by)
    finally:
        file.upload.close()
    return issued, scan


def draw_nothing(patch: pytest.MonkeyPatch) -> None:
    """Printing takes no time: who may have a file is asked here, not what it looks like."""
    for drawing in (
        "reports.printing.render_journal",
        "reports.recovery_sheet.render_sheet",
        "reports.documents.author_notice.draw_notice",
        "reports.ways_in.draw_way_in",
    ):
        patch.setattr(drawing, lambda *_args, **_more: PDF)
    for file in making.FORMS:
        patch.setitem(making.FORMS, file, lambda *_args, **_more: PDF)


class Town:
    """Both schools; every address; every visitor, signed in once."""

    def __init__(self) -> None:
        self.places = [make_place(slug) for slug in SCHOOLS]
        self.client = Client(raise_request_exception=True)
        self._visitors: dict[str, Visitor] = {}

    def visitor(self, name: str) -> Visitor:
        """Somebody by one of ``names()``; made and signed in when first asked for."""
        if name not in self._visitors:
            self._visitors[name] = self._make(name)
        return self._visitors[name]

    def _make(self, name: str) -> Visitor:
        if name == "signed out":
            return Visitor(name, signed_in=False)
        role, _comma, key = name.partition(", ")
        school = self.places[0].school
        if role == NAMED:
            person = self.places[0].officer
        elif role == "operator":
            person = factories.make_operator("operator.walls")
        else:
            # Their words for a role taken away while they were signed in: «no school».
            given = "psychologist" if role == "no school" else role
            username = f"{name.replace(', ', '.').replace(' ', '-')}.walls"
            person = factories.make_person(school, given, username=username)
        holds_key = key == "with the key"
        if holds_key:
            factories.give_key(school, to=person, by=self.places[0].keeper)
        cookies = factories.signed_in_client(person).cookies
        if role == "no school":
            person.user.memberships.all().delete()
            role = ""
        jobs = {place.school.slug: self.job_for(place, person) for place in self.places}
        return Visitor(
            name=name,
            role="" if role == "operator" else role,
            operator=role == "operator",
            holds_key=holds_key,
            person=person,
            cookies={name: morsel.value for name, morsel in cookies.items()},
            jobs=jobs,
        )

    def job_for(self, place: Place, person: Person) -> int:
        """A file of the place's volume printed for the person and not taken yet."""
        return PrintJob.objects.create(
            volume=place.rows["volume"],
            by=person.user,
            language="ru",
            total=1,
            state=PrintJob.State.READY,
            made_at=timezone.now(),
            heartbeat=timezone.now(),
            sealed_file=seal(PDF, to=bytes(person.user.public_key)),
        ).pk


def names() -> list[str]:
    """Everybody who comes: each role with and without the key (where it may hold one), and those without a role."""
    found = ["signed out", "no school", "operator", NAMED]
    for role, permissions in ROLE_PERMISSIONS.items():
        found.append(role)
        if "schools.hold_key" in permissions:
            found.append(f"{role}, with the key")
    return found


def addresses(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    """Every address of the site as its resolver writes it."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from addresses(pattern, route)
