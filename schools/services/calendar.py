"""Telling the journal that the days may have changed on which a box is to be opened."""

from django.conf import settings
from django.utils.module_loading import import_string

from schools.models import School


def tell_calendar_changed(*, school: School) -> None:
    """After the regulation, a vacation, a special day, or the school's clock or week was changed."""
    import_string(settings.CALENDAR_RECORDER)(school=school)
