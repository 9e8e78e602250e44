"""Addresses of the staff site that print."""

from django.urls import path

from reports import sheet_views, views

staff_urlpatterns = [
    path("keys/<slug:slug>/sheet/", sheet_views.recovery_sheet, name="keys_sheet"),
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
