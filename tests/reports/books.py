"""Journals of any length for the tests, made without a database."""

from reports.journal_book import Cover, Head, JournalBook, Row
from schools.languages import speaking
from schools.models.regulation import Column

COLUMNS = ["number", "taken_on", "name", "class_group", "phone", "summary", "measures"]
SENTENCES = [
    "Оқушы асханада кезекке тұрғызбайтынын жазды.",
    "Просит разобраться в ссоре, которая случилась в раздевалке после уроков.",
    "Класс жетекчиси менен сүйлөшүү жүргүзүлдү, үй-бүлөсүнө барып келишти.",
    "Ә ғ қ ң ө ұ ү һ і Ә Ғ Қ Ң Ө Ұ Ү Һ І ё Ё.",
    "The pupil asks for a talk.",
]


def texts_of(number: int, *, alike: bool = False) -> dict[str, str]:
    """What the columns say of an entry; ``alike``: the same of every entry but the number."""
    place = 0 if alike else number
    return {
        "number": str(number),
        "taken_on": "05.03.2026",
        "received_at": "05.03.2026, 14:00",
        "source": "paper box",
        "name": ["жасырын", "Серікбаева Айгүл", ""][place % 3],
        "address": "Абай көшесі 5",
        "age": "13",
        "class_group": "7Б",
        "phone": "+77011234567",
        "category": "Қорлау",
        "summary": " ".join((SENTENCES * 4)[place % 5 : place % 5 + 1 + place * 7 % 4]),
        "sent_to": "Білім бөлімі\n01.04.2026",
        "answered_on": "10.03.2026",
        "outcome": "Жабылды",
        "measures": SENTENCES[(place * 3) % 5],
    }


def make_book(
    count: int,
    *,
    language: str = "ru",
    columns: list[str] | None = None,
    alike: bool = False,
    changes: dict[int, dict[str, str]] | None = None,
    **cover: str,
) -> JournalBook:
    """A book with so many entries; ``changes``: number → column → text; ``cover``: any line of it."""
    columns = columns or COLUMNS
    rows = []
    for number in range(1, count + 1):
        texts = {**texts_of(number, alike=alike), **(changes or {}).get(number, {})}
        rows.append(Row(number=number, cells=tuple(texts[column] for column in columns)))
    with speaking(language):
        heads = tuple(Head(slug=column, label=str(Column(column).label)) for column in columns)
    lines = {
        "school": "Мектеп № 1",
        "title": "Журнал учёта обращений",
        "box": "Ящик доверия",
        "volume": "Том 1",
        "year": "2026 год",
        "begun": "12 января 2026 года",
        "finished": "",
        "part": "",
        **cover,
    }
    return JournalBook(
        language=language,
        cover=Cover(**lines),
        heads=heads,
        rows=tuple(rows),
        checked_at=f"https://box.school1.kz/{language}/check/",
    )
