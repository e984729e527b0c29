"""The old register in the demonstration: some still hold, some ended, one was suspended and one withdrawn."""

import random
from datetime import date, timedelta

from django.utils import timezone

from core.accounts.models import User
from core.certificates.models import PastCertificate
from core.certificates.services import keep_past_certificate, link_past_certificate
from core.schemes.models import Scheme

NAMES = (
    "Agus Salim", "Rina Marlina", "Joko Susilo", "Maria Pattiasina", "Abdul Rahman", "Wayan Sudiarta", "Yuliana Lubis",
    "Herman Sinaga", "Nurul Aini", "Thomas Wenda", "Sri Hartati", "Iwan Setiawan",
)  # fmt: skip
PLACES = ("Jakarta", "Sentul", "Yogyakarta", "Ambon", "Padang")


def seed_past(*, clerk: User, person: User, luck: random.Random) -> None:
    """Written by the service that the import uses; the demo's candidate finds one of them on the desk."""
    schemes = list(Scheme.objects.order_by("position", "title")[:4])
    schemes.append(
        Scheme.objects.get_or_create(code="relawan-siaga-lama", defaults={"title": "Relawan Siaga (skema lama)"})[0]
    )
    today = timezone.localdate()
    for number, name in enumerate(NAMES, start=1):
        end = today + timedelta(days=(-700, -40, 45, 200, 420, 600)[number % 6])
        _keep(number, name, luck.choice(schemes), end, luck, clerk)
    _keep(
        13,
        "Bagas Pratama",
        schemes[0],
        today + timedelta(days=300),
        luck,
        clerk,
        status="dibekukan",
        note="Surat 12/2025",
    )
    _keep(14, "Lestari Dewi", schemes[1], today + timedelta(days=250), luck, clerk, status="dicabut", note="SK 04/2025")
    own = _keep(15, person.full_name, schemes[-1], today + timedelta(days=80), luck, clerk)
    link_past_certificate(certificate=own, person=person, by=clerk)


def _keep(
    number: int, name: str, scheme: Scheme, end: date, luck: random.Random, clerk: User, **fields: str
) -> PastCertificate:
    issued = end - timedelta(days=1095)
    return keep_past_certificate(
        certificate=PastCertificate(
            number=f"84230 2264 3 {number:07d} {issued.year}",
            registration_number=f"PBN 1234 {number:05d} {issued.year}",
            holder_name=name,
            scheme=scheme,
            issued_on=issued,
            valid_until=end,
            place=luck.choice(PLACES),
            file_number=f"MAP-{issued.year}-{number:03d}",
            **fields,
        ),
        by=clerk,
    )
