"""Pages of the journal's list. Where nothing narrows it, the volumes tell how many entries there are and what stands
where, for their numbers have no gap: the list of a million entries is as quick as that of a thousand.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib.admin.views.main import ALL_VAR, ERROR_FLAG, PAGE_VAR
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from journal.models import Entry, Volume
from journal.selectors import volumes_for

# What may stand in the address of a list that is neither narrowed nor sorted.
_PLAIN = {PAGE_VAR, ALL_VAR, ERROR_FLAG}


def paginator_for(
    request: HttpRequest, entries: QuerySet[Entry], per_page: int, **options: Any
) -> Paginator:
    """By volumes where the list is all entries the person sees, in its own order; else by asking how many there are."""
    if request.method == "POST" or set(request.GET) - _PLAIN:
        return Paginator(entries, per_page, **options)
    volumes = volumes_for(request.user, "journal.view_entry").only("school", "book", "last_number")
    return VolumesPaginator(entries, per_page, volumes=list(volumes), **options)


class VolumesPaginator(Paginator):
    """Of all entries of some volumes, which stand in the order of the list."""

    def __init__(
        self, entries: QuerySet[Entry], per_page: int, *, volumes: Sequence[Volume], **options: Any
    ) -> None:
        super().__init__(entries, per_page, **options)
        self.volumes = volumes

    @cached_property
    def count(self) -> int:
        """How many entries there are."""
        return sum(volume.last_number for volume in self.volumes)

    def page(self, number: int | str) -> Page:
        """One page. Numbers of several schools or several books stand among each other: these are sorted."""
        if len({(volume.school_id, volume.book) for volume in self.volumes}) != 1:
            return super().page(number)
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        after, wanted = first + self.per_page, Q(pk__in=[])
        for volume in self.volumes:
            last = volume.last_number
            newest, oldest = last - max(first, 0), last - min(after, last) + 1
            if oldest <= newest:
                wanted |= Q(volume=volume, number__range=(oldest, newest))
            first, after = first - last, after - last
        return self._get_page(self.object_list.filter(wanted), number, self)
