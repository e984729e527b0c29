"""Certificates in two ways: `make_certificate` issues one through the real services, with numbers, keys, letters
and plans; `lay_certificate` only lays the row of one in whatever state, which is quick and leaves no other traces."""

from datetime import date, timedelta
from itertools import count

from django.db import transaction
from django.utils import timezone

from core.accounts.models import User
from core.accounts.nik import nik_hash
from core.applications.models import Application
from core.applications.snapshot import canonical, content_hash
from core.certificates.content import content_for
from core.certificates.enums import CertificateStatus
from core.certificates.models import Certificate, PastCertificate, Surveillance
from core.certificates.services import issue_certificate
from core.content.models import OfficeData
from core.schemes.models import Scheme, SchemeVersion
from tests.factories.accounts import make_user
from tests.factories.corridor import make_case

KBLI, KBJI, KKNI = "84234", "5411", 4
LEADER = {"leader_name": "Dr. Agus Hartono, M.Si.", "leader_position": "Direktur LSP BNPB"}
_numbers = count(1)


def fill_in_codes(scheme: Scheme) -> None:
    """What the number of a certificate takes from the scheme, and who signs it."""
    scheme.kbli_code, scheme.kbji_code, scheme.kkni_level = KBLI, KBJI, KKNI
    scheme.save(update_fields=["kbli_code", "kbji_code", "kkni_level"])
    OfficeData.objects.update(**LEADER)


def make_competent(*, full_name: str = "", **more) -> Application:
    """A case that waits for its certificate, in a scheme that has all codes."""
    application = make_case("competent", full_name=full_name, **more).application
    fill_in_codes(application.scheme_version.scheme)
    return application


def make_certificate(*, full_name: str = "", by: User | None = None, **more) -> Certificate:
    application = make_competent(full_name=full_name, **more)
    return issue_certificate(application=application, by=by or make_user(role="sekretariat"))


@transaction.atomic  # counted as it is kept, which locks
def lay_certificate(
    *,
    days_left: int = 1000,
    status: str = CertificateStatus.ACTIVE,
    scheme: SchemeVersion | None = None,
    officer: User | None = None,
    full_name: str = "",
    **fields,
) -> Certificate:
    """Valid for `days_left` more days (negative: ended), of three years as a rule."""
    case = make_case("certified", scheme=scheme, officer=officer, full_name=full_name)
    number = next(_numbers)
    end = fields.pop("valid_until", timezone.localdate() + timedelta(days=days_left))
    application = case.application
    content = canonical(content_for(application, case.decision))
    return Certificate.objects.create(
        **{
            "number": f"84230 2264 3 {number:07d} 2026",
            "registration_number": f"LSP-UJI.{number:06d}.2026",
            "application": application,
            "decision": case.decision,
            "scheme": application.scheme_version.scheme,
            "scheme_version": application.scheme_version,
            "holder": application.candidate.user,
            "holder_name": application.candidate.user.full_name,
            "issued_on": end - timedelta(days=1095),
            "valid_until": end,
            "status": status,
            "content": content,
            "sha256": content_hash(content),
            "issued_by": case.clerk,
        }
        | fields
    )


def make_surveillance(
    *, due_in: int = 10, certificate: Certificate | None = None, due_on: date | None = None
) -> Surveillance:
    """Planned for so many days from now (negative: overdue), nothing written down yet."""
    return Surveillance.objects.create(
        certificate=certificate or lay_certificate(), due_on=due_on or timezone.localdate() + timedelta(days=due_in)
    )


def more_certificates(certificate: Certificate, count: int) -> list[Certificate]:
    """So many further ones of the same case, for lists that grow; the first stays the one in force."""
    number = next(_numbers)
    return Certificate.objects.bulk_create(
        Certificate(
            **{field: getattr(certificate, field) for field in _COPIED},
            number=f"{number}-{n}",
            holder_name=f"Pemegang {n}",
            code=f"{number:06d}{n:010d}",
            in_force=None,
        )
        for n in range(count)
    )


_COPIED = (
    "application",
    "decision",
    "scheme",
    "scheme_version",
    "holder",
    "issued_on",
    "valid_until",
    "status",
    "content",
    "sha256",
    "issued_by",
)


def make_past_certificate(*, days_left: int = 400, nik: str = "", **fields) -> PastCertificate:
    """A row of the old register; of a scheme without versions, as one that is not offered any longer."""
    number = next(_numbers)
    end = timezone.localdate() + timedelta(days=days_left)
    scheme = (
        fields.pop("scheme", None)
        or Scheme.objects.get_or_create(code="relawan-lama", defaults={"title": "Relawan (skema lama)"})[0]
    )
    row = {
        "number": f"84230 2264 3 {number:07d} 2019",
        "holder_name": "Siti Rahma",
        "issued_on": end - timedelta(days=1095),
        "valid_until": end,
        "place": "Jakarta",
    } | fields
    return PastCertificate.objects.create(scheme=scheme, nik=nik, nik_hash=nik_hash(nik) if nik else None, **row)
