"""Common first answers with which a school begins, for people of any age. Whoever answers fills in where […] stands.

Frightened children read them: short sentences, nothing promised that is not certain, no word of blame. In other
languages they stand in the catalogues.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class StartingAnswer:
    """A title for the staff, and what the author reads."""

    title: Promise
    text: Promise


STARTING_ANSWERS: list[StartingAnswer] = [
    StartingAnswer(
        title=pgettext_lazy("title of a first answer", "Read, and being looked into"),
        text=pgettext_lazy(
            "first answer",
            "Hello! We have read your letter. Thank you for writing: it is not easy.\n\n"
            "We are finding out now what happened. What we do, we will write to you here. "
            "If you remember anything else, write it here too.",
        ),
    ),
    StartingAnswer(
        title=pgettext_lazy("title of a first answer", "Please tell us more: when, where, who"),
        text=pgettext_lazy(
            "first answer",
            "Hello! We have read your letter and want to help. For that we need to know more.\n\n"
            "If you can, write to us:\n– when it was, and whether it happens again;\n– where it was;\n"
            "– who did it, and who saw it.\n\n"
            "You need not say your name. What you do not want to write, leave out.",
        ),
    ),
    StartingAnswer(
        title=pgettext_lazy(
            "title of a first answer", "You are not to blame, and this is what we do now"
        ),
        text=pgettext_lazy(
            "first answer",
            "Hello! It was right to write to us. You are not to blame for what happened.\n\n"
            "This is what we are doing now: […]\n\n"
            "Tell us whether it helps you, and what else worries you. How it ends, we will write here.",
        ),
    ),
    StartingAnswer(
        title=pgettext_lazy("title of a first answer", "Come and talk: where and when"),
        text=pgettext_lazy(
            "first answer",
            "Hello! We have read your letter. Sometimes telling is easier than writing.\n\n"
            "If you like, come and talk to us: room […], […]. You need not tell everything at once. "
            "You may come with somebody you trust.\n\n"
            "If you would rather not come, write to us here.",
        ),
    ),
    StartingAnswer(
        title=pgettext_lazy("title of a first answer", "Who helps at once"),
        text=pgettext_lazy(
            "first answer",
            "Hello! What you wrote is very important, and we are worried about you.\n\n"
            "If there is danger right now, do not wait for our answer. Go where it is safe, to a grown-up you trust. "
            "Call 112, it is free.\n\n"
            "If you want to talk, call 111: it is free, and you need not say your name.\n\n"
            "At school this person will help you: […]. Write to us here whether you are safe now.",
        ),
    ),
    StartingAnswer(
        title=pgettext_lazy("title of a first answer", "This is for another body to decide"),
        text=pgettext_lazy(
            "first answer",
            "Hello! We have read your letter. The school cannot settle this by itself: it is for […] to decide.\n\n"
            "We are passing on to them what you wrote about. When their answer comes, we will write here. "
            "And this is what the school does for its part: […]",
        ),
    ),
    StartingAnswer(
        title=pgettext_lazy("title of a first answer", "Thank you, it is done"),
        text=pgettext_lazy(
            "first answer",
            "Hello! Your letter helped. This is what was done: […]\n\n"
            "Thank you for writing. If it happens again, or anything else does, write to us here.",
        ),
    ),
]
