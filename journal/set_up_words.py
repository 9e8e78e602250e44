"""What the set-up says: the steps, and what is missing, in words for whoever has to do it."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from journal.set_up import STEP_OF, Need, SetUp, Step
from schools.models import User
from schools.roles import ROLE_NAMES

STEP_NAMES = {
    Step.SCHOOL: pgettext_lazy("step of the set-up", "The school and its rules"),
    Step.PEOPLE: pgettext_lazy("step of the set-up", "People and their links"),
    Step.KEY: pgettext_lazy("step of the set-up", "The key and its recovery sheet"),
    Step.LETTER: pgettext_lazy("step of the set-up", "A test letter"),
    Step.REST: pgettext_lazy("step of the set-up", "Telling the school"),
}
ADDRESS_OF = {
    Step.SCHOOL: "admin:set_up",
    Step.PEOPLE: "admin:set_up_people",
    Step.KEY: "admin:set_up_key",
    Step.LETTER: "admin:set_up_letter",
    Step.REST: "admin:set_up_rest",
}
_WORDS = {
    Need.NAMES: gettext_lazy("The school has no name yet in one of its languages."),
    Need.RULES: gettext_lazy("There are no rules yet by which the box is kept."),
    Need.CATEGORIES: gettext_lazy("There is no category yet for what letters are about."),
    Need.KEY: gettext_lazy("The box has no key that somebody holds: nobody can write."),
    Need.SHEET: gettext_lazy("The recovery sheet of the key is not printed yet."),
    Need.LETTER_SENT: gettext_lazy("No test letter was sent yet."),
    Need.LETTER_TAKEN: gettext_lazy("The test letter still lies in the box: open it."),
    Need.LETTER_ASIDE: gettext_lazy("The test letter is taken out: set it aside as a test."),
    Need.APPROVED: gettext_lazy("It is not noted yet who approved the regulation, and when."),
}


@dataclass(frozen=True)
class MissingLine:
    """One thing that is missing, in words, with the page on which it is done."""

    text: str
    address: str


@dataclass(frozen=True)
class StepLine:
    """A step in the list at the side. ``place``: its number; ``here``: the page shown is its own."""

    place: int
    name: str
    address: str
    done: bool
    here: bool


def said(need: Need, set_up: SetUp) -> str:
    """What is missing, in a sentence."""
    if need is Need.KEEPERS:
        roles = ", ".join(str(ROLE_NAMES[role]) for role in set_up.keepers_missing)
        return _("Nobody in the school has this role, which keeps the key: %(roles)s.") % {
            "roles": roles
        }
    if need is Need.INVITED:
        return ngettext(
            "%(people)s has not come in by the link yet.",
            "%(people)s have not come in by their links yet.",
            len(set_up.not_come),
        ) % {"people": ", ".join(set_up.not_come)}
    return str(_WORDS[need])


def missing_lines(set_up: SetUp, needs: tuple[Need, ...]) -> list[MissingLine]:
    """What is missing, each with its page."""
    return [
        MissingLine(text=said(need, set_up), address=step_address(set_up, STEP_OF[need]))
        for need in needs
    ]


def step_address(set_up: SetUp, step: Step) -> str:
    """The page of a step."""
    return reverse(ADDRESS_OF[step], args=[set_up.school.slug])


def step_lines(set_up: SetUp, here: Step) -> list[StepLine]:
    """The steps for the side of each page."""
    return [
        StepLine(
            place=place,
            name=str(STEP_NAMES[step]),
            address=step_address(set_up, step),
            done=set_up.is_step_done(step),
            here=step is here,
        )
        for place, step in enumerate(Step, start=1)
    ]


def lines_on_today(set_up: SetUp, user: User) -> list[MissingLine]:
    """For Today: what this person can do. That there is no key, the school's own card there says already."""
    needs = tuple(need for need in set_up.for_person(user) if need is not Need.KEY)
    return missing_lines(set_up, needs)
