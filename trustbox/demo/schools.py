"""Four schools that keep their boxes in four ways. They differ only by what stands here.

People, phones and streets are invented.
"""

import datetime
from typing import Any

Texts = dict[str, str]


def texts(kk: str, ru: str, ky: str, en: str) -> Texts:
    """The same in four languages."""
    return {"kk": kk, "ru": ru, "ky": ky, "en": en}


TRUST_BOX = texts("Сенім жәшігі", "Ящик доверия", "Ишеним кутусу", "Trust box")
ANONYMOUS = texts("жасырын", "аноним", "анонимдүү", "anonymous")

CHILD_RIGHTS = (
    "child-rights",
    texts("Бала құқықтары", "Права ребёнка", "Баланын укуктары", "Rights of the child"),
)
OTHER = ("other", texts("Басқа", "Другое", "Башка", "Something else"))

MONDAY_TO_FRIDAY, EVERY_DAY = [0, 1, 2, 3, 4], [0, 1, 2, 3, 4, 5, 6]

SCHOOLS: list[dict[str, Any]] = [
    {
        "slug": "it-lyceum",
        "country": "KZ",
        "time_zone": "Asia/Almaty",
        "languages": ["kk", "ru"],
        "names": texts(
            "«Мағжан Жұмабаев атындағы IT-мектеп-лицейі» КММ",
            "КГУ «IT-школа-лицей имени М. Жумабаева»",
            "«М. Жумабаев атындагы IT-мектеп-лицейи» КММ",
            "M. Zhumabaev IT School-Lyceum",
        ),
        "addresses": texts(
            "Мектеп көшесі, 1", "ул. Школьная, 1", "Мектеп көчөсү, 1", "1 Mektep Street"
        ),
        "phone": "+7 715 200 00 01",
        "regulation": {
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
        "categories": [
            CHILD_RIGHTS,
            ("complaint", texts("Шағым", "Жалоба", "Даттануу", "Complaint")),
            (
                "request",
                texts("Өтініш, ұсыныс", "Просьба, предложение", "Өтүнүч, сунуш", "Request"),
            ),
            OTHER,
        ],
        "phones": [],
        "people": {
            "psychologist": "Серікова Айжан Маратқызы",
            "social": "Омаров Ерлан Болатұлы",
            "deputy": "Ахметова Гүлнар Қайратқызы",
            "director": "Жүнісов Бауыржан Серікұлы",
        },
    },
    {
        "slug": "zheenbaev",
        "country": "KG",
        "time_zone": "Asia/Bishkek",
        "languages": ["ky", "ru"],
        "names": texts(
            "Х. Жээнбаев атындағы мектеп-лицей",
            "Школа-лицей им. Х. Жээнбаева",
            "Х. Жээнбаев атындагы мектеп-лицей",
            "Kh. Zheenbaev School-Lyceum",
        ),
        "addresses": texts(
            "Достық көшесі, 2", "ул. Достук, 2", "Достук көчөсү, 2", "2 Dostuk Street"
        ),
        "phone": "+996 312 00 00 02",
        "regulation": {
            "box_names": texts("Сенім поштасы", "Почта доверия", "Ишеним почтасы", "Trust mail"),
            "audiences": ["student", "teacher", "parent"],
            "sources": ["paper", "web", "email"],
            "keepers": ["deputy_director"],
            "schedule": "every_n_days",
            "every_days": 15,
            "counted_from": datetime.date(2026, 9, 1),
            "opens_at": datetime.time(14, 0),
            "place": texts(
                "А блогы, бірінші қабат дәлізі",
                "Блок А, коридор первого этажа",
                "А блогу, биринчи кабаттын коридору",
                "Block A, ground-floor corridor",
            ),
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
        "categories": [
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
        ],
        "phones": [],
        "people": {
            "psychologist": "Асанова Бегимай Нурлановна",
            "social": "Турдубаева Айгүл Сапаровна",
            "deputy": "Мамбетов Азамат Эркинович",
            "director": "Сыдыкова Жылдыз Талантовна",
        },
    },
    {
        "slug": "sport-college",
        "country": "KZ",
        "time_zone": "Asia/Almaty",
        "languages": ["kk", "ru"],
        "names": texts(
            "«Бөгенбай батыр атындағы облыстық олимпиадалық резервтің мамандандырылған мектеп-интернат "
            "колледжі» КММ",
            "Областной специализированный колледж-интернат олимпийского резерва им. Бөгенбай батыра",
            "Бөгөнбай баатыр атындагы облустук олимпиадалык резервдин адистештирилген "
            "интернат-колледжи",
            "Bogenbay Batyr Regional Boarding College of the Olympic Reserve",
        ),
        "addresses": texts(
            "Спорт көшесі, 3", "ул. Спортивная, 3", "Спорт көчөсү, 3", "3 Sport Street"
        ),
        "phone": "+7 715 200 00 03",
        "regulation": {
            "box_names": TRUST_BOX,
            "audiences": ["student", "parent", "teacher", "other"],
            "sources": ["web", "paper", "phone"],
            "keepers": ["deputy_director", "psychologist", "social_pedagogue"],
            "schedule": "monthly",
            "month_days": [1, 15],
            "opens_at": datetime.time(16, 0),
            "place": texts("Колледж фойесі", "Фойе колледжа", "Колледждин фойеси", "College lobby"),
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
        },
        "categories": [
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
        ],
        "phones": [
            {
                "names": texts(
                    "Сенім телефоны", "Телефон доверия", "Ишеним телефону", "Trust phone"
                ),
                "number": "+7 715 200 00 33",
                "weekdays": MONDAY_TO_FRIDAY,
                "answered_from": datetime.time(9, 0),
                "answered_to": datetime.time(18, 30),
            }
        ],
        "people": {
            "psychologist": "Қасымова Дана Ерболқызы",
            "social": "Төлегенов Арман Жанатұлы",
            "deputy": "Сағынтаева Мәдина Асқарқызы",
            "director": "Нұрғалиев Тимур Оразұлы",
        },
    },
    {
        "slug": "orozbekov",
        "country": "KG",
        "time_zone": "Asia/Bishkek",
        "languages": ["ky", "ru"],
        "names": texts(
            "№ 9 А. Орозбеков атындағы орта мектеп",
            "СОШ № 9 им. А. Орозбекова",
            "№ 9 А. Орозбеков атындагы орто мектеп",
            "A. Orozbekov Secondary School No. 9",
        ),
        "addresses": texts(
            "Бейбітшілік көшесі, 4", "ул. Мира, 4", "Тынчтык көчөсү, 4", "4 Tynchtyk Street"
        ),
        "phone": "+996 312 00 00 04",
        "regulation": {
            "box_names": TRUST_BOX,
            "audiences": ["student", "parent", "teacher"],
            "sources": ["web", "paper"],
            "keepers": ["social_pedagogue", "deputy_director"],
            "names_published": True,
            "schedule": "weekly",
            "weekday": 4,
            "opens_at": datetime.time(14, 0),
            "place": texts(
                "Мектептің бірінші қабаты",
                "Первый этаж школы",
                "Мектептин биринчи кабаты",
                "Ground floor of the school",
            ),
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
        "vacations": [
            (datetime.date(2026, 12, 30), datetime.date(2027, 1, 10)),
            (datetime.date(2027, 3, 22), datetime.date(2027, 3, 28)),
        ],
        # A Saturday on which the school meets its parents.
        "special_days": [(datetime.date(2026, 12, 12), True)],
        "categories": [
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
        ],
        "phones": [
            {
                "names": texts(
                    "Әлеуметтік педагог",
                    "Социальный педагог",
                    "Социалдык педагог",
                    "Social pedagogue",
                ),
                "number": "+996 312 00 00 41",
                "weekdays": MONDAY_TO_FRIDAY,
                "answered_from": datetime.time(8, 30),
                "answered_to": datetime.time(17, 0),
            },
            {
                "names": texts(
                    "Директордың тәрбие ісі жөніндегі орынбасары",
                    "Заместитель директора по воспитательной работе",
                    "Директордун тарбия иштери боюнча орун басары",
                    "Deputy director for upbringing",
                ),
                "number": "+996 312 00 00 42",
                "weekdays": MONDAY_TO_FRIDAY,
                "answered_from": datetime.time(9, 0),
                "answered_to": datetime.time(17, 0),
            },
            {
                "names": texts(
                    "Кәмелетке толмағандар ісі жөніндегі инспектор",
                    "Инспектор по делам несовершеннолетних",
                    "Жашы жете электердин иштери боюнча инспектор",
                    "Juvenile-police inspector",
                ),
                "number": "+996 312 00 00 43",
                "hours": texts(
                    "ішкі істер бөлімінде, тәулік бойы кезекші жауап береді",
                    "в отделе внутренних дел, в любое время отвечает дежурный",
                    "ички иштер бөлүмүндө, каалаган убакта кезекчи жооп берет",
                    "at the police station: somebody on duty answers at any time",
                ),
                "weekdays": EVERY_DAY,
                "answered_from": datetime.time(0, 0),
                "answered_to": datetime.time(0, 0),
                "on_days_off": True,
            },
        ],
        "people": {
            "psychologist": "Исакова Нургүл Бакытовна",
            "social": "Касымалиева Айнура Жолдошевна",
            "deputy": "Токтосунов Улан Маратович",
            "director": "Абдыкеримова Гүлмира Асановна",
        },
    },
]
