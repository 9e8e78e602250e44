"""The causes with which a school's list begins: why things that are written about happen. The school changes them."""

Texts = dict[str, str]


def _names(kk: str, ru: str, ky: str, en: str) -> Texts:
    return {"kk": kk, "ru": ru, "ky": ky, "en": en}


# Short name → names, in the order shown. Each says what a school can do something about; none blames a child.
STARTING_CAUSES: dict[str, Texts] = {
    "among-pupils": _names(
        "Оқушылар арасындағы қарым-қатынас",
        "Отношения между учениками",
        "Окуучулардын ортосундагы мамиле",
        "Relations among pupils",
    ),
    "with-staff": _names(
        "Қызметкер мен оқушы арасындағы қарым-қатынас",
        "Отношения между работником школы и учеником",
        "Кызматкер менен окуучунун ортосундагы мамиле",
        "Relations between staff and pupils",
    ),
    "supervision": _names(
        "Үзілісте, сабақтан кейін немесе жатақханада қадағалау жеткіліксіз",
        "Не хватает присмотра на переменах, после уроков или в общежитии",
        "Танаписте, сабактан кийин же жатаканада көзөмөл жетишсиз",
        "Too little supervision in breaks, after lessons or in the dormitory",
    ),
    "duty": _names(
        "Қызметкер міндетін орындамаған",
        "Работник не выполнил свои обязанности",
        "Кызматкер милдетин аткарган эмес",
        "A member of staff did not do their duty",
    ),
    "rules": _names(
        "Ережелер түсіндірілмеген немесе түсініксіз",
        "Правила не разъяснены или непонятны",
        "Эрежелер түшүндүрүлгөн эмес же түшүнүксүз",
        "Rules not explained, or not clear",
    ),
    "lessons": _names(
        "Сабақ кестесі, жүктеме, бағалау",
        "Расписание, нагрузка, оценивание",
        "Сабак тартиби, жүктөм, баалоо",
        "Timetable, workload, marks",
    ),
    "conditions": _names(
        "Мектептегі жағдай: тамақ, бөлме, жылу, тазалық",
        "Условия в школе: питание, помещения, тепло, чистота",
        "Мектептеги шарттар: тамак, бөлмөлөр, жылуулук, тазалык",
        "Conditions at school: meals, rooms, heating, cleanliness",
    ),
    "family": _names(
        "Отбасы жағдайы",
        "Обстоятельства в семье",
        "Үй-бүлөдөгү жагдай",
        "Circumstances in the family",
    ),
    "internet": _names(
        "Интернеттегі қарым-қатынас",
        "Общение в интернете",
        "Интернеттеги мамиле",
        "What happens on the internet",
    ),
    "other": _names("Басқа", "Другое", "Башка", "Something else"),
}
