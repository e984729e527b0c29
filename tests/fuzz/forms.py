"""The forms of a page as a browser would fill them in, and the names that a view asks its request for."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.http import QueryDict
from django.utils import timezone

from tests.fuzz import hostile


@dataclass
class Field:
    name: str
    kind: str
    value: str = ""
    choices: list[str] = field(default_factory=list)
    required: bool = False
    checked: bool = False


@dataclass
class Form:
    """A form of a page: where it goes and what it holds; `buttons` are the names and values of its buttons."""

    action: str
    method: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys([*(one.name for one in self.fields), *(name for name, _value in self.buttons)]))

    def filled(self) -> dict[str, list]:
        """What a person would send who fills in what must be filled in."""
        data: dict[str, list] = {}
        for one in self.fields:
            if one.kind in ("checkbox", "radio"):
                if one.checked or (one.required and one.name not in data):
                    data.setdefault(one.name, []).append(one.value or "on")
            elif one.kind == "file":
                if one.required:
                    data[one.name] = [("file", "berkas.pdf")]
            else:
                value = one.value or (self._ordinary(one) if one.required else "")
                data.setdefault(one.name, []).append(value)
        return data

    def _ordinary(self, one: Field) -> str:
        today = timezone.localdate()
        kinds = {
            "date": f"{today}",
            "datetime-local": f"{today}T09:00",
            "time": "09:00",
            "number": "1",
            "email": "orang@contoh.id",
            "tel": "+6281234567890",
            "url": "https://contoh.id/",
            "select": next((choice for choice in one.choices if choice), ""),
        }
        return kinds.get(one.kind, "Uji coba")


class _Forms(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found: list[Form] = []
        self.by_id: dict[str, Form] = {}
        self.links: list[str] = []
        self.form: Form | None = None
        self.select: Field | None = None
        self.area: Field | None = None
        self.late: list[tuple[str, Field | tuple[str, str]]] = []

    def handle_starttag(self, tag, attrs):
        given = {key: value or "" for key, value in attrs}
        if tag == "a":
            self.links.append(given.get("href", ""))
        elif tag == "form":
            self.form = Form(given.get("action", ""), given.get("method", "get").lower())
            self.found.append(self.form)
            self.by_id[given.get("id", "")] = self.form
        elif tag == "option" and self.select is not None:
            self.select.choices.append(given.get("value", ""))
            if "selected" in given:
                self.select.value = given.get("value", "")
        elif tag in ("input", "select", "textarea", "button"):
            self._field(tag, given)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "text") if tag == "input" else tag
        if tag == "button" or kind in ("submit", "image"):
            self._lay(given, (name, given.get("value", "")) if name else None)
            return
        if not name:
            return
        one = Field(name, kind, given.get("value", ""), required="required" in given, checked="checked" in given)
        self._lay(given, one)
        if tag == "select":
            self.select = one
        elif tag == "textarea":
            self.area = one

    def _lay(self, given: dict[str, str], what) -> None:
        if what is None:
            return
        if "form" in given:
            self.late.append((given["form"], what))
        elif self.form is not None:
            (self.form.buttons if isinstance(what, tuple) else self.form.fields).append(what)

    def handle_data(self, data):
        if self.area is not None:
            self.area.value += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.area = None

    def close(self):
        super().close()
        for name, what in self.late:
            if form := self.by_id.get(name):
                (form.buttons if isinstance(what, tuple) else form.fields).append(what)


def read(html: str) -> tuple[list[Form], list[str]]:
    """The forms and the links of a page."""
    parser = _Forms()
    parser.feed(html)
    parser.close()
    return parser.found, parser.links


@contextmanager
def names_asked_for() -> Iterator[set[str]]:
    """Which keys the code asked GET and POST for meanwhile: also a field that no page shows is found so."""
    asked: set[str] = set()

    def noting(original):
        def look(self, key, *more, **named):
            if isinstance(key, str):
                asked.add(key)
            return original(self, key, *more, **named)

        return look

    looks = ("__getitem__", "getlist", "__contains__")
    for name in looks:
        setattr(QueryDict, name, noting(getattr(QueryDict, name)))
    try:
        yield asked
    finally:
        for name in looks:
            delattr(QueryDict, name)


def sent(data: dict[str, list], changes: list[hostile.Change]) -> dict[str, list]:
    """The form's data with its deviations; a name that holds nothing is not sent at all."""
    found = {name: list(values) for name, values in data.items()}
    for change in changes:
        if change.kind == "drop":
            found.pop(change.field, None)
        elif change.kind == "repeat":
            found.setdefault(change.field, []).extend(change.values)
        else:
            found[change.field] = list(change.values)
    return found
