"""Brings the roles of the database in line with ``schools/roles.py``."""

from django.contrib.auth.models import Permission
from django.db import transaction

from schools.models import Role
from schools.roles import ROLE_PERMISSIONS


def _wanted() -> dict[str, set[int]]:
    known = {
        f"{app}.{codename}": pk
        for pk, app, codename in Permission.objects.values_list(
            "pk", "content_type__app_label", "codename"
        )
    }
    missing = {name for held in ROLE_PERMISSIONS.values() for name in held} - known.keys()
    if missing:
        raise LookupError(f"No such permission: {', '.join(sorted(missing))}.")
    return {role: {known[name] for name in held} for role, held in ROLE_PERMISSIONS.items()}


def roles_out_of_line() -> list[str]:
    """Slugs of the roles whose rows differ from the data, sorted. Raises LookupError on a wrong name."""
    wanted = _wanted()
    kept = {role.slug: {p.pk for p in role.permissions.all()} for role in _with_permissions()}
    return sorted(
        slug for slug in wanted.keys() | kept.keys() if wanted.get(slug) != kept.get(slug)
    )


def _with_permissions() -> list[Role]:
    return list(Role.objects.prefetch_related("permissions"))


@transaction.atomic
def sync_roles() -> list[str]:
    """Make the rows as the data says; returns the slugs that changed. A role no longer named is removed."""
    changed = roles_out_of_line()
    for slug, permissions in _wanted().items():
        if slug in changed:
            role, _made = Role.objects.get_or_create(slug=slug)
            role.permissions.set(permissions)
    Role.objects.exclude(slug__in=ROLE_PERMISSIONS).delete()
    return changed
