"""What a service answers when it cannot do what it was asked."""


class Refused(Exception):
    """It is not allowed, or not possible now. The text is for the person, in their language."""


class Conflict(Refused):
    """Somebody else was first, or the form was made for an older state. Nothing was changed."""
