"""The form in its other places, and the page from which staff take the ways to it."""

from tests.browser.visits import READING_SECONDS, Visit

LETTER = "Бұл сынақ хаты: оны ешкім оқымайды, ол тек бет үшін жазылды."


def _sent(visit: Visit, language: str, school: str, way: str) -> None:
    page = visit.page
    visit.go(f"/{language}/{school}/{way}/")
    page.check("input[name=audience] >> nth=0")
    page.check("[name=danger]")
    page.fill("[name=text]", LETTER)
    page.wait_for_timeout(READING_SECONDS * 1000)
    page.click("form.letter button.btn-primary")
    page.wait_for_selector(".code")


def embed_errors(visit: Visit, language: str, school: str) -> None:
    visit.go(f"/{language}/{school}/embed/")
    visit.page.click("form.letter button.btn-primary")
    visit.page.wait_for_selector(".summary")


def embed_sent(visit: Visit, language: str, school: str) -> None:
    _sent(visit, language, school, "embed")


def kiosk_errors(visit: Visit, language: str, school: str) -> None:
    visit.go(f"/{language}/{school}/kiosk/")
    visit.page.check("[name=danger]")
    visit.page.click("form.letter button.btn-primary")
    visit.page.wait_for_selector(".summary")


def kiosk_sent(visit: Visit, language: str, school: str) -> None:
    _sent(visit, language, school, "kiosk")


def kiosk_asks(visit: Visit, language: str, school: str) -> None:
    """Somebody has gone away from a letter."""
    visit.go(f"/{language}/{school}/kiosk/")
    visit.page.fill("[name=text]", LETTER)
    visit.page.evaluate(
        "document.querySelector('.kiosk-asks').hidden = false;"
        "document.querySelector('.kiosk-left').textContent = '30'"
    )


def ways_of_a_site(visit: Visit, language: str, school: str) -> None:
    """With a site of the school's, and so with a frame to copy."""
    visit.portal.manage(
        "shell",
        "-c",
        "from schools.models import School; "
        f"School.objects.filter(slug='{school}').update(site='https://school.example.kz/')",
    )
    visit.go(f"/admin/ways/{school}/")
    visit.page.wait_for_selector("#snippet-frame")
