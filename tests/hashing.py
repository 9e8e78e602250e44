"""Argon2 as in life, with the least work it allows."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    """One pass over a little memory."""

    time_cost = 1
    memory_cost = 64
    parallelism = 1
