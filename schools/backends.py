"""Signing in by user name and password. What a person may do, their roles say (``User.has_perm``)."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from schools.models import User


class StaffBackend(BaseBackend):
    """User name and password; an unknown name takes as long as a wrong password."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        """The person, or None."""
        if username is None or password is None:
            return None
        try:
            user = User.objects.get_by_natural_key(username)
        except User.DoesNotExist:
            User().set_password(password)
            return None
        return user if user.check_password(password) and user.is_active else None

    def get_user(self, user_id: int) -> User | None:
        """The person of a session, as long as they may sign in."""
        return User.objects.filter(pk=user_id, is_active=True).first()
