"""People who sign in, their roles, and in which school they have them."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, When
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from schools.languages import CODE_LENGTH, language_choices
from schools.models.lasting import Lasting
from schools.models.region import Region, RegionMembership
from schools.models.school import School
from schools.roles import (
    OFFICER_PERMISSIONS,
    OPERATOR_PERMISSIONS,
    REGION_ROLES,
    ROLE_NAMES,
    ROLE_PERMISSIONS,
)

_REGION_PERMISSIONS = OFFICER_PERMISSIONS.union(*(ROLE_PERMISSIONS[role] for role in REGION_ROLES))


class Role(models.Model):
    """A role with its permissions, as ``schools/roles.py`` gives them; changed only by ``sync_roles``."""

    slug = models.SlugField(primary_key=True, max_length=40)
    permissions = models.ManyToManyField(Permission, related_name="+")

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["slug"]

    def __str__(self) -> str:
        return str(ROLE_NAMES.get(self.slug, self.slug))


class UserManager(BaseUserManager["User"]):
    """Makes accounts."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """An account; without a password it cannot sign in yet."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """The technical operator: people and settings of every school, and no key."""
        return self.create_user(username, password, is_operator=True, **fields)


class User(Lasting, AbstractBaseUser):
    """Somebody who works with the portal. Nobody here may do everything: content needs a key."""

    username = models.CharField(
        _("user name"),
        max_length=100,
        unique=True,
        validators=[RegexValidator(r"^[\w.@+-]+\Z", _("Use letters, digits and . @ + - _ only."))],
        error_messages={"unique": _("This user name is taken.")},
    )
    full_name = models.CharField(_("full name"), max_length=150)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(
        _("language"),
        max_length=CODE_LENGTH,
        choices=language_choices,
        default="ru",
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_operator = models.BooleanField(
        _("technical operator"),
        default=False,
        help_text=_("Manages people and settings of every school; reads no letter."),
    )
    # Which e-mails the person wants; of danger everybody concerned is told, whatever stands here.
    mail_digest = models.BooleanField(_("each morning, what waits"), default=True)
    mail_author_wrote = models.BooleanField(_("when an author writes back"), default=True)
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    # Grows when the person signs out everywhere: sessions begun before it end at their next request.
    sign_outs = models.PositiveIntegerField(default=0, editable=False)

    # The person's own pair: the private half only under their password.
    public_key = models.BinaryField(editable=False, max_length=32, default=b"")
    wrapped_private_key = models.BinaryField(editable=False, default=b"")

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["full_name"]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_session_auth_hash(self) -> str:
        """What a session must match to stay: it changes with the password and with «sign out everywhere»."""
        return self._session_hash()

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._session_hash(secret)

    def _session_hash(self, secret: str | None = None) -> str:
        return salted_hmac(
            "schools.User.session",
            f"{self.sign_outs}:{self.password}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)

    @property
    def has_pair(self) -> bool:
        """Whether a key can be granted to this person yet."""
        return bool(self.public_key)

    @property
    def is_staff(self) -> bool:
        """Whether the admin lets this person in: the operator, anyone with a role in a school or region, and whoever
        was a region's named person and has to hand over what is sealed to them."""
        return (
            self.is_operator
            or bool(self.roles_by_school)
            or bool(self.rights_by_region)
            or self.hands_over
        )

    @property
    def hands_over(self) -> bool:
        """Whether something that reached this person for a region is another's by now; read once for each request."""
        if not hasattr(self, "_hands_over"):
            given = self.spare_keys.filter(escalation__isnull=False).values("escalation")
            mine = Q(former_officer=self) | Q(pk__in=given)
            cases = self.former_escalations.model
            self._hands_over = (
                cases.objects.filter(cases.LASTS, mine).exclude(officer=self).exists()
            )
        return self._hands_over

    @property
    def is_superuser(self) -> bool:
        """Nobody is."""
        return False

    @property
    def roles_by_school(self) -> dict[int, set[str]]:
        """School id → role slugs, of schools that are here; read once for each request."""
        if not hasattr(self, "_roles_by_school"):
            self._roles_by_school: dict[int, set[str]] = {}
            here = self.memberships.filter(school__left_on=None)
            for school, role in here.values_list("school_id", "role_id"):
                self._roles_by_school.setdefault(school, set()).add(role)
        return self._roles_by_school

    @property
    def rights_by_region(self) -> dict[int, set[str]]:
        """Region id → what this person may do in its schools; read once for each request.

        An analyst of a region is one of its parts as well, and so is its named person.
        """
        if not hasattr(self, "_rights_by_region"):
            self._rights_by_region: dict[int, set[str]] = {}
            watched = RegionMembership.objects.filter(
                Q(region=OuterRef("pk")) | Q(region=OuterRef("parent")), user=self
            )
            named = Q(officer=self) | Q(parent__officer=self)
            rows = (
                Region.objects.annotate(watches=Exists(watched), named=Case(When(named, then=True)))
                .filter(Q(watches=True) | named)
                .order_by()
                .values_list("pk", "watches", "named")
            )
            for pk, watches, named in rows:
                rights = self._rights_by_region.setdefault(pk, set())
                if watches:
                    rights.update(*(ROLE_PERMISSIONS[role] for role in REGION_ROLES))
                if named:
                    rights |= OFFICER_PERMISSIONS
        return self._rights_by_region

    def regions_allowing(self, permission: str) -> set[int]:
        """Ids of the regions, parts named one by one, in whose schools this person may do it. The operator's are not
        listed here.
        """
        if permission not in _REGION_PERMISSIONS:
            return set()
        return {pk for pk, rights in self.rights_by_region.items() if permission in rights}

    @property
    def permissions_by_role(self) -> dict[str, set[str]]:
        """Role slug → permissions as the database has them; read once for each request."""
        if not hasattr(self, "_permissions_by_role"):
            self._permissions_by_role: dict[str, set[str]] = {}
            held = {role for roles in self.roles_by_school.values() for role in roles}
            rows = Role.objects.filter(slug__in=held).values_list(
                "slug", "permissions__content_type__app_label", "permissions__codename"
            )
            for role, app, codename in rows:
                self._permissions_by_role.setdefault(role, set()).add(f"{app}.{codename}")
        return self._permissions_by_role

    def schools_allowing(self, permission: str) -> set[int]:
        """Ids of the schools in which this person may do it. The operator's schools are not listed here."""
        return {
            school
            for school, roles in self.roles_by_school.items()
            if any(permission in self.permissions_by_role.get(role, ()) for role in roles)
        }

    def has_perm(self, permission: str, obj: Any = None) -> bool:
        """Whether this person may do it in the school or region ``obj``, or, without one, in any."""
        if not self.is_active:
            return False
        if self.is_operator and permission in OPERATOR_PERMISSIONS:
            return True
        if isinstance(obj, Region):
            return obj.pk in self.regions_allowing(permission)
        schools = self.schools_allowing(permission)
        if isinstance(obj, School):
            return obj.pk in schools or obj.region_id in self.regions_allowing(permission)
        return bool(schools) or bool(self.regions_allowing(permission))

    def has_perms(self, permissions: list[str], obj: Any = None) -> bool:
        """Whether this person may do all of it."""
        return all(self.has_perm(permission, obj) for permission in permissions)

    def has_module_perms(self, app_label: str) -> bool:
        """Whether this person may do anything in a room of the house."""
        if not self.is_active:
            return False
        held: set[str] = set().union(
            *self.permissions_by_role.values(), *self.rights_by_region.values()
        )
        if self.is_operator:
            held |= OPERATOR_PERMISSIONS
        return any(permission.startswith(f"{app_label}.") for permission in held)


class Membership(models.Model):
    """A person has a role in a school."""

    user = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.CASCADE, related_name="memberships"
    )
    school = models.ForeignKey(
        School, verbose_name=_("school"), on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.ForeignKey(
        Role, verbose_name=_("role"), on_delete=models.PROTECT, related_name="memberships"
    )
    called_in_danger = models.BooleanField(
        _("called when a danger alert is not answered"),
        default=False,
        help_text=_("If nobody is named, it is the deputy directors."),
    )

    class Meta:
        verbose_name = pgettext_lazy("role in a school", "membership")
        verbose_name_plural = pgettext_lazy("roles in schools", "memberships")
        ordering = ["school", "role", "user"]
        permissions = [
            ("hold_key", "Can hold the school’s key"),
            ("grant_key", "Can grant the school’s key"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["user", "school", "role"], name="membership_once")
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.role}"

    def clean(self) -> None:
        super().clean()
        if self.role_id in REGION_ROLES:
            words = _("This role is held in a region, not in a school.")
            raise ValidationError({"role": ValidationError(words, code="region")})
        if self.called_in_danger and "journal.answer_alert" not in ROLE_PERMISSIONS.get(
            self.role_id or "", ()
        ):
            words = _("This role does not answer danger alerts: nobody with it can be called.")
            raise ValidationError({"called_in_danger": ValidationError(words, code="role")})


class Invitation(models.Model):
    """A link by which somebody chooses a password, once, within 72 hours. Only its hash is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="invitations")
    token_hash = models.BinaryField(max_length=32, unique=True, editable=False)
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    good_until = models.DateTimeField(_("good until"))
    used_at = models.DateTimeField(_("used"), null=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return str(self.pk)
