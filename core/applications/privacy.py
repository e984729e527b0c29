"""Cases without personal identifiers, for readers from outside the LSP (BNSP).

What stays: name, sex, year of birth, regency, education, employer, all answers and verdicts, the
names and hashes of files. What goes: NIK, day and place of birth, street, postal code, telephone,
fax, e-mail (in names of files and in what was written freely too), and the identity papers
themselves. UU PDP 27/2022, art. 16 (purpose and need).
"""

import json
from copy import copy
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from core.accounts.nik import mask_nik
from core.accounts.rules import can_see_identifiers, can_see_nik
from core.common.text import HIDDEN, hide_identifiers, without_identifiers
from core.documents.models import DocumentType

_HIDDEN_FIELDS = {
    "personal": ("birth_place",),
    "address": ("home_address", "postal_code", "phone_home", "phone_office", "phone_mobile", "email"),
    "employment": ("office_address", "postal_code", "phone", "fax", "email"),
}


def snapshot_for(snapshot: dict, *, viewer: Any, profile: Any) -> dict:
    """A submission's content as this person may see it; the stored snapshot is left as it is."""
    if not can_see_identifiers(viewer, profile):
        return masked_snapshot(snapshot)
    if can_see_nik(viewer, profile):
        return snapshot
    personal = snapshot["sections"]["personal"]
    return _with_sections(snapshot, {"personal": personal | {"nik": mask_nik(personal["nik"])}})


def masked_snapshot(snapshot: dict) -> dict:
    """The same content with personal identifiers hidden."""
    changed = {}
    for key, names in _HIDDEN_FIELDS.items():
        section = snapshot["sections"].get(key)
        if section is not None:
            changed[key] = section | {name: HIDDEN for name in names if section.get(name)}
    if "purpose" in snapshot["sections"]:
        purpose = snapshot["sections"]["purpose"]
        changed["purpose"] = purpose | {"explanation": hide_identifiers(purpose["explanation"])}
    personal = changed["personal"]
    changed["personal"] = personal | {"nik": mask_nik(personal["nik"]), "birth_date": year_only(personal["birth_date"])}
    evidence = {
        key: item | {"title": without_identifiers(item["title"]), "file_name": without_identifiers(item["file_name"])}
        for key, item in snapshot["evidence"].items()
    }
    return _with_sections(snapshot | {"evidence": evidence}, changed)


def erased_snapshot(snapshot: dict) -> dict:
    """The same form without the person: which scheme, which answers, how many files; nobody's name or words.

    Its shape is kept, so that every screen and list can still show that there was a case.
    """
    sections = snapshot["sections"]
    changed = {key: _emptied(sections[key]) for key in ("personal", "address", "employment") if key in sections}
    changed["personal"] = changed["personal"] | {"full_name": erased_words()}
    if "purpose" in sections:
        changed["purpose"] = sections["purpose"] | {"explanation": ""}
    evidence = {
        key: item | {"title": erased_words(), "file_name": erased_words()} for key, item in snapshot["evidence"].items()
    }
    return _with_sections(snapshot | {"evidence": evidence}, changed)


def _emptied(section: dict) -> dict:
    return {name: "" if isinstance(value, str) else None for name, value in section.items()}


def erased_words() -> str:
    return _("(dihapus)")


def file_words(words: str, *, viewer: Any) -> str:
    """The name or title of a file as this person may read it."""
    return words if viewer.has_perm("core.view_identifiers") else without_identifiers(words)


def written_words(words: str, *, viewer: Any) -> str:
    """What somebody wrote freely, a note or a reason, as this person may read it."""
    return words if viewer.has_perm("core.view_identifiers") else hide_identifiers(words)


def masked_review(review: Any) -> Any:
    """The LSP's recommendation for a masked copy of the form; not to be saved."""
    masked = copy(review)
    masked.note = hide_identifiers(review.note)
    verdicts = {key: row | {"note": hide_identifiers(row.get("note", ""))} for key, row in review.verdicts.items()}
    masked.content = json.dumps(verdicts)
    return masked


def masked_words(document: Any, words: str) -> str:
    """The name or title of a stored document, masked; what the system named itself holds but the case's number."""
    return words if document.uploaded_by_id is None else without_identifiers(words)


def year_only(iso_date: str) -> str:
    """“1990” of 1990-05-12; forms print it as it stands."""
    return iso_date[:4]


def notice() -> str:
    """What stands on every masked copy."""
    return _("Salinan dengan data pribadi disamarkan; sidik isi dan tanda tangan adalah milik naskah lengkapnya.")


def visible_evidence(viewer: Any) -> Q:
    """Which files this person may open, as a condition on documents."""
    if viewer.has_perm("core.view_identifiers"):
        return Q()
    # Their keys: with a join MariaDB would begin at the kinds and sort all documents to show the newest.
    kinds = DocumentType.objects.filter(is_identity=False).order_by()
    return Q(document_type__in=list(kinds.values_list("pk", flat=True)))


def _with_sections(snapshot: dict, changed: dict) -> dict:
    return snapshot | {"sections": snapshot["sections"] | changed}
