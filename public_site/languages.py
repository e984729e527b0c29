"""The portal in English: the same pages under /en/, everything else in Indonesian only.

The address alone says which language is read: what is shared, kept by a browser or listed by a search engine stays in
the language in which somebody found it, and no answer hangs on a cookie or on the browser's wishes.
"""

from collections.abc import Callable
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, is_valid_path, path
from django.urls.resolvers import LocalePrefixPattern
from django.utils import translation

from core.common.languages import ENGLISH, INDONESIAN

PREFIX = f"/{ENGLISH}"


def in_both_languages(*patterns: URLPattern) -> URLResolver:
    """Addresses that also exist in English; `{% url %}` leads to the one in the language of the page."""
    prefixed = URLResolver(LocalePrefixPattern(prefix_default_language=False), list(patterns))
    return path("", ([prefixed], None, None))  # not `include`, which takes prefixes for the root only


def language_of(address: str) -> str:
    return ENGLISH if address == PREFIX or address.startswith(f"{PREFIX}/") else INDONESIAN


@lru_cache(maxsize=512)
def english_address(address: str) -> str:
    """Of the Indonesian address of a page that of the English one; "" where there is none."""
    with translation.override(ENGLISH):
        return PREFIX + address if is_valid_path(PREFIX + address) else ""


def indonesian_address(address: str) -> str:
    return address.removeprefix(PREFIX) if language_of(address) == ENGLISH else address


class LanguageMiddleware:
    """Sets the language that the address names."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request.path_info)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
