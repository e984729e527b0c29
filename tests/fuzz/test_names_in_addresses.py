"""Names that somebody makes up inside an address: as long as a browser sends, upwards, with signs that mean something."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver

from tests.fuzz.conftest import ASKED
from tests.fuzz.watching import complaints

pytestmark = pytest.mark.django_db

#: Longer than a file's name may be; the way up; a byte that ends a name; a mark of the database; letters of two kinds.
NAMES = ("z" * 300, "..", "zzq\x00", "%zzq_", "٣")
LIKELY = {"int": 1, "slug": "zzq", "str": "zzq", "path": "zzq", "uuid": "00000000-0000-0000-0000-000000000000"}


def patterns() -> Iterator[tuple[str, dict[str, str]]]:
    """(name of the address, {argument: kind}) of each that takes words."""

    def walk(entries: list, space: str, before: dict[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
        for entry in entries:
            kinds = before | {
                name: kind or "str" for kind, name in re.findall(r"<(?:(\w+):)?(\w+)>", str(entry.pattern))
            }
            if isinstance(entry, URLResolver):
                yield from walk(entry.url_patterns, entry.namespace or space, kinds)
            elif isinstance(entry, URLPattern) and entry.name and {*kinds.values()} & {"str", "slug", "path"}:
                yield f"{space}:{entry.name}", kinds

    return walk(get_resolver().url_patterns, "", {})


ADDRESSES = dict(sorted(patterns()))
#: With the suite some pages of staff, one with acts on a row; `make fuzz` takes all.
SOME = ("admin:runbook", "admin:choices", "admin:core_user_change", "admin:core_user_end_sessions")


def tried(role: str) -> list[str]:
    return [name for name in ADDRESSES if ASKED or name.startswith("public_site:" if role == "anonymous" else SOME)]


def with_each_name(name: str) -> Iterator[str]:
    kinds = ADDRESSES[name]
    for argument in (one for one, kind in kinds.items() if kind in ("str", "slug", "path")):
        for made_up in NAMES if ASKED or name.startswith("public_site") else NAMES[:2]:
            try:
                yield reverse(
                    name, kwargs={one: LIKELY.get(kind, 1) for one, kind in kinds.items()} | {argument: made_up}
                )
            except NoReverseMatch:  # the address itself refuses such a name
                continue


def test_there_are_such_addresses():
    assert {"public_site:manual_page", "public_site:verification", *SOME} <= set(ADDRESSES)


@pytest.mark.parametrize("role", ["anonymous", "administrator"])
def test_no_name_in_an_address_breaks_a_page(role, world, undone, findings):
    client = Client()
    if role != "anonymous":
        client.force_login(world["people"][role])
    for name in tried(role):
        for address in with_each_name(name):
            findings.cases += 1
            with undone():
                try:
                    wrong = complaints(client.get(address))
                except Exception as error:
                    wrong = [f"{type(error).__name__}: {error}"[:200]]
            for complaint in wrong:
                findings.add(f"{name}: {complaint[:120]}", address[:200])
    findings.close()
