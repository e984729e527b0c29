"""From an officer's file to letters: checked whole, shown, and sent once."""

import hashlib
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.activity.services import record_activity
from core.common.exceptions import DomainError
from core.common.numbering import next_number
from core.imports.models import ImportOutcome, ImportRun
from core.imports.report import NEW, Report
from core.imports.services import apply_run, keep_run
from core.institutions.enums import InvitationStatus
from core.institutions.models import Institution, Invitation, InvitationBatch
from core.institutions.people_file import KIND, KIND_TITLE, Person, check_file, read_people
from core.institutions.rules import why_not_invite
from core.institutions.services.invitations import valid_until, write_letters
from core.institutions.services.locking import lock_institution

#: Files that one officer may hand in within an hour, and people that one institution may invite in a day.
MAX_UPLOADS_PER_HOUR = 30
MAX_PEOPLE_PER_DAY = 3000


@transaction.atomic
def check_upload(*, institution: Institution, content: bytes, file_name: str, by: Any) -> ImportRun:
    """Look through a file and keep it with what was found. Nobody is invited yet."""
    if reason := why_not_invite(institution, by):
        raise DomainError(reason, code="check_upload.refused")
    recent = ImportRun.objects.filter(kind=KIND, by=by, created_at__gt=timezone.now() - timedelta(hours=1)).count()
    if recent >= MAX_UPLOADS_PER_HOUR:
        raise DomainError(
            _("Sudah %(count)d berkas diunggah dalam satu jam. Coba lagi satu jam lagi.") % {"count": recent},
            code="check_upload.throttled",
            field="file",
        )
    report = check_file(content, institution=institution)
    if (batch := _sent_before(institution, content)) and not report.counts[NEW]:
        told = _(
            "Berkas ini sama persis dengan yang sudah dikirim sebagai rombongan %(number)s. Tidak ada undangan kedua."
        )
        report.notices.insert(0, told % {"number": batch.number})
    return keep_run(kind=KIND, kind_title=KIND_TITLE, content=content, file_name=file_name, report=report, by=by)


def _sent_before(institution: Institution, content: bytes) -> InvitationBatch | None:
    sha256 = hashlib.sha256(content).hexdigest()
    return InvitationBatch.objects.filter(institution=institution, run__sha256=sha256).order_by("-pk").first()


def send_invitations(*, run: ImportRun, leaves_out_faults: bool, by: Any) -> InvitationBatch:
    """Invite the people of a checked file, all of it or (`leaves_out_faults`) its good rows; pressed twice, once.

    When what was shown no longer holds, because a colleague invited some of them meanwhile or a scheme was closed,
    nothing happens, the preview is renewed and StaleVersion raised.
    """
    officer = getattr(by, "officer", None)
    if run.by_id != by.pk or run.kind != KIND or officer is None:
        raise DomainError(_("Berkas ini bukan unggahan Anda."), code="send_invitations.forbidden")
    institution = officer.institution
    if run.outcome == ImportOutcome.FAULTY and not leaves_out_faults:
        raise DomainError(
            _("Masih ada baris yang salah. Perbaiki dahulu, atau pilih mengundang yang sudah benar saja."),
            code="send_invitations.faulty",
        )

    def invite(content: bytes) -> Report:
        held = lock_institution(institution)  # a colleague's file waits here
        if reason := why_not_invite(held, by):
            raise DomainError(reason, code="send_invitations.refused")
        report, people = read_people(content, institution=held)
        if report.fingerprint == run.fingerprint:
            _invite(held, run, people, left_out=len({(f.sheet, f.row) for f in report.faults}), by=by)
        return report

    run = apply_run(
        run=run,
        check=lambda content: check_file(content, institution=institution),
        write=invite,
        by=by,
        leaves_out_faults=leaves_out_faults,
    )
    _drop_names(run)
    return run.batch


def _invite(institution: Institution, run: ImportRun, people: list[Person], *, left_out: int, by: Any) -> None:
    now = timezone.now()
    today = Invitation.objects.filter(institution=institution, batch__sent_at__gt=now - timedelta(days=1)).count()
    if not people:
        raise DomainError(_("Tidak ada orang baru di berkas ini untuk diundang."), code="send_invitations.nobody")
    if today + len(people) > MAX_PEOPLE_PER_DAY:
        raise DomainError(
            _("Paling banyak %(limit)d undangan sehari untuk satu instansi. Kirim sisanya besok.")
            % {"limit": MAX_PEOPLE_PER_DAY},
            code="send_invitations.too_many",
        )
    batch = InvitationBatch.objects.create(
        number=next_number("invitation-batch"),
        institution=institution,
        run=run,
        sent_by=by,
        sent_at=now,
        people=len(people),
        left_out=left_out,
    )
    _end_answered(institution, people)
    end = valid_until(now)
    invitations = [
        Invitation(
            batch=batch,
            institution=institution,
            full_name=person.full_name,
            email=person.email,
            job_title=person.job_title,
            scheme=person.scheme,
            sent_at=now,
            expires_at=end,
        )
        for person in people
    ]
    for invitation, letter in zip(invitations, write_letters(invitations), strict=True):
        invitation.letter = letter
    Invitation.objects.bulk_create(invitations, batch_size=200)
    record_activity("institution.invite", by=by, subject=batch, count=len(people))


def _end_answered(institution: Institution, people: list[Person]) -> None:
    """Who is invited again, as for the years after a certificate, is followed by the new invitation."""
    asked = {(person.email, person.scheme.pk) for person in people}
    answered = Invitation.objects.filter(institution=institution, is_open=True, status=InvitationStatus.ACCEPTED)
    found = answered.values_list("pk", "email", "scheme")
    keys = [pk for pk, email, scheme in found if (email, scheme) in asked]
    Invitation.objects.filter(pk__in=keys).update(is_open=None)


def _drop_names(run: ImportRun) -> None:
    """The invitations hold them now; the report keeps the faults and the figures."""
    if run.report.get("differences"):
        run.report = run.report | {"differences": []}
        run.save(update_fields=["report"])
