"""The bodies with which a school's list begins, by country: neutral names, which the school changes to its own."""

from schools.models.bodies import Body
from schools.models.school import School

Texts = dict[str, str]
Kind = Body.Kind


def _names(kk: str, ru: str, ky: str, en: str) -> Texts:
    return {"kk": kk, "ru": ru, "ky": ky, "en": en}


STARTING_BODIES: dict[str, list[tuple[Kind, Texts]]] = {
    School.Country.KAZAKHSTAN: [
        (
            Kind.EDUCATION,
            _names(
                "Білім бөлімі", "Отдел образования", "Билим берүү бөлүмү", "Education department"
            ),
        ),
        (
            Kind.CHILD_PROTECTION,
            _names(
                "Балалардың құқықтарын қорғау органы",
                "Орган по защите прав детей",
                "Балдардын укуктарын коргоо органы",
                "Child rights protection authority",
            ),
        ),
        (
            Kind.POLICE,
            _names(
                "Ювеналды полиция инспекторы",
                "Инспектор ювенальной полиции",
                "Ювеналдык полициянын инспектору",
                "Juvenile police inspector",
            ),
        ),
        (Kind.MEDICAL, _names("Емхана", "Поликлиника", "Емкана", "Clinic")),
        (
            Kind.SOCIAL,
            _names(
                "Жұмыспен қамту және әлеуметтік бағдарламалар бөлімі",
                "Отдел занятости и социальных программ",
                "Иш менен камсыз кылуу жана социалдык программалар бөлүмү",
                "Employment and social programmes department",
            ),
        ),
    ],
    School.Country.KYRGYZSTAN: [
        (
            Kind.EDUCATION,
            _names(
                "Білім бөлімі", "Отдел образования", "Билим берүү бөлүмү", "Education department"
            ),
        ),
        (
            Kind.CHILD_PROTECTION,
            _names(
                "Балаларды қорғау жөніндегі уәкілетті орган",
                "Уполномоченный орган по защите детей",
                "Балдарды коргоо боюнча ыйгарым укуктуу орган",
                "Authority for the protection of children",
            ),
        ),
        (
            Kind.POLICE,
            _names(
                "Кәмелетке толмағандар істері жөніндегі инспектор",
                "Инспектор по делам несовершеннолетних",
                "Жашы жете электердин иштери боюнча инспектор",
                "Juvenile police inspector",
            ),
        ),
        (
            Kind.MEDICAL,
            _names(
                "Отбасылық медицина орталығы",
                "Центр семейной медицины",
                "Үй-бүлөлүк медицина борбору",
                "Family medicine centre",
            ),
        ),
        (
            Kind.SOCIAL,
            _names(
                "Әлеуметтік даму басқармасы",
                "Управление социального развития",
                "Социалдык өнүктүрүү башкармалыгы",
                "Social development office",
            ),
        ),
    ],
}
