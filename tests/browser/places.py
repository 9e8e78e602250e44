"""Every page of the portal that a person can come to, and how a person comes there."""

from pathlib import Path

from tests.browser import call_places as calls
from tests.browser import commission_places as commission
from tests.browser import destruction_places as destruction
from tests.browser import import_places as imports
from tests.browser import report_places as reports
from tests.browser import ways_places as ways
from tests.browser.coming import Way, at, first_of, unfold
from tests.browser.visits import Visit

STATIC = Path(__file__).resolve().parents[2] / "static"


def wrong_password(visit: Visit, language: str, school: str) -> None:
    visit.go(f"/admin/login/?language={language}")
    visit.page.fill("#id_username", "nobody")
    visit.page.fill("#id_password", "nothing")
    visit.page.click("#login-form button[type=submit]")
    visit.page.wait_for_selector(".errornote")


SIGNED_OUT: dict[str, Way] = {
    "sign-in": at("/admin/login/?language={language}"),
    "sign-in-errors": wrong_password,
}


def opening_errors(visit: Visit, language: str, school: str) -> None:
    page = visit.page
    visit.go(f"/admin/journal/opening/open/{school}/")
    page.check("input[name=kind][value=out_of_turn]")
    for box in page.locator("input[name=present]:checked").all():
        box.uncheck()
    page.fill("[name=paper_count]", "-1")
    page.click("form.opening-form button.primary")
    page.wait_for_selector(".errorlist")


def opening_conflict(visit: Visit, language: str, school: str) -> None:
    """Somebody opened the box since this page was loaded."""
    page = visit.page
    visit.go(f"/admin/journal/opening/open/{school}/")
    page.locator("[name=last_seen]").evaluate("input => { input.value = '' }")
    page.check("input[name=kind][value=out_of_turn]")
    visit.say_why("2026")
    page.click("form.opening-form button.primary")
    page.wait_for_url("**/open/**")


def step_conflict(visit: Visit, language: str, school: str) -> None:
    """Somebody worked on the entry since this page was loaded."""
    page = visit.page
    first_of("/admin/journal/entry/?state=open")(visit, language, school)
    step = page.locator("details.step").first
    step.locator("[name$=version]").evaluate("input => { input.value = '0' }")
    step.locator("button.primary").click()


def letters_waiting(visit: Visit, language: str, school: str) -> None:
    first_of("/admin/journal/opening/")(visit, language, school)
    visit.page.wait_for_selector("article.letter")
    unfold(visit)


def found(visit: Visit, language: str, school: str) -> None:
    visit.go("/admin/journal/entry/")
    visit.page.fill("[name=words]", "а")
    visit.page.click("form.find button.primary")
    visit.page.wait_for_selector(".lead[role=status]")


def entry_with_steps(visit: Visit, language: str, school: str) -> None:
    first_of("/admin/journal/entry/?state=in_review")(visit, language, school)
    unfold(visit)


def entry_with_conversation(visit: Visit, language: str, school: str) -> None:
    """A question to the author stands on the page, and a draft of more."""
    page = visit.page
    first_of("/admin/journal/entry/?state=in_review")(visit, language, school)
    for press in ("button.primary", "button[value=keep]:not([aria-hidden])"):
        page.fill("[name=written_to-text]", "2026")
        page.check("[name=written_to-kind][value=message]")
        page.click(f".write-form {press}")
        page.wait_for_selector(".messagelist")
    unfold(visit)


def step_errors(visit: Visit, language: str, school: str) -> None:
    first_of("/admin/journal/entry/?state=in_review")(visit, language, school)
    step = visit.page.locator("#step-measures_recorded")
    if step.get_attribute("open") is None:
        step.locator("summary").click()
    step.locator("button.primary").click()
    visit.page.wait_for_selector(".errorlist")


def sent_on(visit: Visit, language: str, school: str) -> None:
    """An entry that was sent on, everything on its page unfolded; sent on now where none was."""
    page = visit.page
    visit.go("/admin/journal/entry/?sent=waiting")
    if not page.locator("#result_list tbody a").count():
        first_of("/admin/journal/entry/?state=in_review")(visit, language, school)
        unfold(visit)
        step = page.locator("#step-forwarded")
        step.locator("select[name$=body]").select_option(index=1)
        step.locator("button.primary").click()
        page.wait_for_selector("#sent-on")
    else:
        page.locator("#result_list tbody a").first.click()
    unfold(visit)


def outcome_errors(visit: Visit, language: str, school: str) -> None:
    sent_on(visit, language, school)
    visit.page.locator("#sent-on form[action$='/outcome/'] button.primary").first.click()
    visit.page.wait_for_selector("#sent-on .errorlist")


def notice_form(visit: Visit, language: str, school: str) -> None:
    first_of("/admin/journal/entry/?state=in_review")(visit, language, school)
    visit.page.click("a[href$='/notice/']")


def notice_errors(visit: Visit, language: str, school: str) -> None:
    notice_form(visit, language, school)
    visit.page.click("main form button.primary")
    visit.page.wait_for_selector(".errorlist")


def print_form(visit: Visit, language: str, school: str) -> None:
    first_of("/admin/journal/volume/")(visit, language, school)
    visit.page.click("a.button.primary[href$='/print/']")


def password_errors(visit: Visit, language: str, school: str) -> None:
    visit.go("/admin/password_change/")
    visit.page.fill("[name=old_password]", "not it")
    visit.page.fill("[name=new_password1]", "123")
    visit.page.fill("[name=new_password2]", "124")
    visit.page.click("main form button.primary")
    visit.page.wait_for_selector(".errorlist")


def alert_in_hand(visit: Visit, language: str, school: str) -> None:
    first_of("/admin/journal/alert/?state=in_hand")(visit, language, school)
    unfold(visit)


def alert_errors(visit: Visit, language: str, school: str) -> None:
    alert_in_hand(visit, language, school)
    visit.page.locator("details.step button.primary").last.click()
    visit.page.wait_for_selector(".errorlist")


def note_errors(visit: Visit, language: str, school: str) -> None:
    visit.go(f"/admin/notes/{school}/write/")
    visit.page.click("main form button.primary")
    visit.page.wait_for_selector(".errorlist")


def note_written(visit: Visit, language: str, school: str) -> None:
    """A note waits in the list, in the words of this language alone."""
    visit.go(f"/admin/notes/{school}/write/")
    visit.page.fill(f"textarea[lang={language}]", "2026")
    visit.page.check("[name=about_nobody]")
    visit.page.click("main form button.primary")
    visit.page.wait_for_selector(".messagelist")


def note_conflict(visit: Visit, language: str, school: str) -> None:
    """Somebody took the note back since this page was loaded."""
    note_written(visit, language, school)
    page = visit.page
    page.locator("[name=seen]").first.evaluate("input => { input.value = 'public' }")
    page.locator("form[action$='/withdraw/'] button").first.click()
    page.wait_for_selector(".errornote")


KEY_HOLDER: dict[str, Way] = {
    "today": at("/admin/"),
    "open-box": at("/admin/journal/opening/open/{school}/"),
    "open-box-errors": opening_errors,
    "open-box-conflict": opening_conflict,
    "openings": at("/admin/journal/opening/"),
    "opening": letters_waiting,
    "journal": at("/admin/journal/entry/"),
    "journal-found": found,
    "entry": entry_with_steps,
    "entry-errors": step_errors,
    "entry-conversation": entry_with_conversation,
    "entry-closed": first_of("/admin/journal/entry/?state=closed"),
    "step-conflict": step_conflict,
    "alerts": at("/admin/journal/alert/"),
    "alert-in-hand": alert_in_hand,
    "alert-errors": alert_errors,
    "volumes": at("/admin/journal/volume/"),
    "figures": at("/admin/figures/{school}/"),
    "figures-year": at("/admin/figures/{school}/?period=2026-09-12"),
    "figures-errors": at("/admin/figures/{school}/?since=2026-09-02&until=2026-09-01"),
    "volume": first_of("/admin/journal/volume/"),
    "sent-on": sent_on,
    "sent-on-errors": outcome_errors,
    "notice-form": notice_form,
    "notice-errors": notice_errors,
    "print-form": print_form,
    "notes": note_written,
    "notes-errors": note_errors,
    "notes-conflict": note_conflict,
    "keys": at("/admin/keys/{school}/"),
    "password-change": at("/admin/password_change/"),
    "password-change-errors": password_errors,
    "own": at("/admin/own/"),
    "blank-forms": at("/admin/journal/blank/{school}/"),
    "ways": at("/admin/ways/{school}/"),
    "ways-with-a-site": ways.ways_of_a_site,
    "meetings": at("/admin/journal/meeting/"),
    "meeting-call": at("/admin/journal/meeting/call/{school}/"),
    "meeting-call-errors": commission.call_errors,
    "meeting-planned": commission.planned_meeting,
    "meeting-plan": commission.plan,
    "protocol": commission.protocol,
    "protocol-errors": commission.protocol_errors,
    "protocol-conflict": commission.protocol_conflict,
    "meeting-held": commission.held_meeting,
    "call": calls.call,
    "call-errors": calls.call_errors,
    "call-taken": calls.call_taken,
    "letter-in": calls.letter_in,
    "letter-in-errors": calls.letter_in_errors,
    "answering-text": calls.answering_text,
    "open-box-missed": commission.missed_openings,
    "today-missed": commission.today_with_missed,
    **imports.KEY_HOLDER,
    **reports.KEY_HOLDER,
    # The volume takes no letter afterwards; what is typed in to be destroyed begins a new one.
    "volume-closing": commission.volume_to_close,
    "volume-closed": commission.volume_closed,
    **destruction.KEY_HOLDER,
}

WITHOUT_KEY: dict[str, Way] = {
    "director-today": at("/admin/"),
    "director-alert": first_of("/admin/journal/alert/"),
    "director-entry": first_of("/admin/journal/entry/?state=open"),
    "director-opening": first_of("/admin/journal/opening/"),
    "director-keys": at("/admin/keys/{school}/"),
    "director-meetings": at("/admin/journal/meeting/"),
    "director-meeting": first_of("/admin/journal/meeting/"),
    "director-figures": at("/admin/figures/{school}/"),
    **reports.WITHOUT_KEY,
    **destruction.WITHOUT_KEY,
    "director-people": at("/admin/schools/user/"),
}


def logo_errors(visit: Visit, language: str, school: str) -> None:
    visit.go(f"/admin/settings/logo/{school}/")
    visit.page.click("main form[enctype] button.primary")
    visit.page.wait_for_selector(".errorlist")


def logo_chosen(visit: Visit, language: str, school: str) -> None:
    """A logo stands there, and the way to take it away."""
    visit.go(f"/admin/settings/logo/{school}/")
    icon = STATIC / "box" / "home-512.png"
    visit.page.set_input_files("[name=attachments]", icon)
    visit.page.click("main form[enctype] button.primary")
    visit.page.wait_for_selector(".logo-now")


def set_up_errors(visit: Visit, language: str, school: str) -> None:
    visit.go("/admin/set-up/?country=KG")
    visit.page.click("main form button.primary")
    visit.page.wait_for_selector(".errorlist")


ANALYST: dict[str, Way] = {
    "region-today": at("/admin/"),
    "region": at("/admin/region/"),
    "region-nothing-found": at("/admin/region/?q=2&only=silent&by=letters"),
    "region-part": at("/admin/region/?part=akzhol-01&period=2026-09-1"),
    "region-school": at("/admin/figures/it-lyceum/?period=2026-09-2"),
}

OPERATOR: dict[str, Way] = {
    "operator-today": at("/admin/"),
    "region-of-operator": at("/admin/region/"),
    "settings": at("/admin/settings/"),
    "year": at("/admin/settings/calendar/{school}/?year=2026"),
    "keys-list": at("/admin/keys/"),
    "set-up-country": at("/admin/set-up/"),
    "set-up-new": at("/admin/set-up/?country=KZ"),
    "set-up-new-errors": set_up_errors,
    "set-up-school": at("/admin/set-up/{school}/"),
    "set-up-people": at("/admin/set-up/{school}/people/"),
    "set-up-key": at("/admin/set-up/{school}/key/"),
    "set-up-letter": at("/admin/set-up/{school}/letter/"),
    "set-up-rest": at("/admin/set-up/{school}/rest/"),
    "ways-list": at("/admin/ways/"),
    "logo": logo_chosen,
    "logo-errors": logo_errors,
    **{
        f"{name}{what}": way
        for name, model in {
            "schools": "school",
            "regions": "region",
            "regulations": "regulation",
            "categories": "category",
            "causes": "cause",
            "phones": "trustphone",
            "bodies": "body",
            "first-answers": "firstanswer",
            "special-days": "calendarday",
            "vacations": "vacation",
            "people": "user",
            "memberships": "membership",
        }.items()
        for what, way in {
            "": at(f"/admin/schools/{model}/"),
            "-add": at(f"/admin/schools/{model}/add/"),
            "-change": first_of(f"/admin/schools/{model}/"),
        }.items()
    },
    **{
        f"commission{what}": way
        for what, way in {
            "": at("/admin/journal/commissionmember/"),
            "-add": at("/admin/journal/commissionmember/add/"),
            "-change": first_of("/admin/journal/commissionmember/"),
        }.items()
    },
    **imports.OPERATOR,
    "set-password": lambda visit, language, school: visit.go("/admin/schools/user/2/password/"),
}
