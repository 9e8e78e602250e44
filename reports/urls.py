"""Addresses of the staff site that print."""

from django.urls import path

from reports import document_views, paper_views, sheet_views, views

staff_urlpatterns = [
    path("keys/<slug:slug>/sheet/", sheet_views.recovery_sheet, name="keys_sheet"),
    path(
        "journal/forwarding/<int:pk>/print/",
        document_views.forwarding_sheet,
        name="journal_forwarding_print",
    ),
    path(
        "journal/entry/<int:pk>/notice/", document_views.author_notice, name="journal_entry_notice"
    ),
    path("journal/opening/<int:pk>/act/", paper_views.opening_act, name="journal_opening_act"),
    path("journal/meeting/<int:pk>/print/", paper_views.protocol, name="journal_meeting_print"),
    *(
        path(
            f"journal/blank/<slug:slug>/{what}/",
            paper_views.blank,
            {"what": what},
            name=f"journal_blank_{what}",
        )
        for what in paper_views.BLANKS
    ),
    path("journal/volume/<int:pk>/print/", views.journal_volume_print, name="journal_volume_print"),
    path(
        "journal/volume/<int:pk>/print/<int:job>/",
        views.journal_print_job,
        name="journal_print_job",
    ),
    path(
        "journal/volume/<int:pk>/print/<int:job>/take/",
        views.journal_print_take,
        name="journal_print_take",
    ),
]
