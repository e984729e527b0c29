"""What a crowd needs to find, and what it left, told by one process with the settings of the installation."""

import hashlib
import itertools
import json
import threading
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from core.accounts.models import User
from core.accounts.services import save_profile
from core.activity.enums import CheckOutcome
from core.activity.models import ActivityEntry
from core.activity.queries import last_check
from core.activity.verification import check_activity, check_whole_log, seal_leftovers
from core.applications.models import Application, RequirementEvidence, Review
from core.applications.sections import sections_of
from core.assessments.models import Placement
from core.codelists.models import CodeListEntry, Region
from core.documents.models import Document, PartialUpload
from core.documents.pieces import safely_received
from core.documents.storage import document_storage
from core.documents.sweeping import sweep_documents
from core.jobs.enums import OPEN_STATES, JobState
from core.jobs.models import Job
from core.messaging.models import OutboxMessage, OutboxStatus
from core.messaging.services import _identity, send_waiting
from core.schemes.queries import current_version
from tests.core.assessments.test_sessions import qualified
from tests.deployment.scenarios import let_staff_in
from tests.factories import accounts
from tests.factories.accounts import make_user
from tests.factories.corridor import make_case, make_session, make_venue
from tests.load.lines import PASSWORD

#: Seconds in which everything that is under way must have ended.
REST_LIMIT = 150


def run(words: str) -> None:
    """A name and its arguments; those that are long lie in a file, whose path begins with @."""
    name, *arguments = json.loads(words)
    if arguments and isinstance(arguments[0], str) and arguments[0].startswith("@"):
        arguments = json.loads(Path(arguments[0][1:]).read_text())
    print(json.dumps(globals()[name](*arguments), default=str))


# --- before -----------------------------------------------------------------------------------------------


def prepare(people: dict[str, int]) -> dict[str, Any]:
    """The steps of an upgrade; the demo's cases go out of the way of the clerks, and the `people` come."""
    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0)
    call_command("createcachetable", verbosity=0)
    let_staff_in()
    OutboxMessage.objects.filter(status=OutboxStatus.WAITING).update(status=OutboxStatus.FAILED)
    for case in Application.objects.filter(status__in=("submitted", "under_review")):
        case.status = "withdrawn"
        case.save()
    check_activity(new_checkpoints=True)
    return {name: globals()[name](count) for name, count in people.items()}


def clerks(count: int) -> list[str]:
    """Members of the secretariat who can log in with PASSWORD."""
    return _people(count, "sekretariat", "petugas")


def candidates(count: int) -> list[str]:
    """People whose address is confirmed, with all that an application asks of a profile."""
    values = {
        "birth_place": "Ambon", "home_address": "Jalan Pattimura 5", "home_region": Region.objects.get(code="8171"),
        "phone_mobile": "+6281234567890",
        "education": CodeListEntry.objects.filter(code_list__code="pendidikan").first(),
        "occupation": CodeListEntry.objects.filter(code_list__code="pekerjaan").first(),
    }  # fmt: skip
    made = [f"asesi-uji-{number}@contoh.id" for number in range(count)]
    for number, email in enumerate(made):
        user = make_user(role="asesi", email=email, full_name=f"Asesi {number}")
        nik = f"817101410695{number + 1:04d}"
        save_profile(profile=user.candidate, values=values | {"nik": nik}, version=None, by=user)
    User.objects.filter(email__in=made).update(password=_stored())
    return made


def _people(count: int, role: str, name: str) -> list[str]:

    emails = [f"{name}-uji-{number}@contoh.id" for number in range(count)]
    for number, email in enumerate(emails):
        make_user(role=role, email=email, full_name=f"{name.title()} {number}")
    User.objects.filter(email__in=emails).update(password=_stored())
    return emails


def _stored() -> str:

    return make_password(PASSWORD)


def a_session(quota: int, cases: int) -> dict[str, Any]:
    """A session with so many seats, and so many pre-assessed cases that want one; their keys."""
    accounts._numbers = itertools.count(5000)  # the demo has people of its own
    scheme = current_version("distribusi-bantuan").scheme
    session = make_session(scheme=scheme, quota=quota, venue=make_venue(capacity=quota))
    assessor, clerk = qualified(scheme), make_user(role="sekretariat")
    made = [make_case("preassessed", assessor=assessor, officer=clerk).application.pk for _one in range(cases)]
    return {"session": session.pk, "cases": made}


# --- afterwards -------------------------------------------------------------------------------------------


def seats(session: int) -> dict[str, Any]:

    taken = Placement.objects.filter(session=session, in_force=True)
    return {
        "seats": taken.count(),
        "cases": taken.values("application").distinct().count(),
        "scheduled": Application.objects.filter(status="scheduled", placements__session=session).count(),
    }


def submitted(numbers: dict[str, str]) -> dict[str, Any]:
    """{address: number that was shown}: which are not in the database as they were told, and what came with them."""
    found = {
        case.number: case
        for case in Application.objects.filter(number__in=list(numbers.values())).select_related("candidate__user")
    }
    lost = [
        email
        for email, number in numbers.items()
        if number not in found or found[number].candidate.user.email != email or not found[number].submissions.exists()
    ]
    keys = RequirementEvidence.documents.through.objects.filter(
        requirementevidence__application__in=found.values()
    ).values_list("document", flat=True)
    broken, size = 0, 0
    for document in Document.objects.filter(pk__in=set(keys)):
        with document.file.open("rb") as file:
            content = file.read()
        broken += hashlib.sha256(content).hexdigest() != document.sha256
        size += len(content)
    return {
        "lost": lost, "documents": len(set(keys)), "broken": broken, "bytes": size,
        "states": dict(Counter(case.status for case in found.values())),
    }  # fmt: skip


# --- faults -----------------------------------------------------------------------------------------------


def rest_and_judge(ledger: list[list], post: str, turn_clock: bool) -> dict[str, Any]:
    """What is still under way comes to its end, nobody helping; then the ledger is held against what is there."""
    begun, left = time.monotonic(), {}
    while time.monotonic() - begun < REST_LIMIT and any((left := open_work(turn_clock)).values()):
        send_waiting()
        connection.close()
        threading.Event().wait(0.3)
    book = Path(post, "taken.jsonl")
    letters = [json.loads(line) for line in book.read_text().splitlines()] if book.exists() else []
    told = judge(ledger, letters)
    if any(left.values()):
        told["faults"].append(f"did not come to rest: {left}")
    return told | {"at rest after s": round(time.monotonic() - begun, 1)}


def open_work(turn_clock: bool) -> dict[str, int]:
    """What is still under way. `turn_clock`: as if the waits between two attempts were over."""
    if turn_clock:
        long_ago = timezone.now() - timedelta(hours=1)
        OutboxMessage.objects.filter(status=OutboxStatus.WAITING).update(next_attempt_at=None)
        OutboxMessage.objects.filter(status=OutboxStatus.SENDING).update(next_attempt_at=long_ago)
        quiet = timezone.now() - timedelta(seconds=10)  # a living one beats each second or two
        Job.objects.filter(state=JobState.RUNNING, beat_at__lt=quiet).update(beat_at=long_ago)
    return {
        "jobs": Job.objects.filter(state__in=OPEN_STATES).count(),
        "letters": OutboxMessage.objects.filter(status__in=(OutboxStatus.WAITING, OutboxStatus.SENDING)).count(),
    }


def judge(ledger: list[list], letters: list[list[str]]) -> dict[str, Any]:
    """Whether all that was acknowledged is there, once, and whole. `faults` is what is wrong, in sentences."""
    faults: list[str] = []
    counted = Counter(entry[1] for entry in ledger)
    by_kind: dict[str, list[list]] = {}
    for entry in ledger:
        by_kind.setdefault(entry[1], []).append(entry)
    faults += _cases(by_kind)
    faults += _files(by_kind)
    faults += _acts(by_kind)
    faults += _jobs(by_kind)
    faults += _letters(letters)
    return {"faults": faults, "acknowledged": dict(counted), **_after_the_night(faults)}


def _cases(told: dict[str, list[list]]) -> list[str]:

    cases = list(
        Application.objects.select_related("candidate__user").filter(candidate__user__email__startswith="asesi-uji-")
    )
    by_number = {case.number: case for case in cases if case.number}
    by_reference = {case.reference: case for case in cases} | by_number
    faults = []
    for email, _kind, reference, *_rest in told.get("draft", []):
        by_owner = [case for case in cases if case.candidate.user.email == email]
        if reference not in by_reference and len(by_owner) != 1:
            faults.append(f"draft {reference} of {email} is lost")
    for email, _kind, _reference, number in told.get("submitted", []):
        case = by_number.get(number)
        if case is None or case.candidate.user.email != email:
            faults.append(f"submission {number} of {email} is lost")
    for row in (
        Application.objects.values("candidate", "scheme_version")
        .filter(candidate__user__email__startswith="asesi-uji-")
        .annotate(n=Count("pk"))
    ):
        if row["n"] > 1:
            faults.append(f"candidate {row['candidate']} has {row['n']} cases")
    for row in Application.objects.exclude(number=None).values("number").annotate(n=Count("pk")):
        if row["n"] > 1:
            faults.append(f"number {row['number']} was given twice")
    for case in cases:
        sequences = list(case.submissions.order_by("sequence").values_list("sequence", flat=True))
        if sequences != list(range(1, len(sequences) + 1)) or bool(case.number) != bool(sequences):
            faults.append(f"{case.number}: submissions {sequences}")
        if case.number:
            for submission in case.submissions.all():
                if hashlib.sha256(submission.content.encode()).hexdigest() != submission.sha256:
                    faults.append(f"{case.number}: submission {submission.sequence} is not what was signed")
    parts = {(case.pk, section.key): section for case in cases for section in case.sections.all()}

    wanted: dict[int, set[str]] = {}
    for email, _kind, _reference, part in told.get("section", []):
        [case] = [case for case in cases if case.candidate.user.email == email] or [None]
        if case is not None and part != "periksa":
            wanted.setdefault(case.pk, set()).add(part)
    slugs = {
        "profil/data-pribadi": "personal",
        "profil/alamat": "address",
        "profil/pekerjaan": "employment",
        "tujuan": "purpose",
        "bukti": "requirements",
    }
    for case in cases:
        if wanted.get(case.pk):
            complete = {section.key for section in sections_of(case) if section.is_complete}
            for part in wanted[case.pk]:
                key = slugs.get(part) or f"unit-{part.split('/')[1]}"
                if key not in complete or (case.pk, key) not in parts:
                    faults.append(f"{case.candidate.user.email}: what was saved of {key} is lost")
    return faults


def _files(told: dict[str, list[list]]) -> list[str]:

    faults = []
    attached = {}
    mine = Document.objects.filter(owner__email__startswith="asesi-uji-", document_type__is_active=True).select_related(
        "owner"
    )
    for document in mine:
        attached.setdefault((document.owner.email, document.file_name), []).append(document)
    for email, _kind, name, sha256 in told.get("file", []):
        rows = attached.get((email, name), [])
        if len(rows) != 1 or rows[0].sha256 != sha256:
            faults.append(f"{name} of {email}: {len(rows)} documents")
        elif not rows[0].requirement_evidence.exists():
            faults.append(f"{name} of {email} is not where it was attached")
    for (email, name), rows in attached.items():
        if name.startswith("bukti-") and len(rows) > 1:
            faults.append(f"{name} of {email} is there {len(rows)} times")
    for document in Document.objects.filter(owner__email__startswith="asesi-uji-"):
        try:
            with document.file.open("rb") as file:
                same = hashlib.sha256(file.read()).hexdigest() == document.sha256
        except OSError:
            same = False
        if not same:
            faults.append(f"the file of document {document.pk} is not what it was")
    furthest: dict[str, int] = {}
    for _email, _kind, key, offset in told.get("piece", []):
        furthest[key] = max(furthest.get(key, 0), offset)
    uploads = {str(row.public_id): row for row in PartialUpload.objects.filter(public_id__in=list(furthest))}
    for key, offset in furthest.items():
        if key not in uploads or safely_received(uploads[key]) < offset:
            faults.append(f"upload {key}: {offset} bytes were acknowledged")
    return faults


#: What a clerk was told → the code of the activity.
ACTS = {"taken": "application.take", "accept": "application.accept", "return": "application.return"}


def _acts(told: dict[str, list[list]]) -> list[str]:

    faults = []
    for kind, code in ACTS.items():
        done = Counter(ActivityEntry.objects.filter(code=code).values_list("subject_id", flat=True))
        acknowledged = Counter(entry[2] for entry in told.get(kind, []))
        for case, times in acknowledged.items():
            if done[str(case)] < (1 if kind == "taken" else times):
                faults.append(f"{kind} of {case} was told {times} times and is there {done[str(case)]} times")

    for row in Review.objects.values("submission").annotate(n=Count("pk")):
        if row["n"] > 1:
            faults.append(f"submission {row['submission']} was decided {row['n']} times")
    return faults


def _jobs(told: dict[str, list[list]]) -> list[str]:

    faults = []
    rows = {job.pk: job for job in Job.objects.all()}
    for _email, _kind, key in told.get("job", []):
        if key not in rows:
            faults.append(f"job {key} is lost")
    for job in rows.values():
        if job.state == "selesai" and job.result:
            try:
                with job.result.open("rb") as file:
                    whole = len(file.read()) == job.result_size
            except OSError:
                whole = False
            if not whole:
                faults.append(f"the result of job {job.pk} is not whole")
        elif job.state != "gagal" and job.state != "terputus":
            faults.append(f"job {job.pk}: {job.state}")
        if job.error and job.state == "selesai":
            faults.append(f"job {job.pk} is done and says {job.error}")
    return faults


def _letters(taken: list[list[str]]) -> list[str]:
    """What the mail server took, against the outbox: nothing twice, nothing told as sent that it does not have."""
    faults = []
    came = Counter(identity for identity, _address in taken)
    faults += [f"letter {identity} came {times} times" for identity, times in came.items() if times > 1]
    for letter in OutboxMessage.objects.filter(status=OutboxStatus.SENT, address__contains="-uji-"):
        if letter.sent_at and _identity(letter)["Message-ID"] not in came:
            faults.append(f"letter {letter.pk} is told as sent and never came")
    events = OutboxMessage.objects.exclude(dedupe_key=None).values("dedupe_key").annotate(n=Count("pk"))
    faults += [f"event {row['dedupe_key']} has {row['n']} letters" for row in events if row["n"] > 1]
    return faults


def _after_the_night(faults: list[str]) -> dict[str, Any]:
    """Sweep, purge and verify, as the nightly jobs do; what was left over and went."""
    swept = sweep_documents(minutes=-1)
    known = set(Document.objects.values_list("file", flat=True))
    strays = [
        file.name for file in document_storage().walk() if file.name not in known and not file.name.startswith("logo")
    ]
    faults += [f"{name} belongs to nobody after the sweep" for name in strays[:5]]
    seal_leftovers()
    if check_whole_log() != CheckOutcome.INTACT:
        faults.append(f"the activity log: {last_check().first_fault}")
    return {
        "swept": {"orphans": swept.orphans, "partial": swept.partial},
        "jobs": dict(Counter(Job.objects.values_list("state", flat=True))),
        "outbox": dict(
            Counter(OutboxMessage.objects.filter(address__contains="-uji-").values_list("status", flat=True))
        ),
        "documents": len(known),
    }
