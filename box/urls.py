"""Addresses of the public side."""

from django.urls import path

from box.views.bare import embed, embed_sent, kiosk, kiosk_sent
from box.views.changes import changes
from box.views.home_screen import manifest
from box.views.look import logo, style
from box.views.regulation import regulation
from box.views.reply import read_reply
from box.views.school import school_page
from box.views.schools import list_of_schools, start, start_of_reply, start_of_school
from box.views.sent import sent
from box.views.writing import write

app_name = "box"

urlpatterns = [
    path("<language:language>/<slug:slug>/write/", write, name="write"),
    path("", start, name="start"),
    path("<language:language>/", list_of_schools, name="schools"),
    path("<language:language>/reply/", read_reply, name="reply"),
    path("<language:language>/<slug:slug>/", school_page, name="school"),
    path("<language:language>/<slug:slug>/sent/", sent, name="sent"),
    path("<language:language>/<slug:slug>/embed/", embed, name="embed"),
    path("<language:language>/<slug:slug>/embed/sent/", embed_sent, name="embed_sent"),
    path("<language:language>/<slug:slug>/kiosk/", kiosk, name="kiosk"),
    path("<language:language>/<slug:slug>/kiosk/sent/", kiosk_sent, name="kiosk_sent"),
    path("<language:language>/<slug:slug>/changes/", changes, name="changes"),
    path("<language:language>/<slug:slug>/regulation/", regulation, name="regulation"),
    path("<language:language>/<slug:slug>/manifest.webmanifest", manifest, name="manifest"),
    path("<slug:slug>/style-<slug:mark>.css", style, name="style"),
    path("<slug:slug>/logo-<slug:mark>.png", logo, name="logo"),
    path("reply/", start_of_reply, name="start_of_reply"),
    path("<slug:slug>/", start_of_school, name="start_of_school"),
]
