"""Invented values in the place of real ones. The same value always gets the same invention within one run.

Which one follows from a key that is drawn for the run and kept nowhere: without it nobody can compute the invention of
a name they know. Pure functions of that key and the value; nothing is looked up, so nothing has to be remembered.
"""

import hashlib
import hmac
import secrets
import uuid
from datetime import date, timedelta
from string import ascii_letters, digits

from django.utils import timezone

from core.accounts.enums import Sex

#: What stands in the place of words.
DISGUISED = "(disamarkan)"
PLACE, POSTCODE = "Kota Anonim", "99999"
#: A domain that leads nowhere (RFC 2606): no letter leaves for anybody.
DOMAIN = "anonim.invalid"
#: Flowers, birds and trees: nobody takes these for somebody they know.
FIRST = (
    "Mawar", "Melati", "Cempaka", "Kenanga", "Anggrek", "Dahlia", "Teratai", "Seruni",
    "Flamboyan", "Bakung", "Kamboja", "Soka", "Lantana", "Kemuning", "Alamanda", "Wijayakusuma",
)  # fmt: skip
MIDDLE = (
    "Kutilang", "Cendrawasih", "Rajawali", "Jalak", "Kenari", "Nuri", "Kakatua", "Merak",
    "Kasuari", "Maleo", "Punai", "Pipit", "Gelatik", "Murai", "Perkutut", "Srigunting",
)  # fmt: skip
LAST = (
    "Meranti", "Cendana", "Jati", "Mahoni", "Trembesi", "Beringin", "Ulin", "Sengon",
    "Pinus", "Damar", "Merbau", "Nyatoh", "Sonokeling",
)  # fmt: skip
#: Without look-alikes, as the codes that print on paper.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
#: No district has this number, so no living person a NIK with it.
NO_DISTRICT = "99"


class Pseudonyms:
    """The inventions of one run."""

    def __init__(self, key: bytes | None = None) -> None:
        self._key = key or secrets.token_bytes(32)

    def _number(self, kind: str, value: str) -> int:
        return int.from_bytes(hmac.digest(self._key, f"{kind}:{value}".encode(), hashlib.sha256))

    def name(self, value: str) -> str:
        number = self._number("name", " ".join(value.casefold().split()))
        number, first = divmod(number, len(FIRST))
        number, middle = divmod(number, len(MIDDLE))
        return f"{FIRST[first]} {MIDDLE[middle]} {LAST[number % len(LAST)]}"

    def email(self, value: str) -> str:
        return f"anonim-{self.code(f'email:{value.lower()}', 14).lower()}@{DOMAIN}"

    def phone(self, value: str) -> str:
        """With 0890 in front, which stands in no list of operators' prefixes."""
        return f"+62890{self._number('phone', value) % 10**7:07d}"

    def organisation(self, value: str) -> str:
        return f"Instansi {self.code(f'organisation:{" ".join(value.casefold().split())}', 6)}"

    def code(self, value: str, length: int) -> str:
        number, letters = self._number("code", value), ""
        for _place in range(length):
            number, letter = divmod(number, len(ALPHABET))
            letters += ALPHABET[letter]
        return letters

    def uuid(self, value: str) -> uuid.UUID:
        return uuid.UUID(int=self._number("uuid", value) >> 128, version=4)

    def birth(self, value: date) -> date:
        """Another day of the same year: ages in years and bands of ages stay nearly what they were."""
        first = date(value.year, 1, 1)
        moved = first + timedelta(days=self._number("birth", value.isoformat()) % 365)
        return moved if moved != value else first + timedelta(days=(moved - first).days - 1 or 1)

    def nik(self, value: str, *, turn: int = 0) -> str:
        """The province and the sex of the number, the invented birthday of its birthday, and a district that is none.

        `turn` gives another one, for the rare case that two people would get the same.
        """
        if len(value) != 16 or not value.isdecimal():
            return DISGUISED
        number = self._number("nik", f"{value}/{turn}")
        number, regency = divmod(number, 80)
        day, month, year = int(value[6:8]), int(value[8:10]), int(value[10:12])
        sex = Sex.FEMALE if day > 40 else Sex.MALE
        try:
            born = self.birth(_in_some_century(year, month, day - 40 * (sex == Sex.FEMALE)))
        except ValueError:
            return DISGUISED
        invented_day = born.day + 40 * (sex == Sex.FEMALE)
        serial = number % 9999 + 1
        return f"{value[:2]}{regency + 10}{NO_DISTRICT}{invented_day:02d}{born.month:02d}{year:02d}{serial:04d}"


def _in_some_century(year: int, month: int, day: int) -> date:
    """As `parse_nik` reads it: the latest century that does not lie in the future."""
    today = timezone.localdate()
    found = date(2000 + year if 2000 + year <= today.year else 1900 + year, month, day)
    return found if found <= today else found.replace(year=found.year - 100)


def random_words(length: int) -> str:
    return "".join(secrets.choice(ascii_letters + digits) for _letter in range(length))
