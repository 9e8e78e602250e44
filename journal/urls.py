"""The one public address of the journal: whether a print and the book agree. ``<language>`` is named by the box."""

from django.urls import path

from journal.public import check

urlpatterns = [path("<language:language>/check/", check, name="check")]
