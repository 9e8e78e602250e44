"""Addresses of the staff site that print."""

from django.urls import path

from reports import (
    answering_views,
    blank_views,
    destruction_views,
    document_views,
    figures_views,
    links_views,
    paper_views,
    regulation_views,
    report_views,
    scan_views,
    sheet_views,
    views,
    ways_in_views,
)
from reports.region import page as region_page
from reports.region import report_views as region_reports

staff_urlpatterns = [
    path("schools/import/<int:pk>/links/", links_views.links, name="import_schools_links"),
    path(
        "schools/import/<int:pk>/links/<slug:form>/",
        links_views.take_links,
        name="import_schools_take_links",
    ),
    path("figures/", figures_views.figures_list, name="figures_list"),
    path("figures/<slug:slug>/", figures_views.figures, name="figures"),
    path("figures/<slug:slug>/xlsx/", figures_views.figures_file, name="figures_file"),
    path("region/", region_page.region, name="region"),
    path("region/report/", region_reports.region_report, name="region_report"),
    path("reports/", report_views.reports, name="reports"),
    path("reports/<slug:slug>/", report_views.reports_of_school, name="reports_of_school"),
    path("reports/<slug:slug>/prepare/", report_views.prepare, name="report_prepare"),
    path("reports/paper/<int:pk>/", report_views.report, name="report"),
    path("reports/paper/<int:pk>/print/", report_views.report_print, name="report_print"),
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
    path(
        "journal/openings/<slug:slug>/print/", paper_views.openings, name="journal_openings_print"
    ),
    path(
        "journal/destruction/<int:pk>/list/",
        destruction_views.destruction_list,
        name="journal_destruction_list",
    ),
    path(
        "journal/destruction/<int:pk>/act/",
        destruction_views.destruction_act,
        name="journal_destruction_act",
    ),
    path("journal/entry/<int:pk>/card/", paper_views.card, name="journal_entry_card"),
    path("journal/entry/<int:pk>/slip/", paper_views.slip, name="journal_entry_slip"),
    path("answering/<slug:slug>/", answering_views.answering_text, name="answering_text"),
    path(
        "answering/<slug:slug>/print/",
        answering_views.print_answering_text,
        name="answering_text_print",
    ),
    path("regulation/<int:pk>/print/", regulation_views.staff_file, name="regulation_print"),
    path("journal/blank/<slug:slug>/", blank_views.blanks, name="journal_blanks"),
    path("journal/blank/<slug:slug>/<slug:what>/", blank_views.blank, name="journal_blank"),
    path("journal/paper/<int:pk>/scan/", scan_views.attach, name="journal_scan_attach"),
    path("journal/scan/<int:pk>/", scan_views.scan, name="journal_scan"),
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

# Papers for everybody, beside the pages of the school.
public_urlpatterns = [
    *(
        path(
            f"<language:language>/<slug:slug>/regulation.{form}",
            regulation_views.public_file,
            {"form": form},
            name=f"regulation_{form}",
        )
        for form in ("pdf", "docx")
    ),
    path("<language:language>/<slug:slug>/poster.pdf", ways_in_views.poster, name="poster"),
    path("<language:language>/<slug:slug>/cards.pdf", ways_in_views.cards, name="cards"),
]
