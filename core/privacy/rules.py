"""Small questions about holds, destructions and requests, asked by the tables and by the screens."""

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.applications.enums import CLOSED_STATUSES
from core.applications.models import Application
from core.certificates.enums import CertificateStatus
from core.certificates.models import Certificate, PastCertificate
from core.documents.models import KEPT_FOR_EVER, OF_THE_OFFICE, Document, DocumentState
from core.handovers.models import HandoverFile
from core.institutions.models import InvitationBatch
from core.privacy.enums import BatchStatus, RequestKind
from core.privacy.models import DestructionBatch, LegalHold, PrivacyRequest
from core.privacy.retention import cases_of, past_retention


def may_hold(by: Any) -> str:
    """Why this person may not place or lift a hold, or ""."""
    return "" if by.has_perm("core.change_legalhold") else _("Anda tidak berhak melakukan tindakan ini.")


def is_second_person(batch: DestructionBatch, by: Any) -> str:
    """Nobody approves what they proposed; the data of whoever approves are not among it."""
    if batch.proposed_by_id == by.pk:
        return _("Anda yang mengusulkan pemusnahan ini; orang lain yang menyetujuinya.")
    if batch.is_erasure and batch.request.person_id == by.pk:
        return _("Ini data Anda sendiri; orang lain yang menyetujuinya.")
    return ""


def has_papers(batch: DestructionBatch, by: Any) -> str:
    """An erasure may have none: there is an account to empty all the same."""
    if batch.is_erasure or batch.items.exists():
        return ""
    return _("Usulan ini tidak memuat dokumen lagi. Batalkan usulannya.")


def is_still_erasable(batch: DestructionBatch, by: Any) -> str:
    """What changed since an erasure was proposed: a hold, a new application, a paper that is not on the list."""
    if not batch.is_erasure:
        return ""
    reasons = why_not_erase(batch.request.person)
    listed = set(batch.items.values_list("document", flat=True))
    if new := [paper for paper in erasable_documents(batch.request.person) if paper.pk not in listed]:
        reasons.append(
            _("Berkas berikut datang sesudah diusulkan: %(kinds)s. Batalkan usulan ini, lalu usulkan sekali lagi.")
            % {"kinds": _kinds_of(new)}
        )
    return " ".join(reasons)


def owns_request(request: PrivacyRequest, by: Any) -> bool:
    """Whether the person asked it."""
    return request.person_id == by.pk


def is_not_own_request(request: PrivacyRequest, by: Any) -> str:
    """Nobody answers what they asked themselves."""
    return _("Ini permintaan Anda sendiri; rekan lain yang menjawabnya.") if owns_request(request, by) else ""


def is_answered_by_hand(request: PrivacyRequest, by: Any) -> str:
    """An erasure is fulfilled by a destruction that two people agree on, never by words alone."""
    if request.kind != RequestKind.ERASURE:
        return ""
    return _("Penghapusan dipenuhi lewat usulan pemusnahan yang disetujui orang kedua, atau ditolak dengan alasan.")


def has_no_running_case(request: PrivacyRequest, by: Any) -> str:
    """Consent is withdrawn once nothing rests on it any more."""
    if request.kind != RequestKind.WITHDRAWAL or not (numbers := running_cases(request.person)):
        return ""
    return _("Permohonan %(numbers)s masih berjalan. Pemiliknya membatalkan dahulu, atau tunggu sampai selesai.") % {
        "numbers": ", ".join(numbers)
    }


def has_no_destruction_proposed(request: PrivacyRequest, by: Any) -> str:
    """What is proposed for destruction is not refused at the same time."""
    if reason := is_not_being_destroyed(request, by):
        return reason
    if request.batches.filter(status=BatchStatus.PROPOSED).exists():
        return _("Pemusnahannya sudah diusulkan dan menunggu orang kedua. Batalkan usulan itu dahulu.")
    return ""


def is_not_being_destroyed(request: PrivacyRequest, by: Any) -> str:
    """A destruction that was approved runs to its end."""
    if request.batches.filter(status=BatchStatus.APPROVED).exists():
        return _("Pemusnahan untuk permintaan ini sudah disetujui dan sedang berjalan.")
    return ""


def running_cases(person: User) -> list[str]:
    """Cases that were sent and are not over, by number."""
    cases = Application.objects.filter(candidate__user=person, number__isnull=False)
    return list(cases.exclude(status__in=CLOSED_STATUSES).order_by("pk").values_list("number", flat=True))


def why_not_erase(person: User) -> list[str]:
    """What still has to be kept of a person, each with its reason; empty when everything may go.

    The certificates' register and the minutes are kept in any case and hinder nothing (see `what_stays`).
    """
    found = []
    if person.is_staff:
        found.append(_("Pemilik data adalah petugas atau asesor LSP; jejak pekerjaannya harus tetap dapat diperiksa."))
    if numbers := running_cases(person):
        found.append(
            _("Permohonan %(numbers)s masih berjalan. Batalkan dahulu, atau tunggu sampai selesai.")
            % {"numbers": ", ".join(numbers)}
        )
    for number, until in valid_certificates(person):
        found.append(
            _("Sertifikat %(number)s berlaku sampai %(day)s; berkas yang mendasarinya disimpan selama itu.")
            % {"number": number, "day": date_format(until, "j F Y")}
        )
    if LegalHold.objects.filter(lifted_at=None).filter(_holds_of(person)).exists():
        found.append(_("Berkasnya sedang ditahan (legal hold) dan tidak boleh dimusnahkan sebelum dilepas."))
    kept = papers_within_retention(person)
    if kept[False]:
        found.append(_("Masa simpan dokumen berikut belum lewat: %(kinds)s.") % {"kinds": ", ".join(kept[False])})
    if kept[True]:
        found.append(_("Dokumen berikut disimpan seterusnya: %(kinds)s.") % {"kinds": ", ".join(kept[True])})
    return found


def why_not_forget(person: User) -> list[str]:
    """What came up between the approval of an erasure and its end; empty when the account may be emptied now."""
    found = why_not_erase(person)
    if left := erasable_documents(person):
        found.append(_("Berkas yang tidak ikut dimusnahkan: %(kinds)s.") % {"kinds": _kinds_of(left)})
    return found


def _kinds_of(papers: list[Document]) -> str:
    return ", ".join(sorted({paper.document_type.title for paper in papers}))


def valid_certificates(person: User) -> list[tuple[str, Any]]:
    """(number, last day) of the certificates that are in force."""
    states = [CertificateStatus.ACTIVE, CertificateStatus.SUSPENDED]
    rows = Certificate.objects.filter(holder=person, status__in=states, valid_until__gte=timezone.localdate())
    return list(rows.order_by("pk").values_list("number", "valid_until"))


def papers_within_retention(person: User) -> dict[bool, list[str]]:
    """Kinds of the person's papers that belong to a case that was sent: {whether they are kept for ever: titles}.

    What the virus scanner refused has no content left to keep.
    """
    papers = [paper for paper in erasable_documents(person) if paper.state != DocumentState.REFUSED]
    over = set(past_retention().filter(owner=person).values_list("pk", flat=True))
    cases = cases_of(papers)
    kept = {
        document.document_type
        for document in papers
        if document.pk not in over and any(case.number for case in cases.get(document.pk, []))
    }
    kinds = sorted(kept, key=lambda kind: kind.title)
    return {
        for_ever: [kind.title for kind in kinds if (not kind.retention_months) == for_ever]
        for for_ever in (False, True)
    }


def erasable_documents(person: User) -> list[Document]:
    """What lies in the repository of a person, but for what proves the LSP's own decisions or is the LSP's own."""
    papers = Document.objects.filter(owner=person).exclude(state=DocumentState.DESTROYED)
    return list(
        papers.exclude(document_type__code__in=KEPT_FOR_EVER | OF_THE_OFFICE)
        .select_related("document_type")
        .order_by("pk")
    )


def what_stays(person: User) -> list[str]:
    """What is kept although the person asked for erasure, each with its reason; told in the answer."""
    found = []
    if any(model.objects.filter(holder=person).exists() for model in (Certificate, PastCertificate)):
        found.append(
            _(
                "register sertifikat (nama, nomor, skema, masa berlaku) beserta sertifikatnya: LSP wajib dapat "
                "membuktikan sertifikat yang pernah diterbitkan (ISO/IEC 17024, 7.1)"
            )
        )
    if Application.objects.filter(candidate__user=person, decisions__isnull=False).exists():
        found.append(_("berita acara rapat pleno: bukti keputusan atas beberapa orang sekaligus"))
    if HandoverFile.objects.filter(handover__cases__application__candidate__user=person).exists():
        found.append(_("daftar yang sudah diserahkan kepada BNSP: bukti pelaporan atas beberapa orang sekaligus"))
    if Application.objects.filter(candidate__user=person, placements__isnull=False).exists():
        found.append(_("surat tugas dan daftar hadir: memuat orang lain dan mengikuti masa simpannya sendiri"))
    if InvitationBatch.objects.filter(sent_by=person).exists():
        found.append(_("rombongan yang pernah dikirim atas nama instansi, tanpa nama pengirimnya"))
    found.append(_("catatan aktivitas tanpa nama: rantai bersegel yang membuktikan apa yang dilakukan, kapan"))
    return found


def _holds_of(person: User) -> Q:
    return Q(person=person) | Q(application__candidate__user=person) | Q(document__owner=person)
