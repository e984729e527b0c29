"""Whether an anonymised copy still holds somebody: every text of every table against what was known before.

The engine works by columns; this asks by values, so that what lies in a column nobody thought of is found as well.
"""

import json
import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import QuerySet

from core.accounts.models import CandidateProfile, User
from core.certificates.models import Certificate, PastCertificate
from core.inquiries.models import Ticket
from core.institutions.models import Institution, Invitation
from core.privacy.inventory import IMPERSONAL

BATCH = 1000
_EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_DIGITS = re.compile(r"(?<![\w-])\+?\d[\d .-]{7,}\d(?![\w-])")
_WORD = re.compile(r"[^\W\d_]+")
#: Names of fewer letters are words of the language as well.
SHORTEST = 9


@dataclass
class Known:
    """What people were known by: addresses (small letters), digits of NIK and telephones, names as pairs of words."""

    emails: set[str] = field(default_factory=set)
    digits: set[str] = field(default_factory=set)
    names: set[tuple[str, str]] = field(default_factory=set)


def originals() -> Known:
    """Read before anything is replaced."""
    found = Known()
    for model, name, email, numbers in (
        (User, "full_name", "email", ()),
        (CandidateProfile, None, "office_email", ("nik", "phone_mobile", "phone_home")),
        (Certificate, "holder_name", None, ()),
        (PastCertificate, "holder_name", "email", ("nik",)),
        (Invitation, "full_name", "email", ()),
        (Ticket, "name", "email", ("phone",)),
        (Institution, "contact_name", None, ("contact_phone",)),
    ):
        columns = [column for column in (name, email, *numbers) if column]
        for row in QuerySet(model).order_by().only(*columns).iterator(BATCH):
            if name and len(pair := _pair(getattr(row, name))) == 2 and sum(map(len, pair)) >= SHORTEST:
                found.names.add(pair)
            if email and getattr(row, email):
                found.emails.add(getattr(row, email).lower())
            found.digits |= {_national(getattr(row, number)) for number in numbers if getattr(row, number)}
    found.digits = {digits for digits in found.digits if len(digits) >= 8}
    return found


def leftovers(known: Known) -> tuple[list[str], list[str]]:
    """Where one of them still stands ("core_review.note #12: nama"): among people, and in texts for everybody.

    The latter were published with the name in them and stay as they are; somebody has to look at them.
    """
    found: list[str] = []
    public: list[str] = []
    for model in apps.get_models(include_auto_created=True):
        columns = [
            column
            for column in model._meta.concrete_fields
            if isinstance(column, models.CharField | models.TextField | models.JSONField) and not column.primary_key
        ]
        if not columns:
            continue
        rows = QuerySet(model).order_by().values_list("pk", *(column.name for column in columns))
        for pk, *values in rows.iterator(BATCH):
            for column, value in zip(columns, values, strict=True):
                if value and (what := known_in(_text(value), known)):
                    place = public if model._meta.label in IMPERSONAL else found
                    place.append(f"{model._meta.db_table}.{column.column} #{pk}: {what}")
    return found, public


def known_in(text: str, known: Known) -> str:
    if "@" in text and any(hit.lower() in known.emails for hit in _EMAIL.findall(text)):
        return "alamat e-mail"
    if any(_national(hit) in known.digits for hit in _DIGITS.findall(text)):
        return "NIK atau telepon"
    words = _WORD.findall(text.casefold())
    return "nama" if any(pair in known.names for pair in pairwise(words)) else ""


def _pair(name: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(name.casefold())[:2])


def _national(text: str) -> str:
    """Digits without the ways of writing the country: 0812…, +62812…, 62812… are one number."""
    digits = re.sub(r"\D", "", text)
    return re.sub(r"^(?:62|0)(?=8)", "", digits)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
