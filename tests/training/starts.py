"""Exercise → what must be so before it begins, for the participant of a number. The exercises name these states."""

from collections.abc import Callable

from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice
from reversion.models import Version

from core.accounts.models import AssessorProfile, User
from core.accounts.rules import role_of
from core.applications.models import Application
from core.assessments.models import Venue
from core.assessments.queries import assignment_in_force, record_in_force
from core.assessments.seats import seat_of
from core.backups.drill_models import RestoreDrill
from core.backups.models import BackupRun
from core.certificates.models import Certificate
from core.demo.training import DOMAIN, name_of
from core.documents.integrity import open_findings, repository_state
from core.documents.models import Document
from core.handovers.models import Handover
from core.institutions.models import Invitation
from core.timetable.models import ScheduledRun

LETTER_OF = {
    **dict.fromkeys(
        [
            "Ani",
            "Budi",
            "Citra",
            "Dedi",
            "Eka",
            "Fitri",
            "Gilang",
            "Hana",
            "Indra",
            "Joko",
            "Kartika",
            "Lukman",
            "Pendamping",
            "Lewat",
        ],
        "S",
    ),
    **dict.fromkeys(["Mira", "Nanda", "Oki", "Putri", "Rudi", "Umi", "Sari"], "A"),
    **dict.fromkeys(["Yani", "Vera", "Wawan"], "T"),
}


def person(account: str, number: int) -> User:
    """`account` without its number: asesor → asesor01@…"""
    return User.objects.get(email=f"{account}{number:02d}@{DOMAIN}")


def case(first: str, number: int) -> Application:
    return Application.objects.get(candidate__user__full_name=name_of(first, LETTER_OF[first], number))


def venue(name: str) -> Venue:
    return Venue.objects.get(name=name)


def _is(first: str, status: str) -> Callable[[int], bool]:
    return lambda number: case(first, number).status == status


def _account(role: str) -> Callable[[int], bool]:
    """Can log in, and has no second factor yet."""

    def holds(number: int) -> bool:
        user = person(role, number)
        return role_of(user) == role and user.is_active and not TOTPDevice.objects.filter(user=user).exists()

    return holds


def _spoilt(letter: str) -> Callable[[int], bool]:
    def holds(number: int) -> bool:
        place = venue(f"TUK Keliru {letter}{number:02d}")
        return place.capacity == 2 and Version.objects.get_for_object(place).count() == 2

    return holds


def _s05(number: int) -> bool:
    lapsed = AssessorProfile.objects.get(user__full_name=name_of("Lewat", "S", number))
    return (
        case("Dedi", number).status == "accepted"
        and assignment_in_force(case("Dedi", number)) is None
        and lapsed.certificate_expires_on < timezone.localdate()
    )


def _s07(number: int) -> bool:
    session = seat_of(case("Gilang", number)).session
    return session.status == "diumumkan" and session.venue.name == f"TUK Latihan S{number:02d}"


def _s09(number: int) -> bool:
    k, bk = case("Indra", number), case("Joko", number)
    session = seat_of(k).session
    others = [seat.application for seat in session.placements.filter(in_force=True, application__status="assessed")]
    recommended = [record_in_force(one).recommendation for one in (k, bk)]
    return recommended == ["K", "BK"] and {one.pk for one in others} == {k.pk, bk.pk}


def _a05(number: int) -> bool:
    seats = [seat_of(case(first, number)) for first in ("Oki", "Putri", "Rudi", "Umi")]
    return all(seat.session.starts_at <= timezone.now() and seat.attendance == "" for seat in seats)


def _t05(number: int) -> bool:
    document = Document.objects.get(title=f"Surat keterangan T{number:02d}")
    return document.owner == case("Yani", number).candidate.user and not open_findings().exists()


def _invited(number: int) -> list[tuple[str, bool]]:
    found = Invitation.objects.filter(batch__institution__name=f"BPBD Latihan I{number:02d}").order_by("pk")
    return [(row.full_name.split()[0], row.opened_at is not None) for row in found]


STARTS: dict[str, Callable[[int], bool]] = {
    "S01": _account("sekretariat"),
    "S02": _is("Ani", "submitted"),
    "S03": _is("Budi", "submitted"),
    "S04": lambda n: case("Citra", n).officer.full_name == "Pelatih Sekretariat",
    "S05": _s05,
    "S06": lambda n: (
        {case(one, n).status for one in ("Eka", "Fitri")} == {"preassessed"}
        and venue(f"TUK Latihan S{n:02d}").capacity == 20
    ),
    "S07": _s07,
    "S08": _is("Hana", "accepted"),
    "S09": _s09,
    "S10": lambda n: (
        case("Kartika", n).status == "competent"
        and Certificate.objects.filter(application=case("Lukman", n)).count() == 1
    ),
    "S11": lambda n: Application.objects.filter(candidate__user__full_name__endswith=f"S{n:02d}").count() == 12,
    "S12": _spoilt("S"),
    "A01": _account("asesor"),
    "A02": lambda n: person("asesor", n).assessor.assignments.filter(in_force=True).count() == 7,
    "A03": _is("Mira", "accepted"),
    "A04": _is("Nanda", "accepted"),
    "A05": _a05,
    "A06": _is("Oki", "scheduled"),
    "A07": _is("Rudi", "scheduled"),
    "A08": lambda n: case("Umi", n).status == "scheduled" and not case("Umi", n).records.exists(),
    "A09": lambda n: record_in_force(case("Sari", n)).recommendation == "K",
    "A10": lambda n: case("Umi", n).filled_forms.filter(definition__code="fr-ia-01", in_force=True).exists(),
    "T01": _account("administrator"),
    "T02": lambda n: not User.objects.filter(email=f"rekan{n:02d}@{DOMAIN}").exists(),
    "T03": lambda n: TOTPDevice.objects.filter(user=person("vera", n), confirmed=True).exists(),
    "T04": lambda n: person("wawan", n).is_active and role_of(person("wawan", n)) == "sekretariat",
    "T05": _t05,
    "T06": lambda n: (
        sorted(BackupRun.objects.exclude(outcome="berhasil").values_list("outcome", flat=True).distinct())
        == ["gagal", "sebagian"]
        and set(RestoreDrill.objects.values_list("outcome", flat=True)) == {"terbukti", "berbeda", "tak-teruji"}
    ),
    "T07": lambda n: ScheduledRun.objects.filter(outcome="lewat-batas").count() == 1,
    "T08": _spoilt("T"),
    "T09": _is("Yani", "submitted"),
    "T10": lambda n: not Venue.objects.filter(code__startswith=f"tuk-impor-t{n:02d}").exists(),
    "T11": _account("administrator"),
    "T12": lambda n: repository_state().is_sound,
    "B01": _is("Lukman", "certified"),
    "B02": lambda n: Application.objects.count() % 20 == 0,
    "B03": lambda n: [row.status for row in Handover.objects.all()] == ["diserahkan"],
    "B04": _account("bnsp"),
    "I01": lambda n: _invited(n) == [("Wati", True), ("Xaver", False), ("Zaki", False)],
    "I02": lambda n: person("instansi", n).officer.institution.name == f"BPBD Latihan I{n:02d}",
    "I03": lambda n: Invitation.objects.filter(email=f"zaki{n:02d}@latihn.contoh.id").exists(),
    "I04": lambda n: not User.objects.filter(email=f"wati{n:02d}@{DOMAIN}").exists(),
}
