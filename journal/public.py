"""The public page on which anybody holding a print checks its hash against the school's book.

It stands here and not in the box, whose pages never look into the journal; of the journal it tells one number.
"""

import copy
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from box import limits
from box.csrf_tokens import csrf_token
from box.forms import Choices, KeptFields, PublicForm, dressed
from box.plain_text import PlainTextField
from box.selectors import Found, only_demonstration, schools_named_like
from box.views.page import in_its_language, page_of
from journal.prints import NoHash, digits_typed, row_with_hash
from schools.dates import long_date
from schools.models import School

TOO_MANY = 429

checks = limits.Buckets(at_once=lambda: 30, a_minute=lambda: 10)


@dressed
class CheckForm(PublicForm):
    """A school, and the hash from the closing page of its print."""

    school = forms.ChoiceField(
        label=_("School"),
        widget=Choices,
        error_messages={
            "required": _("Please choose the school."),
            "invalid_choice": _("Please choose one of the answers in the list."),
        },
    )
    hash = PlainTextField(
        label=_("Last hash of the book"),
        help_text=_(
            "As it stands on the closing page: 64 digits and letters a–f. "
            "The first 16 are enough; spaces do not matter."
        ),
        max_length=200,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "off",
                "spellcheck": "false",
                "class": "hash-input",
            }
        ),
        error_messages={"required": _("Please type the hash from the print.")},
    )

    def __init__(self, *args: Any, schools: list[Found], language: str, **kwargs: Any) -> None:
        fields = KeptFields(
            {name: copy.deepcopy(field) for name, field in CheckForm.base_fields.items()}
        )
        choices = [(one.slug, one.in_words) for one in schools]
        fields["school"].choices = choices if len(choices) == 1 else [("", "—"), *choices]
        fields["school"].widget.languages = {
            one.slug: one.name.language for one in schools if one.name.language != language
        }
        self.base_fields = fields
        super().__init__(*args, auto_id="id_%s", **kwargs)

    def clean_hash(self) -> str:
        try:
            return digits_typed(self.cleaned_data["hash"])
        except NoHash:
            raise forms.ValidationError(
                _("This is no hash of a book. Please compare it with the print sign by sign."),
                code="hash",
            ) from None

    @cached_property
    def chosen(self) -> School:
        """The school. Of a valid form."""
        return School.objects.get(slug=self.cleaned_data["school"])

    def row(self) -> int | None:
        """The row of the school's book that has the hash; None when none has. Of a valid form."""
        return row_with_hash(self.chosen, self.cleaned_data["hash"])


@require_http_methods(["GET", "HEAD", "POST"])
@in_its_language
def check(request: HttpRequest, language: str) -> HttpResponse:
    """The form, and beneath it what the book says to the hash. The hash travels in the body alone.

    Under a school's own name on the web its book alone is asked.
    """
    schools = [
        one for one in schools_named_like("", language) if request.hosted_slug in (None, one.slug)
    ]
    if request.method != "POST" or "switch" in request.POST:
        typed = {name: request.POST.get(name, "") for name in ("school", "hash")}
        form = CheckForm(initial=typed, schools=schools, language=language)
        return _page(request, language, form)
    form = CheckForm(request.POST, schools=schools, language=language)
    if not form.is_valid():
        return _page(request, language, form)
    if not checks.take(limits.sender_of(request)):
        notice = _("Many prints were checked just now. Please wait a minute and try again.")
        response = _page(request, language, form, notice=notice, status=TOO_MANY)
        response.headers["Retry-After"] = "60"
        return response
    row, left_on = form.row(), form.chosen.left_on
    return _page(
        request,
        language,
        form,
        checked=True,
        row=row,
        left_on=long_date(left_on, language) if left_on else "",
        new_address=form.chosen.new_address,
    )


def _page(
    request: HttpRequest, language: str, form: CheckForm, *, status: int = 200, **context: Any
) -> HttpResponse:
    page = page_of(
        "journal/check.html",
        language,
        view_name="check",
        form=form,
        csrf=csrf_token(request),
        demo=only_demonstration(),
        **context,
    )
    return HttpResponse(page, status=status)
