"""The bodies with which a school's list begins, by country: neutral names, which the school changes to its own."""

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from schools.models.bodies import Body
from schools.models.school import School

Kind = Body.Kind


STARTING_BODIES: dict[str, list[tuple[Kind, Promise]]] = {
    School.Country.KAZAKHSTAN: [
        (
            Kind.EDUCATION,
            pgettext_lazy("starting body", "Education department"),
        ),
        (
            Kind.CHILD_PROTECTION,
            pgettext_lazy("starting body", "Child rights protection authority"),
        ),
        (
            Kind.POLICE,
            pgettext_lazy("starting body", "Juvenile police inspector"),
        ),
        (Kind.MEDICAL, pgettext_lazy("starting body", "Clinic")),
        (
            Kind.SOCIAL,
            pgettext_lazy("starting body", "Employment and social programmes department"),
        ),
    ],
    School.Country.KYRGYZSTAN: [
        (
            Kind.EDUCATION,
            pgettext_lazy("starting body", "Education department"),
        ),
        (
            Kind.CHILD_PROTECTION,
            pgettext_lazy("starting body", "Authority for the protection of children"),
        ),
        (
            Kind.POLICE,
            pgettext_lazy("starting body", "Inspector for minors"),
        ),
        (
            Kind.MEDICAL,
            pgettext_lazy("starting body", "Family medicine centre"),
        ),
        (
            Kind.SOCIAL,
            pgettext_lazy("starting body", "Social development office"),
        ),
    ],
}
