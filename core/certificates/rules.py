"""Small named questions about certificates. Guards return a sentence why not, or "" when all is well."""

import re
from collections.abc import Collection
from string import Formatter
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.applications.enums import Outcome
from core.applications.models import Application
from core.applications.rules import is_not_own_case
from core.assessments.models import AssessmentRecord
from core.assessments.rules import has_assessed
from core.certificates.enums import CertificateState, CertificateStatus
from core.certificates.models import Certificate, Renewal
from core.certificates.standing import state_on
from core.common.models import NumberingRule
from core.content.queries import office
from core.decisions.enums import PlenaryStatus
from core.decisions.models import Decision
from core.schemes.models import Scheme

#: What a certificate's number may take from the scheme: placeholder → (field, what the office calls it).
SCHEME_FIELDS = {
    "kbli": ("kbli_code", gettext_lazy("kode KBLI")),
    "kbji": ("kbji_code", gettext_lazy("kode KBJI")),
    "kkni": ("kkni_level", gettext_lazy("jenjang KKNI")),
}
_TRAILING_DIGITS = re.compile(r"\d+$", re.ASCII)


# --- issuing ------------------------------------------------------------------------------------------


def decision_in_force(application: Application) -> Decision | None:
    """The confirmed decision that this person is competent; None when there is none."""
    return confirmed_decisions([application]).first()


def confirmed_decisions(applications: Collection[Application]) -> QuerySet[Decision]:
    return Decision.objects.filter(
        application__in=applications,
        in_force=True,
        outcome=Outcome.COMPETENT,
        decided_at__isnull=False,
        plenary__status=PlenaryStatus.CONFIRMED,
    ).select_related("plenary")


def may_be_issued(application: Application, by: Any) -> str:
    """The guard of the workflow table; the same questions as for many cases at once."""
    return what_stops([application], by)[application.pk]


def what_stops(applications: Collection[Application], by: Any) -> dict[int, str]:
    """Why each of these competent cases gets no certificate by this person now, or ""; eight queries for all.

    Needs the candidates and the schemes of the cases selected along with them.
    """
    keys = [application.pk for application in applications]
    issued = dict(
        Certificate.objects.filter(application__in=keys, in_force=True).values_list("application_id", "number")
    )
    assessed = set(
        AssessmentRecord.objects.filter(
            application__in=keys, assessor__user=by.pk, signature__isnull=False
        ).values_list("application_id", flat=True)
    )
    decisions = {decision.application_id: decision for decision in confirmed_decisions(applications)}
    suspended = _renewals_of_suspended(keys)
    pattern, unfit = number_pattern(), why_not_signed() or why_not_dated()
    found = {}
    for application in applications:
        found[application.pk] = (
            is_not_own_case(application, by)
            or (already_issued(issued[application.pk]) if application.pk in issued else "")
            or (
                _("Anda menilai asesi ini; sertifikatnya diterbitkan oleh orang lain.")
                if application.pk in assessed
                else ""
            )
            or _undecided(decisions.get(application.pk))
            or suspended.get(application.pk, "")
            or why_not_numbered(application.scheme_version.scheme, pattern=pattern)
            or unfit
        )
    return found


def _renewals_of_suspended(cases: list[int]) -> dict[int, str]:
    """What was suspended while its renewal ran is not made good by a new paper: the suspension is settled first."""
    renewals = Renewal.objects.filter(application__in=cases, certificate__status=CertificateStatus.SUSPENDED)
    today = timezone.localdate()
    return {
        renewal.application_id: _(
            "Sertifikat %(number)s yang diperpanjang sedang dibekukan. Selesaikan pembekuannya dahulu."
        )
        % {"number": renewal.certificate.number}
        for renewal in renewals.select_related("certificate").defer("certificate__content", "certificate__token")
        if state_on(renewal.certificate, today) == CertificateState.SUSPENDED
    }


def already_issued(number: str) -> str:
    return _("Sertifikat %(number)s sudah terbit untuk permohonan ini.") % {"number": number}


def _undecided(decision: Decision | None) -> str:
    """A plenary's confirmed decision is what a certificate rests on; the calendar must not stand before it."""
    if decision is None:
        return _("Belum ada keputusan kompeten yang disahkan untuk permohonan ini.")
    day = max(timezone.localdate(decision.decided_at), decision.plenary.held_on)
    if timezone.localdate() < day:
        return _(
            "Jam server menunjukkan %(today)s, sebelum tanggal keputusan %(day)s. "
            "Minta administrator memeriksa jam server, lalu terbitkan lagi."
        ) % {"today": date_format(timezone.localdate(), "j F Y"), "day": date_format(day, "j F Y")}
    return ""


def why_not_signed() -> str:
    """A certificate names who signs it for the LSP; what was issued without can't be filled in afterwards."""
    lsp = office()
    if lsp.leader_name and lsp.leader_position:
        return ""
    return _("Penanda tangan sertifikat belum ada. Isi nama dan jabatan pimpinan pada Data LSP, lalu terbitkan lagi.")


def why_not_dated() -> str:
    """Certificates are numbered in the order of their days: a clock that was set back issues nothing."""
    today = timezone.localdate()
    last = Certificate.objects.order_by("-issued_on").values_list("issued_on", flat=True).first()
    if last is None or last <= today:
        return ""
    return _(
        "Jam server menunjukkan %(today)s, sebelum tanggal sertifikat terakhir %(day)s. "
        "Minta administrator memeriksa jam server, lalu terbitkan lagi."
    ) % {"today": date_format(today, "j F Y"), "day": date_format(last, "j F Y")}


def why_not_numbered(scheme: Scheme, *, pattern: str | None = None) -> str:
    missing = missing_scheme_fields(scheme, number_pattern() if pattern is None else pattern)
    if not missing:
        return ""
    return _("Skema “%(scheme)s” belum mempunyai %(fields)s. Lengkapi pada data skema, lalu terbitkan lagi.") % {
        "scheme": scheme.title,
        "fields": ", ".join(missing),
    }


def missing_scheme_fields(scheme: Scheme, pattern: str) -> list[str]:
    """What the pattern names and the scheme lacks, in the office's words."""
    named = {name for _text, name, _spec, _conversion in Formatter().parse(pattern)}
    return [
        str(words)
        for placeholder, (field, words) in SCHEME_FIELDS.items()
        if placeholder in named and not number_parts(scheme).get(placeholder)
    ]


def number_parts(scheme: Scheme) -> dict[str, str]:
    """Those of the scheme's fields that are filled in, by placeholder."""
    values = {placeholder: getattr(scheme, field) for placeholder, (field, _words) in SCHEME_FIELDS.items()}
    return {placeholder: str(value) for placeholder, value in values.items() if value not in (None, "")}


def number_pattern() -> str:
    return NumberingRule.objects.values_list("pattern", flat=True).get(key="certificate")


# --- afterwards ---------------------------------------------------------------------------------------


def may_replace(certificate: Certificate, by: Any) -> str:
    """A paper whose time is over is renewed, not replaced; who assessed does not certify."""
    if certificate.is_expired:
        return _("Masa berlaku sertifikat ini sudah berakhir; yang dapat dilakukan adalah perpanjangan.")
    if has_assessed(certificate.application, by.pk):
        return _("Anda menilai asesi ini; sertifikatnya diganti oleh orang lain.")
    return ""


def why_not_blank(certificate: Certificate, by: Any) -> str:
    """Whether the number of the BNSP blank may be written down now."""
    if not by.is_active or not by.has_perm("core.issue_certificate"):
        return _("Anda tidak berhak mencatat nomor blanko.")
    if certificate.status in (CertificateStatus.REPLACED, CertificateStatus.WITHDRAWN):
        return _("Sertifikat ini tidak berlaku lagi (%(status)s); nomor blankonya tidak dicatat lagi.") % {
            "status": certificate.get_status_display()
        }
    return ""


def why_not_in_series(certificate: Certificate, by: Any) -> str:
    """Whether it may get one of several sheets that follow one another; a number that is there is changed singly."""
    if reason := why_not_blank(certificate, by):
        return reason
    if certificate.blank_number:
        return _("Sudah mempunyai nomor blanko; yang salah diubah satu per satu pada halaman sertifikatnya.")
    return ""


def blank_numbers(first: str, count: int, *, spoiled: frozenset[str] = frozenset()) -> list[str]:
    """`count` numbers of sheets that follow one another, without the spoiled ones; ValueError without digits."""
    digits = _TRAILING_DIGITS.search(first)
    if digits is None or len(digits[0]) > 15:
        raise ValueError(first)
    stem, width, value = first[: digits.start()], len(digits[0]), int(digits[0])
    found: list[str] = []
    while len(found) < count:
        number = f"{stem}{value:0{width}d}"
        if number not in spoiled:
            found.append(number)
        value += 1
    return found
