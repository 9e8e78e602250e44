"""Four schools that keep their boxes in four ways. They differ only by what stands here.

People, phones and streets are invented.
"""

import datetime
from typing import Any

from schools.services.setting_up import Phone
from schools.starting_regulations import STARTING_REGULATIONS
from trustbox.demo.texts import texts

MONDAY_TO_FRIDAY, EVERY_DAY = [0, 1, 2, 3, 4], [0, 1, 2, 3, 4, 5, 6]

# Long enough ago for whatever the demonstration shows.
HOLDS_FROM = datetime.date(2025, 9, 1)

SCHOOLS: list[dict[str, Any]] = [
    {
        "slug": "it-lyceum",
        "template": "weekly-psychologist",
        "country": "KZ",
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
        "settings": {},
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
        "template": "every-15-days-acts",
        "country": "KG",
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
        "settings": {
            "counted_from": datetime.date(2026, 9, 1),
            "place": texts(
                "А блогы, бірінші қабат дәлізі",
                "Блок А, коридор первого этажа",
                "А блогу, биринчи кабаттын коридору",
                "Block A, ground-floor corridor",
            ),
        },
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
        "template": "letters-and-calls",
        "country": "KZ",
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
        "colour": "#1f5fa8",
        "settings": {
            "place": texts("Колледж фойесі", "Фойе колледжа", "Колледждин фойеси", "College lobby")
        },
        "phones": [
            Phone(
                names=texts("Сенім телефоны", "Телефон доверия", "Ишеним телефону", "Trust phone"),
                number="+7 715 200 00 33",
                weekdays=MONDAY_TO_FRIDAY,
                answered_from=datetime.time(9, 0),
                answered_to=datetime.time(18, 30),
            )
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
        "template": "weekly-commission",
        "country": "KG",
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
        "vacations": [
            (datetime.date(2026, 12, 30), datetime.date(2027, 1, 10)),
            (datetime.date(2027, 3, 22), datetime.date(2027, 3, 28)),
        ],
        # A Saturday on which the school meets its parents.
        "special_days": {datetime.date(2026, 12, 12): True},
        "settings": {
            "names_published": True,
            "place": texts(
                "Мектептің бірінші қабаты",
                "Первый этаж школы",
                "Мектептин биринчи кабаты",
                "Ground floor of the school",
            ),
        },
        "phones": [
            Phone(
                names=texts(
                    "Әлеуметтік педагог",
                    "Социальный педагог",
                    "Социалдык педагог",
                    "Social pedagogue",
                ),
                number="+996 312 00 00 41",
                weekdays=MONDAY_TO_FRIDAY,
                answered_from=datetime.time(8, 30),
                answered_to=datetime.time(17, 0),
            ),
            Phone(
                names=texts(
                    "Директордың тәрбие ісі жөніндегі орынбасары",
                    "Заместитель директора по воспитательной работе",
                    "Директордун тарбия иштери боюнча орун басары",
                    "Deputy director for upbringing",
                ),
                number="+996 312 00 00 42",
                weekdays=MONDAY_TO_FRIDAY,
                answered_from=datetime.time(9, 0),
                answered_to=datetime.time(17, 0),
            ),
            Phone(
                names=texts(
                    "Кәмелетке толмағандар ісі жөніндегі инспектор",
                    "Инспектор по делам несовершеннолетних",
                    "Жашы жете электердин иштери боюнча инспектор",
                    "Juvenile-police inspector",
                ),
                number="+996 312 00 00 43",
                hours=texts(
                    "ішкі істер бөлімінде, тәулік бойы кезекші жауап береді",
                    "в отделе внутренних дел, в любое время отвечает дежурный",
                    "ички иштер бөлүмүндө, каалаган убакта кезекчи жооп берет",
                    "at the police station: somebody on duty answers at any time",
                ),
                weekdays=EVERY_DAY,
                answered_from=datetime.time(0, 0),
                answered_to=datetime.time(0, 0),
                on_days_off=True,
            ),
        ],
        "people": {
            "psychologist": "Исакова Нургүл Бакытовна",
            "social": "Касымалиева Айнура Жолдошевна",
            "deputy": "Токтосунов Улан Маратович",
            "director": "Абдыкеримова Гүлмира Асановна",
        },
    },
]


def rules_of(data: dict[str, Any]) -> dict[str, Any]:
    """The settings of a demonstration school's regulation: the template's, and its own."""
    start = STARTING_REGULATIONS[data["template"]].settings
    return {"holds_from": HOLDS_FROM, **start, **data["settings"]}
