"""Everything the LSP knows about a person, as one ZIP: for people (HTML), for programs (JSON), and the files.

What belongs to others stays out: minutes, duty letters and attendance lists that name several people, notes
that officers wrote for each other, and results that were not told yet.
"""

import json
import tempfile
import zipfile
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import PurePath
from typing import IO, Any

from django.db.models import Exists, OuterRef, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.accounts.models import CandidateProfile, User
from core.activity.models import ActivityEntry
from core.activity.services import record_activity
from core.applications.enums import MASKED_EDITIONS
from core.applications.models import Application, CaseDocument, FormDocument
from core.assessments.papers.content import content_of
from core.assessments.papers.queries import not_released_to, own_papers
from core.certificates.models import Certificate
from core.certificates.past_queries import past_certificates_of
from core.common.exceptions import DomainError
from core.common.models import UnsentForm
from core.content.queries import office
from core.decisions.models import Decision
from core.documents.models import OF_THE_OFFICE, Document, DocumentState
from core.handovers.models import HandoverCase
from core.handovers.queries import handed_over_about
from core.inquiries.models import Ticket
from core.inquiries.queries import tickets_of, with_thread
from core.institutions.models import InstitutionOfficer, Invitation, InvitationBatch
from core.messaging.models import OutboxMessage, OutboxStatus
from core.privacy.models import PrivacyRequest

FORMAT = 1
#: One person's data are packed at most so often in an hour: it reads every file they have.
MAX_PER_HOUR = 5
#: Up to here the archive is built in memory, beyond it in a temporary file.
IN_MEMORY = 4 * 1024 * 1024


def why_not_download(*, person: User, by: Any) -> str:
    """The person and those who may hand it out; a sentence why not, or ""."""
    if by.pk != person.pk and not by.has_perm("core.export_person"):
        return _("Anda tidak berhak mengunduh data orang lain.")
    since = timezone.now() - timedelta(hours=1)
    recent = ActivityEntry.objects.filter(code="privacy.download", actor_id=by.pk, at__gt=since)
    if by.pk == person.pk and recent.count() >= MAX_PER_HOUR:
        return _("Data Anda sudah diunduh beberapa kali. Coba lagi satu jam lagi.")
    return ""


def pack_own_data(*, person: User, by: Any) -> IO[bytes]:
    """The archive, open for reading from its beginning. Who fetched it, and which documents, is recorded first."""
    if reason := why_not_download(person=person, by=by):
        raise DomainError(reason, code="own_data.refused")
    documents = list(own_documents(person))
    data = collect(person)
    names = file_names(documents)
    record_activity(
        "privacy.download", by=by, subject=person, files=len(documents), documents=[one.pk for one in documents]
    )
    data["dokumen"] = [_document(one, names[one.pk]) for one in documents]
    # Closed by whoever sends it.
    out = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(data, ensure_ascii=False, indent=2, default=_plain))
        archive.writestr("ringkasan.html", overview(data))
        for document in documents:
            _add(archive, document, names[document.pk])
    out.seek(0)
    return out


def archive_name(person: User) -> str:
    return f"data-pribadi-{person.pk}-{timezone.localdate():%Y%m%d}.zip"


def own_documents(person: User) -> QuerySet[Document]:
    """The person's own papers that can be opened; the masked twins of forms say less than the forms themselves."""
    masked = FormDocument.objects.filter(document=OuterRef("pk"), edition__in=MASKED_EDITIONS)
    untold = not_released_to(person).filter(document=OuterRef("pk"))
    papers = Document.objects.filter(owner=person, state=DocumentState.CLEAN).exclude(Exists(masked) | Exists(untold))
    papers = papers.exclude(document_type__code__in=OF_THE_OFFICE)
    return papers.select_related("document_type").order_by("pk")


def file_names(documents: Iterable[Document]) -> dict[int, str]:
    """Where each lies in the archive: by case, numbered, so that equal names stand beside each other."""
    documents = list(documents)
    rows = CaseDocument.objects.filter(document__in=documents).order_by("pk")
    cases = dict(rows.values_list("document", "application__number"))
    names = {}
    for place, document in enumerate(documents, start=1):
        folder = cases.get(document.pk) or "tanpa-permohonan"
        names[document.pk] = f"berkas/{folder}/{place:03d} {PurePath(document.file_name).name}"
    return names


def _add(archive: zipfile.ZipFile, document: Document, name: str) -> None:
    """Stored as it is: PDF and JPEG are compressed already. A file that is missing on the disk is said so."""
    info = zipfile.ZipInfo(name, date_time=timezone.localtime(document.created_at).timetuple()[:6])
    try:
        with document.file.open("rb") as source, archive.open(info, "w") as target:
            while chunk := source.read(1024 * 256):
                target.write(chunk)
    except FileNotFoundError:
        archive.writestr(f"{name}.tidak-ditemukan.txt", _("Berkas ini tidak ditemukan; LSP sedang memeriksanya."))


# --- what is known ------------------------------------------------------------------------------------


def collect(person: User) -> dict[str, Any]:
    """All of it as plain data, in Indonesian words: a copy must be readable without a manual."""
    return {
        "format": FORMAT,
        "dibuat": timezone.localtime(),
        "pengendali_data": office().name,
        "dasar": "UU 27/2022 Pasal 7",
        "akun": {
            "nama": person.full_name,
            "email": person.email,
            "terdaftar": person.date_joined,
            "email_dikonfirmasi": person.email_confirmed_at,
            "terakhir_masuk": person.last_login,
        },
        "profil": _profile(person),
        "persetujuan": [
            {"teks": str(row.text), "diberikan": row.given_at, "ditarik": row.withdrawn_at, "alamat_ip": row.ip_address}
            for row in person.consents.select_related("text")
        ],
        "permohonan": [_case(case) for case in _cases(person)],
        "undangan_instansi": [
            {
                "instansi": row.institution.name,
                "skema": row.scheme.title,
                "diundang": row.batch.sent_at,
                "nama_yang_ditulis": row.full_name,
                "jabatan_yang_ditulis": row.job_title,
                "hasil_boleh_dilihat": row.shares_result,
            }
            for row in Invitation.objects.filter(person=person)
            .select_related("institution", "scheme", "batch")
            .order_by("pk")
        ],
        "petugas_instansi": [
            {"instansi": row.institution.name, "sejak": row.created_at}
            for row in InstitutionOfficer.objects.filter(user=person).select_related("institution")
        ],
        "rombongan_yang_dikirim": [
            {"nomor": row.number, "instansi": row.institution.name, "dikirim": row.sent_at, "orang": row.people}
            for row in InvitationBatch.objects.filter(sent_by=person).select_related("institution").order_by("pk")
        ],
        "sertifikat": [
            {
                "nomor": row.number,
                "nama": row.holder_name,
                "skema": row.scheme.title,
                "terbit": row.issued_on,
                "berlaku_sampai": row.valid_until,
                "status": row.get_status_display(),
            }
            for row in Certificate.objects.filter(holder=person).select_related("scheme").order_by("pk")
        ],
        "sertifikat_lama": [
            {
                "nomor": row.number,
                "nomor_registrasi": row.registration_number,
                "nama": row.holder_name,
                "nik": row.nik,
                "alamat_surel": row.email,
                "skema": row.scheme.title,
                "unit": row.unit_lines,
                "tempat": row.place,
                "terbit": row.issued_on,
                "berlaku_sampai": row.valid_until,
                "status": row.get_status_display(),
                "nomor_arsip": row.file_number,
                "catatan": row.note,
            }
            for row in past_certificates_of(person)
        ],
        "serah_terima_bnsp": [_handed_over(row) for row in handed_over_about(person)],
        "surat": [
            {"tanggal": row.created_at, "perihal": row.subject, "isi": row.body}
            for row in OutboxMessage.objects.filter(recipient=person, status=OutboxStatus.SENT).order_by("pk")
            if not row.is_secret
        ],
        "tanda_tangan": [
            {"kode": row.code, "sebagai": row.role, "untuk": row.meaning, "waktu": row.signed_at}
            for row in person.signatures.order_by("pk")
        ],
        "permintaan_data": [
            {
                "nomor": row.number,
                "permintaan": row.get_kind_display(),
                "isi": row.words,
                "diterima": row.received_at,
                "status": row.get_status_display(),
                "jawaban": row.answer,
            }
            for row in PrivacyRequest.objects.filter(person=person).order_by("pk")
        ],
        "pesan_dan_pengaduan": [_ticket(row) for row in with_thread(tickets_of(person)).order_by("pk")],
        "isian_belum_dikirim": [
            {"formulir": row.name, "disimpan": row.saved_at, "isi": "\n\n".join(row.answers.values())}
            for row in UnsentForm.objects.filter(owner=person).order_by("pk")
            if row.answers
        ],
        "siapa_membuka": _looks(person),
    }


#: Columns of a profile that are the program's own business.
_NOT_TOLD = frozenset({"id", "user", "nik_hash", "version"})


def _profile(person: User) -> dict[str, Any]:
    profile = (
        CandidateProfile.objects.filter(user=person)
        .select_related("home_region__province", "education", "occupation")
        .first()
    )
    if profile is None:
        return {}
    told = {}
    for field in profile._meta.concrete_fields:
        if field.name in _NOT_TOLD:
            continue
        value = getattr(profile, field.name)
        if field.choices:
            value = getattr(profile, f"get_{field.name}_display")()
        told[str(field.verbose_name)] = str(value) if field.is_relation and value is not None else value
    return told


def _cases(person: User) -> QuerySet[Application]:
    return (
        Application.objects.filter(candidate__user=person)
        .select_related("scheme_version__scheme", "purpose")
        .prefetch_related("submissions", "answers__element")
        .order_by("pk")
    )


def _case(case: Application) -> dict[str, Any]:
    decided = Decision.objects.filter(application=case, decided_at__isnull=False).order_by("pk")
    return {
        "nomor": case.reference,
        "skema": case.scheme_version.scheme.title,
        "status": case.get_status_display(),
        "dimulai": case.created_at,
        "dikirim": case.submitted_at,
        "selesai": case.ended_at,
        "tujuan": str(case.purpose or ""),
        "catatan_untuk_anda": case.note,
        "asesmen_mandiri": [
            {"elemen": str(row.element.title), "jawaban": row.get_outcome_display()} for row in case.answers.all()
        ],
        "yang_anda_kirim": [
            {"pengiriman_ke": row.sequence, "waktu": row.created_at, "sidik": row.sha256, "isi": row.snapshot}
            for row in case.submissions.all()
        ],
        "formulir": [{"judul": form.definition.title, "isi": content_of(form)} for form in own_papers(case)["done"]],
        "keputusan": [{"keputusan": row.get_outcome_display(), "tanggal": row.decided_at} for row in decided],
    }


def _handed_over(row: HandoverCase) -> dict[str, Any]:
    """The cells as BNSP was given them; emptied where the person was forgotten."""
    headings = [column["heading"] for column in row.handover.frozen["columns"]]
    cells = json.loads(row.content) if row.content else []
    return {
        "surat": row.handover.number,
        "tanggal": row.handover.handed_on,
        "cara": row.handover.get_channel_display(),
        "isi": "; ".join(f"{heading}: {cell}" for heading, cell in zip(headings, cells, strict=False)),
    }


def _ticket(ticket: Ticket) -> dict[str, Any]:
    """With the lines that the person could read; notes of the office for itself stay out."""
    lines = [f"{_words(line.at)}, {line.get_origin_display()}: {line.text}" for line in ticket.told]
    return {
        "nomor": ticket.number,
        "jenis": ticket.get_kind_display(),
        "topik": ticket.topic.title,
        "tentang": ticket.about,
        "telepon": ticket.phone,
        "dikirim": ticket.created_at,
        "status": ticket.get_status_display(),
        "percakapan": "\n\n".join(lines),
    }


def _looks(person: User) -> list[dict[str, Any]]:
    """Who looked at the profile and the papers, by role not by name, and when (UU 27/2022, art. 32: the trail)."""
    papers = [str(pk) for pk in Document.objects.filter(owner=person).values_list("pk", flat=True)]
    profile = [str(pk) for pk in CandidateProfile.objects.filter(user=person).values_list("pk", flat=True)]
    seen = ActivityEntry.objects.filter(code="document.view", subject_type="document", subject_id__in=papers)
    seen = seen | ActivityEntry.objects.filter(
        code="profile.view", subject_type="candidateprofile", subject_id__in=profile
    )
    rows = seen.exclude(actor=person).order_by("pk").values_list("at", "code", "subject_label")
    words = {"document.view": _("membuka dokumen"), "profile.view": _("membuka profil")}
    return [{"waktu": at, "oleh": _("petugas LSP"), "apa": words[code], "yang": label} for at, code, label in rows]


def _document(document: Document, name: str) -> dict[str, Any]:
    return {
        "nama_dalam_arsip": name,
        "jenis": document.document_type.title,
        "nama_berkas": document.file_name,
        "ukuran": document.size,
        "sidik_sha256": document.sha256,
        "disimpan": document.created_at,
        "berlaku_sampai": document.valid_until,
    }


# --- for people ---------------------------------------------------------------------------------------


def overview(data: dict[str, Any]) -> str:
    """The same as one page that opens in any browser without a network."""
    shown = {key: value for key, value in data.items() if key not in ("format", "permohonan", "dokumen")}
    return render_to_string(
        "core/privacy/own_data.html",
        {
            "data": data,
            "account": _pairs(data["akun"]),
            "profile": _pairs(data["profil"]),
            "tables": [(_title(key), _table(rows)) for key, rows in shown.items() if isinstance(rows, list) and rows],
            "made": date_format(data["dibuat"], "j F Y, H.i"),
        },
    )


def _pairs(values: dict[str, Any]) -> list[tuple[str, str]]:
    return [(_title(key), _words(value)) for key, value in values.items() if value not in (None, "")]


def _table(rows: list[dict[str, Any]]) -> dict[str, list]:
    return {
        "head": [_title(key) for key in rows[0]],
        "rows": [[_words(value) for value in row.values()] for row in rows],
    }


def _title(key: str) -> str:
    words = key.replace("_", " ")
    return words[:1].upper() + words[1:]


def _words(value: Any) -> str:
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "j M Y, H.i")
    if isinstance(value, date):
        return date_format(value, "j M Y")
    return "–" if value in (None, "") else str(value)


def _plain(value: Any) -> str:
    """What JSON has no word for."""
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)
