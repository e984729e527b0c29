"""Small named questions about certificates of the paper years."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from itertools import batched

from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.accounts.rules import role_of
from core.certificates.enums import PastStatus
from core.certificates.models import Certificate, PastCertificate
from core.common.text import search_words

#: No certificate of this LSP is older: what says so was typed wrong.
FIRST_YEAR = 2000
#: Numbers that one question to the database names.
AT_ONCE = 500


def what_is_wrong(
    certificate: PastCertificate, issued: Collection[str], decided: Mapping[str, PastStatus]
) -> dict[str, str]:
    """{field: sentence} of what a row may not say; `issued`: see `numbers_of_the_system`, `decided`:
    `states_decided_here`."""
    found = wrong_days(certificate.issued_on, certificate.valid_until)
    if certificate.number in issued:
        found["number"] = number_of_the_system()
    if reason := why_not_state(certificate, decided):
        found["status"] = reason
    return found


def wrong_days(issued_on: date | None, valid_until: date | None) -> dict[str, str]:
    found = {}
    if issued_on and issued_on > timezone.localdate():
        found["issued_on"] = _("Tanggal terbit belum lewat. Periksa tanggalnya.")
    elif issued_on and issued_on.year < FIRST_YEAR:
        found["issued_on"] = _("Tahun terbit sebelum %(year)d. Periksa tanggalnya.") % {"year": FIRST_YEAR}
    if issued_on and valid_until and valid_until < issued_on:
        found["valid_until"] = _("Masa berlaku berakhir sebelum tanggal terbit. Periksa kedua tanggalnya.")
    return found


def numbers_of_the_system(numbers: Iterable[str]) -> set[str]:
    """Those of the numbers under which this system issued a certificate."""
    return {
        number
        for some in batched(numbers, AT_ONCE)
        for number in Certificate.objects.filter(number__in=some).values_list("number", flat=True)
    }


def states_decided_here(numbers: Iterable[str]) -> dict[str, PastStatus]:
    """{number: how it stands} of those that somebody has suspended, reinstated or withdrawn in this system."""
    return {
        number: PastStatus(status)
        for some in batched(numbers, AT_ONCE)
        for number, status in PastCertificate.objects.filter(number__in=some, events__isnull=False)
        .distinct()
        .values_list("number", "status")
    }


def why_not_state(certificate: PastCertificate, decided: Mapping[str, PastStatus]) -> str:
    """What was decided here with a reason that its holder read is not undone by a copy of the paper register."""
    state = decided.get(certificate.number)
    if state is None or state == certificate.status:
        return ""
    return _(
        "Di sistem ini sertifikat ini sudah dinyatakan “%(state)s”. "
        "Samakan statusnya, atau ubah dari layar sertifikatnya."
    ) % {"state": state.label}


def number_of_the_system() -> str:
    return _("Nomor ini milik sertifikat yang diterbitkan sistem. Periksa nomornya, atau hapus barisnya.")


def is_same_name(one: str, other: str) -> bool:
    """Whether two spellings may be one person: all words of the shorter name stand in the longer one.

    Titles come and go (“Siti Rahma, S.T.”), so that single letters and what a comma sets off say nothing.
    """
    first, second = _name(one), _name(other)
    return bool(first and second) and (first <= second or second <= first)


def _name(text: str) -> set[str]:
    return {word for word in search_words(text.partition(",")[0]) if len(word) > 1}


def why_not_link(certificate: PastCertificate, person: User) -> str:
    if certificate.holder_id == person.pk:
        return _("Sertifikat ini sudah tertaut dengan orang ini.")
    if certificate.holder_id is not None:
        return _("Sertifikat ini sudah tertaut dengan orang lain. Lepaskan tautannya dahulu.")
    if role_of(person) != "asesi":
        return _("Akun ini bukan akun asesi. Periksa alamat e-mailnya.")
    return ""
