"""How a person comes to a page."""

from collections.abc import Callable

from tests.browser.visits import Visit

Way = Callable[[Visit, str, str], object]  # the browser, the language, the school


def at(address: str) -> Way:
    """The page stands at an address."""
    return lambda visit, language, school: visit.go(
        address.format(language=language, school=school)
    )


def first_of(address: str) -> Way:
    """The page of the first row of a list."""

    def come(visit: Visit, language: str, school: str) -> None:
        visit.go(address.format(language=language, school=school))
        visit.page.locator("#result_list tbody a").first.click()

    return come


def unfold(visit: Visit) -> None:
    """Everything that a fold hides is on the page too."""
    visit.page.evaluate(
        "document.querySelectorAll('main details').forEach(fold => { fold.open = true })"
    )
