"""Every form and every filter of both faces, filled in as nobody would: no page breaks, nothing sent runs.

What is sent begins with what the page itself would send, so that most of it is well formed and one to three things are
not: a wrong value, a missing or repeated one, a file where none belongs, a name the page does not know.
"""

import traceback
import zlib
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote_plus, urljoin, urlsplit

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import Resolver404, resolve
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz import addresses, forms, hostile
from tests.fuzz.conftest import ASKED, share
from tests.fuzz.watching import complaints, writes

pytestmark = pytest.mark.django_db

ALL = addresses.names()
#: With the suite one address in so many, always the same ones, beside all that take a form (test_forms.py); `make fuzz`
#: takes all.
ONE_IN = 40
TRIED = [name for name in ALL if ASKED or zlib.crc32(name.encode()) % ONE_IN == 0]
#: They end the session of whoever tries.
LEAVING = {"logout"}
BOUNDARY = "zzqboundary"
#: What was written is kept although the signature that was asked for with it is refused.
KEEPS = {
    "admin:core_application_preassessment": frozenset({"core_preassessment", "core_evidencereview", "core_recapmark"})
}


def multipart(data: dict[str, list]) -> bytes:
    """The body of a request, from whatever values: Django's own maker refuses half of them."""
    parts = []
    for name, values in data.items():
        for value in values:
            head = b'--%s\r\nContent-Disposition: form-data; name="%s"' % (BOUNDARY.encode(), raw(name))
            if value == ("file", "berkas.pdf"):
                parts += [head + b'; filename="berkas.pdf"\r\nContent-Type: application/pdf\r\n\r\n' + hostile.PDF]
            elif not isinstance(value, str):
                value.seek(0)
                head += b'; filename="%s"\r\nContent-Type: %s\r\n\r\n' % (raw(value._name), raw(value.content_type))
                parts += [head + value.read()]
            else:
                parts += [head + b"\r\n\r\n" + raw(value)]
    return b"\r\n".join([*parts, b"--%s--\r\n" % BOUNDARY.encode()])


def raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def query(data: dict[str, list]) -> str:
    return "&".join(
        f"{quote_plus(raw(name))}={quote_plus(raw(value))}" for name, values in data.items() for value in values if isinstance(value, str)
    )  # fmt: skip


@dataclass(frozen=True)
class Door:
    """One way in: a form of the page, or its bare address with the names that the view asks for."""

    method: str
    address: str
    role: str
    data: dict
    names: tuple[str, ...]
    buttons: tuple[tuple[str, str], ...] = ()

    def as_meant(self) -> list[dict]:
        """What a person would send who fills it in, with each of its buttons."""
        return [self.data | {name: [value]} for name, value in self.buttons] + [self.data]

    def told(self, sent: dict) -> str:
        return f"{self.method.upper()} {self.address} as {self.role}: {sent!r:.1500}"


def ask(client: Client, method: str, address: str, data: dict, *, htmx: bool = False):
    headers = {"HX-Request": "true"} if htmx else {}
    path, _mark, standing = address.partition("?")
    if method == "get":
        return client.get(path, QUERY_STRING="&".join(filter(None, [standing, query(data)])), headers=headers)
    if any(not isinstance(value, str) for values in data.values() for value in values):
        kind, body = f"multipart/form-data; boundary={BOUNDARY}", multipart(data)
    else:
        kind, body = "application/x-www-form-urlencoded", query(data).encode()
    return client.generic("POST", path, body, content_type=kind, QUERY_STRING=standing, headers=headers)


def doors(
    target: addresses.Target,
    world: dict,
    undone,
    *,
    people: tuple[str, ...] = addresses.PEOPLE,
    methods: tuple[str, ...] = ("get", "post"),
) -> list[Door]:
    """What the page shows to each person whom it lets in, and what its view asks for on top."""
    found: dict[tuple, Door] = {}
    for role in people:
        client = addresses.client_of(target, role, world)
        places = [(method, target.address) for method in methods]
        for method, address in places + [("get", other) for other in target.shown_on]:
            with undone(), forms.names_asked_for() as asked:
                path, _mark, standing = address.partition("?")
                answer = client.generic(
                    method.upper(), path, b"", content_type="application/x-www-form-urlencoded", QUERY_STRING=standing
                )
                content = answer.getvalue()
            if answer.status_code in (401, 403, 404, 405) or leads_to_log_in(answer):
                continue
            shown, links = [], []
            if answer.headers.get("Content-Type", "").startswith("text/html"):
                shown, links = forms.read(content.decode("utf-8", "replace"))
            if address == target.address:
                names = asked | (filters(target.name, links) if method == "get" else set())
                found.setdefault(
                    (method, "", tuple(sorted(names))), Door(method, target.address, role, {}, tuple(sorted(names)))
                )
            for form in shown:
                action = urljoin(address, form.action or address)
                if belongs(action, target) and form.names:
                    key = (form.method, action, form.names)
                    names = tuple(sorted({*form.names, *(asked if address == target.address else ())}))
                    found.setdefault(key, Door(form.method, action, role, form.filled(), names, tuple(form.buttons)))
    return list(found.values()) or [Door("get", target.address, "anonymous", {}, ())]


def belongs(action: str, target: addresses.Target) -> bool:
    """Whether a form is this page's own, and not one of the frame around each page."""
    parts = urlsplit(action)
    try:
        match = resolve(parts.path)
    except Resolver404:
        return False
    if parts.netloc or match.url_name in LEAVING:
        return False
    if target.shown_on and match.view_name == target.name:
        return True
    own = urlsplit(target.address).path
    return parts.path == own or (parts.path.startswith(own) and own != "/")


def leads_to_log_in(answer) -> bool:
    return answer.status_code == 302 and answer.url.startswith(("/masuk/", "/admin/login/"))


def filters(name: str, links: list[str]) -> set[str]:
    """The questions of a list: those its links ask, and those its filters understand."""
    found = {
        key
        for link in links
        if link.startswith("?") or "?" in link[:80]
        for key, _value in parse_qsl(urlsplit(link).query)
    }
    if name.endswith("_changelist"):
        model = next(one for one in admin.site._registry if one._meta.model_name == name.split("_")[1])
        found |= {"q", "o", "p", "all", "e", "_popup", "_to_field", "id__in", "pk", "zzq__exact"}
        for one in model._meta.fields:
            found |= {one.name, f"{one.name}__exact", f"{one.name}__gte", f"{one.name}__in", f"{one.name}__isnull"}
    return found


def once(client: Client, door: Door, sent: dict, *, htmx: bool, keeps: frozenset[str], findings) -> None:
    """Send it, look at the answer, and at the page to which it leads."""
    findings.cases += 1
    try:
        with writes() as written:
            answer = ask(client, door.method, door.address, sent, htmx=htmx)
            wrong = complaints(answer, written, keeps=keeps)
        if answer.status_code in (301, 302, 303) and answer.url.startswith("/"):
            after = client.get(answer.url)
            wrong += [f"then {complaint}" for complaint in complaints(after)]
    except Exception as error:
        frames = [
            frame
            for frame in traceback.extract_tb(error.__traceback__)
            if "/.venv/" not in frame.filename and "/tests/" not in frame.filename
        ]
        place = f"{frames[-1].filename.rsplit('/', 2)[-2:]}:{frames[-1].lineno}" if frames else "?"
        last = traceback.extract_tb(error.__traceback__)[-1]
        wrong = [
            f"{type(error).__name__} at {place} (in {last.filename.rsplit('/', 1)[-1]}:{last.lineno}): {str(error)[:160]!r}"
        ]
    for complaint in wrong:
        findings.add(complaint, door.told(sent))


def test_what_is_sent_arrives():
    """Behind the question mark as in the body: a fuzz that sends nothing finds nothing."""
    asked = ask(Client(), "get", "/skema/?q=1", {"q": ["zzq<zzq>", "2"]})
    sent = ask(Client(), "post", "/masuk/?next=/akun/", {"username": ["zzq"]})

    assert asked.wsgi_request.GET.getlist("q") == ["1", "zzq<zzq>", "2"]
    assert (sent.wsgi_request.GET["next"], sent.wsgi_request.POST["username"]) == ("/akun/", "zzq")


def test_every_address_is_fuzzed():
    """With the suite a part of them each time; none is left out of `make fuzz`, which asks the same list."""
    unknown = [name for name in ALL if not addresses.is_known(name)]

    assert unknown == [], "state a row for it in the matrix of addresses"


@pytest.mark.parametrize("name", TRIED)
def test_no_page_breaks_whatever_is_sent(name, world, undone, findings):
    target = addresses.target_of(name, world)
    ways = doors(target, world, undone)
    clients = {role: addresses.client_of(target, role, world) for role in {door.role for door in ways}}
    kept = {role: dict(client.cookies) for role, client in clients.items()}

    @share(0.52, small=3, among=len(TRIED))
    @given(st.data())
    def send(data):
        door = data.draw(st.sampled_from(ways))
        deviations = data.draw(hostile.changes(door.names))
        pressed, value = data.draw(st.sampled_from([*door.buttons, ("", "")]))
        sent = forms.sent(door.data | ({pressed: [value]} if pressed else {}), deviations)
        client = clients[door.role]
        with undone():
            keeps = KEEPS.get(name, frozenset())
            once(client, door, sent, htmx=data.draw(st.booleans()), keeps=keeps, findings=findings)
        client.cookies.clear()
        client.cookies.update(kept[door.role])

    send()
    findings.close()
