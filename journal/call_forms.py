"""Forms for what does not come through the box: a call being taken, and a letter that somebody brings or sends."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from journal.forms import SUMMARY_LENGTH, CategoryField, PaperForm, TextField, long_text
from journal.forwarding_forms import SIGNING_ROLES, USUAL_DAYS
from journal.models import Forwarding
from journal.services.calls import Sending
from journal.services.entering import WRITTEN, PaperLetter, Registration
from journal.services.forwarding import Signer
from schools.forms import ClockInput, DayInput
from schools.models import Body, Category, Regulation, School
from schools.models.regulation import Audience, Source
from schools.selectors import people_in
from schools.working_days import Calendar

# A slip in the year is noticed; a message left on the machine during a long holiday is not.
MOST_DAYS_BACK = 366


class MomentMixin(forms.Form):
    """When it came, by the school's own clock: filled in with now, and changed for what came earlier."""

    received_on = forms.DateField(label=pgettext_lazy("received", "Date"), widget=DayInput)
    received_time = forms.TimeField(label=pgettext_lazy("received", "Time"), widget=ClockInput)
    # Which one the person wrote in last when the form was shown.
    newest_before = forms.IntegerField(widget=forms.HiddenInput)

    school: School

    def begin_moment(self, school: School, newest: int) -> None:
        """Fill in what a new form begins with."""
        self.school = school
        now = school.now()
        self.initial.setdefault("received_on", now.date())
        self.initial.setdefault("received_time", now.time())
        self.initial.setdefault("newest_before", newest)
        self.fields["received_on"].widget.attrs["max"] = now.date().isoformat()

    def check_moment(self, cleaned: dict[str, Any]) -> None:
        """Put the moment into ``cleaned``, or say what is wrong with it."""
        day, time = cleaned.get("received_on"), cleaned.get("received_time")
        if day is None or time is None:
            return
        today = self.school.today()
        if today - day > datetime.timedelta(days=MOST_DAYS_BACK):
            self.add_error(
                "received_on", _("This is more than a year ago: look at the date again.")
            )
            return
        moment = datetime.datetime.combine(day, time, tzinfo=self.school.zone)
        if moment > timezone.now():
            self.add_error(
                "received_on" if day > today else "received_time",
                _("This moment is still to come."),
            )
        cleaned["received_at"] = moment


class CallForm(MomentMixin):
    """A call, asked in the order in which people talk. Only the summary, its kind and who calls are needed."""

    CALLER = ("full_name", "phone", "address")

    danger = forms.BooleanField(label=_("Somebody is in danger now"), required=False)
    summary = TextField(
        label=_("What the call is about"),
        help_text=_("A sentence or two, as it will stand in the journal."),
        widget=long_text(7),
        max_length=SUMMARY_LENGTH,
    )
    audience = forms.ChoiceField(label=_("Who calls"))
    full_name = forms.CharField(label=_("Full name"), max_length=150)
    phone = forms.CharField(
        label=_("Phone"), max_length=40, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    address = forms.CharField(label=_("Address"), max_length=200)
    anonymous = forms.BooleanField(
        label=_("The caller stays anonymous"),
        required=False,
        help_text=_("Then name, phone and address are not kept."),
    )
    class_group = forms.CharField(
        label=_("Class or group"), max_length=50, widget=forms.TextInput(attrs={"list": "classes"})
    )
    body = forms.ModelChoiceField(
        Body.objects.none(), label=_("Send on to"), empty_label=_("do not send it on now")
    )
    way = forms.ChoiceField(
        label=pgettext_lazy("of sending on", "By which way"), choices=Forwarding.Way.choices
    )
    due_on = forms.DateField(label=_("Answer due"), widget=DayInput)
    with_caller = forms.BooleanField(
        label=_("Tell them who called"),
        required=False,
        help_text=_("Name, phone, address and class go along with the summary."),
    )

    def __init__(
        self,
        *args: Any,
        school: School,
        regulation: Regulation,
        categories: list[Category],
        newest: int,
        sends: bool,
        **kwargs: Any,
    ) -> None:
        """``newest``: the person's newest call. ``sends``: whether their role sends letters on."""
        super().__init__(*args, **kwargs)
        self.begin_moment(school, newest)
        self.fields["category"] = CategoryField(categories)
        self.fields["audience"].choices = audiences_of(regulation)
        self.fields["danger"].widget.attrs["autofocus"] = True
        for name in (*self.CALLER, "class_group"):
            self.fields[name].required = False
            self.fields[name].asked = True  # that they may stay empty is said once, for all of them
        bodies = Body.objects.filter(school=school, in_use=True)
        if sends and bodies.exists():
            self._begin_sending(bodies)
        else:
            for name in ("body", "way", "due_on", "with_caller"):
                del self.fields[name]
        self.order_fields(
            [
                *("danger", "summary", "category", "audience", "class_group"),
                *(*self.CALLER, "anonymous"),
                *("received_on", "received_time", "body", "way", "due_on", "with_caller"),
            ]
        )

    def _begin_sending(self, bodies: Any) -> None:
        field = self.fields["body"]
        field.queryset, field.required = bodies, False
        field.label_from_instance = _with_phone
        for name in ("body", "way", "due_on"):
            self.fields[name].required = False
            self.fields[name].asked = True  # needed or not by whether it is sent on
        self.initial.setdefault("way", Forwarding.Way.PHONE.value)
        days = Calendar(self.school.country)  # the body's own working days
        self.initial.setdefault(
            "due_on", days.add(self.school.today(), USUAL_DAYS[self.school.country])
        )

    @property
    def what(self) -> list[forms.BoundField]:
        """What the call is about, after the danger."""
        return [self[name] for name in ("summary", "category", "audience", "class_group")]

    @property
    def caller(self) -> list[forms.BoundField]:
        """Who calls, as far as they say."""
        return [self[name] for name in (*self.CALLER, "anonymous")]

    @property
    def moment(self) -> list[forms.BoundField]:
        """When it came."""
        return [self["received_on"], self["received_time"]]

    @property
    def sending_fields(self) -> list[forms.BoundField]:
        """Sending it on at once; none where this person sends nothing on."""
        return [
            self[name] for name in ("body", "way", "due_on", "with_caller") if name in self.fields
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.check_moment(cleaned)
        if cleaned.get("body"):
            for name in ("way", "due_on"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("Fill this in: the call is sent on."))
            if cleaned.get("due_on") and cleaned["due_on"] < self.school.today():
                self.add_error(
                    "due_on", _("The answer cannot be due before the letter was sent on.")
                )
        return cleaned

    def call(self) -> PaperLetter:
        """For the service. Of a caller who says nothing of themselves, or stays anonymous, nothing is kept."""
        typed = self.cleaned_data
        identity = {name: typed[name] for name in self.CALLER}
        signed = any(identity.values()) and not typed["anonymous"]
        return PaperLetter(
            text="",
            audience=typed["audience"],
            signed=signed,
            source=Source.PHONE,
            identity=identity if signed else {},
            received_at=typed["received_at"],
        )

    def registration(self) -> Registration:
        """For the service."""
        typed = self.cleaned_data
        return Registration(
            summary=typed["summary"],
            category=typed["category"],
            class_group=typed["class_group"],
            danger=typed["danger"],
        )

    def sending(self) -> Sending | None:
        """For the service; None when it is not sent on now."""
        typed = self.cleaned_data
        if not typed.get("body"):
            return None
        return Sending(
            body=typed["body"],
            way=typed["way"],
            due_on=typed["due_on"],
            with_caller=typed["with_caller"],
            signer=usual_signer(self.school),
        )


class LetterInForm(MomentMixin, PaperForm):
    """A letter that came by e-mail, was brought in person, or lay in the box, typed in without an opening."""

    source = forms.ChoiceField(label=_("By which way it came"), widget=forms.RadioSelect)

    def __init__(
        self, *args: Any, school: School, sources: list[str], newest: int, **kwargs: Any
    ) -> None:
        """``sources``: some of ``WRITTEN``, as the regulation has them."""
        super().__init__(*args, **kwargs)
        del self.fields["typed_before"]
        self.begin_moment(school, newest)
        self.fields["source"].choices = [(key, Source(key).label) for key in sources]
        self.initial.setdefault("source", sources[0])
        self.order_fields(["source", "received_on", "received_time"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.check_moment(cleaned)
        return cleaned

    def paper(self) -> PaperLetter:
        typed = super().paper()
        return PaperLetter(
            text=typed.text,
            audience=typed.audience,
            signed=typed.signed,
            source=Source(self.cleaned_data["source"]),
            identity=typed.identity,
            received_at=self.cleaned_data["received_at"],
        )


def written_sources(regulation: Regulation) -> list[str]:
    """The ways in of a regulation by which letters come that are typed in."""
    return [source for source in regulation.sources if source in WRITTEN]


def audiences_of(regulation: Regulation) -> list[tuple[str, Any]]:
    """Who may write or call by the regulation, and anybody else: who calls is not sent away."""
    offered = dict.fromkeys([*regulation.audiences, Audience.OTHER.value])
    return [(key, Audience(key).label) for key in offered]


def usual_signer(school: School) -> Signer:
    """Who signs a sheet when nobody was asked: the director, else the deputy, else a line for the hand."""
    for role in SIGNING_ROLES:
        person = people_in(school, [role]).filter(is_active=True).first()
        if person is not None:
            return Signer(role=role, name=str(person))
    return Signer()


def _with_phone(body: Body) -> str:
    return ", ".join(part for part in (str(body), body.phone) if part)
