"""What a person types in of a call, and what the page then says."""

import re
from html import unescape
from typing import Any

from schools.models import Category, School

SUMMARY = "A boy is beaten behind the gym."
CALLER = {"full_name": "Айша Нұрланқызы", "phone": "+7 701 000 00 01", "address": "Абай көшесі 7"}
CALL = "/admin/journal/entry/call/college/"
LETTER = "/admin/journal/entry/letter/college/"


def text_of(response: Any) -> str:
    main = response.content.decode().partition('id="content"')[2]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


def call_of(school: School, **typed: Any) -> dict[str, Any]:
    now = school.now()
    return {
        "summary": SUMMARY,
        "category": Category.objects.get(school=school, slug="bullying").pk,
        "audience": "parent",
        "received_on": now.date().isoformat(),
        "received_time": f"{now:%H:%M}",
        "newest_before": 0,
        **typed,
    }
