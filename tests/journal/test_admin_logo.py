"""The page of a school's logo: chosen, shown, taken away; by whoever keeps the settings of that school."""

import hashlib
import io

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from box.services.logos import set_logo
from schools.errors import Refused
from schools.models import Logo, School
from tests.box.files.making import clean_file
from tests.box.files.samples import picture
from tests.factories import Person, make_operator, make_person, make_school, signed_in_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    return make_school()


@pytest.fixture
def administrator(school: School) -> Person:
    return make_person(school, "administrator")


def send(client: Client, school: School, *files: bytes) -> object:
    sent = [SimpleUploadedFile(f"secret-name-{at}.png", data) for at, data in enumerate(files)]
    return client.post(reverse("admin:logo", args=[school.slug]), {"attachments": sent})


def test_a_logo_comes_and_goes(school: School, administrator: Person) -> None:
    client = signed_in_client(administrator)
    address = reverse("admin:logo", args=[school.slug])
    assert address in client.get(reverse("admin:settings")).content.decode()
    assert "<img" not in client.get(address).content.decode()
    assert send(client, school, picture("JPEG", size=(800, 400))).headers["Location"] == address
    logo = Logo.objects.get(school=school)
    png = bytes(logo.png)
    assert (logo.width, logo.height) == (512, 256)
    assert logo.digest == hashlib.sha256(png).hexdigest()
    assert Image.open(io.BytesIO(png)).size == (512, 256)
    shown = client.get(address).content.decode()
    assert f'src="/{school.slug}/logo-{logo.digest[:12]}.png" width="512" height="256"' in shown
    assert f"logo-{logo.digest[:12]}.png" in Client().get(f"/en/{school.slug}/").content.decode()
    # Another takes its place; then there is none.
    send(client, school, picture("PNG", size=(30, 60)))
    assert Logo.objects.get(school=school).height == 60
    remove = reverse("admin:logo_remove", args=[school.slug])
    assert client.get(remove).status_code == 405
    assert client.post(remove).headers["Location"] == address
    assert not Logo.objects.exists()
    rows = list(LogEntry.objects.order_by("pk"))
    assert [(row.user, row.object_id) for row in rows] == [(administrator.user, str(school.pk))] * 3
    assert "secret-name" not in repr(list(LogEntry.objects.values()))


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ([], "Choose a picture."),
        ([picture("PNG"), picture("PNG")], "Choose one picture alone."),
        ([b"%PDF-1.7 no picture"], "A logo is a picture: PNG, JPEG or WebP."),
        ([b"<svg onload='alert(1)'/>"], "A logo is a picture: PNG, JPEG or WebP."),
        ([b"\x89PNG\r\n\x1a\n and then nothing"], "damaged and cannot be opened as a picture"),
    ],
)
def test_what_is_no_logo(
    school: School, administrator: Person, files: list[bytes], says: str
) -> None:
    client = signed_in_client(administrator)
    answer = send(client, school, *files)
    assert answer.status_code == 200
    assert says in answer.content.decode()
    assert not Logo.objects.exists()


def test_whose_school_it_is_not(school: School, administrator: Person) -> None:
    stranger = make_person(make_school("school-2"), "administrator")
    psychologist = make_person(school, "psychologist", with_key=True)
    for person in (stranger, psychologist):
        client = signed_in_client(person)
        assert client.get(reverse("admin:logo", args=[school.slug])).status_code == 404
        assert send(client, school, picture("PNG")).status_code == 404
        assert client.post(reverse("admin:logo_remove", args=[school.slug])).status_code == 404
    operator = signed_in_client(make_operator())
    assert operator.get(reverse("admin:logo", args=[school.slug])).status_code == 200
    assert not Logo.objects.exists()


@pytest.mark.parametrize(
    "sent",
    [
        picture("JPEG"),  # not a PNG
        picture("PNG", size=(513, 10)),  # too wide
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0\0\0\0\0",  # of no size
        picture("PNG", size=(10, 10)) + b"\0" * 100_000,  # too heavy
    ],
)
def test_the_service_believes_no_process(
    school: School, administrator: Person, sent: bytes
) -> None:
    file = clean_file(sent)
    try:
        with pytest.raises(Refused):
            set_logo(school=school, file=file, by=administrator.fresh())
    finally:
        file.upload.close()
    assert not Logo.objects.exists()


def test_the_service_asks_who_it_is(school: School) -> None:
    file = clean_file(picture("PNG", size=(20, 20)))
    try:
        with pytest.raises(Refused):
            set_logo(school=school, file=file, by=make_person(school, "psychologist").fresh())
    finally:
        file.upload.close()
    assert not Logo.objects.exists()
