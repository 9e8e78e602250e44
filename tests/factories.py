"""Schools, people and letters for the tests: plain functions over the portal's own services."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from django.urls import reverse
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from box.form_tokens import Receipt
from box.models import Letter
from box.services import submitting
from journal.models import Entry, Forwarding, Opening, TakenLetter
from journal.services import forwarding, key_keeping, opening, registering
from schools.models import (
    Body,
    Category,
    Membership,
    Region,
    RegionMembership,
    Regulation,
    School,
    User,
)
from schools.models.regulation import Audience
from schools.roles import REGION_ROLES
from schools.selectors import key_in_use, keyring_of
from schools.services.bodies import give_bodies
from schools.services.second_factor import has_second_factor, needs_second_factor
from schools.services.signing_in import open_pair
from tests.box.files.making import clean_file
from vault import receipts
from vault.keyring import Keyring
from vault.pairs import KeyPair

PASSWORD = "correct horse battery staple"
TEXT = "They take my lunch money every day behind the gym."
CATEGORIES = {
    "bullying": {"kk": "Қорлау", "ru": "Травля", "ky": "Кордоо", "en": "Bullying"},
    "requests": {"kk": "Өтініштер", "ru": "Просьбы", "ky": "Өтүнүчтөр", "en": "Requests"},
}
TIME_ZONES = {"KZ": "Asia/Almaty", "KG": "Asia/Bishkek"}
LANGUAGES = {"KZ": ["kk", "ru"], "KG": ["ky", "ru"]}
IDENTITY = {
    "full_name": "Айгүл Серікқызы",
    "address": "Абай көшесі 5",
    "age": "13",
    "class_group": "7Б",
    "phone": "+77011234567",
}


@dataclass(frozen=True)
class Person:
    """Somebody who has signed in once: the account, the password and the opened pair."""

    user: User
    password: str = field(repr=False)
    pair: KeyPair = field(repr=False)

    def fresh(self) -> User:
        """The account as the database has it now, without roles remembered from before."""
        return User.objects.get(pk=self.user.pk)

    def keyring(self) -> Keyring:
        """What this person can open now."""
        return keyring_of(self.fresh(), self.pair)


def make_school(
    slug: str = "school-1",
    *,
    country: str = "KZ",
    languages: list[str] | None = None,
    names: dict[str, str] | None = None,
    school_fields: dict[str, Any] | None = None,
    **regulation: Any,
) -> School:
    """A school with two categories and a regulation; ``regulation`` is any of its settings."""
    school = School.objects.create(
        slug=slug,
        names=names or {code: f"{code} {slug}" for code in ("kk", "ru", "ky", "en")},
        country=country,
        time_zone=TIME_ZONES[country],
        languages=languages or LANGUAGES[country],
        **(school_fields or {}),
    )
    box_names = {"kk": "Сенім жәшігі", "ru": "Ящик доверия", "ky": "Ишеним кутусу"}
    Regulation.objects.create(school=school, **{"box_names": box_names, **regulation})
    for order, (category, texts) in enumerate(CATEGORIES.items()):
        Category.objects.create(school=school, slug=category, names=texts, order=order)
    return school


def make_region(slug: str = "region-1", *, parent: Region | None = None, **fields: Any) -> Region:
    """A region, or a part of one."""
    names = {code: f"{code} {slug}" for code in ("kk", "ru", "ky", "en")}
    return Region.objects.create(slug=slug, parent=parent, **{"names": names, **fields})


def region_of(school: School) -> Region:
    """The region in which a school is; made when it is in none."""
    if school.region is None:
        school.region = make_region(f"region-of-{school.slug}")
        school.save(update_fields=["region"])
    return school.region


def make_person(
    school: School | None,
    role: str | None,
    *,
    username: str | None = None,
    password: str = PASSWORD,
    with_key: bool = False,
    **fields: Any,
) -> Person:
    """Somebody with a role in a school or its region (or with none), who has signed in once.

    ``with_key`` gives the school's key.
    """
    name = username or f"{role or 'nobody'}.{school.slug if school else 'nowhere'}"
    user = User.objects.create_user(
        name, password, **{"full_name": f"Full name of {name}", "language": "en", **fields}
    )
    if school is not None and role in REGION_ROLES:
        RegionMembership.objects.create(user=user, region=region_of(school))
    elif school is not None and role is not None:
        Membership.objects.create(user=user, school=school, role_id=role)
    person = Person(user=user, password=password, pair=open_pair(user=user, password=password))
    if with_key:
        give_key(school, to=person)
    return person


def make_operator(username: str = "operator") -> Person:
    """The technical operator: people and settings of every school, no key."""
    return make_person(None, None, username=username, is_operator=True)


def give_key(school: School, *, to: Person, by: Person | None = None) -> None:
    """The school's key: made now by ``to`` as its first holder, else granted by a holder.

    Without ``by`` the holder is the one to whom this same ``school`` object was given first.
    """
    if key_in_use(school) is None:
        key_keeping.make_key(school=school, by=to.fresh())
        school.first_holder = to
        return
    holder = by or school.first_holder
    key_keeping.grant(school=school, to=to.fresh(), by=holder.fresh(), keyring=holder.keyring())


def send_letter(
    school: School,
    *,
    text: str = TEXT,
    signed: bool = False,
    identity: dict[str, str] | None = None,
    audience: str = Audience.STUDENT,
    category: str | None = "bullying",
    danger: bool = False,
    language: str | None = None,
    code: str | None = None,
    about: Collection[str] = (),
    files: Collection[bytes] = (),
) -> Letter:
    """A letter in the box, findable by the receipt ``code``. The school needs a key. ``files`` are clean already."""
    clean = [clean_file(data) for data in files]
    code = code or receipts.new_code()
    who = (IDENTITY if identity is None else identity) if signed else {}
    try:
        submitting.submit(
            school=school,
            school_key=key_in_use(school),
            language=language or school.main_language,
            audience=audience,
            signed=signed,
            danger=danger,
            category=Category.objects.get(school=school, slug=category) if category else None,
            content={"text": text, **who},
            receipt=Receipt(code=code, form_hash=receipts.lookup_hash(receipts.new_code())),
            about=about,
            files=clean,
        )
    finally:
        for file in clean:
            file.upload.close()
    return Letter.objects.get(receipt_hash=receipts.lookup_hash(code))


def open_box(school: School, *, by: Person, **facts: Any) -> Opening:
    """The box opened on schedule by a key holder; ``facts`` as ``journal.services.opening.open_box`` takes them."""
    newest = Opening.objects.filter(school=school).order_by("-pk").first()
    return opening.open_box(
        **{
            "school": school,
            "present": [opening.Present(name=by.user.full_name)],
            "place": "",
            "kind": Opening.Kind.SCHEDULED,
            "reason": "",
            "paper_count": 0,
            "last_seen": newest.pk if newest else None,
            "missed_reason": "Nobody was there.",
            "by": by.fresh(),
            "keyring": by.keyring(),
            **facts,
        }
    )


def register(
    taken: TakenLetter,
    *,
    by: Person,
    summary: str = "Lunch money is taken from a pupil.",
    **facts: Any,
) -> Entry:
    """A taken letter gets its number; ``facts`` as ``registering.Registration`` takes them."""
    return registering.register_letter(
        taken=taken,
        registration=registering.Registration(
            **{"summary": summary, "category": None, "class_group": "7Б", **facts}
        ),
        by=by.fresh(),
        keyring=by.keyring(),
    )


def registered_entry(school: School, *, by: Person, summary: str = "", **letter: Any) -> Entry:
    """A letter sent, taken out and registered; ``letter`` as ``send_letter`` takes it."""
    sent = send_letter(school, **letter)
    open_box(school, by=by)
    return register(
        TakenLetter.objects.get(letter=sent),
        by=by,
        summary=summary or "Lunch money is taken from a pupil.",
        category=sent.category,
    )


def forwarded(entry: Entry, *, by: Person, **facts: Any) -> Forwarding:
    """The entry sent on to the first body of the school's list; ``facts`` as ``forwarding.forward`` takes them.

    A school without such a list gets the usual one.
    """
    give_bodies(school=entry.school)
    today = entry.school.today()
    return forwarding.forward(
        **{
            "entry": entry,
            "body": Body.objects.filter(school=entry.school).first(),
            "way": Forwarding.Way.LETTER,
            "sent_on": today,
            "due_on": today + datetime.timedelta(days=10),
            "covering": "",
            "parts": ["summary"],
            "out_of_competence": False,
            "late_reason": "",
            "signer": forwarding.Signer(),
            "by": by.fresh(),
            "keyring": by.keyring(),
            "version": entry.version,
            **facts,
        }
    )


def signed_in_client(person: Person) -> Client:
    """A browser in which the person has signed in by the real forms, with the second step where it is asked for."""
    client = Client()
    response = client.post(
        reverse("admin:login"), {"username": person.user.username, "password": person.password}
    )
    if response.status_code != 302:
        raise AssertionError("The person could not sign in.")
    user = person.fresh()
    if needs_second_factor(user) or has_second_factor(user):
        response = client.post(reverse("admin:second_factor"), {"code": app_code(person)})
        if response.status_code != 302:
            raise AssertionError("The second step was refused.")
    return client


def app_code(person: Person) -> str:
    """What the person's app shows now, good once more; the app is set up behind the pages when there is none."""
    app = TOTPDevice.objects.filter(user=person.user).first()
    if app is None:
        app = TOTPDevice.objects.create(user=person.user, name="")
    # Two tests' worth of signing in may fall into one half minute of the app.
    TOTPDevice.objects.filter(pk=app.pk).update(last_t=-1, throttling_failure_count=0)
    return code_now(app.key)


def code_now(secret: str) -> str:
    """The six figures that an app with this secret (hex) shows now."""
    return f"{totp(bytes.fromhex(secret)):06d}"


def day(text: str) -> datetime.date:
    """``2026-11-21`` as a date."""
    return datetime.date.fromisoformat(text)
