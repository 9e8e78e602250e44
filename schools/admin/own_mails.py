"""Which e-mails a person gets, by their own choice, and a test e-mail to themselves."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from schools.errors import Refused
from schools.mailing import mail_leaves
from schools.models import Mail, User
from schools.services.posting import post_test


class MailsForm(forms.ModelForm):
    """What a person chooses to be told. Danger is no choice and has no box."""

    class Meta:
        model = User
        fields = ["mail_digest", "mail_author_wrote"]
        labels = {
            "mail_digest": gettext_lazy("each morning, what waits"),
            "mail_author_wrote": gettext_lazy("when an author writes back"),
        }


def mails_context(person: User) -> dict[str, Any]:
    """For the page «For you»: the choices, and how the person's last test e-mail did."""
    reads = person.has_perm("journal.view_entry")
    return {
        "mails_form": MailsForm(instance=person) if reads else None,
        "told_of_danger": reads,
        "mail_leaves": mail_leaves(),
        "address": person.email,
        "last_test": Mail.objects.filter(person=person, kind=Mail.Kind.TEST).last(),
    }


@require_POST
def choose_mails(request: HttpRequest) -> HttpResponse:
    """Save the choices."""
    form = MailsForm(request.POST, instance=User.objects.get(pk=request.user.pk))
    form.save()
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("admin:own"))


@require_POST
def send_test_mail(request: HttpRequest) -> HttpResponse:
    """An e-mail to the person themselves, by the same way as a call for help."""
    try:
        post_test(person=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The test e-mail is on its way."))
    return HttpResponseRedirect(reverse("admin:own"))


mails_urlpatterns: list[URLPattern] = [
    path("own/mails/", choose_mails, name="own_mails"),
    path("own/test-mail/", send_test_mail, name="own_test_mail"),
]
