"""The deeds of a history: each a real step of a service, told in the records beside. True when a person took a step."""

import datetime
from typing import Any

from journal.models import Entry, TakenLetter
from journal.services import answering, forwarding, registering, reviewing
from schools.models import Category, Cause
from tests import factories
from tests.journal.commission import meetings
from tests.reports.figures.told import BEGINS, CLASSES, ONE_DAY, History, Sent, Told, history_friday

AUDIENCES = ("student", "parent", "teacher", "other")
FINDINGS = ("justified", "partly", "not_justified", "")
ASIDE = ("advertising", "test", "duplicate", "other")


def _pick(rows: list[Any], number: int) -> Any:
    return rows[number % len(rows)] if rows else None


def _in_state(history: History, number: int, *states: str) -> Told | None:
    return _pick([told for told in history.letters if told.state in states], number)


def _acting(history: History, told: Told) -> dict[str, Any]:
    entry = Entry.objects.select_related("school", "volume", "letter", "category", "cause").get(
        pk=told.entry
    )
    return {
        "entry": entry,
        "version": entry.version,
        "by": history.person.fresh(),
        "keyring": history.person.keyring(),
    }


def _as_told(source: str, a: int, b: int, **facts: Any) -> Told:
    return Told(
        source=source,
        audience=AUDIENCES[a % 4],
        signed=a % 3 == 0,
        danger=b % 5 == 0,
        category=(None, "bullying", "requests")[b % 3],
        class_group=list(CLASSES)[(a + b) % len(CLASSES)],
        **facts,
    )


def _write(history: History, a: int, b: int, c: int) -> bool:
    told = _as_told("web", a, b, arrived_on=history.today)
    told.letter = factories.send_letter(
        history.school,
        audience=told.audience,
        signed=told.signed,
        danger=told.danger,
        category=told.category,
    ).pk
    history.letters.append(told)
    return False


def _open(history: History, a: int, b: int, c: int) -> bool:
    since = history.openings[-1][0] if history.openings else BEGINS
    between = [since + step * ONE_DAY for step in range(1, (history.today - since).days)]
    # Every Friday; holidays of these months that fall on one move it to the next working day.
    expected = [day for day in between if history_friday(day)]
    opening = factories.open_box(history.school, by=history.person, paper_count=a % 3)
    assert opening.missed == [
        day.isoformat() for day in expected if (history.today - day).days < 120
    ]
    history.openings.append((history.today, expected))
    for told in history.letters:
        if told.state == "in_box":
            told.state, told.taken_on = "taken_out", history.today
    return True


def _register(history: History, a: int, b: int, c: int) -> bool:
    told = _in_state(history, a, "taken_out")
    if told is None:
        return False
    entry = factories.register(
        TakenLetter.objects.select_related("opening__school", "letter").get(letter=told.letter),
        by=history.person,
        category=_category(history, told.category),
        class_group=told.class_group,
    )
    _registered(told, entry)
    return True


def _registered(told: Told, entry: Entry) -> None:
    told.entry, told.state, told.due_on = entry.pk, "registered", entry.due_on
    told.level = CLASSES[told.class_group]


def _category(history: History, slug: str | None) -> Category | None:
    return Category.objects.get(school=history.school, slug=slug) if slug else None


def _typed_in(history: History, told: Told, **facts: Any) -> bool:
    entry = registering.register_paper(
        school=history.school,
        paper=registering.PaperLetter(
            text="On paper",
            audience=told.audience,
            signed=told.signed,
            source=told.source,
            received_at=history.moment() if told.arrived_on else None,
        ),
        registration=registering.Registration(
            summary="S",
            category=_category(history, told.category),
            class_group=told.class_group,
            danger=told.danger,
        ),
        by=history.person.fresh(),
        keyring=history.person.keyring(),
        **facts,
    )
    _registered(told, entry)
    history.letters.append(told)
    return True


def _call(history: History, a: int, b: int, c: int) -> bool:
    told = _as_told("phone", a, b, arrived_on=history.today, taken_on=history.today)
    return _typed_in(history, told, opening=None)


def _paper(history: History, a: int, b: int, c: int) -> bool:
    opening = history.school.openings.order_by("-pk").first()
    if opening is None:
        return False
    told = _as_told("paper", a, b, arrived_on=None, taken_on=history.openings[-1][0])
    return _typed_in(history, told, opening=opening)


def _set_aside(history: History, a: int, b: int, c: int) -> bool:
    told = _in_state(history, a, "taken_out")
    if told is None:
        return False
    registering.set_aside(
        taken=TakenLetter.objects.select_related("opening__school", "letter").get(
            letter=told.letter
        ),
        kind=ASIDE[b % 4],
        note="Seen.",
        by=history.person.fresh(),
        keyring=history.person.keyring(),
    )
    told.state, told.aside = "set_aside", ASIDE[b % 4]
    return True


def _review(history: History, a: int, b: int, c: int) -> bool:
    told = _in_state(history, a, "registered")
    if told is None:
        return False
    reviewing.take_into_review(reviewer=history.person.fresh(), **_acting(history, told))
    told.state = "in_review"
    return True


def _answer(history: History, a: int, b: int, c: int) -> bool:
    told = _in_state(history, a, "in_review")
    if told is None:
        return False
    day = told.taken_on + (b % ((history.today - told.taken_on).days + 1)) * ONE_DAY
    return _answered(history, told, day)


def _answer_late(history: History, a: int, b: int, c: int) -> bool:
    told = _in_state(history, a, "in_review")
    return told is not None and _answered(history, told, history.today)


def _answered(history: History, told: Told, day: datetime.date) -> bool:
    reviewing.record_answer(
        answered_on=day,
        way="in_person" if told.signed else "on_stand",
        measures="",
        **_acting(history, told),
    )
    told.state, told.answered_on, told.no_reply = "answered", day, False
    return True


def _extend(history: History, a: int, b: int, c: int) -> bool:
    told = _in_state(history, a, "registered", "in_review")
    if told is None:
        return False
    day = max(told.due_on, history.today) + (1 + b % 9) * ONE_DAY
    answering.extend(due_on=day, reason="More time.", **_acting(history, told))
    told.due_on = day
    return True


def _found(told: Told, history: History, b: int, c: int) -> dict[str, Any]:
    causes = list(Cause.objects.filter(school=history.school))[:3]
    told.finding = FINDINGS[b % 4]
    cause = causes[c % 3] if told.finding in ("justified", "partly") or c % 2 else None
    told.cause = cause.slug if cause else None
    return {"finding": told.finding, "cause": cause}


def _waits_for_a_body(history: History, told: Told) -> bool:
    return any(sent.entry == told.entry and not sent.answered_on for sent in history.sent)


def _close(history: History, a: int, b: int, c: int) -> bool:
    told = _in_state(history, a, "answered", "in_review")
    if told is None or told.answered_on is None or _waits_for_a_body(history, told):
        return False
    reviewing.close(outcome="Settled.", **_found(told, history, b, c), **_acting(history, told))
    told.state, told.closed_on = "closed", history.today
    return True


def _close_unanswered(history: History, a: int, b: int, c: int) -> bool:
    told = _in_state(history, a, "in_review")
    if told is None or told.answered_on is not None or _waits_for_a_body(history, told):
        return False
    reviewing.close_without_reply(
        outcome="", reason="A joke.", **_found(told, history, b, c), **_acting(history, told)
    )
    told.state, told.closed_on, told.no_reply = "closed", history.today, True
    return True


def _return(history: History, a: int, b: int, c: int) -> bool:
    told = _in_state(history, a, "answered", "closed")
    if told is None:
        return False
    reviewing.return_to_review(reason="Not so.", **_acting(history, told))
    told.state, told.closed_on, told.no_reply = "in_review", None, False
    told.finding, told.cause = "", None
    return True


def _correct(history: History, a: int, b: int, c: int) -> bool:
    told = _in_state(history, a, "registered", "in_review", "answered", "closed")
    if told is None:
        return False
    told.category, told.level = (None, "bullying", "requests")[b % 3], (None, 1, 7, 12)[c % 4]
    reviewing.correct(
        category=_category(history, told.category),
        class_level=told.level,
        corrected={},
        reason="A slip.",
        **_acting(history, told),
    )
    return True


def _correct_finding(history: History, a: int, b: int, c: int) -> bool:
    told = _in_state(history, a, "closed")
    if told is None:
        return False
    reviewing.correct(
        category=_category(history, told.category),
        corrected={},
        reason="A slip.",
        **_found(told, history, b, c),
        **_acting(history, told),
    )
    return True


def _link(history: History, a: int, b: int, c: int) -> bool:
    told = _in_state(history, a, "registered", "in_review", "answered")
    if told is None:
        return False
    earlier = [one for one in history.letters if one.entry and one.entry < told.entry]
    other = _pick(earlier, b)
    if other is None:
        return False
    answering.link(
        repeat_of=Entry.objects.select_related("volume").get(pk=other.entry),
        **_acting(history, told),
    )
    told.repeats = other
    return True


def _forward(history: History, a: int, b: int, c: int) -> bool:
    told = _in_state(history, a, "registered", "in_review", "answered")
    if told is None:
        return False
    due = history.today + (b % 15) * ONE_DAY
    entry = _acting(history, told)["entry"]
    made = factories.forwarded(
        entry, by=history.person, sent_on=history.today, due_on=due, late_reason="So."
    )
    history.sent.append(Sent(told.entry, history.today, due, pk=made.pk))
    return True


def _body_answers(history: History, a: int, b: int, c: int) -> bool:
    open_ones = [
        (sent, told)
        for sent in history.sent
        for told in history.letters
        if told.entry == sent.entry and not sent.answered_on and told.state != "closed"
    ]
    if not open_ones:
        return False
    sent, told = _pick(open_ones, a)
    acting = _acting(history, told)
    forwarding.record_outcome(
        forwarding=acting.pop("entry").forwardings.select_related("entry__school").get(pk=sent.pk),
        answered_on=history.today,
        outcome="They came.",
        **acting,
    )
    sent.answered_on = history.today
    return True


def _meet(history: History, a: int, b: int, c: int) -> bool:
    meetings.hold(meetings.call(history.school, by=history.person), by=history.person)
    history.meetings.append(history.today)
    return True


DOES = {
    "write": _write,
    "open": _open,
    "register": _register,
    "call": _call,
    "paper": _paper,
    "set_aside": _set_aside,
    "review": _review,
    "answer": _answer,
    "answer_late": _answer_late,
    "extend": _extend,
    "close": _close,
    "close_unanswered": _close_unanswered,
    "return": _return,
    "correct": _correct,
    "correct_finding": _correct_finding,
    "link": _link,
    "forward": _forward,
    "body_answers": _body_answers,
    "meet": _meet,
}
