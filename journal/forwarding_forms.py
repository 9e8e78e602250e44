"""Forms for sending a letter on, and for what came back."""

from typing import Any

from django import forms
from django.utils import formats
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from journal.forms import TEXT_LENGTH, StepForm, TextField
from journal.models import Entry, Forwarding
from journal.services.forwarding import IDENTITY_PARTS, Signer
from journal.written import FIELD_NAMES
from schools.forms import DayInput
from schools.models import Body
from schools.roles import ROLE_NAMES
from schools.selectors import people_in
from schools.working_days import Calendar

# Who signs what leaves the school.
SIGNING_ROLES = ("director", "deputy_director")
# Working days that the countries' laws on appeals give a body for its answer: what is suggested, no more.
USUAL_DAYS = {"KZ": 15, "KG": 14}
COVERING_LENGTH = 5000
PART_NAMES = {**FIELD_NAMES, "measures": _("Measures taken")}


def signers_of(entry: Entry) -> dict[str, tuple[str, Signer]]:
    """Whom a sheet may name as its signer: key of the choice → label and signer.

    Of an entry sealed in person only those who can read it: the sheet is no way round the lock.
    """
    found = {"": (str(_("left empty, to be filled in by hand")), Signer())}
    for role in SIGNING_ROLES:
        for person in people_in(entry.school, [role]).filter(is_active=True):
            if entry.school_key_id is None and entry.is_withheld_from(person.pk):
                continue
            label = f"{person}, {ROLE_NAMES[role]}"
            found[f"{role} {person.pk}"] = (label, Signer(role=role, name=str(person)))
    return found


class ForwardForm(StepForm):
    """To whom, how, until when, and what goes along."""

    body = forms.ModelChoiceField(Body.objects.none(), label=_("To which body"), empty_label="—")
    way = forms.ChoiceField(
        label=pgettext_lazy("of sending on", "By which way"), choices=Forwarding.Way.choices
    )
    sent_on = forms.DateField(label=pgettext_lazy("of sending on", "Date"), widget=DayInput)
    due_on = forms.DateField(
        label=_("Answer due"),
        help_text=_(
            "Suggested by the working days that the law gives; change it as the body was told."
        ),
        widget=DayInput,
    )
    out_of_competence = forms.BooleanField(
        label=_("The letter is outside the competence of the school"), required=False
    )
    late_reason = TextField(
        label=_("Why it is sent on late"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=1000,
    )
    parts = forms.MultipleChoiceField(
        label=_("What goes along"),
        help_text=_("Nothing else of the letter leaves the school."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    covering = TextField(
        label=_("Covering text"),
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
        max_length=COVERING_LENGTH,
    )
    signer = forms.ChoiceField(label=_("Who signs the sheet"), required=False)

    def __init__(self, *args: Any, entry: Entry, **kwargs: Any) -> None:
        super().__init__(*args, entry=entry, **kwargs)
        school, today = entry.school, entry.school.today()
        self.fields["body"].queryset = Body.objects.filter(school=school, in_use=True)
        self.fields["parts"].choices = [
            (part, PART_NAMES[part])
            for part in Forwarding.PARTS
            if entry.signed or part not in IDENTITY_PARTS
        ]
        for name in ("parts", "signer"):
            self.fields[name].asked = True  # an empty one is an answer too
        self.signers = signers_of(entry)
        self.fields["signer"].choices = [(key, label) for key, (label, _s) in self.signers.items()]
        self.initial.setdefault("sent_on", today)
        # The body's own working days: a school's vacations are none of theirs.
        days = Calendar(school.country)
        self.initial.setdefault("due_on", days.add(today, USUAL_DAYS[school.country]))
        self.initial.setdefault("parts", ["summary"])
        named = [key for key in self.signers if key]
        self.initial.setdefault("signer", named[0] if named else "")
        self.fields["sent_on"].widget.attrs |= {
            "min": entry.taken_on.isoformat(),
            "max": today.isoformat(),
        }
        self.fields["late_reason"].asked = True  # needed or not by the day it is sent on
        if entry.forward_by is None:
            del self.fields["late_reason"]
        else:
            self.fields["late_reason"].help_text = _(
                "Needed when a letter outside the competence is sent on after %(date)s."
            ) % {"date": formats.date_format(entry.forward_by, "DATE_FORMAT")}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        sent_on, due_on = cleaned.get("sent_on"), cleaned.get("due_on")
        today = self.entry.school.today()
        if sent_on and not self.entry.taken_on <= sent_on <= today:
            self.add_error(
                "sent_on",
                _("The date of sending lies between the day the letter was taken out and today."),
            )
        if sent_on and due_on and due_on < sent_on:
            self.add_error("due_on", _("The answer cannot be due before the letter was sent on."))
        if not self.errors and not cleaned.get("parts") and not cleaned.get("covering"):
            self.add_error("covering", _("Tick what goes along, or write a covering text."))
        forward_by = self.entry.forward_by
        if (
            cleaned.get("out_of_competence")
            and forward_by
            and sent_on
            and sent_on > forward_by
            and not cleaned.get("late_reason")
        ):
            self.add_error(
                "late_reason",
                _("The day by which it had to be sent on has passed: say why it is late."),
            )
        return cleaned

    def facts(self) -> dict[str, Any]:
        """For the service. Of a valid form."""
        names = ("body", "way", "sent_on", "due_on", "covering", "parts", "out_of_competence")
        return {
            **{name: self.cleaned_data[name] for name in names},
            "late_reason": self.cleaned_data.get("late_reason", ""),
            "signer": self.signers[self.cleaned_data["signer"]][1],
        }


class OutcomeForm(StepForm):
    """What the body answered, and when."""

    answered_on = forms.DateField(label=_("Date of the answer"), widget=DayInput)
    outcome = TextField(
        label=_("What came back"), widget=forms.Textarea(attrs={"rows": 3}), max_length=TEXT_LENGTH
    )

    def __init__(self, *args: Any, forwarding: Forwarding, **kwargs: Any) -> None:
        super().__init__(*args, entry=forwarding.entry, content={}, **kwargs)
        self.forwarding = forwarding
        today = forwarding.entry.school.today()
        self.initial.setdefault("answered_on", today)
        self.fields["answered_on"].widget.attrs |= {
            "min": forwarding.sent_on.isoformat(),
            "max": today.isoformat(),
        }

    def clean_answered_on(self) -> Any:
        day = self.cleaned_data["answered_on"]
        if not self.forwarding.sent_on <= day <= self.forwarding.entry.school.today():
            raise forms.ValidationError(
                _("The date of the answer lies between the day it was sent on and today."),
                code="date",
            )
        return day
