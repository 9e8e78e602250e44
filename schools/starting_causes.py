"""The causes with which a school's list begins: why things that are written about happen. The school changes them."""

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

# Short name → name, in the order shown. Each says what a school can do something about; none blames a child.
STARTING_CAUSES: dict[str, Promise] = {
    "among-pupils": pgettext_lazy("starting cause", "Relations among pupils"),
    "with-staff": pgettext_lazy("starting cause", "Relations between staff and pupils"),
    "supervision": pgettext_lazy(
        "starting cause", "Too little supervision in breaks, after lessons or in the dormitory"
    ),
    "duty": pgettext_lazy("starting cause", "A member of staff did not do their duty"),
    "rules": pgettext_lazy("starting cause", "Rules not explained, or not clear"),
    "lessons": pgettext_lazy("starting cause", "Timetable, workload, marks"),
    "conditions": pgettext_lazy(
        "starting cause", "Conditions at school: meals, rooms, heating, cleanliness"
    ),
    "family": pgettext_lazy("starting cause", "Circumstances in the family"),
    "internet": pgettext_lazy("starting cause", "What happens on the internet"),
    "other": pgettext_lazy("starting cause", "Something else"),
}
