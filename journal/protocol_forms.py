"""Forms of a protocol: who came, what was heard to each point, what was decided to it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from journal.forms import TextField
from journal.meeting_forms import (
    LINES_LENGTH,
    MOST_POINTS,
    TOPIC_LENGTH,
    lines_of,
    people_of,
    text_lines,
)
from journal.models import AgendaPoint, CommissionMember, Meeting
from journal.services.meetings import Point
from journal.services.protocols import Decided, Heard, Officer, least_for
from schools.forms import DayInput
from schools.models import User

HEARD_LENGTH = 20_000
MOST_DECISIONS = 120


class ProtocolForm(forms.Form):
    """Who came, and what belongs to the meeting as a whole; points and decisions have forms of their own."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    held_on = forms.DateField(label=gettext_lazy("Held on"), widget=DayInput)
    place = forms.CharField(label=gettext_lazy("Where"), max_length=200, required=False)
    present = forms.MultipleChoiceField(
        label=gettext_lazy("Members present"), widget=forms.CheckboxSelectMultiple
    )
    chair = forms.ChoiceField(label=gettext_lazy("Chair"))
    elected_chair = forms.BooleanField(
        label=gettext_lazy("The chair was elected at this meeting"), required=False
    )
    secretary = forms.ChoiceField(label=gettext_lazy("Secretary"))
    invited = TextField(
        label=gettext_lazy("Invited and present"),
        help_text=gettext_lazy("One person a line: name, who it is."),
        widget=text_lines(3),
        required=False,
        max_length=LINES_LENGTH,
    )
    too_few = forms.BooleanField(
        label=gettext_lazy("Write the protocol all the same: it will say that there was no quorum"),
        required=False,
    )

    def __init__(
        self, *args: Any, members: list[CommissionMember], quorum: int, **kwargs: Any
    ) -> None:
        """``quorum``: per cent of the members, as the regulation says."""
        super().__init__(*args, prefix="protocol", **kwargs)
        self.members = {str(member.pk): member for member in members}
        self.least = least_for(members=len(members), quorum=quorum)
        self.fields["present"].help_text = _(
            "The regulation asks for at least %(least)s of %(members)s."
        ) % {"least": self.least, "members": len(members)}
        # Asked only of who has sent too few.
        if not self.is_bound or len(self["present"].value() or []) >= self.least:
            del self.fields["too_few"]
        named = [(key, f"{member}, {member.post}") for key, member in self.members.items()]
        self.fields["present"].choices = named
        for name in ("chair", "secretary"):
            self.fields[name].choices = [("", "—"), *named]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        present = cleaned.get("present") or []
        for name in ("chair", "secretary"):
            chosen = cleaned.get(name)
            if chosen and "present" in cleaned and chosen not in present:
                self.add_error(name, _("This person is not among those present."))
        if present and "too_few" in self.fields and not cleaned.get("too_few"):
            self.add_error(
                "too_few",
                _("Present: %(present)s, and the regulation asks for at least %(least)s.")
                % {"present": len(present), "least": self.least},
            )
        return cleaned

    def officer(self, name: str) -> Officer:
        """The chair, or the secretary."""
        member = self.members[self.cleaned_data[name]]
        return Officer(name=member.name, posts=member.posts)

    def people_present(self) -> list[CommissionMember]:
        """In the commission's order."""
        return [self.members[key] for key in self.cleaned_data["present"]]


class PointForm(forms.Form):
    """A point of the agenda with what was said to it."""

    topic = TextField(label=gettext_lazy("Point"), max_length=TOPIC_LENGTH, widget=text_lines(2))
    heard = TextField(
        label=gettext_lazy("Heard"),
        help_text=gettext_lazy("Each speaker on a line: name: what was said."),
        widget=text_lines(5),
        required=False,
        max_length=HEARD_LENGTH,
    )

    def said(self, place: int) -> list[Heard]:
        """Who said what. A line without a name goes on with the speaker before."""
        heard: list[Heard] = []
        for line in self.cleaned_data["heard"].splitlines():
            speaker, colon, what = (part.strip() for part in line.partition(":"))
            if colon and speaker and what:
                heard.append(Heard(point=place, speaker=speaker, what=what))
            elif line.strip() and heard:
                last = heard.pop()
                heard.append(
                    Heard(point=place, speaker=last.speaker, what=f"{last.what}\n{line.strip()}")
                )
            elif line.strip():
                heard.append(Heard(point=place, speaker="", what=line.strip()))
        return heard


class DecisionForm(forms.Form):
    """A decision; left empty it is none."""

    text = TextField(
        label=pgettext_lazy("of the commission", "Decision"),
        max_length=2000,
        widget=text_lines(2),
        required=False,
    )
    point = forms.ChoiceField(
        label=gettext_lazy("To which point"), required=False, widget=forms.HiddenInput
    )
    who = forms.CharField(label=gettext_lazy("Who is responsible"), max_length=200, required=False)
    responsible = forms.ChoiceField(
        label=gettext_lazy("… whose first page shows it"), required=False
    )
    due_on = forms.DateField(label=gettext_lazy("By"), widget=DayInput, required=False)
    votes_for = forms.IntegerField(
        label=gettext_lazy("Votes for"), min_value=0, max_value=100, required=False
    )
    votes_against = forms.IntegerField(
        label=gettext_lazy("Against"), min_value=0, max_value=100, required=False
    )
    abstained = forms.IntegerField(
        label=gettext_lazy("Abstained"), min_value=0, max_value=100, required=False
    )

    def __init__(self, *args: Any, points: int, staff: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.staff = {str(person.pk): person for person in staff}
        self.fields["point"].choices = [
            ("", "—"),
            *((str(place), str(place)) for place in range(1, points + 1)),
        ]
        self.fields["responsible"].choices = [
            ("", "—"),
            *((key, str(person)) for key, person in self.staff.items()),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        others = ("who", "responsible", "due_on", "votes_for", "votes_against", "abstained")
        if not cleaned.get("text") and any(cleaned.get(name) not in (None, "") for name in others):
            self.add_error("text", _("Say what was decided."))
        if cleaned.get("responsible") and not cleaned.get("due_on"):
            self.add_error("due_on", _("A task needs a day by which it is done."))
        return cleaned

    @property
    def first(self) -> list[forms.BoundField]:
        """What is decided, by whom it is done and by when."""
        return [self[name] for name in ("text", "who", "responsible", "due_on")]

    @property
    def votes(self) -> list[forms.BoundField]:
        """For, against, abstained."""
        return [self[name] for name in ("votes_for", "votes_against", "abstained")]

    @property
    def voted(self) -> bool:
        """Whether a vote is typed in, rightly or not."""
        return any(bound.value() not in (None, "") for bound in self.votes)

    def decided(self) -> Decided | None:
        """None for a form left empty."""
        facts = self.cleaned_data
        if not facts["text"]:
            return None
        votes = (facts["votes_for"], facts["votes_against"], facts["abstained"])
        responsible = self.staff.get(facts["responsible"])
        return Decided(
            text=facts["text"],
            who=facts["who"] or (str(responsible) if responsible else ""),
            responsible=responsible,
            due_on=facts["due_on"],
            point=int(facts["point"]) if facts["point"] else None,
            votes=tuple(vote or 0 for vote in votes) if any(v is not None for v in votes) else None,
        )


class ProtocolForms:
    """Everything that a protocol asks, bound or not: the meeting, its points, its decisions.

    ``data`` is what was posted; without it the forms are filled from the planned meeting. The button «one more»
    posts the same and gets one blank point or decision more, without any check.
    """

    def __init__(
        self,
        *,
        meeting: Meeting,
        content: dict[str, Any],
        points: list[tuple[AgendaPoint, dict[str, Any]]],
        members: list[CommissionMember],
        staff: list[User],
        quorum: int,
        data: Any = None,
    ) -> None:
        self.meeting, self.members, self.staff = meeting, members, staff
        planned = {str(point.position): point.entry for point, _content in points}
        more = data.get("more", "") if data is not None else ""
        counts = self._counts(data, len(points))
        self.point_count = min(counts[0] + (more == "point"), MOST_POINTS)
        one_more = more == "point" or more.startswith("decision")
        self.decision_count = min(counts[1] + one_more, MOST_DECISIONS)
        # Asked for one more: what was typed is shown again, and nothing is complained of.
        self.checked = data is not None and not more
        initial = {
            "version": meeting.version,
            "held_on": meeting.planned_for.astimezone(meeting.school.zone).date(),
            "place": content.get("place", ""),
            "invited": lines_of(content.get("invited", [])),
            "present": [str(member.pk) for member in members],
        }
        self.main = self._form(
            ProtocolForm, data, "protocol", initial, members=members, quorum=quorum
        )
        self.points = [
            self._form(
                PointForm,
                data,
                f"point-{place}",
                {"topic": points[place - 1][1]["topic"]} if place <= len(points) else {},
                prefix=f"point-{place}",
            )
            for place in range(1, self.point_count + 1)
        ]
        self.entries = [planned.get(str(place)) for place in range(1, self.point_count + 1)]
        self.decisions = [
            self._form(
                DecisionForm,
                data,
                f"decision-{place}",
                self._to_point(place, data, more, counts[1]),
                prefix=f"decision-{place}",
                points=self.point_count,
                staff=staff,
            )
            for place in range(1, self.decision_count + 1)
        ]

    def _to_point(self, place: int, data: Any, more: str, decisions: int) -> dict[str, str]:
        """The point to which a blank decision belongs: one to each at first, a new one where it was asked for."""
        if data is None:
            return {"point": str(place)}
        if place <= decisions:
            return {}
        _what, _dash, asked = more.partition("-")
        return {"point": asked if asked.isdecimal() else str(self.point_count)}

    def _counts(self, data: Any, planned: int) -> tuple[int, int]:
        if data is None:
            return planned, planned
        found = []
        for name, least, most in (
            ("points", planned, MOST_POINTS),
            ("decisions", 1, MOST_DECISIONS),
        ):
            typed = data.get(name, "")
            found.append(max(least, min(int(typed), most)) if typed.isdecimal() else least)
        return found[0], found[1]

    def _form(
        self,
        form: type[forms.Form],
        data: Any,
        start: str,
        initial: dict[str, Any],
        **extra: Any,
    ) -> Any:
        if data is None:
            return form(initial=initial, **extra)
        if self.checked:
            return form(data, **extra)
        typed = {
            name: (data.getlist(f"{start}-{name}") if name == "present" else value)
            for name, value in (
                (key.removeprefix(f"{start}-"), data.get(key))
                for key in data
                if key.startswith(f"{start}-")
            )
        }
        return form(initial={**initial, **typed}, **extra)

    def _decisions_to(self, place: int) -> list[DecisionForm]:
        """In the order in which they are on the page; those to no point come with the last one."""
        mine, last = str(place), place == self.point_count
        before = {str(other) for other in range(1, self.point_count)}
        return [
            form
            for form in self.decisions
            if (point := form["point"].value()) == mine or (last and point not in before)
        ]

    @property
    def parts(self) -> list[dict[str, Any]]:
        """Each point with its entry, its form, and the forms of what was decided to it."""
        return [
            {
                "place": place,
                "entry": self.entries[place - 1],
                "form": form,
                "decisions": self._decisions_to(place),
            }
            for place, form in enumerate(self.points, start=1)
        ]

    @property
    def all(self) -> list[forms.Form]:
        """Every form."""
        return [self.main, *self.points, *self.decisions]

    def is_valid(self) -> bool:
        """Whether everything was sent and is right; each form says what is wrong with it."""
        return self.checked and all([form.is_valid() for form in self.all])

    def facts(self) -> dict[str, Any]:
        """What the service ``record_protocol`` takes, of valid forms."""
        facts = self.main.cleaned_data
        return {
            "held_on": facts["held_on"],
            "place": facts["place"],
            "present": self.main.people_present(),
            "chair": self.main.officer("chair"),
            "secretary": self.main.officer("secretary"),
            "elected_chair": facts["elected_chair"],
            "invited": people_of(facts["invited"]),
            "points": [
                Point(topic=form.cleaned_data["topic"], entry=entry)
                for form, entry in zip(self.points, self.entries, strict=True)
            ],
            "heard": [
                said for place, form in enumerate(self.points, start=1) for said in form.said(place)
            ],
            "decided": [
                one
                for part in self.parts
                for form in part["decisions"]
                if (one := form.decided()) is not None
            ],
            "version": facts["version"],
        }
