"""Perpanjangan (RCC): the holder begins, and an ordinary application follows."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.activity.services import record_activity
from core.applications.enums import EDITABLE_STATUSES, ApplicationStatus
from core.applications.models import Application
from core.applications.queries import open_application
from core.applications.services import open_draft, save_purpose
from core.certificates import aftercare_rules as rules
from core.certificates.aftercare_queries import current_renewal
from core.certificates.models import Certificate, Renewal
from core.certificates.services.locking import lock_certificate
from core.common.exceptions import DomainError
from core.policy.queries import system_policy
from core.schemes.queries import current_version

#: The purpose of FR.APL-01 that a renewal has: Pengakuan Kompetensi Terkini.
RENEWAL_PURPOSE = "pkt"


@transaction.atomic
def start_renewal(*, certificate: Certificate, by: Any) -> Application:
    """Open the application that renews a certificate, with everything filled in that is known of its holder.

    It is for the scheme as it is today. Twice the same click, or a second tab, leads to the same
    application; so does a draft for the same scheme that was begun some other way. After a renewal
    that failed another one may be begun. What it leads to begins with its own day of issue.
    """
    certificate = lock_certificate(certificate)  # two clicks queue here
    if certificate.holder_id == by.pk and (running := current_renewal(certificate)):
        if running.application.status == ApplicationStatus.CERTIFIED:
            raise DomainError(
                _("Sertifikat ini sudah diperpanjang. Sertifikat yang baru ada di meja Anda."), code="renew.done"
            )
        return running.application
    if refusal := rules.why_not_renew(certificate, by, system_policy()):
        raise DomainError(refusal, code="renew.refused")
    version = current_version(certificate.scheme.code)
    if version is None or not version.is_open:
        raise DomainError(
            _(
                "Pendaftaran skema ini sedang ditutup, sehingga perpanjangan belum dapat dimulai. "
                "Hubungi sekretariat LSP."
            ),
            code="renew.closed",
        )
    under_way = open_application(by, certificate.scheme_id)
    if under_way is not None and under_way.status not in EDITABLE_STATUSES:
        raise DomainError(
            _("Permohonan %(number)s untuk skema ini sedang berjalan. Tunggu sampai selesai.")
            % {"number": under_way.reference},
            code="renew.other_case",
        )
    application = open_draft(scheme_version=version, by=by)
    purpose = application.scheme_version.purposes.filter(code=RENEWAL_PURPOSE).first()
    if purpose is not None and application.status == ApplicationStatus.DRAFT:
        save_purpose(application=application, purpose=purpose, explanation="", version=None, by=by)
        application.refresh_from_db()
    # A draft that was begun for a certificate which was replaced meanwhile goes on for this one.
    Renewal.objects.update_or_create(application=application, defaults={"certificate": certificate})
    record_activity("application.renew", by=by, subject=application, certificate=certificate.number)
    return application
