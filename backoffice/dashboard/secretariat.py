"""Home of the secretariat: the queue first, then what else waits, then the figures."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from backoffice.dashboard.charts import certificate_ends, charts
from backoffice.dashboard.parts import Line, listing, proposed_destructions, status_cards
from backoffice.displays import STATUS_TONES, age_html
from backoffice.navigation import counts, failed_letters, sidebar_work
from backoffice.views.case_page import address
from core.applications.enums import ApplicationStatus
from core.applications.queries import waiting_for
from core.handovers.queries import oldest_pending
from core.reports.queries import count_waiting_for_assessor, other_work

WAITING_ROWS = 10
#: Assessors whose certificate ends within so many days are named in time to renew it.
RENEW_DAYS = 90


def home(request: HttpRequest) -> dict[str, Any]:
    ending, ends = certificate_ends()
    figures = charts()
    figures["charts"].append(ends)
    cases = list(waiting_for(request.user).prefetch_related("candidate__user", "scheme_version__scheme")[:WAITING_ROWS])
    return {
        "cards": status_cards(request),
        "waiting": [
            {"case": case, "link": address(case), "age": age_html(case), "tone": STATUS_TONES.get(case.status, "")}
            for case in cases
        ],
        "next_case": next((case for case in cases if case.status == ApplicationStatus.SUBMITTED), None),
        "work_title": _("Lainnya yang menunggu"),
        "work": [line for line in _other_work(request, ending) if line.figure],
        **figures,
    }


def _other_work(request: HttpRequest, ending: int) -> list[Line]:
    until = timezone.localdate() + timedelta(days=RENEW_DAYS)
    other, late = other_work(until), sidebar_work(request)["late_tickets"]
    return [
        Line(
            _("Permohonan diterima yang perlu asesor"),
            count_waiting_for_assessor(request.user),
            listing("application", "antrean=perlu-asesor"),
            "warning",
            _("Tunjuk asesor pada layar permohonan."),
        ),
        Line(
            _("Permohonan menunggu jadwal"),
            counts(request)["preassessed"],
            reverse("admin:core_assessmentsession_board"),
            "warning",
            _("Tempatkan dalam jadwal uji; yang paling lama menunggu dahulu."),
        ),
        Line(
            _("Menunggu keputusan"),
            sidebar_work(request)["cases"],
            reverse("admin:core_plenary_agenda"),
            "warning",
            _("Sudah dinilai, belum ada pada agenda rapat pleno."),
        ),
        Line(
            _("Rapat pleno yang menunggu pengesahan Anda"),
            sidebar_work(request)["to_confirm"],
            listing("plenary", "menunggu=saya"),
            "warning",
            _("Dicatat rekan lain; Anda orang keduanya."),
        ),
        Line(
            _("Banding menunggu asesor lain"),
            sidebar_work(request)["appeals"],
            listing("appeal", "menunggu=asesor"),
            "danger",
            _("Tunjuk asesor yang belum pernah menilai permohonannya."),
        ),
        Line(
            _("Kompeten, menunggu sertifikat"),
            other["certificates"],
            reverse("admin:certificates_issue"),
            "warning",
            _("Terbitkan bersama-sama."),
        ),
        Line(
            _("Belum diserahkan ke BNSP"),
            other["handovers"],
            reverse("admin:core_handover_add"),
            "warning",
            _oldest_decision(other["handovers"]),
        ),
        Line(
            _("Pesan masuk yang menunggu jawaban"),
            sidebar_work(request)["tickets"],
            listing("ticket", "keadaan=terbuka"),
            "danger" if late else "warning",
            _("%(late)d lewat batas jawaban.") % {"late": late} if late else _("Yang paling lama menunggu dahulu."),
        ),
        Line(
            _("Permintaan data pribadi yang belum dijawab"),
            sidebar_work(request)["privacy"],
            listing("privacyrequest", "keadaan=terbuka"),
            "warning",
            _("Batas waktunya 3 × 24 jam; yang terdekat dahulu."),
        ),
        proposed_destructions(request),
        Line(
            _("Surat yang gagal dikirim"),
            failed_letters(request),
            listing("outboxmessage", "status__exact=gagal"),
            "danger",
            _("Periksa alamatnya, lalu kirim ulang."),
        ),
        Line(
            _("Sertifikat berakhir dalam 90 hari"),
            ending,
            listing("certificate", "keadaan=segera"),
            "warning",
            _("Pemegangnya diingatkan dengan sendirinya."),
        ),
        Line(
            _("Surveilan jatuh tempo"),
            other["surveillances"],
            listing("surveillance", "keadaan=perlu"),
            "warning",
            _("Hubungi pemegangnya, lalu catat hasilnya."),
        ),
        Line(
            _("Sertifikat asesor berakhir dalam 90 hari"),
            other["assessors"],
            listing("assessorprofile", f"aktif=ya&certificate_expires_on_to={until:%d-%m-%Y}"),
            "warning",
            _("Termasuk yang sudah berakhir."),
        ),
        Line(
            _("Skema menunggu konfirmasi LSP"),
            other["schemes"],
            listing("schemeversion", "status__exact=terbit&is_confirmed__exact=0"),
            "",
            _("Isinya belum dicocokkan dengan dokumen resmi."),
        ),
    ]


def _oldest_decision(count: int) -> str:
    """Since when the longest waiting result waits."""
    oldest = oldest_pending() if count else None
    return (
        _("Yang tertua diputuskan %(day)s.") % {"day": date_format(timezone.localtime(oldest), "j F Y")}
        if oldest
        else ""
    )
