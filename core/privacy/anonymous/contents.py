"""Frozen contents with nobody in them: the shape stays, so that pages and papers can still be made of them.

What may stay is known, not what must go: the words of catalogues and forms, states, dates, numbers of cases. Every
other word is disguised, whether or not anybody thought of it.
"""

import json
import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import QuerySet

from core.assessments.models import FormLine
from core.codelists.models import Region
from core.privacy.anonymous.pseudonyms import DISGUISED, PLACE, POSTCODE, Pseudonyms
from core.privacy.inventory import IMPERSONAL

#: Keys of contents whose values are of one kind, whatever they look like.
NAMES = frozenset(
    {"full_name", "name", "signer", "signer_name", "holder_name", "assessor", "candidate", "leader_name", "by"}
)
BIRTHDAYS = frozenset({"birth_date"})
PLACES = frozenset({"birth_place"})
POSTCODES = frozenset({"postal_code", "home_postal_code", "office_postal_code"})
ORGANISATIONS = frozenset({"institution", "employer"})
#: Keys of which a short word without spaces is a state or a kind, not a person.
STATES = frozenset(
    {"kind", "key", "code", "outcome", "method", "party", "section", "state", "status", "role", "sex", "source"}
    | {"content_type", "standard_kind", "lookup", "advice", "verdict", "recommendation", "repeat", "type", "subject"}
    | {"evidence", "fields", "parts"}
)
#: Columns of models that hold people which hold words of the house all the same.
OF_THE_HOUSE = {
    "core.Venue": ("name", "address", "code"),
    "core.OfficeData": ("name", "license_number", "leader_position", "address", "website", "office_hours"),
    "core.Plenary": ("number", "title", "place", "letter_number"),
    "core.AssessmentSession": ("number",),
    "core.Handover": ("number",),
    "core.HandoverFile": ("name",),
    "core.DestructionItem": ("kind", "cases", "reason"),
    "core.SessionCodes": ("code",),
}
_EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_NIK = re.compile(r"\d{16}")
_PHONE = re.compile(r"\+?\d[\d ().-]{6,}\d")
_HASH = re.compile(r"[0-9a-f]{64}")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:[T ][\d:.+Z-]+)?|\d\d[.:]\d\d(?::\d\d)?")
#: APL-2026-000123, E12, 1.2, FR.APL-01, K: capitals and digits, no stretch of digits as long as a telephone number.
_PAPER = re.compile(r"(?!.*\d{8})#?[A-Z0-9]{1,14}(?:[-/.][A-Z0-9]{1,14})*")
_STATE = re.compile(r"(?!.*\d{8})[a-z0-9_.:/+-]{1,80}")
_HAS_DIGIT = re.compile(r"\d")


class Contents:
    """`hashes`: {hash of what was: hash of what stands there now}; `codes`: numbers that were replaced everywhere."""

    def __init__(self, pseudonyms: Pseudonyms) -> None:
        self.pseudonyms = pseudonyms
        self.hashes: dict[str, str] = {}
        self.codes: set[str] = set()
        self.known = _words_of_the_house()

    def text(self, value: str) -> str:
        """A column that holds JSON as text; anything else in it is disguised."""
        if not value:
            return value
        try:
            content = json.loads(value)
        except ValueError:
            return DISGUISED
        # As `applications.snapshot.canonical` writes: the hashes are over exactly these bytes.
        return json.dumps(self.data(content), sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    def data(self, value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {self.key(name): self.data(item, name) for name, item in value.items()}
        if isinstance(value, list):
            return [self.data(item, key) for item in value]
        if isinstance(value, str):
            return self.word(value, key)
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= 10**8:
            return 0  # a number as long as a telephone's
        return value

    def key(self, name: str) -> str:
        return name if not _EMAIL.search(name) and not re.search(r"\d{8}", name) else DISGUISED

    def word(self, value: str, key: str = "") -> str:
        invent = self.pseudonyms
        if not value.strip():
            return value
        if value in self.codes:
            return invent.code(value, min(len(value), 16))
        if key in BIRTHDAYS:
            try:
                return invent.birth(date.fromisoformat(value)).isoformat()
            except ValueError:
                return DISGUISED
        if key in PLACES:
            return PLACE
        if key in POSTCODES:
            return POSTCODE
        if key in ORGANISATIONS:
            return invent.organisation(value)
        if _NIK.fullmatch(value):
            return invent.nik(value)
        if _EMAIL.fullmatch(value):
            return invent.email(value)
        if _HASH.fullmatch(value):
            return self.hashes.get(value, value)
        if _UUID.fullmatch(value):
            return str(invent.uuid(value))
        if value in self.known or _MOMENT.fullmatch(value):
            return value
        if _PHONE.fullmatch(value) and len(re.sub(r"\D", "", value)) >= 7:
            return invent.phone(value)
        if key in NAMES:
            return invent.name(value)
        if _PAPER.fullmatch(value) and (_HAS_DIGIT.search(value) or len(value) <= 2):
            return value
        if key in STATES and _STATE.fullmatch(value):
            return value
        return DISGUISED

    def label(self, value: str) -> str:
        """What the log and the history call a row: a number or a key stays, everything else goes."""
        if not value or value in self.known:
            return value
        if value in self.codes:
            return self.pseudonyms.code(value, min(len(value), 16))
        return value if _PAPER.fullmatch(value) and _HAS_DIGIT.search(value) else DISGUISED


def _words_of_the_house() -> frozenset[str]:
    """Every word of catalogues, forms and lists, all states, and regions as forms write them."""
    found = {"ya", "tidak"}
    for model in apps.get_models(include_auto_created=True):
        columns = list(_words_of(model))
        for column in model._meta.concrete_fields:
            found |= {str(word) for choice in column.flatchoices for word in choice}
        for name in columns:
            found |= set(QuerySet(model).order_by().values_list(name, flat=True).distinct())
    for name, province in Region.objects.exclude(province=None).values_list("name", "province__name"):
        found.add(f"{name}, {province}")
    for options in FormLine.objects.exclude(options="").values_list("options", flat=True):
        found |= {line.strip() for line in options.splitlines()}
    return frozenset(found - {None, ""})


def _words_of(model: type[models.Model]) -> Iterable[str]:
    if model._meta.label not in IMPERSONAL:
        return OF_THE_HOUSE.get(model._meta.label, ())
    return [
        column.name
        for column in model._meta.concrete_fields
        if isinstance(column, models.CharField | models.TextField) and not isinstance(column, models.FileField)
    ]
