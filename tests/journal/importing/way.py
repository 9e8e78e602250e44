"""The way a person goes: the file, its columns, the look, the taking over."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.test import Client

from journal.admin.importing_kinds import Looked
from tests.factories import PASSWORD
from tests.journal.importing.files import upload

START = {"journal": "journal/import", "staff": "people/import", "classes": "classes/import"}


@dataclass
class Way:
    """A list on its way into a school."""

    client: Client
    address: str

    def told(self) -> dict[str, Any]:
        """What the form of the columns has filled in already."""
        form = self.client.get(f"{self.address}columns/").context["form"]
        return {
            name: "" if field.initial is None else field.initial
            for name, field in form.fields.items()
        }

    def tell(self, **changed: Any) -> HttpResponse:
        """Send the form of the columns as it is filled in, but for what is changed."""
        return self.client.post(f"{self.address}columns/", {**self.told(), **changed})

    def look(self) -> Looked:
        """What the page of the look says."""
        return self.client.get(self.address).context["looked"]

    def take(self, password: str = PASSWORD) -> HttpResponse:
        """Confirm."""
        return self.client.post(self.address, {"password": password})


def begin(client: Client, slug: str, data: bytes, kind: str = "journal") -> Way:
    """The file is sent; the page of its columns is next."""
    response = client.post(f"/admin/{START[kind]}/{slug}/", {"attachments": upload(data)})
    assert response.status_code == 302, response.content.decode()
    return Way(client, response["Location"].removesuffix("columns/"))


def taken_over(client: Client, slug: str, data: bytes, **changed: Any) -> HttpResponse:
    """The whole way at once."""
    way = begin(client, slug, data)
    response = way.tell(**changed)
    assert response.status_code == 302, response.context["form"].errors
    assert way.look().findings == []
    return way.take()
