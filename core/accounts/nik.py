"""NIK, the national identity number: 16 digits that carry region, birth date and sex.

2 province, 2 regency or city, 2 district, 2 day of birth (women: + 40), 2 month, 2 year, 4 serial
number (never 0000). Source: Perpres 96/2018 and the Dukcapil description; see domain facts § 6.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.enums import Sex
from core.codelists.models import Region
from core.common.exceptions import DomainError
from core.common.fields import lookup_hash


@dataclass(frozen=True)
class Nik:
    """A NIK that was checked, and what it tells."""

    number: str
    province_code: str
    regency_code: str
    birth_date: date
    sex: Sex


def parse_nik(text: str, *, today: date | None = None, provinces: Collection[str] | None = None) -> Nik:
    """Check a NIK and read birth date and sex from it; spaces, dots and dashes are ignored.

    Two digits tell the year: the latest century that does not lie in the future is taken. The
    province must exist. The regency may be unknown: codes were retired when regions were split,
    and the number of a living person never changes; it only must not be 00, nor the district.
    `provinces`: their codes, for who checks many numbers. Raises DomainError with field "nik".
    """

    def refuse(message: str, code: str) -> DomainError:
        return DomainError(message, code=code, field="nik")

    number = "".join(c for c in text if c not in " .-\u00a0\t")
    if not set(number) <= set("0123456789"):
        raise refuse(_("NIK hanya terdiri atas angka. Periksa kembali KTP Anda."), "nik.not_digits")
    if len(number) != 16:
        raise refuse(
            _("NIK harus 16 angka, yang diisi %(count)d angka. Periksa kembali KTP Anda.") % {"count": len(number)},
            "nik.length",
        )
    province, regency, district = number[:2], number[2:4], number[4:6]
    is_known = province in provinces if provinces is not None else _is_province(province)
    if regency == "00" or district == "00" or not is_known:
        raise refuse(
            _("Enam angka pertama NIK bukan kode wilayah yang dikenal. Periksa kembali KTP Anda."), "nik.region"
        )
    day, month, year = int(number[6:8]), int(number[8:10]), int(number[10:12])
    sex = Sex.FEMALE if day > 40 else Sex.MALE
    today = today or timezone.localdate()
    century = 2000 if 2000 + year <= today.year else 1900
    try:
        birth_date = date(century + year, month, day - 40 if sex == Sex.FEMALE else day)
        if birth_date > today:  # born later this year, a hundred years ago
            birth_date = birth_date.replace(year=birth_date.year - 100)
    except ValueError as error:
        raise refuse(
            _("Angka ke-7 sampai ke-12 NIK bukan tanggal lahir yang ada. Periksa kembali KTP Anda."), "nik.date"
        ) from error
    if number[12:] == "0000":
        raise refuse(_("Empat angka terakhir NIK tidak boleh 0000. Periksa kembali KTP Anda."), "nik.serial")
    return Nik(number, province, number[:4], birth_date, sex)


def _is_province(code: str) -> bool:
    return Region.objects.filter(code=code, province=None).exists()


def nik_hash(number: str) -> str:
    """What a NIK is found by in the database."""
    return lookup_hash(f"nik:{number}")


def mask_nik(number: str) -> str:
    """The NIK as it is shown to those who need not know it: province and the last two digits."""
    return f"{number[:2]}••••••••••••{number[-2:]}" if number else ""
