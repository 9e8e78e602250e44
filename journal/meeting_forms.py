"""Forms of the commission: calling a meeting, changing its plan, a decision carried out."""

import datetime
from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journal.forms import TextField
from journal.models import Entry
from journal.services.meetings import Point
from schools.forms import ClockInput, DayInput
from schools.models import School

TOPIC_LENGTH = 300
LINES_LENGTH = 4000
MOST_POINTS = 60
FARTHEST = datetime.timedelta(days=400)  # a meeting that is planned, or entered afterwards


def text_lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def people_of(text: str) -> list[dict[str, str]]:
    """«Name, who it is» lines as ``{"name", "who"}``."""
    people: list[dict[str, str]] = []
    for line in text.splitlines():
        name, _comma, who = (part.strip() for part in line.partition(","))
        if name:
            people.append({"name": name, "who": who})
    return people


def lines_of(people: list[dict[str, str]]) -> str:
    """The other way round."""
    return "\n".join(", ".join(filter(None, (row["name"], row["who"]))) for row in people)


class CallForm(forms.Form):
    """When and where a meeting is, and what it talks about."""

    day = forms.DateField(label=gettext_lazy("Day"), widget=DayInput)
    hour = forms.TimeField(label=gettext_lazy("At"), widget=ClockInput)
    place = forms.CharField(label=gettext_lazy("Where"), max_length=200, required=False)
    entries = forms.MultipleChoiceField(
        label=gettext_lazy("Letters of the journal"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    topics = TextField(
        label=gettext_lazy("Other points of the agenda"),
        help_text=gettext_lazy("One a line."),
        widget=text_lines(4),
        required=False,
        max_length=LINES_LENGTH,
    )
    invited = TextField(
        label=gettext_lazy("Who is invited besides the members"),
        help_text=gettext_lazy("One person a line: name, who it is."),
        widget=text_lines(3),
        required=False,
        max_length=LINES_LENGTH,
    )

    def __init__(
        self, *args: Any, school: School, entries: list[tuple[Entry, str]], **kwargs: Any
    ) -> None:
        """``entries``: those that can be talked about, each with its summary or as it stands on the agenda."""
        super().__init__(*args, **kwargs)
        self.school = school
        self.by_id = {str(entry.pk): (entry, summary) for entry, summary in entries}
        if not entries:
            del self.fields["entries"]
        else:
            self.fields["entries"].asked = True
            self.fields["entries"].choices = [
                (key, f"{entry}: {Truncator(summary).chars(120)}")
                for key, (entry, summary) in self.by_id.items()
            ]
        self.fields["topics"].asked = True

    def clean_day(self) -> datetime.date:
        day = self.cleaned_data["day"]
        if abs(day - self.school.today()) > FARTHEST:
            raise forms.ValidationError(_("This day lies too far from today."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not self.points():
            self.add_error("topics", _("A meeting needs at least one point on its agenda."))
        if not self.errors and len(self.points()) > MOST_POINTS:
            self.add_error("topics", _("These are too many points for one meeting."))
        return cleaned

    def points(self) -> list[Point]:
        """The agenda: letters first, in the order of their numbers."""
        chosen = [self.by_id[key] for key in self.cleaned_data.get("entries", [])]
        topics = [line.strip() for line in self.cleaned_data["topics"].splitlines()]
        return [
            *(
                Point(topic=Truncator(text).chars(TOPIC_LENGTH), entry=entry)
                for entry, text in chosen
            ),
            *(Point(topic=topic[:TOPIC_LENGTH]) for topic in topics if topic),
        ]

    def planned_for(self) -> datetime.datetime:
        """The moment by the school's clock."""
        return datetime.datetime.combine(
            self.cleaned_data["day"], self.cleaned_data["hour"], tzinfo=self.school.zone
        )


class PlanForm(CallForm):
    """A planned meeting gets another day, place or agenda."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class DoneForm(forms.Form):
    """A decision was carried out."""

    done_on = forms.DateField(label=gettext_lazy("Carried out on"), widget=DayInput)
    note = TextField(
        label=gettext_lazy("How, in a few words"),
        widget=text_lines(2),
        required=False,
        max_length=1000,
    )
