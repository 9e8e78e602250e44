"""``manage.py add_school``: what it makes, prints and answers; run twice, run wrong."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from schools.models import Body, Invitation, Regulation, School, User
from schools.selectors import regulation_of

pytestmark = pytest.mark.django_db

OPTIONS = (
    *("school-12", "--country=KZ", "--template=letters-and-calls"),
    *("--name", "kk=№ 12 мектеп", "--name", "ru=Школа № 12", "--box-name", "ru=Ящик у входа"),
    *("--address", "ru=ул. Абая, 1", "--phone=+7 700", "--site=https://school.example"),
    *("--language=ru", "--language=kk", "--time-zone=Asia/Oral", "--working-week=6"),
    *("--person", "phone_officer=Айгүл Сәкен=a@school.example", "--person", "director=Ким"),
)
DESCRIBED = {
    "slug": "school-12",
    "names": {"ru": "Школа № 12"},
    "country": "KG",
    "template": "weekly-commission",
    "settings": {"opens_at": "09:30", "month_days": [1], "holds_from": "2026-09-01"},
    "categories": [{"slug": "study", "names": {"ru": "Учёба"}}],
    "phones": [{"names": {"ru": "Психолог"}, "number": "111"}],
    "vacations": [["2026-12-30", "2027-01-10"]],
    "special_days": [{"day": "2026-12-12", "works": True}],
    "people": [{"full_name": "Асан", "roles": ["social_pedagogue", "commission_member"]}],
}


def run(*options: str) -> str:
    out = StringIO()
    call_command("add_school", *options, stdout=out)
    return out.getvalue()


def described(folder: Path, **facts: object) -> str:
    file = folder / "school.json"
    file.write_text(json.dumps({**DESCRIBED, **facts}), encoding="utf-8")
    return f"--file={file}"


def links(printed: str) -> dict[str, str]:
    """User name → link, as printed."""
    rows = (line.split("\t") for line in printed.splitlines() if "\t" in line)
    return dict(rows)


def test_by_options() -> None:
    printed = run(*OPTIONS)
    school = School.objects.get()
    assert (school.languages, school.time_zone, school.working_week) == (
        ["ru", "kk"],
        "Asia/Oral",
        6,
    )
    assert school.addresses == {"ru": "ул. Абая, 1"}
    assert regulation_of(school).box_names == {"ru": "Ящик у входа"}
    assert "Школа № 12 (school-12)" in printed
    assert "TRUSTBOX_URL is not set" in printed
    assert set(links(printed)) == {"phone.school-12", "director.school-12"}


def test_the_links_open() -> None:
    printed = run(*OPTIONS)
    address = links(printed)["director.school-12"]
    page = Client().get(address, follow=True)
    assert page.status_code == 200
    assert "Ким" in page.content.decode()


def test_the_links_bear_the_address_of_the_portal(settings: object) -> None:
    settings.BASE_URL = "https://box.school.kz"
    printed = run(*OPTIONS)
    start = "https://box.school.kz" + reverse("admin:welcome_link", args=["x"])[:-2]
    assert all(link.startswith(start) for link in links(printed).values())
    assert "TRUSTBOX_URL" not in printed


def test_by_a_description(tmp_path: Path) -> None:
    run(described(tmp_path))
    school = School.objects.get()
    assert school.languages == ["ky", "ru"]
    assert [str(row.slug) for row in school.categories.all()] == ["study"]
    assert school.trust_phones.get().number == "111"
    assert school.vacations.get().last_day.isoformat() == "2027-01-10"
    assert school.calendar_days.get().works
    user = User.objects.get()
    assert user.roles_by_school == {school.pk: {"social_pedagogue", "commission_member"}}


def test_from_the_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO(json.dumps(DESCRIBED)))
    run("--file=-")
    assert School.objects.get().slug == "school-12"


def test_a_second_run_says_so_and_changes_nothing(tmp_path: Path) -> None:
    run(*OPTIONS)
    before = list(School.objects.values()), list(Regulation.objects.values())
    assert run(*OPTIONS) == "school-12 is there already: nothing was changed.\n"
    assert "nothing was changed" in run(described(tmp_path, country="KZ"))
    assert (list(School.objects.values()), list(Regulation.objects.values())) == before
    assert Invitation.objects.count() == 2


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "short name"),
        (("school-12",), "names is missing"),
        (("school-12", "--name=ru=Ш"), "country is missing"),
        ((*OPTIONS, "--language=tlh"), "languages"),
        ((*OPTIONS, "--time-zone=Asia/Atlantis"), "time_zone"),
        ((*OPTIONS, "--name=Школа"), "LANGUAGE=TEXT"),
        ((*OPTIONS, "--person=director"), "ROLE=FULL NAME"),
        ((*OPTIONS, "--person=boss=Ким"), "person 3: roles"),
        ((*OPTIONS, "--person=director=Ким=nowhere"), "person 3: email"),
        (("--file=/no/such/file.json",), "cannot be read"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(options: tuple[str, ...], words: str) -> None:
    with pytest.raises(CommandError) as refused:
        run(*options)
    assert words in str(refused.value)
    assert refused.value.returncode == 1
    assert not School.objects.exists()
    assert not User.objects.exists()
    assert not Body.objects.exists()


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"colour": "#000000"}, "colour: there is no such fact"),
        ({"names": "Школа"}, "names"),
        ({"phones": [{"number": "111"}]}, "docs/setting-up.md"),
        ({"phones": ["111"]}, "docs/setting-up.md"),
        ({"categories": [["study"]]}, "docs/setting-up.md"),
        ({"vacations": [["2026-12-30"]]}, "docs/setting-up.md"),
        ({"vacations": [["soon", "later"]]}, "docs/setting-up.md"),
        ({"special_days": [{"day": "2026-12-12"}]}, "docs/setting-up.md"),
        ({"people": [{"name": "Асан"}]}, "people: each is described by full_name"),
        ({"people": ["Асан"]}, "people: each is described by full_name"),
        ({"template": "monthly"}, "template"),
        ({"settings": {"opens_at": "late"}}, "opens_at"),
        ({"slug": ["a"]}, "slug"),
    ],
)
def test_a_wrong_description(tmp_path: Path, facts: dict, words: str) -> None:
    with pytest.raises(CommandError) as refused:
        run(described(tmp_path, **facts))
    assert words in str(refused.value)
    assert not School.objects.exists()


@pytest.mark.parametrize("text", ["", "{", "[]", '"school"'])
def test_what_is_no_description(tmp_path: Path, text: str) -> None:
    file = tmp_path / "school.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError):
        run(f"--file={file}")
    assert not School.objects.exists()
