"""People who walk through the product by HTTP as a browser with JavaScript does: forms as they were drawn, with what is
typed into them; files in pieces. Shared by the deadline day (make load) and the faults (make chaos).

Who walks brings what carries the requests: `ask(method, address, name=…, …)`, which follows redirects and gives an
answer with `status_code`, `text`, `url` and `headers` as the library requests has it.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from lxml import html

PIECE = 256 * 1024
FIRST_PIECE = 64 * 1024
#: The parts of an address that differ from person to person.
_OWN = re.compile(r"/(permohonan|undangan|konfirmasi|akun/unggahan)/[^/]+(/[^/]{20,})?|/\d+(?=/)")


class Trouble(Exception):
    """The server could not do it, or was not there: whoever wants it tries again."""


class Refused(Exception):
    """The product said no; its sentence."""


def kind_of(address: str) -> str:
    """The address without what belongs to one person, for the table of times."""
    return _OWN.sub(lambda match: f"/{match[1]}/…" if match[1] else "/…", urlsplit(address).path)


class Page:
    """What came back, with its first form that is sent by POST from the middle of the page."""

    def __init__(self, answer: Any):
        self.address = urlsplit(answer.url).path
        self.text = answer.text
        self.document = html.fromstring(answer.text)

    @property
    def title(self) -> str:
        return " ".join(self.document.findtext(".//title", default="").split())

    def form(self, has: str = "") -> "html.FormElement":
        """The form with an input, a choice or a button of this name, else the first in <main>."""
        found = [
            form
            for form in self.document.forms
            if form.method == "POST" and (form.xpath(f".//*[@name='{has}']") if has else form.xpath("ancestor::main"))
        ]
        if not found:
            raise Refused(f"{self.address}: no form ({self.title})")
        return found[0]

    def errors(self) -> str:
        """What the page says is wrong, in its own words; "" when nothing is."""
        words = self.document.xpath(
            "//*[contains(@class, 'field__error') or contains(@class, 'error-summary') or contains(@class, 'bo-error')]"
        )
        return " | ".join(" ".join(piece.text_content().split()) for piece in words)[:300]

    def links(self, part: str) -> list[str]:
        return [link for link in self.document.xpath("//a/@href") if part in link]

    def messages(self) -> str:
        """What the back office says above the page."""
        return " ".join(
            " ".join(node.text_content().split())
            for node in self.document.xpath("//*[@role='status' or @role='alert' or contains(@class,'messagelist')]")
        )[:500]


class Walker:
    """Somebody with a browser."""

    def __init__(self, ask: Callable[..., Any]):
        self.ask_server = ask

    def ask(self, method: str, address: str, *, name: str = "", **more: Any) -> Any:
        answer = self.ask_server(method, address, name=name or f"{method} {kind_of(address)}", **more)
        if answer.status_code >= 500 or answer.status_code == 429 or not answer.status_code:
            raise Trouble(f"{answer.status_code} {method} {kind_of(address)}")
        return answer

    def get(self, address: str, *, name: str = "") -> Page:
        answer = self.ask("GET", address, name=name)
        if answer.status_code >= 400:
            raise Refused(f"{answer.status_code} GET {kind_of(address)}")
        return Page(answer)

    def send(self, page: Page, typed: dict[str, Any], *, has: str = "", name: str = "") -> Page:
        """Press a button of a form: its own fields, with what was typed, ticked or pressed."""
        form = page.form(has)
        fields = [(key, value) for key, value in form.form_values() if key not in typed]
        for key, value in typed.items():
            fields += [(key, one) for one in (value if isinstance(value, list) else [value])]
        address = form.get("action") or page.address
        answer = self.ask(
            "POST", address, name=name or f"POST {kind_of(address)}", data=fields, headers={"Referer": page.address}
        )
        if answer.status_code >= 400 and answer.status_code != 422:
            raise Refused(f"{answer.status_code} POST {kind_of(address)}")
        return Page(answer)

    def send_to(self, page: Page, address: str, typed: dict[str, Any]) -> Page:
        """What a form of this page sends to an address of its own, with the token of the page."""
        token = page.document.xpath("//input[@name='csrfmiddlewaretoken']/@value")[0]
        fields = {"csrfmiddlewaretoken": token, **typed}
        return Page(self.ask("POST", address, data=fields, headers={"Referer": page.address}))

    def log_in(self, email: str, password: str) -> Page:
        """In at once where an earlier try had let us in and only its answer was cut off."""
        page = self.get("/masuk/")
        if page.address == "/masuk/":
            page = self.send(page, {"username": email, "password": password}, has="password")
        if page.address == "/masuk/":
            raise Refused(f"log-in of {email}: {page.errors()}")
        return page


class Candidate(Walker):
    """From the landing page to the number of an application."""

    def __init__(
        self,
        ask: Callable[..., Any],
        *,
        name: str,
        nik: str,
        files: Callable[[str], tuple[str, bytes]],
        think: Callable[[], None] = lambda: None,
        note: Callable[..., None] = lambda *words: None,
    ):
        """`files` gives name and bytes for a requirement, `think` lets time pass, `note` is told what was acknowledged."""
        super().__init__(ask)
        self.name, self.nik, self.files, self.think, self.note = name, nik, files, think, note
        self.token = ""

    def register(self, email: str, scheme: str) -> None:
        self.get("/")
        self.think()
        self.get(f"/skema/{scheme}/")
        self.think()
        page = self.get(f"/daftar/?skema={scheme}", name="GET /daftar/")
        self.think()
        page = self.send(page, {"full_name": self.name, "email": email, "consent": "on"}, has="consent")
        if "terkirim" not in page.address:
            raise Refused(f"registration: {page.errors()}")

    def confirm(self, link: str, password: str) -> Page:
        """The link of the letter; ends on the page that begins an application."""
        page = self.get(link, name="GET /konfirmasi/…")
        self.think()
        return self.send(page, {"password": password}, has="password", name="POST /konfirmasi/…")

    def begin(self, scheme: str) -> str:
        """Begin an application, or find the one that is under way; how it is called in addresses."""
        page = self.get(f"/permohonan/baru/{scheme}/", name="GET /permohonan/baru/…")
        self.think()
        page = self.send(page, {}, name="POST /permohonan/baru/…")
        reference = page.address.strip("/").split("/")[1]
        if page.address.startswith("/skema/"):
            raise Refused(page.messages())
        self.note("draft", reference)
        return reference

    def fill_in(self, reference: str) -> str:
        """Whatever still needs something, page after page, then sign; the number."""
        page = self.get(f"/permohonan/{reference}/")
        for _step in range(40):
            self.think()
            if "/terkirim/" in page.address or (number := _number_on(page)):
                number = _number_on(page) or ""
                self.note("submitted", reference, number)
                return number
            page = self.answer(page, reference)
        raise Refused(f"{page.address}: no end ({page.errors()})")

    def answer(self, page: Page, reference: str) -> Page:
        before = page.address
        part = before.strip("/").split("/")[2:]
        match part:
            case []:
                return self.get(self._next(page, reference))
            case ["profil", "data-pribadi"]:
                typed = {"nik": self.nik, "birth_place": "Ambon", "education": _choice(page, "education")}
            case ["profil", "alamat"]:
                typed = {
                    "home_address": f"Jalan {self.name} 5", "home_region": "8171", "phone_mobile": "0812 3456 7890"
                }  # fmt: skip
            case ["profil", "pekerjaan"]:
                typed = {"occupation": _choice(page, "occupation")}
            case ["tujuan"]:
                typed = {"purpose": page.form("purpose").xpath(".//input[@name='purpose']/@value")[0]}
            case ["bukti"]:
                self.attach_all(page)
                page = self.get(page.address)
                typed = {"to_next": ""}
            case ["unit", _key]:
                typed = {
                    name: "K" for name in page.form("set_all").xpath(".//input/@name") if name.startswith("outcome-")
                }
                typed["to_next"] = ""
            case ["periksa"]:
                typed = {"agreed": "on"}
            case _:
                raise Refused(f"{before}: not known to a candidate")
        following = self.send(page, typed, has=next(iter(typed)) if "agreed" in typed else "")
        if following.address == before:
            raise Refused(f"{kind_of(before)}: {following.errors()}")
        self.note("section", reference, "/".join(part))
        return following

    def _next(self, page: Page, reference: str) -> str:
        """Where the task list leads on: the last check when all is there."""
        buttons = page.document.xpath("//main//a[contains(@class, 'btn')]/@href")
        wanted = [link for link in buttons if f"/{reference}/" in link]
        if not wanted:
            wanted = page.links("/periksa/")
        if not wanted:
            raise Refused(f"{page.address}: leads nowhere")
        return wanted[0]

    def attach_all(self, page: Page) -> None:
        """A file for each requirement that must have one and has none."""
        self._script(page)
        for slot in page.document.xpath("//*[@data-slot]"):
            is_needed = "Wajib" in slot.text_content()
            if is_needed and not slot.xpath(".//*[@class='files']"):
                self.think()
                field = slot.xpath(".//input[@type='file']/@name")[0]
                self.attach(page, slot.get("data-slot"), field, *self.files(field))

    def attach(self, page: Page, slot: str, field: str, file_name: str, content: bytes) -> None:
        key = self.upload(page.address, field, file_name, content)
        answer = self.ask(
            "POST", slot, name="POST berkas: simpan", data={f"pieces-{field}": key}, headers=self._script(page)
        )
        if answer.status_code >= 400 or "slot--error" in answer.text or file_name.rsplit(".", 1)[0] not in answer.text:
            raise Refused(f"{file_name}: {answer.status_code} {Page(answer).errors()}")
        self.note("file", file_name, hashlib.sha256(content).hexdigest())

    def upload(self, place: str, field: str, file_name: str, content: bytes) -> str:
        """In pieces, on from what is there; the id of the upload."""
        page = place
        about = {"filename": file_name, "sha256": hashlib.sha256(content).hexdigest(), "place": f"{page}:{field}"}
        words = ",".join(f"{key} {_base64(value.encode())}" for key, value in about.items())
        headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(len(content)), "Upload-Metadata": words}
        begun = self.ask("POST", "/akun/unggahan/", name="POST berkas: mulai", headers=headers | self._script())
        if begun.status_code != 201:
            raise Refused(f"{file_name}: {begun.status_code} {begun.text[:200]}")
        address, offset, size = begun.headers["Location"], int(begun.headers["Upload-Offset"]), FIRST_PIECE
        key = address.strip("/").split("/")[-1]
        while offset < len(content):
            piece = content[offset : offset + size]
            headers = {
                "Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream",
                "Upload-Offset": str(offset),
                "Upload-Checksum": f"sha256 {_base64(hashlib.sha256(piece).digest())}",
            }  # fmt: skip
            answer = self.ask(
                "PATCH", address, name="PATCH berkas: potongan", data=piece, headers=headers | self._script()
            )
            if answer.status_code not in (204, 409):
                raise Refused(f"{file_name}: {answer.status_code} {answer.text[:200]}")
            offset, size = int(answer.headers["Upload-Offset"]), PIECE
            if answer.status_code == 204:
                self.note("piece", key, offset)
        return key

    def _script(self, page: Page | None = None) -> dict[str, str]:
        """What a script of ours sends with each request: the token of the page that is open."""
        if page is not None:
            self.token = page.document.xpath("//input[@name='csrfmiddlewaretoken']/@value")[0]
        return {"X-CSRFToken": self.token, "Referer": "/akun/"}


def _choice(page: Page, name: str) -> str:
    """What is chosen, else the second thing that can be."""
    select = page.document.xpath(f"//select[@name='{name}']")[0]
    return select.value or [option for option in select.value_options if option][1]


def _number_on(page: Page) -> str:
    found = page.document.xpath("//*[contains(@class, 'panel__ref')]")
    return found[0].text_content().strip() if found else ""


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


class Clerk(Walker):
    """A member of the secretariat who takes what waits and decides on it."""

    def __init__(
        self,
        ask: Callable[..., Any],
        *,
        think: Callable[[], None] = lambda: None,
        note: Callable[..., None] = lambda *words: None,
    ):
        super().__init__(ask)
        self.think, self.note = think, note

    def take_next(self) -> Page | None:
        """The page of the case that has waited longest; None when none waits."""
        home = self.get("/admin/")
        self.think()
        try:
            page = self.send(home, {}, has="ditawarkan", name="POST /admin/…/ambil-berikutnya/")
        except Refused:
            return None
        if not re.fullmatch(r"/admin/core/application/\d+/change/", page.address):
            return None
        self.note("taken", _key(page.address))
        return page

    def look(self, page: Page, most: int = 2) -> Iterator[str]:
        """Open some of the evidence of a case."""
        for link in list(dict.fromkeys(page.links("/admin/dokumen/")))[:most]:
            self.ask("GET", link, name="GET /admin/dokumen/…")
            self.think()
            yield link

    def judge(self, page: Page) -> Page:
        """Whatever has files is found in order."""
        self.think()
        page = self.send(page, {"semua": "memenuhi"}, has="semua", name="POST /admin/…/nilai/")
        self.note("judged", _key(page.address))
        return page

    def accept(self, case: int) -> None:
        page = self.get(f"/admin/core/application/{case}/tindakan/accept/", name="GET /admin/…/tindakan/accept/")
        self.think()
        self._act(page, case, "accept", {"note": "Lengkap."})

    def give_back(self, case: int) -> None:
        page = self.get(f"/admin/core/application/{case}/tindakan/return/", name="GET /admin/…/tindakan/return/")
        self.think()
        typed = {"part-requirements": "1", "note-requirements": "Unggah KTP yang lebih jelas."}
        self._act(page, case, "return", typed)

    def _act(self, page: Page, case: int, act: str, typed: dict[str, str]) -> None:
        following = self.send(page, typed, has=next(iter(typed)), name=f"POST /admin/…/tindakan/{act}/")
        if f"/tindakan/{act}/" in following.address:
            raise Refused(f"{act} {case}: {following.errors()}")
        self.note(act, case)

    def ask_for_export(self) -> int:
        """An export that is made in the background; the job."""
        address = "/admin/core/application/ekspor/"
        page = self.get(f"{address}?antrean=semua")
        page = self.send(page, {"tindakan": "semua", "format": "xlsx"}, has="format", name=f"POST {address}")
        if not re.fullmatch(r"/admin/core/job/\d+/change/", page.address):
            raise Refused(f"export: {page.address} {page.errors()} {page.messages()}")
        self.note("job", _key(page.address))
        return _key(page.address)


def _key(address: str) -> int:
    return int(re.search(r"/(\d+)/", address)[1])
