"""What stands before each address of the site: who may come in, what they see, and what anybody else is told.

One table, keyed by the address as the resolver writes it. An address without a line here fails the test.
"""

from tests.walls.wall import (
    CONFLICT,
    DONE,
    GONE,
    INDEX,
    NOT_SO,
    ON,
    REFUSED,
    SHOWN,
    SIGN_IN,
    UNKNOWN,
    Wall,
    closed,
    journal_of,
    list_of,
    members_of_the_commission,
    public,
    settings_of,
)

ENTRY, OPENING, VOLUME = "admin/journal/entry/", "admin/journal/opening/", "admin/journal/volume/"
ALERT = "admin/journal/alert/"
KEYS = ("schools.hold_key", "schools.view_membership")
WATCHES = ("schools.watch_region",)
FIGURES = ("journal.view_entry", "schools.watch_region")
WAYS = ("schools.view_school", "journal.view_entry")
SETS_UP = ("schools.change_school", "schools.hold_key")
DESTRUCTION = "admin/journal/destruction/"
LISTS = {"sees": ("journal.view_destruction",)}
DRAWS_UP = {**LISTS, "needs": "journal.draw_up_destruction"}
MEETING, MEMBER = "admin/journal/meeting/", "admin/journal/commissionmember/"
READS = ("journal.view_entry", "schools.answer_for_region")
NAMED = {"sees": ("schools.answer_for_region",)}
REACHED = {**NAMED, "row": "escalation"}
PRINTS = ("journal.print_journal",)
REPORTS = ("reports.view_periodreport",)
NOTES = ("box.write_publicnote", "box.approve_publicnote")
HOLDS_MEETINGS = {"sees": ("journal.view_meeting",), "needs": "journal.hold_meeting"}
GIVES_KEYS = {"needs": "schools.hold_key", "also": "schools.grant_key"}
REGISTERS = {
    "row": "opening",
    "sees": ("journal.view_opening",),
    "needs": "journal.register_letter",
    "keyless": (NOT_SO, SHOWN),
}

ADDS_SCHOOLS = {"sees": ("schools.add_school",), "hidden": REFUSED}

WALLS: dict[str, Wall] = {
    "healthz": public(SHOWN, SHOWN),
    # The public side
    "": public(SHOWN),
    "<slug:slug>/": public(ON, row="school"),
    "reply/": public(ON),
    "<language:language>/": public(SHOWN),
    "<language:language>/reply/": public(SHOWN, SHOWN),
    "<language:language>/<slug:slug>/": public(SHOWN, row="school"),
    "<language:language>/<slug:slug>/write/": public(SHOWN, SHOWN, row="school"),
    "<language:language>/<slug:slug>/sent/": public(SHOWN, ON, row="school"),
    # Without a cookie: what is sent is refused where it brings no token of a form.
    "<language:language>/<slug:slug>/embed/": public(SHOWN, REFUSED, row="school"),
    "<language:language>/<slug:slug>/embed/sent/": public(SHOWN, REFUSED, row="school"),
    "<language:language>/<slug:slug>/kiosk/": public(SHOWN, REFUSED, row="school"),
    "<language:language>/<slug:slug>/kiosk/sent/": public(SHOWN, REFUSED, row="school"),
    "<language:language>/<slug:slug>/poster.pdf": public(SHOWN, row="school"),
    "<language:language>/<slug:slug>/cards.pdf": public(SHOWN, row="school"),
    "<language:language>/<slug:slug>/regulation/": public(SHOWN, row="school"),
    "<language:language>/<slug:slug>/regulation.pdf": public(SHOWN, row="school"),
    "<language:language>/<slug:slug>/regulation.docx": public(SHOWN, row="school"),
    "<language:language>/<slug:slug>/changes/": public(SHOWN, row="school"),
    "<language:language>/<slug:slug>/manifest.webmanifest": public(SHOWN, row="school"),
    "<slug:slug>/style-<slug:mark>.css": public(SHOWN, row="style"),
    "<slug:slug>/logo-<slug:mark>.png": public(SHOWN, row="logo"),
    "<language:language>/check/": public(SHOWN, SHOWN),
    # Coming in and a person's own pages
    "admin/": Wall(SHOWN, SHOWN),
    "admin/login/": public(SHOWN, SHOWN),
    "admin/logout/": public(NOT_SO, SIGN_IN),
    "admin/welcome/": public(GONE, GONE),
    "admin/welcome/<str:token>/": public(ON),
    # Who reads letters has set up the second step already; others may.
    "admin/second-factor/": Wall(INDEX, INDEX),
    "admin/second-factor/set-up/": Wall(ON, ON, sees=READS, hidden=SHOWN),
    "admin/second-factor/renew/": Wall(SHOWN, SHOWN, sees=READS, hidden=ON),
    "admin/own/stay/": Wall(NOT_SO, DONE),
    "admin/own/mails/": Wall(NOT_SO, ON),
    "admin/own/test-mail/": Wall(NOT_SO, ON),
    "admin/own/sign-out-everywhere/": Wall(NOT_SO, SIGN_IN),
    "admin/own/": Wall(SHOWN, SHOWN),
    "admin/password_change/": Wall(SHOWN, SHOWN),
    "admin/password_change/done/": Wall(SHOWN),
    "admin/jsi18n/": Wall(SHOWN),
    "admin/autocomplete/": Wall(REFUSED),
    "admin/r/<path:content_type_id>/<path:object_id>/": closed("entry", UNKNOWN),
    "admin/^(?P<app_label>schools|journal)/$": Wall(INDEX, INDEX),
    "admin/(?P<url>.*)$": closed("", UNKNOWN),
    # People and settings
    "admin/settings/": Wall(SHOWN, sees=("schools.view_regulation",), hidden=REFUSED),
    **settings_of("user"),
    **settings_of("membership", deletes=True),
    **settings_of("region"),
    **settings_of("school"),
    **settings_of("regulation"),
    # What was worked by does not change any more.
    "admin/schools/regulation/<path:object_id>/change/": Wall(
        *(SHOWN, ON),
        row="regulation",
        sees=("schools.change_regulation",),
        hidden=INDEX,
        nowhere=REFUSED,
    ),
    "admin/regulation/<int:pk>/print/": Wall(
        post=SHOWN, row="regulation", sees=("schools.view_regulation",)
    ),
    **settings_of("category"),
    **settings_of("cause"),
    **settings_of("firstanswer"),
    **settings_of("trustphone", deletes=True),
    **settings_of("body"),
    **settings_of("calendarday", deletes=True),
    **settings_of("vacation", deletes=True),
    **settings_of("classgroup", deletes=True),
    **list_of("people/import", "schools.add_user"),
    **list_of("classes/import", "schools.add_classgroup"),
    # A list of schools is its maker's alone, as are the links that come of it; somebody else's is not there.
    "admin/schools/import/": Wall(SHOWN, SHOWN, **ADDS_SCHOOLS),
    "admin/schools/import/columns.xlsx": Wall(SHOWN, **ADDS_SCHOOLS),
    "admin/schools/import/<int:pk>/columns/": Wall(ON, ON, **ADDS_SCHOOLS),
    "admin/schools/import/<int:pk>/": Wall(ON, ON, **ADDS_SCHOOLS),
    "admin/schools/import/<int:pk>/throw-away/": Wall(post=ON, **ADDS_SCHOOLS),
    "admin/schools/import/<int:pk>/links/": Wall(ON, **ADDS_SCHOOLS),
    "admin/schools/import/<int:pk>/links/<slug:form>/": Wall(post=ON, **ADDS_SCHOOLS),
    "admin/settings/calendar/<slug:slug>/": Wall(
        SHOWN, row="school", sees=("schools.view_calendarday", "journal.view_entry")
    ),
    "admin/schools/user/<int:pk>/invite/": Wall(
        SHOWN, SHOWN, row="user", sees=("schools.change_user",)
    ),
    "admin/settings/logo/<slug:slug>/": Wall(
        SHOWN, SHOWN, row="school", sees=("schools.change_school",)
    ),
    "admin/settings/logo/<slug:slug>/remove/": Wall(
        post=ON, row="school", sees=("schools.change_school",)
    ),
    # «You told us, we did»
    "admin/notes/": Wall(SHOWN, sees=NOTES, hidden=REFUSED),
    "admin/notes/<slug:slug>/write/": Wall(
        SHOWN, SHOWN, row="school", sees=NOTES, needs="box.write_publicnote"
    ),
    "admin/notes/<int:pk>/approve/": Wall(
        post=ON, row="publicnote", sees=NOTES, needs="box.approve_publicnote"
    ),
    "admin/notes/<int:pk>/withdraw/": Wall(
        post=ON, row="publicnote", sees=NOTES, form=(("seen", "waiting"),)
    ),
    # Figures
    # What has reached the named person of a region
    "admin/reached/": Wall(SHOWN, **NAMED, hidden=REFUSED),
    "admin/reached/<int:pk>/": Wall(SHOWN, **REACHED),
    "admin/reached/<int:pk>/take/": Wall(post=ON, **REACHED),
    "admin/reached/<int:pk>/write/": Wall(post=SHOWN, **REACHED),
    "admin/reached/<int:pk>/close/<slug:outcome>/": Wall(post=SHOWN, **REACHED),
    "admin/reached/<int:pk>/hold/": Wall(post=SHOWN, **REACHED),
    "admin/reached/<int:pk>/release/": Wall(post=SHOWN, **REACHED),
    "admin/reached/<int:pk>/destroy/": Wall(post=SHOWN, **REACHED),
    # Nobody has anything to hand over.
    "admin/reached/<int:pk>/hand-over/": Wall(post=UNKNOWN, **REACHED),
    "admin/reached/<int:pk>/file/<int:position>/": Wall(SHOWN, **REACHED),
    "admin/reached/<int:pk>/file/<int:position>/preview/": Wall(SHOWN, **REACHED),
    # The region
    "admin/region/": Wall(SHOWN, sees=WATCHES, hidden=REFUSED),
    "admin/region/report/": Wall(post=SHOWN, sees=WATCHES, hidden=REFUSED),
    "admin/figures/": Wall(ON, sees=("journal.view_entry",), hidden=REFUSED),
    "admin/figures/<slug:slug>/": Wall(SHOWN, row="school", sees=FIGURES),
    "admin/figures/<slug:slug>/xlsx/": Wall(SHOWN, row="school", sees=FIGURES),
    "admin/ways/": Wall(ON, sees=WAYS, hidden=REFUSED, operator_get=SHOWN),
    "admin/ways/<slug:slug>/": Wall(SHOWN, row="school", sees=WAYS),
    # The set-up
    "admin/set-up/": Wall(SHOWN, SHOWN, sees=("schools.add_school",), hidden=REFUSED),
    "admin/set-up/<slug:slug>/": Wall(SHOWN, row="school", sees=SETS_UP),
    "admin/set-up/<slug:slug>/people/": Wall(SHOWN, row="school", sees=SETS_UP),
    "admin/set-up/<slug:slug>/people/add/": Wall(
        post=SHOWN, row="school", sees=SETS_UP, needs="schools.add_user"
    ),
    "admin/set-up/<slug:slug>/key/": Wall(SHOWN, row="school", sees=SETS_UP),
    "admin/set-up/<slug:slug>/letter/": Wall(SHOWN, row="school", sees=SETS_UP),
    "admin/set-up/<slug:slug>/rest/": Wall(SHOWN, row="school", sees=SETS_UP),
    "admin/set-up/<slug:slug>/approved/": Wall(
        post=SHOWN, row="school", sees=SETS_UP, needs="schools.change_regulation"
    ),
    # The key
    "admin/keys/": Wall(ON, sees=KEYS, hidden=REFUSED, operator_get=SHOWN),
    "admin/keys/<slug:slug>/": Wall(SHOWN, row="school", sees=KEYS),
    "admin/keys/<slug:slug>/make/": Wall(
        post=CONFLICT, row="school", sees=KEYS, needs="schools.hold_key"
    ),
    "admin/keys/<slug:slug>/<int:pk>/grant/": Wall(
        post=ON,
        row="newcomer",
        sees=KEYS,
        **GIVES_KEYS,
        keyless=(NOT_SO, CONFLICT),
    ),
    "admin/keys/<slug:slug>/<int:pk>/take/": Wall(
        post=ON,
        row="holder",
        sees=KEYS,
        **GIVES_KEYS,
        keyless=(NOT_SO, CONFLICT),
    ),
    "admin/keys/<slug:slug>/sheet/": Wall(
        SHOWN, SHOWN, row="school", sees=KEYS, **GIVES_KEYS, keyless=(REFUSED, REFUSED)
    ),
    "admin/keys/<slug:slug>/change/": Wall(
        SHOWN, SHOWN, row="school", sees=KEYS, **GIVES_KEYS, keyless=(REFUSED, REFUSED)
    ),
    "admin/keys/<slug:slug>/change/go-on/": Wall(
        post=ON, row="school", sees=KEYS, needs="schools.hold_key"
    ),
    "admin/keys/<slug:slug>/restore/": Wall(
        SHOWN, SHOWN, row="school", sees=KEYS, needs="schools.hold_key"
    ),
    # The journal
    **journal_of("entry"),
    **journal_of("opening"),
    **journal_of("volume"),
    **journal_of("alert"),
    f"{ALERT}<int:pk>/answer/": Wall(
        post=ON, row="alert", sees=("journal.view_alert",), needs="journal.answer_alert"
    ),
    f"{ALERT}<int:pk>/close/<slug:outcome>/": Wall(
        post=SHOWN, row="alert", sees=("journal.view_alert",), needs="journal.answer_alert"
    ),
    ENTRY: Wall(
        SHOWN, SHOWN, sees=("journal.view_entry",), hidden=REFUSED, form=(("words", "lunch"),)
    ),
    f"{ENTRY}<int:pk>/step/<slug:step>/": Wall(
        post=SHOWN,
        row="entry",
        sees=("journal.view_entry",),
        needs="journal.review_entry",
        keyless=(NOT_SO, REFUSED),
    ),
    f"{ENTRY}<int:pk>/draft/": Wall(
        post=ON,
        row="entry",
        sees=("journal.view_entry",),
        needs="journal.write_to_author",
        keyless=(NOT_SO, REFUSED),
        form=(("written_to-text", "Half a sentence"),),
    ),
    f"{ENTRY}<int:pk>/share/": Wall(post=REFUSED, row="personal", sees=("journal.view_entry",)),
    f"{OPENING}open/<slug:slug>/": Wall(
        *(SHOWN, SHOWN),
        row="school",
        sees=("journal.view_opening",),
        needs="journal.open_box",
        keyless=(SHOWN, REFUSED),
    ),
    f"{OPENING}<int:pk>/letter/<int:taken_pk>/register/": Wall(post=ON, **REGISTERS),
    f"{OPENING}<int:pk>/letter/<int:taken_pk>/aside/": Wall(post=ON, **REGISTERS),
    f"{OPENING}<int:pk>/paper/": Wall(post=ON, **REGISTERS),
    f"{OPENING}<int:pk>/paper/aside/": Wall(post=ON, **REGISTERS),
    # What does not come through the box
    f"{ENTRY}call/<slug:slug>/": Wall(
        SHOWN, SHOWN, row="school", sees=("journal.take_call",), form=(("summary", "Half a word"),)
    ),
    f"{ENTRY}call/<slug:slug>/<int:pk>/": Wall(SHOWN, row="call", sees=("journal.take_call",)),
    f"{ENTRY}letter/<slug:slug>/": Wall(
        *(SHOWN, SHOWN),
        row="school",
        sees=("journal.register_letter",),
        keyless=(SHOWN, REFUSED),
        form=(("summary", "Half a word"),),
    ),
    # Reports on months, half-years and years
    "admin/reports/": Wall(ON, sees=REPORTS, hidden=REFUSED),
    "admin/reports/<slug:slug>/": Wall(SHOWN, row="school", sees=REPORTS),
    "admin/reports/<slug:slug>/prepare/": Wall(post=ON, row="school", sees=REPORTS),
    "admin/reports/paper/<int:pk>/": Wall(SHOWN, row="report", sees=REPORTS),
    "admin/reports/paper/<int:pk>/print/": Wall(post=SHOWN, row="report", sees=REPORTS),
    "admin/answering/<slug:slug>/": Wall(
        SHOWN, row="school", sees=("journal.take_call", "schools.view_trustphone")
    ),
    "admin/answering/<slug:slug>/print/": Wall(
        post=SHOWN, row="school", sees=("journal.take_call", "schools.view_trustphone")
    ),
    # The journal comes in and goes out as a table
    f"{ENTRY}export/": Wall(
        *(SHOWN, SHOWN),
        sees=("journal.export_journal",),
        hidden=REFUSED,
        keyless=(REFUSED, REFUSED),
    ),
    **list_of("journal/import", "journal.import_journal", keyless=(REFUSED, REFUSED)),
    # Files of a letter
    f"{ENTRY}<int:pk>/file/<int:position>/": Wall(
        SHOWN, row="entry", sees=("journal.view_entry",), keyless=(REFUSED, NOT_SO)
    ),
    f"{ENTRY}<int:pk>/file/<int:position>/preview/": Wall(
        SHOWN, row="entry", sees=("journal.view_entry",), keyless=(REFUSED, NOT_SO)
    ),
    f"{OPENING}<int:pk>/letter/<int:taken_pk>/file/<int:position>/": Wall(
        SHOWN, row="opening", sees=("journal.view_opening",), keyless=(REFUSED, NOT_SO)
    ),
    f"{OPENING}<int:pk>/letter/<int:taken_pk>/file/<int:position>/preview/": Wall(
        SHOWN, row="opening", sees=("journal.view_opening",), keyless=(REFUSED, NOT_SO)
    ),
    # The commission
    **journal_of("meeting"),
    f"{MEETING}call/<slug:slug>/": Wall(
        *(SHOWN, ON), row="school", **HOLDS_MEETINGS, keyless=(SHOWN, REFUSED)
    ),
    f"{MEETING}<int:pk>/plan/": Wall(
        *(SHOWN, ON), row="meeting", **HOLDS_MEETINGS, keyless=(REFUSED, REFUSED)
    ),
    f"{MEETING}<int:pk>/protocol/": Wall(
        *(SHOWN, ON), row="meeting", **HOLDS_MEETINGS, keyless=(REFUSED, REFUSED)
    ),
    f"{MEETING}<int:pk>/call-off/": Wall(
        post=ON,
        row="meeting",
        **HOLDS_MEETINGS,
        keyless=(NOT_SO, REFUSED),
        form=(("version", "1"),),
    ),
    f"{MEETING}<int:pk>/decision/<int:position>/done/": Wall(
        post=ON, row="held", **HOLDS_MEETINGS, keyless=(NOT_SO, SHOWN)
    ),
    **members_of_the_commission(),
    f"{VOLUME}<int:pk>/close/": Wall(
        post=ON, row="volume", sees=("journal.view_volume",), needs="journal.close_volume"
    ),
    # Destroying what was kept long enough
    **journal_of("destruction"),
    f"{DESTRUCTION}draw-up/<slug:slug>/": Wall(*(SHOWN, SHOWN), row="school", **DRAWS_UP),
    f"{DESTRUCTION}<int:pk>/approve/": Wall(
        post=SHOWN, row="destruction", **LISTS, needs="journal.approve_destruction"
    ),
    f"{DESTRUCTION}<int:pk>/carry-out/": Wall(post=SHOWN, row="destruction", **DRAWS_UP),
    f"{DESTRUCTION}<int:pk>/call-off/": Wall(post=ON, row="destruction", **DRAWS_UP),
    f"{DESTRUCTION}<int:pk>/list/": Wall(post=SHOWN, row="destruction", sees=PRINTS),
    f"{DESTRUCTION}<int:pk>/act/": Wall(post=SHOWN, row="destroyed", sees=PRINTS),
    # Sent on to other bodies
    "admin/journal/forwarding/<int:pk>/outcome/": Wall(
        post=SHOWN,
        row="forwarding",
        sees=("journal.view_entry",),
        needs="journal.forward_entry",
        keyless=(NOT_SO, REFUSED),
    ),
    "admin/journal/forwarding/<int:pk>/print/": Wall(
        post=SHOWN, row="forwarding", sees=PRINTS, keyless=(NOT_SO, REFUSED)
    ),
    f"{ENTRY}<int:pk>/notice/": Wall(
        SHOWN, SHOWN, row="entry", sees=PRINTS, keyless=(REFUSED, REFUSED)
    ),
    # Paper
    f"{OPENING}<int:pk>/act/": Wall(
        post=SHOWN, row="opening", sees=PRINTS, keyless=(NOT_SO, REFUSED)
    ),
    "admin/journal/meeting/<int:pk>/print/": Wall(
        post=SHOWN, row="held", sees=PRINTS, keyless=(NOT_SO, REFUSED)
    ),
    "admin/journal/openings/<slug:slug>/print/": Wall(post=SHOWN, row="school", sees=PRINTS),
    f"{ENTRY}<int:pk>/card/": Wall(post=SHOWN, row="entry", sees=PRINTS, keyless=(NOT_SO, REFUSED)),
    f"{ENTRY}<int:pk>/slip/": Wall(post=SHOWN, row="entry", sees=PRINTS, keyless=(NOT_SO, REFUSED)),
    "admin/journal/blank/<slug:slug>/": Wall(SHOWN, row="school", sees=PRINTS),
    "admin/journal/blank/<slug:slug>/<slug:what>/": Wall(post=SHOWN, row="school", sees=PRINTS),
    "admin/journal/paper/<int:pk>/scan/": Wall(
        SHOWN, SHOWN, row="issued", sees=PRINTS, keyless=(REFUSED, REFUSED)
    ),
    "admin/journal/scan/<int:pk>/": Wall(SHOWN, row="scan", sees=PRINTS, keyless=(REFUSED, NOT_SO)),
    "admin/journal/volume/<int:pk>/print/": Wall(
        SHOWN, SHOWN, row="volume", sees=PRINTS, keyless=(REFUSED, REFUSED)
    ),
    "admin/journal/volume/<int:pk>/print/<int:job>/": Wall(
        SHOWN, row="volume", sees=PRINTS, keyless=(REFUSED, NOT_SO)
    ),
    "admin/journal/volume/<int:pk>/print/<int:job>/take/": Wall(
        post=SHOWN, row="volume", sees=PRINTS, keyless=(NOT_SO, REFUSED)
    ),
}
