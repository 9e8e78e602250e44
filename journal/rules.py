"""Which step may follow which state, and who may take it. The one table that every step asks."""

from dataclasses import dataclass

from journal.models import Entry, Trail
from schools.models import User

State = Entry.State
Step = Trail.Step


@dataclass(frozen=True)
class Transition:
    """From which states a step starts, to which it leads (None: it stays), and the permission it needs."""

    starts: frozenset[str]
    ends: str | None
    permission: str


TRANSITIONS: dict[str, Transition] = {
    Step.TAKEN_INTO_REVIEW: Transition(
        frozenset({State.REGISTERED}), State.IN_REVIEW, "journal.review_entry"
    ),
    Step.MEASURES_RECORDED: Transition(
        frozenset({State.IN_REVIEW, State.ANSWERED}), None, "journal.review_entry"
    ),
    Step.ANSWERED: Transition(frozenset({State.IN_REVIEW}), State.ANSWERED, "journal.review_entry"),
    # From review only with a stated reason for no reply (journal.services.reviewing.close_without_reply).
    Step.CLOSED: Transition(
        frozenset({State.IN_REVIEW, State.ANSWERED}), State.CLOSED, "journal.close_entry"
    ),
    Step.RETURNED: Transition(
        frozenset({State.ANSWERED, State.CLOSED}), State.IN_REVIEW, "journal.review_entry"
    ),
    Step.WRITTEN_TO: Transition(frozenset(State), None, "journal.write_to_author"),
    Step.DUE_EXTENDED: Transition(
        frozenset({State.REGISTERED, State.IN_REVIEW}), None, "journal.review_entry"
    ),
    Step.LINKED: Transition(frozenset(State) - {State.CLOSED}, None, "journal.review_entry"),
    Step.FORWARDED: Transition(
        frozenset({State.REGISTERED, State.IN_REVIEW, State.ANSWERED}),
        None,
        "journal.forward_entry",
    ),
    Step.BODY_ANSWERED: Transition(
        frozenset({State.REGISTERED, State.IN_REVIEW, State.ANSWERED}),
        None,
        "journal.forward_entry",
    ),
    Step.DECIDED: Transition(frozenset(State), None, "journal.hold_meeting"),
    Step.CORRECTED: Transition(
        frozenset(State),
        None,
        "journal.register_letter",
    ),
    Step.HELD: Transition(frozenset(State), None, "journal.draw_up_destruction"),
    Step.RELEASED: Transition(frozenset(State), None, "journal.approve_destruction"),
}


# What a closed volume still takes about an entry that was finished in it: a reply to an author who writes again, and
# whether a court may ask for it.
GOES_ON_IN_A_CLOSED_VOLUME = frozenset({Step.WRITTEN_TO, Step.HELD, Step.RELEASED})


def is_locked(entry: Entry) -> bool:
    """Whether the entry stands as its volume was closed with it: what was carried over goes on, the rest does not."""
    return entry.volume.is_closed and entry.number not in entry.volume.carried_over


def is_locked_for(step: str, entry: Entry) -> bool:
    """Whether the closed volume holds this step back."""
    return step not in GOES_ON_IN_A_CLOSED_VOLUME and is_locked(entry)


def can_take(step: str, entry: Entry, user: User) -> bool:
    """Whether this person may take the step with the entry as it stands (its content needs a key besides)."""
    rule = TRANSITIONS.get(step)
    return (
        rule is not None
        and entry.state in rule.starts
        and not is_locked_for(step, entry)
        and user.has_perm(rule.permission, entry.school)
    )


def steps_possible(entry: Entry, user: User) -> list[str]:
    """The steps this person can take now, in the order of the work."""
    return [step for step in TRANSITIONS if can_take(step, entry, user)]
