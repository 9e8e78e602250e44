"""With which rules a school can begin: four ways in which schools keep their boxes, whole, in four languages.

Every setting can be changed afterwards. What belongs to one school alone (its corridor, its phones, the day from
which it counts) is given when it is set up.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

Texts = dict[str, str]
StartingCategory = tuple[str, Texts]


def texts(kk: str, ru: str, ky: str, en: str) -> Texts:
    """The same in four languages."""
    return {"kk": kk, "ru": ru, "ky": ky, "en": en}


@dataclass(frozen=True)
class StartingRegulation:
    """A way to keep a box. ``settings``: fields of a Regulation; ``categories``: short name and names, in order."""

    name: str | Promise
    says: str | Promise
    settings: Mapping[str, Any]
    categories: tuple[StartingCategory, ...]


TRUST_BOX = texts("Сенім жәшігі", "Ящик доверия", "Ишеним кутусу", "Trust box")
ANONYMOUS = texts("жасырын", "аноним", "анонимдүү", "anonymous")
BY_THE_BOX = texts(
    "Бірінші қабат, жәшіктің жанында",
    "Первый этаж, у ящика",
    "Биринчи кабат, кутунун жанында",
    "Ground floor, beside the box",
)

CHILD_RIGHTS = (
    "child-rights",
    texts("Бала құқықтары", "Права ребёнка", "Баланын укуктары", "Rights of the child"),
)
OTHER = ("other", texts("Басқа", "Другое", "Башка", "Something else"))

WEEKLY_WITH_PSYCHOLOGIST = StartingRegulation(
    name=pgettext_lazy("starting regulation", "Weekly with a psychologist"),
    says=pgettext_lazy(
        "starting regulation",
        "Letters come by the site. The psychologist and the social pedagogue open the box every Friday. "
        "A journal in two languages; a reply within 15 working days.",
    ),
    settings={
        "box_names": TRUST_BOX,
        "audiences": ["student", "parent"],
        "sources": ["web"],
        "keepers": ["psychologist", "social_pedagogue"],
        "schedule": "weekly",
        "weekday": 4,
        "opens_at": datetime.time(15, 0),
        "place": texts(
            "Психолог кабинеті",
            "Кабинет психолога",
            "Психологдун кабинети",
            "Psychologist’s room",
        ),
        "columns": [
            "number",
            "taken_on",
            "name",
            "address",
            "class_group",
            "phone",
            "summary",
            "measures",
        ],
        "anonymous_marks": ANONYMOUS,
        "numbering": "calendar",
        "cover_year": "calendar",
        "least_present": 2,
        "must_be_present": ["psychologist", "social_pedagogue"],
        "two_languages": True,
        "reply_days": 15,
    },
    categories=(
        CHILD_RIGHTS,
        ("complaint", texts("Шағым", "Жалоба", "Даттануу", "Complaint")),
        ("request", texts("Өтініш, ұсыныс", "Просьба, предложение", "Өтүнүч, сунуш", "Request")),
        OTHER,
    ),
)

EVERY_15_DAYS_WITH_ACTS = StartingRegulation(
    name=pgettext_lazy("starting regulation", "Every 15 days with acts"),
    says=pgettext_lazy(
        "starting regulation",
        "A paper box, the site and e-mail. The deputy director holds the key and opens the box every 15 days; "
        "an act of withdrawal when there are letters. A commission meets twice in each half-year.",
    ),
    settings={
        "box_names": texts("Сенім поштасы", "Почта доверия", "Ишеним почтасы", "Trust mail"),
        "audiences": ["student", "teacher", "parent"],
        "sources": ["paper", "web", "email"],
        "keepers": ["deputy_director"],
        "schedule": "every_n_days",
        "every_days": 15,
        "opens_at": datetime.time(14, 0),
        "place": BY_THE_BOX,
        "columns": [
            "number",
            "taken_on",
            "source",
            "name",
            "class_group",
            "category",
            "summary",
            "measures",
        ],
        "anonymous_marks": ANONYMOUS,
        "numbering": "school",
        "cover_year": "school",
        "acts": "with_letters",
        "meetings_a_half_year": 2,
        "reply_days": 14,
    },
    categories=(
        CHILD_RIGHTS,
        (
            "corruption",
            texts(
                "Сыбайлас жемқорлық фактілері",
                "Факты коррупции",
                "Коррупция фактылары",
                "Facts of corruption",
            ),
        ),
        (
            "proposal",
            texts(
                "Тәрбие жұмысы бойынша ұсыныстар",
                "Предложения по воспитательной работе",
                "Тарбия иштери боюнча сунуштар",
                "Proposals for upbringing work",
            ),
        ),
        OTHER,
    ),
)

LETTERS_AND_CALLS = StartingRegulation(
    name=pgettext_lazy("starting regulation", "Letters and calls"),
    says=pgettext_lazy(
        "starting regulation",
        "A paper box, the site and a trust phone in one book with date and time. Three officers open the box twice "
        "a month, with an act also of an empty box. What is for another body is sent on within 3 working days.",
    ),
    settings={
        "box_names": TRUST_BOX,
        "audiences": ["student", "parent", "teacher", "other"],
        "sources": ["web", "paper", "phone"],
        "keepers": ["deputy_director", "psychologist", "social_pedagogue"],
        "schedule": "monthly",
        "month_days": [1, 15],
        "opens_at": datetime.time(16, 0),
        "place": BY_THE_BOX,
        "columns": [
            "number",
            "received_at",
            "name",
            "address",
            "phone",
            "summary",
            "sent_to",
            "outcome",
        ],
        "anonymous_marks": {},
        "numbering": "calendar",
        "cover_year": "school",
        "least_present": 3,
        "must_be_present": ["deputy_director", "psychologist", "social_pedagogue"],
        "reply_days": None,
        "forward_days": 3,
        "answering_texts": texts(
            "Сәлеметсіз бе! Сіз сенім телефонына қоңырау шалдыңыз. Қазір жауап бере алмаймыз. Дыбыстық белгіден "
            "кейін аты-жөніңізді, мекенжайыңызды, телефоныңызды және сұрағыңызды айтыңыз. Атыңызды айтпауыңызға да "
            "болады. Біз хабарласамыз.",
            "Здравствуйте! Вы позвонили на телефон доверия. Сейчас мы не можем ответить. После сигнала назовите, "
            "пожалуйста, фамилию и имя, адрес, телефон и свой вопрос. Имя можно не называть. Мы с вами свяжемся.",
            "Саламатсызбы! Сиз ишеним телефонуна чалдыңыз. Азыр жооп бере албайбыз. Үн белгисинен кийин аты-жөнүңүздү, "
            "дарегиңизди, телефонуңузду жана сурооңузду айтыңыз. Атыңызды айтпай койсоңуз да болот. Биз байланышабыз.",
            "Good day! You have called the trust phone. We cannot answer now. After the signal please say your name, "
            "address, phone and your question. You need not give your name. We will call you back.",
        ),
    },
    categories=(
        (
            "rights-violation",
            texts(
                "Кәмелетке толмағандардың құқықтарының бұзылуы",
                "Нарушение прав несовершеннолетних",
                "Жашы жете электердин укуктарынын бузулушу",
                "Violation of minors’ rights",
            ),
        ),
        (
            "interests-violation",
            texts(
                "Кәмелетке толмағандардың мүдделерінің бұзылуы",
                "Нарушение интересов несовершеннолетних",
                "Жашы жете электердин кызыкчылыктарынын бузулушу",
                "Violation of minors’ interests",
            ),
        ),
        OTHER,
    ),
)

WEEKLY_COMMISSION = StartingRegulation(
    name=pgettext_lazy("starting regulation", "Weekly commission"),
    says=pgettext_lazy(
        "starting regulation",
        "A paper box and the site. A commission of three opens the box every Friday in the school year. "
        "The journal notes age and the date of the reply; a reply within 5 working days.",
    ),
    settings={
        "box_names": TRUST_BOX,
        "audiences": ["student", "parent", "teacher"],
        "sources": ["web", "paper"],
        "keepers": ["social_pedagogue", "deputy_director"],
        "schedule": "weekly",
        "weekday": 4,
        "opens_at": datetime.time(14, 0),
        "place": BY_THE_BOX,
        "columns": [
            "number",
            "taken_on",
            "name",
            "age",
            "address",
            "phone",
            "summary",
            "answered_on",
            "measures",
        ],
        "anonymous_marks": ANONYMOUS,
        "numbering": "school",
        "cover_year": "school",
        "least_present": 3,
        "reply_days": 5,
        "works": "school_year",
    },
    categories=(
        (
            "psychological-help",
            texts(
                "Психологиялық көмек",
                "Психологическая помощь",
                "Психологиялык жардам",
                "Psychological help",
            ),
        ),
        (
            "hard-situation",
            texts(
                "Қиын әлеуметтік жағдай",
                "Трудная социальная ситуация",
                "Оор социалдык абал",
                "Hard social situation",
            ),
        ),
        (
            "violence",
            texts(
                "Қатыгездік пен зорлық-зомбылық",
                "Жестокость и насилие",
                "Ырайымсыздык жана зомбулук",
                "Cruelty and violence",
            ),
        ),
        (
            "deviant-behaviour",
            texts(
                "Девиантты мінез-құлық",
                "Девиантное поведение",
                "Девианттык жүрүм-турум",
                "Deviant behaviour",
            ),
        ),
        (
            "consultation",
            texts(
                "Бала мен отбасына кеңес беру",
                "Консультация для ребёнка и семьи",
                "Бала жана үй-бүлө үчүн кеңеш",
                "Consultation for the child and family",
            ),
        ),
    ),
)

# By the word under which a script names it.
STARTING_REGULATIONS: dict[str, StartingRegulation] = {
    "weekly-psychologist": WEEKLY_WITH_PSYCHOLOGIST,
    "every-15-days-acts": EVERY_15_DAYS_WITH_ACTS,
    "letters-and-calls": LETTERS_AND_CALLS,
    "weekly-commission": WEEKLY_COMMISSION,
}
