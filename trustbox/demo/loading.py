"""Loads demonstration schools with people, keys and a few letters, all through the portal's own services."""

import secrets
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from box.form_tokens import Receipt
from box.services.submitting import submit
from journal.models import Alert, Entry, Forwarding, Opening, TakenLetter
from journal.services import alerting, key_keeping, registering, reviewing
from journal.services.forwarding import Signer, forward
from journal.services.opening import Present, open_box
from schools.models import Category, Regulation, School, User
from schools.models.regulation import Column
from schools.selectors import causes_of, key_in_use, keyring_of
from schools.services.hiring import Newcomer, hire
from schools.services.inviting import accept
from schools.services.setting_up import set_up_school
from schools.working_days import calendar_of
from trustbox.demo.commission import hold_meetings, make_commission
from trustbox.demo.letters import Story, stories_in
from trustbox.demo.public_notes import tell_what_changed
from trustbox.demo.schools import HOLDS_FROM, SCHOOLS
from vault.keyring import Keyring
from vault.pairs import KeyPair
from vault.receipts import new_code

# Account name → role. The director has no key at first: a colleague grants it.
ACCOUNTS = {
    "psychologist": "psychologist",
    "social": "social_pedagogue",
    "deputy": "deputy_director",
    "director": "director",
}
KEY_HOLDERS = ("psychologist", "social", "deputy")


@dataclass(frozen=True)
class Worker:
    """An account with its opened pair."""

    user: User
    pair: KeyPair

    def keyring(self) -> Keyring:
        """What the account opens now."""
        return keyring_of(self.user, self.pair)


class NotADemo(Exception):
    """A real school has the short name of a demonstration one."""


def load_operator(password: str) -> bool:
    """The technical account; returns whether it was made now."""
    if User.objects.filter(username="operator").exists():
        return False
    User.objects.create_superuser(
        "operator", password, full_name="Оператор", language="ru", email=""
    )
    return True


@transaction.atomic
def load_school(data: dict[str, Any], password: str) -> School | None:
    """One of the four schools, whole; None when it is there already. Raises NotADemo."""
    present = School.objects.filter(slug=data["slug"]).first()
    if present is not None:
        if not present.is_demo:
            raise NotADemo(data["slug"])
        return None
    school = add_school(data)
    workers = _hire(school, data["people"], password)
    _write_and_register(school, workers)
    tell_what_changed(school, {account: worker.user for account, worker in workers.items()})
    return school


def add_school(data: dict[str, Any]) -> School:
    """The school with its rules, by the portal's own set-up."""
    facts = {name: fact for name, fact in data.items() if name != "people"}
    facts["settings"] = {"holds_from": HOLDS_FROM, **facts["settings"]}
    return set_up_school(**facts, by=None, is_demo=True)


def _hire(school: School, names: dict[str, str], password: str) -> dict[str, Worker]:
    """The people, each come in by their own link with the password that all of them share."""
    newcomers = [
        Newcomer(full_name=names[account], roles=[role], username=f"{account}.{school.slug}")
        for account, role in ACCOUNTS.items()
    ]
    workers: dict[str, Worker] = {}
    for account, hired in zip(
        ACCOUNTS, hire(school=school, people=newcomers, by=None), strict=True
    ):
        user, pair = accept(token=hired.token, password=password)
        workers[account] = Worker(user=user, pair=pair)
    first, *others = KEY_HOLDERS
    maker = workers[first]
    key_keeping.make_key(school=school, by=maker.user)
    for account in others:
        key_keeping.grant(
            school=school, to=workers[account].user, by=maker.user, keyring=maker.keyring()
        )
    return workers


def send(school: School, story: Story, language: str) -> None:
    """An invented letter goes into the box."""
    # The code of an invented letter is thrown away: nobody waits for its answer.
    submit(
        school=school,
        school_key=key_in_use(school),
        language=language,
        audience=story.audience,
        signed=story.signed,
        danger=story.danger,
        category=Category.objects.filter(school=school).first(),
        content={
            "text": story.text,
            **({**story.identity, "class_group": story.class_group} if story.signed else {}),
        },
        receipt=Receipt(code=new_code(), form_hash=secrets.token_bytes(32)),
    )


def _write_and_register(school: School, workers: dict[str, Worker]) -> None:
    """Some letters are through the journal, one is taken out, some still wait in the box."""
    stories = stories_in(school.languages)
    psychologist, deputy = workers["psychologist"], workers["deputy"]
    keyring = psychologist.keyring()
    for story in stories[:5]:
        send(school, story, school.main_language)
    opening = open_box(
        school=school,
        present=[
            Present(name=str(workers[account].user), role=ACCOUNTS[account])
            for account in KEY_HOLDERS
        ],
        place=Regulation.objects.get(school=school).place[school.main_language],
        kind=Opening.Kind.SCHEDULED,
        reason="",
        paper_count=0,
        last_seen=None,
        by=psychologist.user,
        keyring=keyring,
    )
    categories = list(Category.objects.filter(school=school))
    taken = TakenLetter.objects.filter(opening=opening).select_related("opening__school", "letter")
    # The last of those taken out stays for the visitor to register.
    for place, (letter, story) in enumerate(zip(list(taken)[:4], stories, strict=False)):
        entry = registering.register_letter(
            taken=letter,
            registration=registering.Registration(
                summary=story.summary,
                category=categories[place % len(categories)],
                class_group=story.class_group,
            ),
            by=psychologist.user,
            keyring=keyring,
        )
        if place == 3:
            continue
        entry = reviewing.take_into_review(
            entry=entry,
            reviewer=deputy.user,
            by=psychologist.user,
            keyring=keyring,
            version=entry.version,
        )
        if place == 2:
            if Column.SENT_TO in entry.volume.columns:
                _send_on(entry, psychologist)
            continue
        entry = reviewing.record_answer(
            entry=entry,
            answered_on=school.today(),
            way="in_person" if story.signed else "on_stand",
            measures=story.measures,
            by=psychologist.user,
            keyring=keyring,
            version=entry.version,
        )
        if place == 0:
            reviewing.close(
                entry=entry,
                outcome=story.outcome,
                finding=Entry.Finding.JUSTIFIED,
                cause=causes_of(school)[0],
                by=deputy.user,
                keyring=deputy.keyring(),
                version=entry.version,
            )
    for story in stories[5:8]:
        send(school, story, school.main_language)
    make_commission(school, {account: worker.user for account, worker in workers.items()})
    hold_meetings(school, by=deputy.user, keyring=deputy.keyring())
    # Invented alerts are in hand: nobody is called again and again for them.
    for alert in Alert.objects.filter(school=school).order_by("pk"):
        alerting.answer(alert=alert, by=psychologist.user)


def _send_on(entry: Entry, worker: Worker) -> None:
    """A school whose journal has a column for it has sent one letter on to the first body of its list."""
    today = entry.school.today()
    forward(
        entry=entry,
        body=entry.school.bodies.first(),
        way=Forwarding.Way.LETTER,
        sent_on=today,
        due_on=calendar_of(entry.school).add(today, 10),
        covering="",
        parts=["summary"],
        out_of_competence=False,
        late_reason="",
        signer=Signer(),
        by=worker.user,
        keyring=worker.keyring(),
        version=entry.version,
    )


def load_schools(password: str) -> list[School]:
    """The four demonstration schools; returns those made now. Raises NotADemo."""
    return [school for data in SCHOOLS if (school := load_school(data, password))]
