"""From a decision to a certificate, and to its replacement when something in it is wrong."""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.activity.services import record_activity
from core.applications.filing import set_aside
from core.applications.models import Application
from core.applications.services import lock
from core.applications.snapshot import canonical, content_hash
from core.certificates.content import content_for, content_of
from core.certificates.enums import CertificateAct, CertificateStatus, SurveillanceOutcome
from core.certificates.models import Certificate, CertificateEvent, PastCertificate
from core.certificates.queries import competent_of_plenary
from core.certificates.rules import (
    already_issued,
    decision_in_force,
    number_parts,
    why_not_dated,
    why_not_numbered,
    why_not_signed,
)
from core.certificates.services.letters import words_of
from core.certificates.services.surveillance import plan_surveillance
from core.certificates.signing import current_key, token_for
from core.certificates.transitions import CERTIFICATE_WORKFLOW, WORKFLOW
from core.common.dates import add_months
from core.common.exceptions import DomainError
from core.common.numbering import next_number
from core.common.retrying import retried
from core.common.text import clean_line
from core.content.queries import signatory
from core.decisions.models import Plenary
from core.messaging.services import queue_message
from core.schemes.models import Scheme

logger = logging.getLogger(__name__)

#: What a replacement may put right, and how long each may be.
CORRECTABLE = {"full_name": 150, "birth_place": 100, "birth_date": 10}


@dataclass(frozen=True)
class Issued:
    """How it went with one case: its certificate, or the sentence why there is none now."""

    application: Application
    certificate: Certificate | None = None
    reason: str = ""

    @property
    def is_done(self) -> bool:
        return self.certificate is not None


# --- issuing ------------------------------------------------------------------------------------------


@transaction.atomic
def issue_certificate(*, application: Application, by: Any) -> Certificate:
    """Issue the certificate of a case that was declared competent; a second one for the same case is refused.

    The running number comes last: everybody who issues queues at it until this transaction ends.
    """
    application = lock(application)
    if (existing := application.certificates.filter(in_force=True).first()) is not None:
        raise DomainError(already_issued(existing.number), code="issue.already")
    WORKFLOW.apply(application, "issue", by)
    decision = decision_in_force(application)
    content = content_for(application, decision)
    issued_on = timezone.localdate()
    certificate = Certificate(
        application=application,
        decision=decision,
        scheme=application.scheme_version.scheme,
        scheme_version=application.scheme_version,
        holder=application.candidate.user,
        province=application.province,
        issued_on=issued_on,
        valid_until=add_months(issued_on, application.scheme_version.validity_months),
        issued_by=by,
    )
    application.save()
    _number_and_seal(certificate, content)
    CertificateEvent.objects.create(certificate=certificate, act=CertificateAct.ISSUE, by=by)
    plan_surveillance(certificate)
    record_activity("application.issue", by=by, subject=application, certificate=certificate.number)
    _tell_holder("certificate-issued", certificate)
    return certificate


def issue_for_plenary(
    *,
    plenary: Plenary | None = None,
    applications: Iterable[Application] | None = None,
    by: Any,
    progress: Callable[[int, int], None] | None = None,
) -> list[Issued]:
    """Issue for all competent cases of a plenary, or for the given ones, each in a transaction of its own.

    What fails for one case is told in its row and stops no other. `progress` hears (done, of how many).
    """
    if applications is None:
        applications = competent_of_plenary(plenary)
    cases = list(applications)
    results = []
    for done, application in enumerate(cases, start=1):
        results.append(_issue_one(application, by))
        if progress is not None:
            progress(done, len(cases))
    return results


def _issue_one(application: Application, by: Any) -> Issued:
    try:
        certificate = retried(lambda: issue_certificate(application=application, by=by))
    except DomainError as refusal:
        return Issued(application, reason=refusal.message)
    except Exception:
        logger.exception("no certificate for application %s", application.pk)
        return Issued(
            application, reason=_("Gagal karena gangguan sistem; tidak ada nomor yang terpakai. Terbitkan sekali lagi.")
        )
    return Issued(application, certificate)


def _number_and_seal(certificate: Certificate, content: Mapping[str, Any]) -> None:
    """Give the numbers, freeze and sign what is printed, and save: the last steps of the transaction."""
    key = current_key()
    certificate.key = key
    certificate.holder_name = content["holder"]["full_name"]
    certificate.number = _next_certificate_number(certificate.scheme)
    certificate.registration_number = next_number("certificate-registration")
    certificate.content = canonical(
        {
            **content,
            "number": certificate.number,
            "registration_number": certificate.registration_number,
            "code": certificate.code,
            "issued_on": certificate.issued_on.isoformat(),
            "valid_until": certificate.valid_until.isoformat(),
        }
    )
    certificate.sha256 = content_hash(certificate.content)
    certificate.token = token_for(certificate, key)
    certificate.save()


def _next_certificate_number(scheme: Scheme) -> str:
    try:
        number = next_number("certificate", **number_parts(scheme))
    except KeyError as error:  # the pattern was changed a moment ago and now asks for more
        raise DomainError(why_not_numbered(scheme), code="issue.lacks") from error
    if PastCertificate.objects.filter(number=number).exists():
        raise DomainError(
            _(
                "Nomor %(number)s sudah dipakai sertifikat lama. Naikkan nomor urut terakhir pada Pola nomor, lalu "
                "terbitkan lagi."
            )
            % {"number": number},
            code="issue.number_of_old_register",
        )
    return number


def _tell_holder(template: str, certificate: Certificate) -> None:
    queue_message(
        template, recipient=certificate.holder, values=words_of(certificate), dedupe_key=f"{template}-{certificate.pk}"
    )


# --- replacement --------------------------------------------------------------------------------------


@transaction.atomic
def replace_certificate(
    *, certificate: Certificate, corrections: Mapping[str, str], reason: str, by: Any
) -> Certificate:
    """Issue a certificate with a new number in place of one that has something wrong in it.

    `corrections` may hold `full_name`, `birth_place`, `birth_date` (ISO). It is valid as long as the
    old one was; a suspension goes on. It is signed by who leads the LSP today. The old paper stays, and
    its check page says that it was replaced.
    """
    application = lock(certificate.application)
    old = Certificate.objects.select_for_update().get(pk=certificate.pk)
    old.application = application
    status = old.status
    CERTIFICATE_WORKFLOW.apply(old, "replace", by)
    if refusal := why_not_numbered(application.scheme_version.scheme) or why_not_signed() or why_not_dated():
        raise DomainError(refusal, code="issue.lacks")
    reason = clean_line(reason)
    if not reason:
        raise DomainError(_("Tulis apa yang salah pada sertifikat lama."), code="replace.reason", field="reason")
    content = content_of(old)
    holder = content["holder"] | _cleaned(corrections)
    if holder == content["holder"]:
        raise DomainError(
            _("Tidak ada yang berbeda dari sertifikat lama. Perbaiki yang salah dahulu."), code="replace.unchanged"
        )
    old.in_force = None
    old.save(update_fields=["status", "in_force", "updated_at"])
    set_aside(old.document)
    new = Certificate(
        application=application,
        decision=old.decision,
        scheme=application.scheme_version.scheme,
        scheme_version=application.scheme_version,
        holder=application.candidate.user,
        province=application.province,
        issued_on=timezone.localdate(),
        valid_until=old.valid_until,
        status=status,
        suspended_until=old.suspended_until,
        replaces=old,
        issued_by=by,
    )
    CertificateEvent.objects.create(certificate=old, act=CertificateAct.REPLACE, reason=reason, by=by)
    _number_and_seal(new, content | {"holder": holder, "signatory": signatory(), "replaces": old.number})
    CertificateEvent.objects.create(certificate=new, act=CertificateAct.ISSUE, reason=reason, by=by)
    _carry_over(old, new)
    record_activity("certificate.replace", by=by, subject=old, certificate=new.number)
    _tell_holder("certificate-replaced", new)
    return new


def _carry_over(old: Certificate, new: Certificate) -> None:
    """What hangs on the old certificate goes on with the new one: checks to come, renewals, a suspension.

    So do checks that its holder did not answer: what they say later is written down on what they hold then.
    """
    old.surveillances.filter(outcome__in=("", SurveillanceOutcome.NO_ANSWER)).update(certificate=new)
    old.renewals.update(certificate=new)
    if new.status != CertificateStatus.SUSPENDED:
        return
    if last := old.events.filter(act=CertificateAct.SUSPEND).order_by("-pk").first():
        CertificateEvent.objects.create(
            certificate=new, act=CertificateAct.SUSPEND, reason=last.reason, until=last.until, by=last.by
        )


def _cleaned(corrections: Mapping[str, str]) -> dict[str, str]:
    cleaned = {name: clean_line(str(value)) for name, value in corrections.items()}
    if unknown := set(cleaned) - set(CORRECTABLE):
        raise ValueError(f"not correctable: {', '.join(sorted(unknown))}")
    for name, value in cleaned.items():
        if name == "full_name" and not value:
            raise DomainError(_("Tulis nama lengkap pemegangnya."), code="replace.name", field=name)
        if len(value) > CORRECTABLE[name]:
            raise DomainError(
                _("Isi paling panjang %(limit)d karakter.") % {"limit": CORRECTABLE[name]},
                code="replace.length",
                field=name,
            )
    if day := cleaned.get("birth_date"):
        try:
            is_past = date.fromisoformat(day) < timezone.localdate()
        except ValueError:
            is_past = False
        if not is_past:
            raise DomainError(_("Tulis tanggal lahir yang benar."), code="replace.birth_date", field="birth_date")
    return cleaned
