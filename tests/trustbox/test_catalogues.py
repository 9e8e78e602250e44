"""What is wrong in a catalogue is named, Django's texts are asked for and kept, dates stand in figures."""

import datetime
from pathlib import Path

import polib
import pytest
from django import forms
from django.utils import formats, translation

from schools.languages import LANGUAGES
from trustbox.catalogue_faults import catalogue_faults
from trustbox.django_texts import django_texts, keep_django_texts, key_of

pytestmark = pytest.mark.once("sqlite")


def catalogue(*entries: polib.POEntry) -> polib.POFile:
    made = polib.POFile()
    made.extend(entries)
    return made


def write(folder: Path, entry: polib.POEntry) -> None:
    target = folder / "ru" / "LC_MESSAGES" / "django.po"
    target.parent.mkdir(parents=True)
    catalogue(entry).save(str(target))


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        (polib.POEntry(msgid="A letter"), "is not translated"),
        (polib.POEntry(msgid="A letter", msgstr="Письмо", flags=["fuzzy"]), "is a guess"),
        (polib.POEntry(msgid="No. %(number)s", msgstr="№"), "has other placeholders"),
        (polib.POEntry(msgid="Read {name}", msgstr="Читать {имя}"), "has other placeholders"),
        (polib.POEntry(msgid="<b>Go</b>", msgstr="Идите"), "has other placeholders"),
    ],
)
def test_a_fault_is_named(tmp_path, entry, fault):
    write(tmp_path, entry)
    assert [line for line in catalogue_faults(tmp_path, ["ru"]) if fault in line]


def test_a_good_catalogue_has_no_fault(tmp_path):
    write(tmp_path, polib.POEntry(msgid="No. %(number)s", msgstr="№ %(number)s"))
    assert list(catalogue_faults(tmp_path, ["ru"])) == []


def test_what_django_lacks_in_kazakh_is_asked_for_and_kept():
    lacking = [key_of(text) for _part, text, said in django_texts("kk", "django") if not said]
    assert (None, "Skip to main content") in lacking
    former = catalogue(polib.POEntry(msgid="Skip to main content", msgstr="Негізгі мазмұнға өту"))
    kept = keep_django_texts(catalogue(), former, "kk", "django")
    assert {key_of(entry) for entry in kept} == set(lacking)
    assert kept.find("Skip to main content").msgstr == "Негізгі мазмұнға өту"


@pytest.mark.parametrize(("language", "forms"), [("uz", 1), ("tg", 2), ("ru", 4)])
def test_a_catalogue_just_begun_counts_as_its_language_does(language, forms):
    begun = polib.POEntry(msgid="{n} day", msgid_plural="{n} days", msgstr_plural={0: "", 1: ""})
    kept = keep_django_texts(catalogue(begun), catalogue(), language, "django")
    assert len(kept.find("{n} day").msgstr_plural) == forms
    assert f"nplurals={forms};" in kept.metadata["Plural-Forms"]


def test_what_we_say_better_than_django_stays():
    former = catalogue(polib.POEntry(msgid="Log out", msgstr="Выход"))
    kept = keep_django_texts(catalogue(), former, "ru", "django")
    assert [entry.msgstr for entry in kept] == ["Выход"]


def test_a_text_of_ours_comes_first_and_once():
    ours = polib.POEntry(msgid="Log out", msgstr="Выход", occurrences=[("box/a.py", "")])
    kept = keep_django_texts(catalogue(ours), catalogue(ours), "ru", "django")
    assert [(entry.msgid, entry.comment) for entry in kept] == [("Log out", "")]


def test_a_word_that_django_counts_serves_both():
    ours = polib.POEntry(msgid="entry", occurrences=[("journal/a.py", "")])
    former = catalogue(
        polib.POEntry(msgid="entry", msgid_plural="entries", msgstr_plural={0: "жазба", 1: "жазба"})
    )
    kept = keep_django_texts(catalogue(ours), former, "kk", "django")
    assert kept.find("entry").msgstr_plural == {0: "жазба", 1: "жазба"}
    assert len([entry for entry in kept if entry.msgid == "entry"]) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_dates_stand_in_figures_and_are_read_so(language):
    day = datetime.date(2026, 11, 21)
    with translation.override(language):
        assert formats.date_format(day) == "21.11.2026"
        assert forms.DateField(localize=True).widget.format_value(day) == "21.11.2026"
        assert forms.DateField().clean("21.11.2026") == day
        assert forms.DateField().clean("2026-11-21") == day
        moment = formats.date_format(datetime.datetime(2026, 11, 21, 9, 5), "DATETIME_FORMAT")
        assert moment == "21.11.2026 09:05"


@pytest.mark.parametrize(
    ("language", "month"),
    [("kk", "2026 жылғы қараша"), ("ru", "Ноябрь 2026 г."), ("ky", "2026-ж. ноябрь")],
)
def test_a_month_is_named_in_the_language(language, month):
    with translation.override(language):
        assert formats.date_format(datetime.date(2026, 11, 1), "YEAR_MONTH_FORMAT") == month
