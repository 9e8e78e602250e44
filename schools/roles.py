"""Roles and what each may do: the one place, applied to the database by ``manage.py sync_roles``.

A permission is named ``app.codename`` as Django names them. What a person may do in a school is what their
roles there allow; content needs the school's key besides, whatever the role.
"""

from django.utils.translation import gettext_lazy as _

ROLE_NAMES = {
    "psychologist": _("psychologist"),
    "social_pedagogue": _("social pedagogue"),
    "deputy_director": _("deputy director for upbringing"),
    "director": _("director"),
    "commission_member": _("commission member"),
    "phone_officer": _("trust phone officer"),
    "administrator": _("administrator of the school"),
    "region_analyst": _("region analyst"),
}
# Held in a region (``RegionMembership``), and never in a school.
REGION_ROLES = frozenset({"region_analyst"})
SCHOOL_ROLE_NAMES = {role: name for role, name in ROLE_NAMES.items() if role not in REGION_ROLES}

_SEES_THE_JOURNAL = ["journal.view_entry", "journal.view_opening", "journal.view_volume"]
_HOLDS_THE_KEY = ["schools.hold_key", "schools.grant_key"]
_READS_REPORTS = ["reports.view_periodreport", "reports.add_periodreport"]
_ANSWERS_ALERTS = ["journal.view_alert", "journal.answer_alert"]
_LISTS_FOR_DESTRUCTION = ["journal.view_destruction", "journal.draw_up_destruction"]
_WORKS_WITH_LETTERS = [
    *_SEES_THE_JOURNAL,
    *_HOLDS_THE_KEY,
    "journal.open_box",
    "journal.register_letter",
    "journal.review_entry",
    "journal.close_entry",
    "journal.print_journal",
    "journal.write_to_author",
    "journal.forward_entry",
    "journal.close_volume",
    "journal.export_journal",
    "journal.import_journal",
    "journal.take_call",
    "box.write_publicnote",
    "journal.view_meeting",
    "journal.hold_meeting",
    *_READS_REPORTS,
    *_ANSWERS_ALERTS,
    *_LISTS_FOR_DESTRUCTION,
]
_MANAGES = [
    *(
        f"schools.{verb}_{model}"
        for model in ("user", "membership")
        for verb in ("view", "add", "change")
    ),
    "schools.delete_membership",
    "schools.view_school",
    "schools.change_school",
    *(
        f"schools.{verb}_{model}"
        for model in (
            "regulation",
            "category",
            "cause",
            "trustphone",
            "calendarday",
            "vacation",
            "body",
            "firstanswer",
            "clause",
            "classgroup",
        )
        for verb in ("view", "add", "change")
    ),
    "schools.delete_trustphone",
    "schools.delete_clause",
    "schools.delete_classgroup",
    *(f"journal.{verb}_commissionmember" for verb in ("view", "add", "change")),
    "schools.delete_calendarday",
    "schools.delete_vacation",
]

ROLE_PERMISSIONS: dict[str, list[str]] = {
    "psychologist": _WORKS_WITH_LETTERS,
    "social_pedagogue": _WORKS_WITH_LETTERS,
    "deputy_director": [
        *_WORKS_WITH_LETTERS,
        "box.approve_publicnote",
        "journal.approve_destruction",
    ],
    "director": [
        "box.approve_publicnote",
        *_SEES_THE_JOURNAL,
        *_HOLDS_THE_KEY,
        "journal.print_journal",
        "journal.view_meeting",
        *_READS_REPORTS,
        *_ANSWERS_ALERTS,
        *_LISTS_FOR_DESTRUCTION,
        "journal.approve_destruction",
    ],
    "commission_member": [],
    "phone_officer": [
        *_SEES_THE_JOURNAL,
        "schools.hold_key",
        "journal.register_letter",
        "journal.take_call",
        "journal.forward_entry",
        *_ANSWERS_ALERTS,
    ],
    "administrator": _MANAGES,
    "region_analyst": ["schools.watch_region"],
}
# The named person of a region (``Region.officer``).
OFFICER_PERMISSIONS: frozenset[str] = frozenset({"schools.answer_for_region"})

_MANAGES_REGIONS = [
    *(
        f"schools.{verb}_{model}"
        for model in ("region", "regionmembership")
        for verb in ("view", "add", "change")
    ),
    "schools.delete_regionmembership",
    "schools.watch_region",
]

# The technical operator of an installation: people and settings of every school and region, and new schools. No key.
OPERATOR_PERMISSIONS: frozenset[str] = frozenset(
    [*_MANAGES, "schools.add_school", *_MANAGES_REGIONS]
)
