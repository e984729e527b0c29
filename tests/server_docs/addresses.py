"""Whether an address that a page names is one of the site."""

import re
from collections.abc import Iterator
from functools import cache

from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

from tests.server_docs.reading import ROOT


@cache
def routes() -> frozenset[str]:
    """Every address as the resolver writes it, what is given in it as "<>"."""

    def walk(patterns: list, start: str) -> Iterator[str]:
        for entry in patterns:
            route = start + re.sub(r"^\^|\\Z|\$$", "", str(entry.pattern))
            if isinstance(entry, URLResolver):
                yield from walk(entry.url_patterns, route)
            elif isinstance(entry, URLPattern):
                yield route

    return frozenset(re.sub(r"<[^>]*>", "<>", route) for route in walk(get_resolver().url_patterns, "/"))


def leads_somewhere(address: str) -> bool:
    """English pages have the same addresses below /en/; what only a demo has is looked up where it is written."""
    path = re.sub(r"^/en/", "/", address.partition("?")[0].partition("#")[0])
    if f'path("{path[1:]}"' in (ROOT / "public_site" / "urls.py").read_text(encoding="utf-8"):
        return True
    if "<" in path:
        return re.sub(r"<[^>]*>", "<>", path) in routes()
    if path.endswith("…"):
        return any(route.startswith(path.removesuffix("…")) for route in routes())
    try:
        return resolve(path).url_name is not None  # the admin catches whatever nobody else takes, without a name
    except Resolver404:
        return False
