"""What an invented school tells everybody of what changed: one note stands on its page, one waits to be approved."""

from box.services.public_notes import approve_note, write_note
from schools.models import School, User
from trustbox.demo.schools import texts

# School → the note on its page, and the one that waits.
NOTES: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "it-lyceum": (
        texts(
            "Енді үлкен үзілісте әр қабатта бір ересек адам тұрады. Біреу ренжітсе, соған баруға болады.",
            "На большой перемене теперь на каждом этаже есть взрослый. Если кто-то обижает, можно подойти к нему.",
            "Эми чоң танаписте ар бир кабатта бирден чоң киши турат. Бирөө таарынтса, ошого барса болот.",
            "There is now a grown-up on every floor in the long break. If somebody is unkind, you can go to them.",
        ),
        texts(
            "Асханада тамаққа бөлінген уақыт он минутқа ұзарды.",
            "Время на обед в столовой стало на десять минут больше.",
            "Ашканада тамактанууга берилген убакыт он мүнөткө узарды.",
            "There are ten more minutes for lunch in the canteen.",
        ),
    )
}


def tell_what_changed(school: School, people: dict[str, User]) -> None:
    """The notes of a demonstration school, if it has any; written by one person, approved by another."""
    if school.slug not in NOTES:
        return
    public, waiting = NOTES[school.slug]
    note = write_note(school=school, texts=public, about_nobody=True, by=people["psychologist"])
    approve_note(note=note, by=people["deputy"])
    write_note(school=school, texts=waiting, about_nobody=True, by=people["social"])
