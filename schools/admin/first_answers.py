"""Common first answers on the staff site."""

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from schools.admin.narrowing import in_words
from schools.admin.regulations import OfASchoolAdmin
from schools.models import FirstAnswer
from schools.texts import LongTextsFormField


class FirstAnswerForm(forms.ModelForm):
    """A first answer with its text of several lines."""

    texts = LongTextsFormField(
        label=pgettext_lazy("of an answer", "text"),
        help_text=_(
            "Authors get it in the language of their letter. Where […] stands, it is filled in when answering."
        ),
    )

    class Meta:
        model = FirstAnswer
        fields = ["school", "names", "texts", "order", "in_use"]


@admin.register(FirstAnswer)
class FirstAnswerAdmin(OfASchoolAdmin):
    """With what an answer can begin. One that is not wanted any more is taken out of use, never deleted."""

    form = FirstAnswerForm
    list_display = ["name", "school", "order", in_words(FirstAnswer, "in_use")]
    fields = ["school", "names", "texts", "order", "in_use"]

    def has_delete_permission(self, request: HttpRequest, obj: FirstAnswer | None = None) -> bool:
        return False

    @admin.display(description=pgettext_lazy("of a text", "title"), ordering="order")
    def name(self, answer: FirstAnswer) -> str:
        return str(answer)
