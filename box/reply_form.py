"""The form by which an author writes back."""

from django import forms
from django.utils.translation import gettext_lazy as _

from box.codes_in_text import no_code_within
from box.files.field import FilesField
from box.forms import TEXT_MOST, PublicForm, Tick, dressed
from box.plain_text import PlainTextField


@dressed
class ReplyForm(PublicForm):
    """A message of an author who has the code before them."""

    danger = forms.BooleanField(
        label=_("Yes, somebody is in danger"),
        help_text=_(
            "Somebody is being hurt or threatened, or wants to harm themselves. You or somebody else."
        ),
        required=False,
        widget=Tick,
    )
    text = PlainTextField(
        label=_("Your message"),
        help_text=_("Write in any language, in your own words. Mistakes do not matter."),
        one_line=False,
        max_length=TEXT_MOST,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        validators=[no_code_within],
        error_messages={
            "required": _("The message is still empty. Please write something."),
            "max_length": _(
                "The message is longer than 10,000 characters. Please make it shorter, or send it in two messages."
            ),
        },
    )
    attachments = FilesField()
    # No person sees it: what is typed here was typed by a machine.
    website = forms.CharField(required=False)
