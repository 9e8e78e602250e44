"""People and their roles on the staff site."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from schools.addresses import address_for
from schools.admin.narrowing import NarrowedAdmin, NativeFields, in_words, of_one_school
from schools.errors import Refused
from schools.models import KeyGrant, Membership, School, User
from schools.roles import ROLE_NAMES
from schools.selectors import schools_for
from schools.services.inviting import NotMailed, can_mail, invite, mail_link


class NewPersonForm(forms.ModelForm):
    """A new account. It has no password until the person chooses one by their link."""

    class Meta:
        model = User
        fields = ["username", "full_name", "email", "language"]

    def save(self, commit: bool = True) -> User:
        user = super().save(commit=False)
        user.set_unusable_password()
        if commit:
            user.save()
        return user


class MembershipInline(NativeFields, admin.StackedInline):
    """Roles of a person; only those in the schools of whoever looks."""

    model = Membership
    extra = 1
    verbose_name_plural = gettext_lazy("Roles in schools")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        managed = schools_for(request.user, "schools.change_membership")
        return super().get_queryset(request).filter(school__in=managed)

    def get_min_num(self, request: HttpRequest, obj: User | None = None, **kwargs: Any) -> int:
        # Without a role in a school of theirs, an administrator would lose sight of the person.
        return 0 if request.user.is_operator else 1

    def get_extra(self, request: HttpRequest, obj: User | None = None, **kwargs: Any) -> int:
        return 1 if request.user.is_operator or obj is not None else 0

    def get_formset(self, request: HttpRequest, obj: User | None = None, **kwargs: Any) -> Any:
        return super().get_formset(
            request, obj, validate_min=not request.user.is_operator, **kwargs
        )


@admin.register(User)
class UserAdmin(NarrowedAdmin):
    """People. Nobody is deleted: the journal names them; who has left may not sign in any more."""

    list_display = ["full_name", "username", "roles", in_words(User, "is_active")]
    list_filter = ["is_active"]
    search_fields = ["full_name", "username"]
    inlines = [MembershipInline]
    ordering = ["full_name", "pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        rows = admin.ModelAdmin.get_queryset(self, request).prefetch_related(
            "memberships", "region_memberships__region", "answered_for"
        )
        if request.user.is_operator:
            return rows
        mine = Membership.objects.filter(
            user=OuterRef("pk"), school__in=request.user.schools_allowing("schools.view_user")
        )
        return rows.filter(Exists(mine), is_operator=False)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """No guessing of password hashes through the address of the list."""
        return lookup == "is_active__exact"

    def school_of(self, obj: User) -> School | None:
        return None

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Somebody who works in another school too is changed by the operator only."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or of_one_school(request.user, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_form(self, request: HttpRequest, obj: User | None = None, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = NewPersonForm
        return super().get_form(request, obj, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        who = ["username", "full_name", "email", "language"]
        operator = ["is_operator"] if request.user.is_operator else []
        if obj is None:
            return [(None, {"fields": [*who, *operator]})]
        return [(None, {"fields": [*who, "is_active", *operator, "invitation_link"]})]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        return ["invitation_link"] if obj is not None else []

    @admin.display(description=gettext_lazy("password"))
    def invitation_link(self, person: User) -> str:
        return format_html(
            '<a href="{}">{}</a>',
            reverse("admin:schools_user_invite", args=[person.pk]),
            _("Make a link by which they choose a new one"),
        )

    def response_add(
        self, request: HttpRequest, obj: User, post_url_continue: str | None = None
    ) -> HttpResponse:
        """A new colleague has no password yet: on to their link."""
        return HttpResponseRedirect(reverse("admin:schools_user_invite", args=[obj.pk]))

    @admin.display(description=gettext_lazy("roles"))
    def roles(self, person: User) -> str:
        if person.is_operator:
            return _("technical operator")
        held = dict.fromkeys(
            str(ROLE_NAMES.get(row.role_id, row.role_id)) for row in person.memberships.all()
        )
        watched = [
            _("region analyst: %(region)s") % {"region": row.region}
            for row in person.region_memberships.all()
        ]
        called = [
            _("named person of the region: %(region)s") % {"region": region}
            for region in person.answered_for.all()
        ]
        return ", ".join([*held, *watched, *called])

    def get_urls(self) -> list[URLPattern]:
        invite = path(
            "<int:pk>/invite/",
            self.admin_site.admin_view(self.invite_view),
            name="schools_user_invite",
        )
        return [invite, *super().get_urls()]

    @method_decorator(sensitive_variables())
    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def invite_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A link by which the person chooses a password; nobody else ever knows one."""
        person = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request, person):
            raise PermissionDenied
        if person == request.user:
            return HttpResponseRedirect(reverse("admin:password_change"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("A link for a colleague"),
            "person": person,
            "is_new": not person.has_usable_password(),
            "mails": can_mail() and bool(person.email),
        }
        if request.method == "POST":
            try:
                token = invite(user=person, by=request.user)
            except Refused as refused:
                messages.error(request, str(refused))
                return TemplateResponse(request, "schools/invite.html", context, status=409)
            self.log_change(request, person, [{"changed": {"fields": ["invitation"]}}])
            here = f"{request.scheme}://{request.get_host()}"
            address = address_for(person, otherwise=here) + reverse(
                "admin:welcome_link", args=[token]
            )
            context |= {"link": address, "mailed": context["mails"] and _mailed(person, address)}
            return TemplateResponse(request, "schools/invitation.html", context)
        grants = KeyGrant.objects.filter(holder=person, key__retired_at__isnull=True)
        alone = grants.exclude(
            Exists(
                KeyGrant.objects.filter(key=OuterRef("key"), holder__is_active=True).exclude(
                    holder=person
                )
            )
        )
        context["alone"] = [row.key.school for row in alone.select_related("key__school")]
        return TemplateResponse(request, "schools/invite.html", context)


def _mailed(person: User, address: str) -> bool:
    try:
        mail_link(user=person, address=address)
    except NotMailed:
        return False
    return True


@admin.register(Membership)
class MembershipAdmin(NarrowedAdmin):
    """Who has which role in which school."""

    list_display = ["user", "school", "role", in_words(Membership, "called_in_danger")]
    list_select_related = ["user", "school", "role"]
    search_fields = ["user__full_name", "user__username", "school__slug"]
    fields = ["user", "school", "role", "called_in_danger"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["user", "school"] if obj is not None else []

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "user" and not request.user.is_operator:
            managed = request.user.schools_allowing("schools.change_membership")
            kwargs["queryset"] = User.objects.filter(
                Exists(Membership.objects.filter(user=OuterRef("pk"), school__in=managed)),
                is_operator=False,
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
