"""The pages on which tables come in and go out, and how a person comes to each."""

from typing import Any

from journal.importing.columns import CLASSES, JOURNAL, STAFF
from journal.importing.school_columns import SCHOOLS
from schools.languages import speaking
from schools.roles import ROLE_NAMES
from tests.browser.coming import Way, at
from tests.browser.visits import Visit
from tests.journal.importing.files import xlsx

WORDS = "Бұл сынақ хаты: оны ешкім оқымайды."


def _sent(visit: Visit, address: str, rows: list[list[Any]]) -> None:
    """A file is chosen and read; its columns are told next."""
    visit.go(address)
    file = {"name": "1.xlsx", "mimeType": "application/octet-stream", "buffer": xlsx(rows)}
    visit.page.set_input_files("[name=attachments]", file)
    visit.page.click("main form[enctype] button.primary")
    visit.page.wait_for_url("**/columns/")


def _looked(visit: Visit) -> None:
    visit.page.click("form#columns button.primary")
    visit.page.wait_for_selector(".plain-table")


def _heads(language: str, targets: tuple, *names: str) -> list[str]:
    with speaking(language):
        labels = {target.name: str(target.label) for target in targets}
    return [labels[name] for name in names]


def _journal(visit: Visit, language: str, school: str, *rows: list[Any]) -> None:
    heads = _heads(language, JOURNAL, "number", "taken_on", "name", "category", "summary")
    _sent(visit, f"/admin/journal/import/{school}/", [heads, *rows])


def file_errors(visit: Visit, language: str, school: str) -> None:
    visit.go(f"/admin/journal/import/{school}/")
    visit.page.click("main form[enctype] button.primary")
    visit.page.wait_for_selector(".errorlist")


def columns(visit: Visit, language: str, school: str) -> None:
    _journal(visit, language, school, [1, "12.01.2019", "", "", WORDS])


def columns_errors(visit: Visit, language: str, school: str) -> None:
    """A category that the school has not, and no day."""
    _journal(visit, language, school, [1, "12.01.2019", "", "2019", WORDS])
    visit.page.select_option("[name=column-1]", "")
    visit.page.click("form#columns button.primary")
    visit.page.wait_for_selector(".errorlist")


def look(visit: Visit, language: str, school: str) -> None:
    _journal(
        visit, language, school, [1, "12.01.2019", "", "", WORDS], [2, "12.01.2019", "", "", WORDS]
    )
    _looked(visit)


def look_errors(visit: Visit, language: str, school: str) -> None:
    wrong = [
        [1, "12.01.2019", "", "", WORDS],
        [3, "31.02.2019", "", "", ""],
        ["", "", "", "", WORDS],
    ]
    _journal(visit, language, school, *wrong)
    _looked(visit)


def export_errors(visit: Visit, language: str, school: str) -> None:
    visit.go("/admin/journal/entry/export/")
    visit.page.click("main form button.primary")
    visit.page.wait_for_selector(".errorlist")


def staff(visit: Visit, language: str, school: str) -> None:
    heads = _heads(language, STAFF, "full_name", "role")
    with speaking(language):
        role = str(ROLE_NAMES["director"])
    _sent(visit, f"/admin/people/import/{school}/", [heads, ["Айгүл Серікқызы", role]])
    _looked(visit)


def staff_links(visit: Visit, language: str, school: str) -> None:
    """Added, with the links to print."""
    heads = _heads(language, STAFF, "full_name", "role")
    with speaking(language):
        role = str(ROLE_NAMES["commission_member"])
    name = f"Айгүл {visit.page.evaluate('String(Date.now())')}"
    _sent(visit, f"/admin/people/import/{school}/", [heads, [name, role]])
    _looked(visit)
    visit.page.click("main form.card button.primary")
    visit.page.wait_for_selector(".link-to-copy")


def classes(visit: Visit, language: str, school: str) -> None:
    heads = _heads(language, CLASSES, "name", "level")
    _sent(visit, f"/admin/classes/import/{school}/", [heads, ["7Б", 7], ["8А", 8]])
    _looked(visit)


def class_changed(visit: Visit, language: str, school: str) -> None:
    """A class of some school, added just before: the demonstration has none."""
    visit.go("/admin/schools/classgroup/add/")
    visit.page.select_option("[name=school]", index=1)
    visit.page.fill("[name=name]", visit.page.evaluate("String(Date.now())"))
    visit.page.click("[name=_save]")
    visit.page.locator("#result_list tbody a").first.click()


def _schools(visit: Visit, language: str, **facts: str) -> None:
    """A list of one school, looked at."""
    row = {
        "slug": f"5-{visit.page.evaluate('Date.now()')}",
        "name_kk": "№ 5 мектеп",
        "country": "KZ",
        "template": "weekly-psychologist",
        "director": "Айгүл Серікқызы",
        **facts,
    }
    _sent(visit, "/admin/schools/import/", [_heads(language, SCHOOLS, *row), list(row.values())])
    _looked(visit)


def schools(visit: Visit, language: str, school: str) -> None:
    _schools(visit, language)


def schools_errors(visit: Visit, language: str, school: str) -> None:
    _schools(visit, language, country="2019", director="a@b")


def school_links(visit: Visit, language: str, school: str) -> None:
    """Added, with the links to be taken."""
    _schools(visit, language)
    visit.page.click("main form.card button.primary")
    visit.page.wait_for_url("**/links/")


KEY_HOLDER: dict[str, Way] = {
    "import-errors": file_errors,
    "import-columns": columns,
    "import-columns-errors": columns_errors,
    "import-look": look,
    "import-look-errors": look_errors,
    "export": lambda visit, language, school: visit.go("/admin/journal/entry/export/"),
    "export-errors": export_errors,
}
OPERATOR: dict[str, Way] = {
    "import-staff": staff,
    "import-staff-links": staff_links,
    "import-classes": classes,
    "import-schools-file": at("/admin/schools/import/"),
    "import-schools": schools,
    "import-schools-errors": schools_errors,
    "import-schools-links": school_links,
    "classes": lambda visit, language, school: visit.go("/admin/schools/classgroup/"),
    "classes-add": lambda visit, language, school: visit.go("/admin/schools/classgroup/add/"),
    "classes-change": class_changed,
}
