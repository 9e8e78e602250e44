"""What the staff see of danger alerts: the bar over every page, the page of one, and the lines of the first page."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from journal.admin.pages import hour_at, moment_at, staff_page
from journal.alert_forms import CloseAlertForm
from journal.alert_stages import called_at_region
from journal.alerts import (
    MOST_IN_BAR,
    Told,
    WhereItLies,
    alerts_of,
    closed_since,
    in_hand_of,
    told_of,
    unanswered_for,
    where_it_lies,
    who_can_open,
)
from journal.escalations import escalation_of, is_open_to
from journal.models import Alert, Entry
from schools.mailing import OUTDATED, mail_leaves
from schools.models import Mail, School, User
from schools.schedule import period_of
from schools.selectors import key_in_use

SHOWN_IN_BAR = 2


def hour_in_words(alert: Alert) -> str:
    """When it came: of an author the hour, from when to when; of the staff the moment."""
    if alert.entry_id is not None:
        return moment_at(alert.raised_at, alert.school)
    return hour_at(alert.raised_at, alert.school)


def danger_bar(user: User) -> dict[str, Any]:
    """For the frame of every staff page: what nobody has answered yet; nothing for whom it does not concern."""
    alerts = unanswered_for(user)
    if not alerts:
        return {}
    return {
        "lines": [
            {"alert": alert, "came": hour_in_words(alert)} for alert in alerts[:SHOWN_IN_BAR]
        ],
        "more": min(len(alerts), MOST_IN_BAR) - SHOWN_IN_BAR,
        "or_more": len(alerts) > MOST_IN_BAR,
        "of_schools": len({alert.school_id for alert in alerts}) > 1
        or len(user.schools_allowing("journal.view_alert")) > 1,
        "answers": user.schools_allowing("journal.answer_alert"),
    }


@dataclass(frozen=True)
class AlertsOfDay:
    """A school's alerts on the first page: those in hand, and how this year's ended."""

    in_hand: list[dict[str, Any]]
    helped: int
    false_alarms: int


def alerts_of_day(schools: Iterable[School], user: User) -> dict[int, AlertsOfDay]:
    """By school, in two queries; nothing for whom alerts do not concern."""
    concerned = user.schools_allowing("journal.view_alert")
    schools = [school for school in schools if school.pk in concerned]
    if not schools:
        return {}
    in_hand = in_hand_of(schools, user)
    begins = min(period_of("school", school.today())[0] for school in schools)
    since = datetime.datetime.combine(begins, datetime.time(), tzinfo=schools[0].zone)
    closed = closed_since(schools, user, since)
    return {
        school.pk: AlertsOfDay(
            in_hand=[
                {"alert": alert, "since": moment_at(alert.answered_at, alert.school)}
                for alert in in_hand.get(school.pk, [])
            ],
            helped=closed.get(school.pk, {}).get("helped", 0),
            false_alarms=closed.get(school.pk, {}).get("false_alarm", 0),
        )
        for school in schools
    }


def alert_lines(entry: Entry, *, user: User) -> list[dict[str, Any]]:
    """An entry's alerts for its page; its reader reads them too. One query, and none where alerts do not concern."""
    if not user.has_perm("journal.view_alert", entry.school):
        return []
    return [
        {
            "alert": alert,
            "since": moment_at(alert.answered_at, alert.school) if alert.answered_at else "",
        }
        for alert in alerts_of(entry)
        if not alert.is_withheld_from(user.pk)
    ]


def alert_page(
    request: HttpRequest, alert: Alert, *, bound: CloseAlertForm | None = None
) -> TemplateResponse:
    """The page, with a form that was refused (``bound``) as it was typed. Nothing here needs a key."""
    school, user = alert.school, request.user
    lies = where_it_lies(alert)
    key = key_in_use(school)
    answers = user.has_perm("journal.answer_alert", school)
    reads = not (alert.message or alert.letter or alert.entry).is_closed_to(request.keyring)
    told = told_of(alert) if alert.rounds else []
    case = escalation_of(alert) if alert.stage == Alert.Stage.REGION else None
    context = {
        "title": _("Danger alert"),
        "alert": alert,
        "school": school,
        "came": hour_in_words(alert),
        "answered_at": moment_at(alert.answered_at, school) if alert.answered_at else "",
        "closed_at": moment_at(alert.closed_at, school) if alert.closed_at else "",
        "goes_on": alert.next_stage_at is not None,
        "calls_region": called_at_region(alert) is not None,
        "at_region": case is not None,
        "closed_to_region": case is not None
        and (case.officer is None or not is_open_to(case, case.officer)),
        "mail_leaves": mail_leaves(),
        "note": (alert.read_or_none(request.keyring) or {}).get("note", "")
        if alert.outcome
        else "",
        "told": [_told_line(one) for one in told],
        "mailed": sum(one.mail is not None and one.mail.state == Mail.State.SENT for one in told),
        "may_answer": answers and alert.waits,
        # Also before somebody has answered, when a form was sent all the same: what was typed is kept.
        "closing": _closing_forms(bound)
        if answers and not alert.outcome and (bound or not alert.waits)
        else [],
        "reads": reads,
        "can_open": [] if reads or alert.outcome else who_can_open(alert),
        "way": _way_to_read(lies, user, school, holds=_holds(request, key)),
        "lies": lies,
    }
    return staff_page(request, "journal/alert.html", context)


def _holds(request: HttpRequest, key: Any) -> bool:
    return key is not None and request.keyring.opens_school_key(key.pk)


def _closing_forms(bound: CloseAlertForm | None) -> list[CloseAlertForm]:
    return [
        bound if bound is not None and bound.outcome == outcome else CloseAlertForm(outcome=outcome)
        for outcome in (Alert.Outcome.HELPED, Alert.Outcome.FALSE_ALARM)
    ]


def _way_to_read(
    lies: WhereItLies, user: User, school: School, *, holds: bool
) -> dict[str, str] | None:
    """The one button that leads to the letter, for those whom it leads there."""
    if lies.entry is not None:
        return {
            "address": reverse("admin:journal_entry_change", args=[lies.entry.pk]),
            "words": _("Go to entry %(entry)s") % {"entry": lies.entry},
        }
    if lies.taken is not None:
        screen = reverse("admin:journal_opening_change", args=[lies.taken.opening_id])
        return {"address": f"{screen}?letter={lies.taken.pk}", "words": _("Read the letter now")}
    if holds and user.has_perm("journal.open_box", school):
        return {
            "address": reverse("admin:journal_opening_open", args=[school.slug]),
            "words": _("Open the box at once"),
        }
    return None


def _told_line(told: Told) -> dict[str, str]:
    """A person, and in words whether an e-mail has reached them."""
    if told.mail is None:
        words = (
            _("was not told: there is no e-mail address")
            if not told.person.email
            else _("was not told by e-mail")
        )
    elif told.mail.state == Mail.State.SENT:
        words = _("an e-mail was sent")
    elif told.mail.state == Mail.State.WAITING:
        words = _("an e-mail waits to be sent")
    elif told.mail.fault == OUTDATED:
        words = _("no e-mail was needed any more")
    else:
        words = _("the e-mail could not be sent")
    return {"person": str(told.person), "words": words}
