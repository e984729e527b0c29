"""Whose clock a place goes by: the three zones of Indonesian time (Keputusan Presiden Nomor 41 Tahun 1987)."""

from datetime import tzinfo
from zoneinfo import ZoneInfo

from django.utils import timezone

#: By the first two digits of the Kemendagri code. Kalimantan Utara and the newer provinces of Papua lie where the
#: provinces lay that they were made of; every other province goes by WIB.
_CENTRAL = frozenset({"51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"})
_EASTERN = frozenset({"81", "82", "91", "92", "93", "94", "95", "96"})


def zone_of(region: str | None) -> tzinfo:
    """The zone of a region by its code (Region.code): WIB, WITA or WIT; without a region that of the office."""
    if not region:
        return timezone.get_default_timezone()
    if region[:2] in _CENTRAL:
        return ZoneInfo("Asia/Makassar")
    return ZoneInfo("Asia/Jayapura" if region[:2] in _EASTERN else "Asia/Jakarta")
