"""The form with which the box is opened."""

import datetime
from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.utils import formats
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from journal.forms import TextField, long_text
from journal.models import Opening
from journal.services.opening import Present, lacking
from schools.models import Regulation, School, User
from schools.openings import is_held_on
from schools.roles import ROLE_NAMES
from schools.working_days import Calendar


def nobody_confirms(_person: User, _password: str) -> bool:
    """For a form in which nobody confirms by a password."""
    return False


class OpeningForm(forms.Form):
    """Who is present, where, on schedule or not, and how many paper letters there were."""

    present = forms.MultipleChoiceField(
        label=_("Who is present"), widget=forms.CheckboxSelectMultiple, required=False
    )
    others = TextField(
        label=_("Others who are present"),
        help_text=_("One person a line: name, post."),
        widget=long_text(2),
        required=False,
        max_length=1000,
    )
    place = forms.CharField(label=_("Where"), max_length=200, required=False)
    kind = forms.ChoiceField(
        label=_("Why now"), choices=Opening.Kind.choices, widget=forms.RadioSelect
    )
    reason = TextField(
        label=_("Reason, when out of turn"), widget=long_text(2), required=False, max_length=1000
    )
    paper_count = forms.IntegerField(
        label=_("Paper letters found"),
        help_text=_("You will type them in on the next page."),
        min_value=0,
        max_value=500,
        initial=0,
    )
    few_reason = TextField(
        label=_("Why fewer are present than the regulation asks for"),
        widget=long_text(2),
        required=False,
        max_length=1000,
    )
    missed_reason = TextField(
        label=_("Why openings were missed"), widget=long_text(2), required=False, max_length=1000
    )
    last_seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        school: School,
        regulation: Regulation,
        staff: dict[User, str],
        by: User,
        newest: Opening | None,
        calendar: Calendar,
        missed: Sequence[datetime.date] = (),
        danger: bool = False,
        confirms: Callable[[User, str], bool] = nobody_confirms,
        **kwargs: Any,
    ) -> None:
        """``staff`` maps people to the role's slug under which the act names them. ``danger``: a letter in the box says
        that somebody is in danger, which is a reason of its own. ``missed``: days on which the box was to be opened.
        ``confirms``: whether this is the person's own password."""
        scheduled = is_held_on(regulation, calendar, school.today())
        kind = Opening.Kind.SCHEDULED if scheduled else Opening.Kind.OUT_OF_TURN
        if danger:
            kind = Opening.Kind.DANGER
        place = (regulation.place or {}).get(get_language() or "") or (regulation.place or {}).get(
            school.main_language, ""
        )
        kwargs.setdefault(
            "initial",
            {
                "present": [str(by.pk)],
                "place": place,
                "kind": kind,
                "paper_count": 0,
                "last_seen": newest.pk if newest else None,
            },
        )
        super().__init__(*args, **kwargs)
        self.danger, self.regulation, self.by = danger, regulation, by
        self.confirms = confirms
        self.fields["kind"].choices = [
            choice for choice in Opening.Kind.choices if danger or choice[0] != Opening.Kind.DANGER
        ]
        for name in ("present", "reason"):
            self.fields[name].asked = True  # needed or not by what else is chosen
        self._ask_reasons(missed)
        self.staff = {str(person.pk): (person, role) for person, role in staff.items()}
        self.fields["present"].choices = [
            (key, f"{person}, {ROLE_NAMES.get(role, role)}")
            for key, (person, role) in self.staff.items()
        ]
        for key, (person, _role) in self.staff.items():
            if person != by:
                self.fields[f"confirm_{key}"] = forms.CharField(
                    label=str(person),
                    strip=False,
                    required=False,
                    widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
                )
        self.confirmed = {str(by.pk)}

    def _ask_reasons(self, missed: Sequence[datetime.date]) -> None:
        if not missed:
            del self.fields["missed_reason"]
        else:
            self.fields["missed_reason"].asked = True
            days = ", ".join(formats.date_format(day, "DATE_FORMAT") for day in missed)
            self.fields["missed_reason"].help_text = gettext("Missed: %(days)s.") % {"days": days}
        rules = self.regulation
        if rules.least_present <= 1 and not rules.must_be_present:
            del self.fields["few_reason"]
            return
        self.fields["few_reason"].asked = True
        roles = [str(ROLE_NAMES.get(role, role)) for role in rules.must_be_present]
        asked = gettext("The regulation asks for at least this many: %(count)s.") % {
            "count": rules.least_present
        }
        if roles:
            asked += " " + gettext("Among them: %(roles)s.") % {"roles": ", ".join(roles)}
        self.fields["few_reason"].help_text = asked

    @property
    def confirming(self) -> list[forms.BoundField]:
        """The fields in which colleagues confirm that they are present."""
        return [self[name] for name in self.fields if name.startswith("confirm_")]

    @property
    def confirm_errors(self) -> bool:
        """Whether somebody's password was wrong."""
        return any(bound.errors for bound in self.confirming)

    @property
    def asked_first(self) -> list[forms.BoundField]:
        """All the other fields."""
        return [self[name] for name in self.fields if not name.startswith("confirm_")]

    def _confirm(self, cleaned: dict[str, Any]) -> None:
        """Whoever typed their own password is present, and confirms it."""
        for key, (person, _role) in self.staff.items():
            password = cleaned.get(f"confirm_{key}")
            if not password:
                continue
            if not self.confirms(person, password):
                self.add_error(
                    f"confirm_{key}",
                    _("This is not the password of %(person)s.") % {"person": person},
                )
                continue
            self.confirmed.add(key)
            if key not in cleaned.get("present", []):
                cleaned["present"] = [*cleaned.get("present", []), key]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("present") and not cleaned.get("others"):
            self.add_error("present", _("Name at least one person who is present."))
        if cleaned.get("kind") == Opening.Kind.OUT_OF_TURN and not cleaned.get("reason"):
            self.add_error("reason", _("Say why the box is opened out of turn."))
        if not self.errors:
            self._confirm(cleaned)
        if cleaned.get("kind") == Opening.Kind.DANGER or self.errors:
            return cleaned
        if "missed_reason" in self.fields and not cleaned.get("missed_reason"):
            self.add_error("missed_reason", _("Openings were missed: say why."))
        if not cleaned.get("few_reason") and lacking(
            regulation=self.regulation, present=self.people_present()
        ):
            # The field is there wherever the regulation asks for somebody.
            self.add_error(
                "few_reason", _("Fewer are present than the regulation asks for: say why.")
            )
        return cleaned

    def people_present(self) -> list[Present]:
        """Everybody present, as the act names them."""
        people = [
            Present(name=str(person), role=role, confirmed=key in self.confirmed)
            for key in self.cleaned_data["present"]
            for person, role in [self.staff[key]]
        ]
        for line in self.cleaned_data["others"].splitlines():
            name, _comma, post = (part.strip() for part in line.partition(","))
            if name:
                people.append(Present(name=name, post=post))
        return people
