"""Forms of the guided set-up."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from journal.set_up import SetUp
from schools.countries import COUNTRIES
from schools.forms import DayInput, OrderField, SiteField
from schools.languages import language_choices
from schools.models import Regulation, School, User
from schools.roles import SCHOOL_ROLE_NAMES
from schools.starting_regulations import STARTING_REGULATIONS
from schools.texts import TextsFormField

MOST_PEOPLE = 20


class NewSchoolForm(forms.Form):
    """A school in a country: what is usual there stands filled in."""

    names = TextsFormField(label=_("Name of the school"))
    slug = forms.SlugField(
        label=_("Short name in the address"),
        max_length=50,
        validators=School._meta.get_field("slug").validators,
        help_text=_(
            "Small Latin letters, digits and hyphens, such as school-12. It stands on posters and never changes."
        ),
    )
    template = forms.ChoiceField(
        label=_("With which rules the box begins"),
        widget=forms.RadioSelect,
        choices=[
            (key, format_lazy("{}. {}", start.name, start.says))
            for key, start in STARTING_REGULATIONS.items()
        ],
        help_text=_("Take the nearest: every one of its settings can be changed afterwards."),
    )
    box_names = TextsFormField(
        label=_("What the box is called"),
        required=False,
        help_text=_("Left empty: as the chosen rules call it, such as «Trust box»."),
    )
    languages = OrderField(
        label=_("Languages"),
        choices=language_choices(),
        help_text=_(
            "Number them: 1 is the main language. Leave empty what the school does not use."
        ),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"))
    working_week = forms.TypedChoiceField(
        label=_("Working days of a week"),
        coerce=int,
        choices=School._meta.get_field("working_week").choices,
    )
    addresses = TextsFormField(label=_("Address of the school"), required=False)
    phone = forms.CharField(label=_("Phone of the school"), required=False, max_length=40)
    site = SiteField(label=_("Site of the school"), required=False)

    def __init__(self, data: Any = None, *, country: str, **kwargs: Any) -> None:
        facts = COUNTRIES[country]
        usual = {
            "languages": list(facts.languages),
            "time_zone": facts.time_zones[0],
            "working_week": 5,
            "template": next(iter(STARTING_REGULATIONS)),
        }
        super().__init__(data, initial=usual, **kwargs)
        self.fields["time_zone"].choices = [(zone, zone) for zone in facts.time_zones]

    def clean_languages(self) -> list[str]:
        languages = self.cleaned_data["languages"]
        if not languages:
            raise forms.ValidationError(_("Number at least one language."), code="required")
        return languages


class NewcomerForm(forms.Form):
    """Somebody of the school. A line without a name and an e-mail is left out."""

    full_name = forms.CharField(label=_("Full name"), max_length=150)
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[("", pgettext_lazy("nothing chosen", "choose")), *SCHOOL_ROLE_NAMES.items()],
    )
    email = forms.EmailField(label=_("E-mail"), required=False)
    language = forms.ChoiceField(label=_("Language of the staff pages"), choices=language_choices)
    username = forms.CharField(
        label=_("User name"),
        required=False,
        max_length=100,
        validators=User._meta.get_field("username").validators,
        help_text=_("Left empty: made of the role and the school."),
    )

    def has_changed(self) -> bool:
        """A role alone stands there for everybody to fill in."""
        return any(
            str(self.data.get(self.add_prefix(name), "")).strip()
            for name in ("full_name", "email", "username")
        )


class NewcomerLines(forms.BaseFormSet):
    """Lines of which none must be filled in, whatever stands in them from the beginning."""

    def initial_form_count(self) -> int:
        return 0

    def total_form_count(self) -> int:
        return super().total_form_count() if self.is_bound else len(self.initial or ())


NewcomerFormSet = forms.formset_factory(
    NewcomerForm,
    formset=NewcomerLines,
    max_num=MOST_PEOPLE,
    absolute_max=MOST_PEOPLE,
    validate_max=True,
)


def lines_for(set_up: SetUp) -> list[dict[str, str]]:
    """What the lines of the form begin with: the roles that are wanted and nobody has, then two free ones."""
    language = set_up.school.main_language
    roles = [*set_up.keepers_missing, "", ""]
    return [{"role": role, "language": language} for role in roles]


class ApprovalForm(forms.Form):
    """Who approved the text of the regulation, and when."""

    approver = forms.CharField(
        label=_("Approved by (name)"),
        max_length=Regulation._meta.get_field("approver").max_length,
    )
    approved_on = forms.DateField(label=_("Approved on"), widget=DayInput)
