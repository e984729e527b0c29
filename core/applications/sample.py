"""FR.APL-01 and FR.APL-02 of a scheme as an invented person would send them: to look at before publishing.

Nothing is stored, numbered or counted; every page says CONTOH.
"""

from django.utils import timezone

from core.applications.enums import FormCode, Outcome
from core.applications.forms import render_form
from core.applications.snapshot import canonical, content_hash, frame, unit_section
from core.documents.models import Signature
from core.documents.rendering import RenderedPdf
from core.documents.signatures import verify_address
from core.schemes.models import SchemeVersion
from core.schemes.queries import content_of

#: Nobody: the name says so, and a NIK of zeros cannot be given to anyone.
SAMPLE_NUMBER = "CONTOH-000000"
SAMPLE_NAME = "Contoh Nama Pemohon"
_PERSONAL = {
    "full_name": SAMPLE_NAME,
    "nik": "0000000000000000",
    "birth_place": "Kota Contoh",
    "birth_date": "1990-01-01",
    "sex": "P",
    "nationality": "Indonesia",
    "education": "S1",
}
_ADDRESS = {
    "home_address": "Jalan Contoh Nomor 1",
    "home_region": "Kota Contoh",
    "postal_code": "00000",
    "phone_home": "",
    "phone_office": "",
    "phone_mobile": "0800 0000 0000",
    "email": "pemohon@contoh.id",
}
_EMPLOYMENT = {
    "occupation": "Relawan",
    "institution": "Lembaga Contoh",
    "job_title": "Anggota tim",
    "office_address": "Jalan Contoh Nomor 2",
    "postal_code": "00000",
    "phone": "",
    "fax": "",
    "email": "",
}


def sample_snapshot(version: SchemeVersion) -> dict:
    """A snapshot as `build_snapshot` makes it: every requirement has a file, every answer is K but the last."""
    content = content_of(version)
    keys = {requirement.pk: f"E{n}" for n, requirement in enumerate(content.requirements, start=1)}
    purpose = content.purposes[0] if content.purposes else None
    sections = {
        "personal": _PERSONAL,
        "address": _ADDRESS,
        "employment": _EMPLOYMENT,
        "purpose": {
            "code": purpose.code if purpose else "",
            "title": purpose.title if purpose else "",
            "explanation": "",
        },
        "requirements": [
            {
                "id": requirement.pk,
                "section": requirement.section,
                "title": requirement.title,
                "required": requirement.is_required,
                "evidence": [keys[requirement.pk]],
            }
            for requirement in content.requirements
        ],
    }
    for position, unit in enumerate(content.units, start=1):
        section = unit_section(unit, position, {}, {})
        for element in section["elements"]:
            element |= {"outcome": Outcome.COMPETENT, "evidence": list(keys.values())[:1]}
        if position == len(content.units) and section["elements"]:
            section["elements"][-1]["outcome"] = Outcome.NOT_YET
        sections[f"unit-{unit.pk}"] = section
    evidence = {
        keys[requirement.pk]: {
            "title": requirement.document_type.title,
            "file_name": f"contoh-{requirement.document_type.code}.jpg",
            "content_type": "image/jpeg",
            "sha256": "0" * 64,
            "size": 250_000,
            "document": "",
        }
        for requirement in content.requirements
    }
    return {**frame(version, SAMPLE_NUMBER), "sections": sections, "evidence": evidence}


def sample_form(*, version: SchemeVersion, form: FormCode) -> RenderedPdf:
    """The PDF of one form for the invented person."""
    snapshot = sample_snapshot(version)
    signature = Signature(
        code="CONTOHCONTOHCONT",
        signer_name=SAMPLE_NAME,
        role="asesi",
        content_sha256=content_hash(canonical(snapshot)),
        signed_at=timezone.now(),
    )
    return render_form(
        form, snapshot=snapshot, signature=signature, verify_url=verify_address(signature.code), is_sample=True
    )
