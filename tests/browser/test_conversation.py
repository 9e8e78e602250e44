"""A child and the psychologist talk, each in a browser of their own, both pages open all the while."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.test_whole_way import Way, registered, taken_out
from tests.browser.visits import PHONE, READING_SECONDS, Visit, send, visiting, write_letter
from tests.portal import Portal


@dataclass(frozen=True)
class Talk:
    """What both say, and what the page says to the child."""

    way: Way
    question: str
    reply: str
    answer: str
    no_messages: str
    new: str
    asks_first: str
    gone: str
    unknown: str
    on_paper: str


def _way(language: str, school: str, text: str, summary: str, javascript: bool) -> Way:
    phone = {"viewport": PHONE, "is_mobile": True, "has_touch": True}
    unused = {name: "" for name in ("measures", "outcome", "in_box", "closed", "number")}
    browser = {**phone, "java_script_enabled": javascript}
    return Way(
        language=language,
        school=school,
        text=text,
        summary=summary,
        anonymous_mark="",
        browser=browser,
        **unused,
    )


KAZAKH = Talk(
    way=_way(
        "kk",
        "it-lyceum",
        "Үзілісте екі үлкен бала ақшамды тартып алады, ешкімге айтпа дейді.",
        "Үзілісте оқушының ақшасын тартып алу туралы.",
        javascript=True,
    ),
    question="Сәлеметсіз бе! Бұл қай қабатта болды?",
    reply="Екінші қабатта, асхананың қасында. «Айтсаң — көресің» деді.",
    answer="Рахмет. Екінші қабатта ертеңнен бастап кезекші мұғалім тұрады.",
    no_messages="Әзірге хабарлама жоқ",
    new="Жаңа",
    asks_first="Бұл әңгімені алып тастайсыз ба?",
    gone="Әңгіме алып тасталды",
    unknown="Мұндай коды бар хат жоқ",
    on_paper="Сақтап қойыңыз. Ешкімге көрсетпеңіз.",
)
KYRGYZ = Talk(
    way=_way(
        "ky",
        "orozbekov",
        "Тыныгууда эки чоң бала акчамды тартып алат, эч кимге айтпа дешет.",
        "Тыныгууда окуучунун акчасын тартып алуу жөнүндө.",
        javascript=False,
    ),
    question="Саламатсызбы! Бул кайсы кабатта болду?",
    reply="Экинчи кабатта, ашкананын жанында. «Айтсаң — көрөсүң» дешти.",
    answer="Рахмат. Экинчи кабатта эртеңден баштап нөөмөтчү мугалим турат.",
    no_messages="Азырынча билдирүү жок",
    new="Жаңы",
    asks_first="Бул жазышууну алып саласызбы?",
    gone="Жазышуу алынып салынды",
    unknown="Мындай коду бар кат жок",
    on_paper="Сактап коюңуз. Эч кимге көрсөтпөңүз.",
)


def kept(child: Visit, talk: Talk) -> str:
    """From the form to the code, noted down wrong, then right; the code."""
    page = child.page
    write_letter(child, talk.way.school, talk.way.language, talk.way.text)
    code = send(child)
    child.picture(f"talk-{talk.way.language}-1-code")
    page.fill("[name=typed]", "0000 1111 2222 3333")
    page.click("button[value=check]")
    expect(page.locator(".summary")).to_be_visible()
    assert page.inner_text(".code") == code
    if talk.way.browser["java_script_enabled"]:
        _saved(child, talk, code)
    page.fill("[name=typed]", code.lower().replace("-", ""))
    page.click("button[value=check]")
    expect(page.locator(".code")).to_have_count(0)
    child.picture(f"talk-{talk.way.language}-2-checked")
    page.go_back()
    assert code not in page.content()
    return code


def _saved(child: Visit, talk: Talk, code: str) -> None:
    """As a picture under a name that tells nothing, by the clipboard, and on paper the slip alone."""
    page = child.page
    with page.expect_download() as download:
        page.click("[data-picture]")
    assert download.value.suggested_filename == "note.png"
    with open(download.value.path(), "rb") as file:
        assert file.read(8) == b"\x89PNG\r\n\x1a\n"
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.click("[data-copy]")
    expect(page.locator(".keep .done")).not_to_be_empty()
    assert page.evaluate("navigator.clipboard.readText()") == code
    page.emulate_media(media="print")
    assert page.inner_text("body").split("\n\n") == [code, talk.on_paper]
    page.emulate_media(media="screen")
    for kept_in in ("localStorage", "sessionStorage"):
        assert page.evaluate(f"{kept_in}.length") == 0
    assert page.evaluate("caches.keys()") == []


def opened(child: Visit, talk: Talk, code: str) -> str:
    """The letter's page by its code."""
    child.go(f"/{talk.way.language}/reply/")
    child.page.fill("[name=code]", code.lower())
    child.page.click("form.letter button.btn-primary")
    return child.page.inner_text("main")


def written_back(child: Visit, text: str) -> None:
    page = child.page
    page.fill("[name=text]", text)
    page.wait_for_timeout(READING_SECONDS * 1000)
    page.click("button[value=write]")
    expect(page.locator(".notice")).to_be_visible()
    # Loaded anew, the same form comes once more: it is one message.
    page.reload()
    assert page.locator(".said.mine").filter(has_text=text).count() == 1


def written_by_school(psychologist: Visit, text: str, kind: str = "") -> None:
    """A message, or the answer, by the form on the entry's page."""
    page = psychologist.page
    form = page.locator("#step-written_to")
    if form.get_attribute("open") is None:
        form.locator("summary").first.click()
    form.locator("textarea[name$='-text']").fill(text)
    if kind:
        form.locator(f"[name$='-kind'][value={kind}]").check()
    form.locator("button.primary").click()
    expect(page.locator(".messagelist")).to_be_visible()


def entry_opened(psychologist: Visit, talk: Talk) -> None:
    page = psychologist.page
    psychologist.go("/admin/journal/entry/")
    page.fill("input[name=words]", talk.way.summary[2:40])
    page.press("input[name=words]", "Enter")
    page.locator("#result_list tbody a").first.click()
    review = page.locator("#step-taken_into_review")
    if review.get_attribute("open") is None:
        review.locator("summary").first.click()
    review.locator("button.primary").click()
    expect(page.locator("#step-written_to")).to_be_visible()


@pytest.mark.parametrize("talk", [KAZAKH, KYRGYZ], ids=["kk-with-js", "ky-without-js"])
def test_a_child_and_the_psychologist_talk(chromium: Browser, portal: Portal, talk: Talk) -> None:
    with (
        visiting(chromium, portal, **talk.way.browser) as child,
        visiting(chromium, portal) as psychologist,
    ):
        code = kept(child, talk)
        assert talk.no_messages in opened(child, talk, code)
        psychologist.sign_in(f"psychologist.{talk.way.school}", talk.way.language)
        psychologist.go("/admin/")
        taken_out(psychologist, talk.way)
        registered(psychologist, talk.way)
        entry_opened(psychologist, talk)
        written_by_school(psychologist, talk.question, kind="message")

        # The child's page has stood open all the while.
        child.page.fill("[name=text]", talk.reply)
        child.page.click("button[value=look]")
        said = child.page.locator(".said")
        assert talk.question in said.inner_text()
        assert talk.new in said.inner_text()
        assert child.page.input_value("[name=text]") == talk.reply
        child.picture(f"talk-{talk.way.language}-3-question")
        written_back(child, talk.reply)

        psychologist.page.reload()
        assert talk.reply in psychologist.page.inner_text("main")
        psychologist.picture(f"talk-{talk.way.language}-4-entry")
        written_by_school(psychologist, talk.answer, kind="answer")

        child.page.click("button[value=look]")
        lines = child.page.locator(".said .words").all_inner_texts()
        assert [line.strip() for line in lines] == [talk.question, talk.reply, talk.answer]
        child.picture(f"talk-{talk.way.language}-5-answer")
        taken_away(child, talk, code)
        assert [url for url in child.requested if code in url or code[:9] in url] == []
        assert code not in str(child.page.context.cookies())

        psychologist.page.reload()
        main = psychologist.page.inner_text("main")
        assert talk.reply in main
        assert talk.answer in main
    assert "whole" in portal.manage("verify_journal", talk.way.school)


def taken_away(child: Visit, talk: Talk, code: str) -> None:
    """Asked first and refused once, then done; the code is a code like any other unknown one."""
    page = child.page
    for yes_or_no in ("look", "left"):
        page.locator("section[aria-labelledby=leave] summary").click()
        page.click("button[value=leave]")
        assert talk.asks_first in page.inner_text("h1")
        child.picture(f"talk-{talk.way.language}-6-leave")
        page.click(f"button[value={yes_or_no}]")
    assert talk.gone in page.inner_text("h1")
    assert talk.unknown in opened(child, talk, code)
    assert code not in page.title()
