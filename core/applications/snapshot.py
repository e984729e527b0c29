"""What a submission freezes, and how two submissions differ.

A snapshot is plain data (see `build_snapshot`), written as canonical JSON: sorted keys, no spaces,
UTF-8. Its SHA-256 over exactly these bytes is what the candidate signs.
"""

import hashlib
import json
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.queries import current_consent_text
from core.applications.models import Application, RequirementEvidence, SelfAssessmentAnswer
from core.applications.sections import SECTION_TITLES, section_keys
from core.content.queries import letterhead
from core.documents.models import KEPT_STATES, Document
from core.schemes.models import SchemeVersion
from core.schemes.queries import units_in_order

FORMAT = 1

#: What the forms call the fields of a snapshot.
FIELD_LABELS = {
    "full_name": gettext_lazy("Nama lengkap"),
    "nik": gettext_lazy("NIK"),
    "birth_place": gettext_lazy("Tempat lahir"),
    "birth_date": gettext_lazy("Tanggal lahir"),
    "sex": gettext_lazy("Jenis kelamin"),
    "nationality": gettext_lazy("Kebangsaan"),
    "education": gettext_lazy("Kualifikasi pendidikan"),
    "home_address": gettext_lazy("Alamat rumah"),
    "home_region": gettext_lazy("Kabupaten/kota"),
    "postal_code": gettext_lazy("Kode pos"),
    "phone_home": gettext_lazy("Telepon rumah"),
    "phone_office": gettext_lazy("Telepon kantor"),
    "phone_mobile": gettext_lazy("Nomor HP"),
    "email": gettext_lazy("E-mail"),
    "occupation": gettext_lazy("Pekerjaan"),
    "institution": gettext_lazy("Nama institusi/perusahaan"),
    "job_title": gettext_lazy("Jabatan"),
    "office_address": gettext_lazy("Alamat kantor"),
    "phone": gettext_lazy("Telepon"),
    "fax": gettext_lazy("Faks"),
    "title": gettext_lazy("Tujuan asesmen"),
    "explanation": gettext_lazy("Penjelasan tujuan"),
}

#: The fields of FR.APL-01 part 1 and 2 in the order of the form; stored snapshots have them in alphabetical order.
PART_FIELDS = {
    "personal": ("full_name", "nik", "birth_place", "birth_date", "sex", "nationality", "education"),
    "address": ("home_address", "home_region", "postal_code", "phone_home", "phone_office", "phone_mobile", "email"),
    "employment": ("occupation", "institution", "job_title", "office_address", "postal_code", "phone", "fax", "email"),
    "purpose": ("title", "explanation"),
}

#: Purpose of the consent text that stands above the candidate's signature.
DECLARATION_PURPOSE = "pernyataan-permohonan"


def canonical(data: Any) -> str:
    """JSON in the one form that is hashed."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def content_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def fingerprint(snapshot: dict) -> str:
    """The hash of the answers and files alone, which a check page carries to the signature."""
    return content_hash(canonical([snapshot["sections"], snapshot["evidence"], snapshot["declaration"]]))


def build_snapshot(application: Application, *, number: str, previous: dict | None = None) -> dict:
    """Everything FR.APL-01 and FR.APL-02 print, as plain data.

    Keys: format, number, lsp, scheme, purposes, declaration; `sections` by section key (see
    sections.py): personal, address, employment, purpose, requirements, unit-<id>; evidence
    (key E1, E2 … → title, file name, hash, size). Dates are ISO text, absent values "".

    With `previous` (a returned application), sections that were not reopened are taken from it
    unchanged: what the candidate edited in the profile meanwhile does not slip in.
    """
    documents = _documents_of(application)
    keys = {document.pk: f"E{position}" for position, document in enumerate(documents, start=1)}
    version = application.scheme_version
    builders = {
        "personal": lambda: _personal(application),
        "address": lambda: _address(application),
        "employment": lambda: _employment(application),
        "purpose": lambda: _purpose(application),
        "requirements": lambda: _requirements(application, keys),
    }
    answers = {answer.element_id: answer for answer in application.answers.prefetch_related("documents")}
    for position, unit in enumerate(units_in_order(version), start=1):
        builders[f"unit-{unit.pk}"] = lambda unit=unit, position=position: unit_section(unit, position, answers, keys)
    reopened = set(application.sections.filter(is_open=True).values_list("key", flat=True))
    sections, evidence = (
        {},
        {
            keys[document.pk]: {
                "title": document.title,
                "file_name": document.file_name,
                "content_type": document.content_type,
                "sha256": document.sha256,
                "size": document.size,
                "document": str(document.public_id),
            }
            for document in documents
        },
    )
    if previous:
        # Over all sendings: a key that once stood for a file never stands for another one.
        earlier: dict = {}
        for submission in application.submissions.order_by("sequence"):
            earlier |= submission.snapshot["evidence"]
        evidence = _merge_evidence(earlier, evidence)
        keys = {d.pk: key for d in documents for key, item in evidence.items() if item["document"] == str(d.public_id)}
    for key in section_keys(application):
        kept = previous and key not in reopened and key in previous["sections"]
        sections[key] = previous["sections"][key] if kept else builders[key]()
    used = {key for section in sections.values() for key in _evidence_keys(section)}
    return {
        **frame(version, number),
        "sections": sections,
        "evidence": {key: item for key, item in evidence.items() if key in used},
    }


def frame(version: SchemeVersion, number: str) -> dict:
    """What a snapshot says about the LSP and the scheme, whoever applies."""
    declaration = current_consent_text(DECLARATION_PURPOSE)
    return {
        "format": FORMAT,
        "number": number,
        "lsp": letterhead(),
        "scheme": {
            "code": version.scheme.code,
            "number": version.scheme.number,
            "title": version.scheme.title,
            "kind": version.scheme.kind,
            "version": version.number,
        },
        "purposes": [{"code": p.code, "title": p.title} for p in version.purposes.order_by("position")],
        "declaration": declaration.body if declaration else "",
    }


def _documents_of(application: Application) -> list[Document]:
    # Unordered parts: SQLite refuses a union of ordered ones, and documents have an order of their own.
    # What the virus scanner refused is not sent: its slot tells the candidate so.
    kept = Document.objects.filter(state__in=KEPT_STATES).order_by()
    handed_in = kept.filter(requirement_evidence__application=application)
    supporting = kept.filter(answers__application=application)
    return list(handed_in.union(supporting).order_by("id"))


def _merge_evidence(before: dict, now: dict) -> dict:
    """Earlier evidence keeps its key (E3 stays E3 on paper); new files get the next free ones."""
    merged = dict(before)
    known = {item["document"] for item in before.values()}
    next_key = max((int(key[1:]) for key in before), default=0)
    for item in now.values():
        if item["document"] not in known:
            next_key += 1
            merged[f"E{next_key}"] = item
    return merged


def _evidence_keys(section: Any) -> list[str]:
    if isinstance(section, dict):
        return [k for name, v in section.items() for k in (v if name == "evidence" else _evidence_keys(v))]
    if isinstance(section, list):
        return [k for item in section for k in _evidence_keys(item)]
    return []


def _keys_of(row: RequirementEvidence | SelfAssessmentAnswer | None, keys: dict[int, str]) -> list[str]:
    """The keys of a row's files in the order of the list of evidence: E2 before E10."""
    return (
        sorted((keys[d.pk] for d in row.documents.all() if d.pk in keys), key=lambda key: int(key[1:])) if row else []
    )


def _personal(application: Application) -> dict:
    profile = application.candidate
    return {
        "full_name": profile.user.full_name,
        "nik": profile.nik,
        "birth_place": profile.birth_place,
        "birth_date": profile.birth_date.isoformat() if profile.birth_date else "",
        "sex": profile.sex,
        "nationality": profile.nationality,
        "education": profile.education.title if profile.education else "",
    }


def _address(application: Application) -> dict:
    profile = application.candidate
    region = profile.home_region
    return {
        "home_address": profile.home_address,
        "home_region": f"{region.name}, {region.province.name}" if region else "",
        "postal_code": profile.home_postal_code,
        "phone_home": profile.phone_home,
        "phone_office": profile.phone_office,
        "phone_mobile": profile.phone_mobile,
        "email": profile.user.email,
    }


def _employment(application: Application) -> dict:
    profile = application.candidate
    return {
        "occupation": profile.occupation.title if profile.occupation else "",
        "institution": profile.institution,
        "job_title": profile.job_title,
        "office_address": profile.office_address,
        "postal_code": profile.office_postal_code,
        "phone": profile.phone_office,
        "fax": profile.office_fax,
        "email": profile.office_email,
    }


def _purpose(application: Application) -> dict:
    purpose = application.purpose
    return {
        "code": purpose.code if purpose else "",
        "title": purpose.title if purpose else "",
        "explanation": application.purpose_explanation,
    }


def _requirements(application: Application, keys: dict[int, str]) -> list[dict]:
    rows = {row.requirement_id: row for row in application.requirement_evidence.prefetch_related("documents")}
    return [
        {
            "id": requirement.pk,
            "section": requirement.section,
            "title": requirement.title,
            "required": requirement.is_required,
            "evidence": _keys_of(rows.get(requirement.pk), keys),
        }
        for requirement in application.scheme_version.requirements.all()
    ]


def unit_section(unit: Any, position: int, answers: dict, keys: dict[int, str]) -> dict:
    """FR.APL-02 for one unit; `answers` by element, `keys` of the files by document."""
    return {
        "position": position,
        "code": unit.code,
        "title": unit.title,
        "standard": unit.standard.code,
        "standard_kind": unit.standard.kind,
        "elements": [
            {
                "number": element.number,
                "title": element.title,
                "criteria": [{"number": c.number, "text": c.text} for c in element.criteria.all()],
                "outcome": answers[element.pk].outcome if element.pk in answers else "",
                "evidence": _keys_of(answers.get(element.pk), keys),
            }
            for element in unit.elements.all()
        ],
    }


def diff_snapshots(before: dict, after: dict) -> list[dict]:
    """The differences as rows {section, label, before, after} in the words of the forms."""
    return [row for row in readable_pairs(before, after) if row["before"] != row["after"]]


def readable_pairs(before: dict, after: dict) -> list[dict]:
    """All that either holds, as rows {section, label, before, after}; "" where one has nothing."""
    old, new = _readable(before), _readable(after)
    return [
        {
            "section": section,
            "label": label,
            "before": old.get((section, label), ""),
            "after": new.get((section, label), ""),
        }
        for section, label in dict.fromkeys([*new, *old])
    ]


def _readable(snapshot: dict) -> dict[tuple[str, str], str]:
    """A snapshot as flat text: (section title, label) → value."""
    evidence = snapshot["evidence"]

    def files(keys: list[str]) -> str:
        return ", ".join(f"{evidence[k]['file_name']} ({evidence[k]['sha256'][:8]})" for k in keys if k in evidence)

    rows: dict[tuple[str, str], str] = {}
    for key, section in snapshot["sections"].items():
        if key.startswith("unit-"):
            for element in section["elements"]:
                label = f"{section['code']} – {element['number']}. {element['title']}"
                value = element["outcome"] + (f" · {files(element['evidence'])}" if element["evidence"] else "")
                rows[(_("Asesmen mandiri"), label)] = value
        elif key == "requirements":
            for row in section:
                rows[(str(SECTION_TITLES[key]), row["title"])] = files(row["evidence"])
        else:
            for name, value in section.items():
                if name != "code":
                    rows[(str(SECTION_TITLES[key]), str(FIELD_LABELS.get(name, name)))] = value
    return rows
