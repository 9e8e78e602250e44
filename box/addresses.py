"""Parts of public addresses, and in which language somebody is answered who named none."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import register_converter, reverse
from django.utils import translation

from schools.languages import LANGUAGES

# Where «leave this page» goes: a page that anybody may have open. A script of a language has no such page of its own.
LEAVE_TO = {code: f"https://{code.partition('-')[0]}.wikipedia.org/" for code in LANGUAGES}


class LanguageConverter:
    """The code of one of the portal's languages: ``kk``, ``ru``, ``ky``, ``en``."""

    regex = "|".join(sorted(LANGUAGES, key=len, reverse=True))

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(LanguageConverter, "language")


def language_of_browser(request: HttpRequest) -> str | None:
    """The first of the portal's languages that the browser asks for; None when it asks for none of them."""
    wanted = translation.trans_real.parse_accept_lang_header(
        request.headers.get("Accept-Language", "").lower()
    )
    for tag, _weight in wanted:
        for code in (tag, tag.partition("-")[0]):
            if code in LANGUAGES:
                return code
    return None


def language_of_path(request: HttpRequest) -> str:
    """The language that the address names, else the browser's, else the portal's main one."""
    first = request.path_info.lstrip("/").partition("/")[0]
    if first in LANGUAGES:
        return first
    return language_of_browser(request) or settings.LANGUAGE_CODE


def school_address(page: str, language: str, slug: str) -> str:
    """The address of one of a school's pages: ``school``, ``write`` or ``sent``."""
    return reverse(f"box:{page}", kwargs={"language": language, "slug": slug})
