"""Forms of the steps of an entry (``journal.services.reviewing``, ``answering``)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from journal.conversation import earlier_entry
from journal.forms import TEXT_LENGTH, CategoryField, StepForm, TextField, long_text
from journal.models import Entry, Trail, Volume
from journal.rules import TRANSITIONS
from journal.services.answering import can_be_written_to, no_such_entry, ways_of
from journal.services.drafting import KeptDraft
from journal.services.registering import IDENTITY
from journal.services.reviewing import NEEDS_CAUSE
from journal.written import FIELD_NAMES
from schools.class_levels import LAST_LEVEL
from schools.forms import DayInput
from schools.models import Cause, User
from schools.schedule import ONE_DAY
from schools.selectors import categories_of, causes_of
from schools.working_days import calendar_of

# What a child reads at once.
EXTENSION_LENGTH = 1000
USUAL_EXTENSION = 5
# How the first answers mark what only the person who answers knows.
TO_FILL_IN = "[…]"


# The choice that says so: with nothing chosen beforehand, nobody passes over the question.
NOTHING = "nothing"


class FindingFields(forms.Form):
    """What the check found, and why it happened."""

    def add_finding(self, entry: Entry) -> None:
        """The two fields, with the causes of the entry's school; a cause out of use stays where it was chosen."""
        causes = causes_of(entry.school)
        if entry.cause is not None and not entry.cause.in_use:
            causes.append(entry.cause)
        self.fields["finding"] = forms.ChoiceField(
            label=_("What the check found"),
            choices=[
                *Entry.Finding.choices,
                (NOTHING, _("there was nothing to check: thanks, a question, a proposal")),
            ],
            widget=forms.RadioSelect,
        )
        self.fields["cause"] = forms.ModelChoiceField(
            Cause.objects.filter(pk__in=[cause.pk for cause in causes]),
            label=_("Why it happened"),
            required=False,
            empty_label="—",
            help_text=_("For the analysis. Needed where the letter was justified, also in part."),
        )
        # Sometimes it is needed: its help says when, and nothing beside it that it may stay empty.
        self.fields["cause"].asked = True
        if not causes:
            del self.fields["cause"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        needs = cleaned.get("finding") in NEEDS_CAUSE and "cause" in self.fields
        if needs and not cleaned.get("cause") and "cause" not in self.errors:
            self.add_error("cause", _("Choose why it happened."))
        return cleaned

    def found(self) -> dict[str, Any]:
        """For the service: ``finding`` and ``cause``."""
        finding = self.cleaned_data.get("finding", "")
        return {
            "finding": "" if finding == NOTHING else finding,
            "cause": self.cleaned_data.get("cause"),
        }


class TakeIntoReviewForm(StepForm):
    """Who looks into it."""

    reviewer = forms.ModelChoiceField(User.objects.none(), label=_("Who reviews"))

    def __init__(
        self, *args: Any, reviewers: list[User], by: User | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reviewer"]
        field.queryset = User.objects.filter(pk__in=[person.pk for person in reviewers])
        field.empty_label = None
        if by in reviewers:
            self.initial.setdefault("reviewer", by.pk)


class MeasuresForm(StepForm):
    """What was done."""

    measures = TextField(label=_("Measures taken"), widget=long_text(4), max_length=TEXT_LENGTH)


class WriteForm(StepForm):
    """What the author reads on the site: a message, or, of a letter in review, its answer."""

    MESSAGE, ANSWER = "message", "answer"
    text = TextField(
        label=_("What you write to the author"),
        help_text=_("They read it on the site with the code. Your role is shown, not your name."),
        widget=long_text(7),
        max_length=TEXT_LENGTH,
    )
    kind = forms.ChoiceField(
        label=_("What it is"),
        choices=[
            (ANSWER, _("the answer to the letter")),
            (MESSAGE, _("a message; the letter stays in work")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, entry: Entry, draft: KeptDraft | None, **kwargs: Any) -> None:
        super().__init__(*args, entry=entry, **kwargs)
        self.draft = draft
        if entry.letter is not None:
            self.fields["text"].widget.attrs["lang"] = entry.letter.language
        # Nothing is chosen beforehand: a question sent as the answer would end the wait for the real one.
        if entry.state not in TRANSITIONS[Trail.Step.ANSWERED].starts:
            del self.fields["kind"]
        if draft is not None:
            self.initial["text"] = draft.text
            self.initial["kind"] = draft.kind

    def clean_text(self) -> str:
        text = self.cleaned_data["text"]
        if TO_FILL_IN in text:
            raise forms.ValidationError(
                _("Fill in the places marked %(mark)s, or take them out."),
                code="to_fill_in",
                params={"mark": TO_FILL_IN},
            )
        return text

    @property
    def is_answer(self) -> bool:
        """Of a valid form: whether this answers the letter."""
        return self.cleaned_data.get("kind") == self.ANSWER


class AnswerForm(StepForm):
    """When and how the author was answered, elsewhere than on the site."""

    answered_on = forms.DateField(label=_("Date of the reply"), widget=DayInput)
    way = forms.ChoiceField(label=_("How"))
    measures = TextField(
        label=_("Measures taken"), widget=long_text(3), max_length=TEXT_LENGTH, required=False
    )

    def __init__(self, *args: Any, entry: Entry, **kwargs: Any) -> None:
        super().__init__(*args, entry=entry, **kwargs)
        today = entry.school.today()
        ways = [way for way in ways_of(entry) if way != Entry.ReplyWay.BY_CODE]
        self.fields["way"].choices = [(way.value, way.label) for way in ways]
        self.initial.setdefault("answered_on", today)
        self.initial.setdefault("way", "in_person" if entry.signed else "on_stand")
        self.fields["answered_on"].widget.attrs |= {
            "min": entry.taken_on.isoformat(),
            "max": today.isoformat(),
        }


class CloseForm(FindingFields, StepForm):
    """How it ended, what was found and why it happened; of a letter without a reply, why there is none."""

    reason = TextField(
        label=_("Why the author gets no reply"), widget=long_text(3), max_length=TEXT_LENGTH
    )
    outcome = TextField(label=_("Outcome"), widget=long_text(3), max_length=TEXT_LENGTH)

    def __init__(self, *args: Any, entry: Entry, **kwargs: Any) -> None:
        super().__init__(*args, entry=entry, **kwargs)
        self.add_finding(entry)
        if entry.answered_on is not None:
            del self.fields["reason"]
        else:
            self.fields["outcome"].required = False


class ExtendForm(StepForm):
    """Until when, and why."""

    due_on = forms.DateField(label=_("New day for the reply"), widget=DayInput)
    reason = TextField(
        label=_("Why more time is needed"), widget=long_text(3), max_length=EXTENSION_LENGTH
    )

    def __init__(self, *args: Any, entry: Entry, **kwargs: Any) -> None:
        super().__init__(*args, entry=entry, **kwargs)
        first = max(filter(None, (entry.due_on, entry.school.today())))
        self.initial.setdefault("due_on", calendar_of(entry.school).add(first, USUAL_EXTENSION))
        self.fields["due_on"].widget.attrs["min"] = (first + ONE_DAY).isoformat()
        if can_be_written_to(entry):
            self.fields["reason"].help_text = _(
                "The author reads it on the site, with the new day: write it in the language of the letter."
            )
            self.fields["reason"].widget.attrs["lang"] = entry.letter.language


class LinkForm(StepForm):
    """Which earlier entry this one repeats; an empty number takes the link away."""

    volume = forms.TypedChoiceField(label=pgettext_lazy("of the journal", "Volume"), coerce=int)
    number = forms.IntegerField(
        label=_("№ of the earlier entry"), min_value=1, max_value=2_147_483_647
    )

    def __init__(
        self, *args: Any, entry: Entry, by: User, repeats: Entry | None, **kwargs: Any
    ) -> None:
        """``repeats``: what it is linked to now, as far as this person may know."""
        super().__init__(*args, entry=entry, **kwargs)
        self.by, self.repeats = by, repeats
        self.found: Entry | None = None
        volumes = Volume.objects.filter(school=entry.school_id).exclude(
            book=entry.volume.book, number__gt=entry.volume.number
        )
        self.fields["volume"].choices = [(volume.number, str(volume)) for volume in volumes]
        self.initial.setdefault("volume", (repeats or entry).volume.number)
        if len(self.fields["volume"].choices) == 1:
            self.fields["volume"].widget = forms.HiddenInput()
        if repeats is not None:
            self.initial.setdefault("number", repeats.number)
            self.fields["number"].required = False
            self.fields["number"].help_text = _("Empty it to take the link away.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("number") and "volume" in cleaned:
            self.found = earlier_entry(
                self.entry, volume=cleaned["volume"], number=cleaned["number"], user=self.by
            )
            if self.found is None:
                self.add_error("number", str(no_such_entry()))
        return cleaned


class ReturnForm(StepForm):
    """Why it goes back."""

    reason = TextField(
        label=_("Why it goes back to review"), widget=long_text(3), max_length=TEXT_LENGTH
    )


class HoldForm(StepForm):
    """Who asked for it to be kept."""

    reason = TextField(
        label=_("Who asked for it, and for which matter"),
        help_text=_(
            "It is locked like the entry itself. Until the hold ends nothing of the entry is destroyed."
        ),
        widget=long_text(2),
        max_length=TEXT_LENGTH,
    )


class ReleaseForm(StepForm):
    """Why it need not be kept any more."""

    reason = TextField(
        label=_("Why it need not be held any more"), widget=long_text(2), max_length=TEXT_LENGTH
    )


class CorrectForm(FindingFields, StepForm):
    """A slip of the pen mended; the trail keeps what stood before."""

    class_level = forms.IntegerField(
        label=_("Year of study"),
        required=False,
        min_value=0,
        max_value=LAST_LEVEL,
        help_text=_("By which letters are counted. Emptied: it is not known."),
    )
    reason = forms.CharField(label=_("Why it is corrected"), max_length=300)

    def __init__(self, *args: Any, entry: Entry, content: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, entry=entry, content=content, **kwargs)
        self.former = content
        self.initial["category"] = entry.category_id
        names = ["summary", "class_group"]
        if entry.signed:
            names += IDENTITY
        if entry.letter_id is None:
            names.append("text")  # a letter from the site stays as its author wrote it
        self.texts = names
        for name in names:
            long = name in ("summary", "text")
            self.fields[name] = TextField(
                label=FIELD_NAMES[name],
                widget=long_text(4) if long else None,
                max_length=TEXT_LENGTH if long else 200,
                required=name in ("summary", "text"),
            )
            self.initial[name] = content.get(name, "")
        categories = categories_of(entry.school)
        if entry.category is not None and not entry.category.in_use:
            categories.append(entry.category)
        self.fields["category"] = CategoryField(categories)
        self.initial["class_level"] = entry.class_level
        if entry.state == Entry.State.CLOSED:
            self.add_finding(entry)
            self.initial |= {"finding": entry.finding or NOTHING, "cause": entry.cause_id}
        self.order_fields(
            [
                "summary",
                "category",
                "class_group",
                "class_level",
                *names,
                "finding",
                "cause",
                "reason",
            ]
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not self.corrected() and not self.open_changes():
            raise forms.ValidationError(_("Nothing was changed."), code="unchanged")
        return cleaned

    def open_changes(self) -> dict[str, Any]:
        """What is readable without a key and was changed, by name, as it is to be.

        The year of study that was left alone follows a class or group that was corrected.
        """
        wanted = {"category": self.cleaned_data.get("category")}
        if "finding" in self.fields:
            wanted |= self.found()
        before, after = self.entry.class_level, self.cleaned_data.get("class_level")
        if after != before and self.add_prefix("class_level") in self.data:
            wanted["class_level"] = after
        return {name: new for name, new in wanted.items() if new != getattr(self.entry, name)}

    def corrected(self) -> dict[str, str]:
        """The sealed fields whose text is new."""
        return {
            name: self.cleaned_data[name]
            for name in self.texts
            if self.cleaned_data[name] != self.former.get(name, "")
        }
