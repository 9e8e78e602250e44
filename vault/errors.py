"""What can go wrong at the lock."""


class LockError(Exception):
    """Base of everything the lock refuses."""


class NotForThisKey(LockError):
    """The key at hand does not open this: it was sealed to somebody else, or altered."""


class WrongPassword(LockError):
    """The password does not unwrap the private key."""


class BadReceiptCode(LockError):
    """The typed text cannot be a receipt code."""
