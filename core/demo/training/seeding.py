"""Everything that a course begins with, for so many participants."""

import io
import random
from collections.abc import Iterator
from datetime import datetime, timedelta

import reversion
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from core.accounts.models import AssessorProfile, User
from core.applications.models import Application
from core.assessments.models import AssessmentSession, AssessorQualification, Venue
from core.assessments.services import announce_session, create_session, place_applications, reissue_letters
from core.certificates.services import issue_certificate
from core.content.models import OfficeData
from core.decisions.enums import MemberRole
from core.decisions.models import Plenary
from core.decisions.services import (
    Seat,
    add_cases,
    confirm_plenary,
    create_plenary,
    follow_recommendations,
    record_plenary,
    save_members,
)
from core.demo.backups import seed_backups
from core.demo.cases import paper, seed_accounts
from core.demo.corridor import CODES, LEADER
from core.demo.handovers import hand_over_all, lay_session_codes
from core.demo.results import write_results
from core.demo.timetable import seed_timetable
from core.demo.training.cases import SCHEME, make_case, of
from core.demo.training.institutions import make_institution
from core.demo.training.people import address_of, make_participants, make_trainers, name_of
from core.demo.training.stories import STORIES, Stage
from core.documents.integrity import verify_documents
from core.documents.models import Document, DocumentType
from core.documents.services import store_upload
from core.documents.storage import document_storage
from core.handovers.queries import pending_decisions
from core.schemes.models import Scheme
from core.schemes.queries import open_versions

#: Of the hall in which everybody's cases are assessed; each participant also has a TUK of their own.
HALL = ("tuk-latihan-bersama", "TUK Latihan Bersama", 500)
#: What a TUK of a participant is made with, and what a colleague then made of it by mistake.
CAPACITY, SPOILT_CAPACITY, SPOILT_ADDRESS = 20, 2, "Alamat salah ketik"
ADDRESS = "Jalan Latihan 1, Sentul"
LUCK = 2026
#: So long ago the assessments were whose results are signed.
AGO = timedelta(days=7)
#: The content of a file that somebody changed behind the system's back.
TAMPERED = b"isi yang bukan aslinya"


def seed_training(*, participants: int) -> Iterator[str]:
    """Make it; says after each step what there is now. The database holds the reference data and nothing else."""
    with transaction.atomic():
        seed_accounts()
        trainers = make_trainers()
        clerk, administrator = trainers["sekretariat"], trainers["administrator"]
        _prepare_scheme()
        hall = Venue.objects.create(code=HALL[0], name=HALL[1], kind="mandiri", capacity=HALL[2], address=ADDRESS)
    version = next(version for version in open_versions() if version.scheme.code == SCHEME)
    cases: dict[tuple[str, int], Application] = {}
    for number in range(1, participants + 1):
        with transaction.atomic():
            people = make_participants(number)
            _qualify()
            _make_venues(number, spoiler=clerk)
            beside = AssessorProfile.objects.get(user__email=address_of(f"pendamping{number:02d}"))
            own = people["asesor"].assessor
            for story in STORIES:
                cases[story.first, number] = make_case(
                    story, number, version=version, clerk=clerk, assessor=own if story.letter == "A" else beside
                )
            make_institution(number, officer=people["instansi"], clerk=clerk)
        yield f"peserta {number:02d} dari {participants:02d}"
    with transaction.atomic():
        _invite(cases, version.scheme, clerk)
        _assess(cases, version.scheme, hall, clerk)
        _decide(cases, clerk=clerk, second=User.objects.get(email="sekretariat@contoh.id"))
        _hand_over(of(cases, ["Lukman"]), clerk)
        seed_backups(administrator=administrator)
        seed_timetable(luck=random.Random(LUCK))  # noqa: S311 - invented data, repeatable on purpose
    verify_documents()
    for number in range(1, participants + 1):
        _tamper(number, cases["Yani", number])
    yield "jadwal uji, rapat pleno, sertifikat, cadangan"


def _prepare_scheme() -> None:
    """What the LSP states itself before the first certificate."""
    scheme = Scheme.objects.get(code=SCHEME)
    scheme.kbli_code, scheme.kbji_code, scheme.kkni_level = CODES
    scheme.save()
    OfficeData.objects.filter(leader_name="").update(leader_name=LEADER[0], leader_position=LEADER[1])


def _qualify() -> None:
    scheme = Scheme.objects.get(code=SCHEME)
    for assessor in AssessorProfile.objects.filter(certificate_expires_on__gte=timezone.localdate()):
        AssessorQualification.objects.get_or_create(assessor=assessor, scheme=scheme, defaults={"note": "Latihan"})


# --- places, with a history ----------------------------------------------------------------------------------


def _make_venues(number: int, *, spoiler: User) -> None:
    """One TUK to plan sessions at, and in two groups one that a colleague has spoilt since it was written down."""
    _save(_venue(f"TUK Latihan S{number:02d}"), spoiler, "Data TUK dicatat.")
    for letter in ("S", "T"):
        venue = _venue(f"TUK Keliru {letter}{number:02d}")
        _save(venue, spoiler, "Data TUK dicatat.")
        venue.capacity, venue.address = SPOILT_CAPACITY, SPOILT_ADDRESS
        _save(venue, spoiler, "Diubah saat latihan: keliru.")


def _venue(name: str) -> Venue:
    return Venue(code=slugify(name), name=name, kind="mandiri", address=ADDRESS, capacity=CAPACITY)


def _venue_of(number: int) -> Venue:
    """Where the participant of the secretariat plans."""
    return Venue.objects.get(code=f"tuk-latihan-s{number:02d}")


def _save(venue: Venue, by: User, reason: str) -> None:
    """A version of its own, as a form of the back office makes it."""
    with reversion.create_revision():
        venue.full_clean()
        venue.save()
        reversion.set_user(by)
        reversion.set_comment(reason)


# --- sessions, meeting, certificates ----------------------------------------------------------------------------


def _session(scheme: Scheme, venue: Venue, *, days: int, quota: int, clerk: User) -> AssessmentSession:
    start = datetime.combine(timezone.localdate() + timedelta(days=days), datetime.min.time()).replace(
        hour=8, tzinfo=timezone.get_current_timezone()
    )
    return create_session(
        scheme=scheme,
        venue=venue,
        starts_at=start,
        ends_at=start + timedelta(hours=8),
        quota=quota,
        note="Bawa KTP asli.",
        by=clerk,
    )


def _seat_and_announce(session: AssessmentSession, cases: list[Application], clerk: User) -> None:
    place_applications(session=session, applications=cases, accept_warnings=True, by=clerk)
    announce_session(session=session, by=clerk)


def _invite(cases: dict[tuple[str, int], Application], scheme: Scheme, clerk: User) -> None:
    """One session per participant, a month ahead: it will be cancelled."""
    for (first, number), case in cases.items():
        if first == "Gilang":
            session = _session(scheme, _venue_of(number), days=28, quota=CAPACITY, clerk=clerk)
            _seat_and_announce(session, [case], clerk)


def _assess(cases: dict[tuple[str, int], Application], scheme: Scheme, hall: Venue, clerk: User) -> None:
    """What began this morning, for all assessors together, and what was a week ago, with its results signed.

    The secretariat's participants had each a session of their own: by it they find their cases for a meeting.
    """
    by_letter = {letter: [story for story in STORIES if story.letter == letter] for letter in "SA"}
    seated = [story.first for story in by_letter["A"] if story.stage == Stage.SEATED]
    today = _session(scheme, hall, days=2, quota=HALL[2], clerk=clerk)
    _seat_and_announce(today, of(cases, seated), clerk)
    _move(today, to=_this_morning())
    reissue_letters(session=today, reason="Dimulai hari ini.", by=clerk)  # the assessors' pages show no warning
    assessed = {
        letter: [s.first for s in stories if s.stage >= Stage.ASSESSED] for letter, stories in by_letter.items()
    }
    before = _session(scheme, hall, days=3, quota=HALL[2], clerk=clerk)
    _seat_and_announce(before, of(cases, assessed["A"]), clerk)
    _move(before, to=timezone.now() - AGO)
    for number in sorted({number for _first, number in cases}):
        own = [case for (first, whose), case in cases.items() if whose == number and first in assessed["S"]]
        session = _session(scheme, _venue_of(number), days=4, quota=CAPACITY, clerk=clerk)
        _seat_and_announce(session, own, clerk)
        _move(session, to=timezone.now() - AGO)
    for story in STORIES:
        if story.stage >= Stage.ASSESSED:
            for case in of(cases, [story.first]):
                write_results(case, is_competent=story.is_competent, with_papers=False)


def _this_morning() -> datetime:
    """At eight, or an hour ago when the course is made ready before nine."""
    now = timezone.localtime()
    return now.replace(hour=8) if now.hour >= 9 else now - timedelta(hours=1)


def _move(session: AssessmentSession, *, to: datetime) -> None:
    """Nothing is assessed before its session began, and none is planned in the past: so it is moved afterwards."""
    session.refresh_from_db()
    length = session.ends_at - session.starts_at
    session.starts_at = to.replace(minute=0, second=0, microsecond=0)
    session.ends_at = session.starts_at + length
    session.save(update_fields=["starts_at", "ends_at", "updated_at"])


def _decide(cases: dict[tuple[str, int], Application], *, clerk: User, second: User) -> None:
    """One meeting on the competent ones of all participants; the certificates of half of them are issued."""
    decided = [case for story in STORIES if story.stage >= Stage.COMPETENT for case in of(cases, [story.first])]
    plenary = create_plenary(title="Rapat pleno pembuka", held_on=timezone.localdate(), place=HALL[1], by=clerk)
    seats = [
        Seat(user=second.pk, office="Ketua LSP", role=MemberRole.CHAIR),
        Seat(user=clerk.pk, office="Sekretariat", role=MemberRole.SECRETARY),
    ]
    save_members(plenary=plenary, seats=seats, by=clerk)
    add_cases(plenary=plenary, applications=decided, by=clerk)
    follow_recommendations(plenary=plenary, by=clerk)
    record_plenary(plenary=plenary, by=clerk)
    confirm_plenary(plenary=Plenary.objects.get(pk=plenary.pk), by=second)
    for story in STORIES:
        if story.stage >= Stage.CERTIFIED:
            for case in of(cases, [story.first]):
                case.refresh_from_db()
                issue_certificate(application=case, by=clerk)


def _hand_over(cases: list[Application], clerk: User) -> None:
    """What BNSP finds: the decisions on the certified cases, of all participants, in one hand-over."""
    decisions = list(pending_decisions().filter(application__in=cases).select_related("plenary", "application"))
    lay_session_codes(decisions, clerk=clerk)
    hand_over_all(decisions, clerk=clerk)


# --- a file that was changed ------------------------------------------------------------------------------------


def _tamper(number: int, case: Application) -> None:
    """One document per participant whose file is no longer what was stored; found by the next whole check."""
    name = name_of("Yani", "T", number)
    document: Document = store_upload(
        stream=io.BytesIO(paper("Surat keterangan", name).getvalue()),
        file_name=f"surat-{name.split()[-1].lower()}.jpg",
        document_type=DocumentType.objects.get(code="bukti-kerja"),
        owner=case.candidate.user,
        by=case.candidate.user,
        title=f"Surat keterangan {name.split()[-1]}",
    )
    storage = document_storage()
    storage.discard_stale(document.file.name, before=float("inf"))
    storage.save(document.file.name, io.BytesIO(TAMPERED))
