"""Everything that BNSP would send back, found at once and told by case and column, before anything leaves."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.accounts.nik import parse_nik
from core.applications.enums import Outcome
from core.certificates.enums import CertificateStatus
from core.codelists.models import Region
from core.common.exceptions import DomainError
from core.content.queries import signatory
from core.decisions.enums import PlenaryStatus
from core.documents.models import Document
from core.handovers.cells import Cell, Facts, Table, facts_of, with_facts
from core.handovers.enums import CertificateRule, Source
from core.handovers.letter import letter_template
from core.handovers.models import Handover, HandoverColumn, HandoverLayout
from core.handovers.queries import earlier_results, layout, plenaries_of

_MEGABYTE = 1024 * 1024
_REGISTRATION = re.compile(r"MET\.\d{3}\.\d{6} \d{4}", re.ASCII)


class Weight(StrEnum):
    """A fault stops the hand-over, a warning is accepted with a reason, a note is only told."""

    FAULT = "kesalahan"
    WARNING = "peringatan"
    NOTE = "catatan"


class Place(StrEnum):
    """Where something is mended; the face knows the address."""

    CANDIDATE = "candidate"
    ASSESSOR = "assessor"
    SESSION = "session"
    CODE_LIST = "code_list"
    CASE = "case"
    CERTIFICATE = "certificate"
    PLENARY = "plenary"
    LETTER = "letter"
    OFFICE = "office"
    LAYOUT = "layout"


@dataclass(frozen=True)
class Finding:
    """One line of the table of faults. `facts` is None for what concerns the whole hand-over."""

    weight: Weight
    message: str
    place: Place
    key: int | None = None
    column: str = ""
    facts: Facts | None = None


#: Where a column is mended, by what it is filled with; what is not named stands in the candidate's profile.
_PLACES = {
    Source.SESSION_CODE: Place.SESSION,
    Source.TEST_DATE: Place.SESSION,
    Source.FUNDING: Place.SESSION,
    Source.MINISTRY: Place.SESSION,
    Source.ASSESSOR: Place.ASSESSOR,
    Source.OUTCOME: Place.CASE,
    Source.SCHEME: Place.CASE,
    Source.SCHEME_NUMBER: Place.CASE,
    Source.APPLICATION: Place.CASE,
    Source.CERTIFICATE: Place.CASE,
}


@dataclass(frozen=True)
class Examined:
    """What was found, and the rows as they would be handed over."""

    table: Table
    rows: list[tuple[Facts, list[Cell]]]
    findings: list[Finding]

    @property
    def faults(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.weight == Weight.FAULT]

    @property
    def warnings(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.weight == Weight.WARNING]


def examine(handover: Handover) -> Examined:
    """Look at everything; the same number of queries for one case and for five hundred."""
    form = layout()
    table = Table.of(form.columns.all() if form.pk else [])
    rows = [(facts, table.row(facts)) for facts in facts_of(with_facts(handover.cases.all()))]
    findings = [*_of_the_whole(handover, form, rows), *_of_the_cases(form, table, rows)]
    return Examined(table, rows, findings)


# --- letter, minutes, layout --------------------------------------------------------------------------


def _of_the_whole(handover: Handover, form: HandoverLayout, rows: list) -> Iterator[Finding]:
    if form.pk is None or not form.columns.all():
        yield Finding(Weight.FAULT, _("Tata letak daftar belum mempunyai kolom."), Place.LAYOUT)
    if not rows:
        yield Finding(Weight.FAULT, _("Belum ada permohonan di dalamnya."), Place.CASE)
    yield from _of_the_letter(handover, form)
    for plenary in plenaries_of(handover):
        name, where = _("Berita acara"), {"place": Place.PLENARY, "key": plenary.pk, "column": _("Berita acara")}
        if plenary.status != PlenaryStatus.CONFIRMED or not plenary.number:
            words = _("Rapat “%(title)s” belum mempunyai berita acara yang disahkan.")
            yield Finding(Weight.FAULT, words % {"title": plenary.title}, **where)
        elif plenary.document is not None:
            name = _("Berita acara %(number)s") % {"number": plenary.number}
            if fault := _unfit(plenary.document, name, form.minutes_megabytes):
                yield Finding(Weight.FAULT, fault, **where)


def _of_the_letter(handover: Handover, form: HandoverLayout) -> Iterator[Finding]:
    where = {"place": Place.LETTER, "column": _("Surat pengantar")}
    if (letter := handover.uploaded_letter) is not None:
        if fault := _unfit(letter, _("Surat pengantar"), form.letter_megabytes):
            yield Finding(Weight.FAULT, fault, **where)
        elif letter.content_type != "application/pdf":
            yield Finding(Weight.FAULT, _("Surat pengantar harus PDF."), **where)
        return
    template = letter_template()
    if template is None or not template.body.strip():
        yield Finding(Weight.FAULT, _("Surat pengantar belum ada: isi templatnya, atau unggah suratnya."), **where)
    if not all(signatory().values()):
        words = _("Nama dan jabatan pimpinan yang menandatangani surat belum diisi pada data LSP.")
        yield Finding(Weight.FAULT, words, Place.OFFICE, column=_("Surat pengantar"))


def _unfit(document: Document, name: str, megabytes: int) -> str:
    """Why a paper can't go along: not there, not to be opened, too large."""
    if not document.can_be_opened or not document.file.storage.exists(document.file.name):
        return _("%(name)s tidak dapat dibuka (%(state)s).") % {
            "name": name,
            "state": document.get_state_display().lower() if not document.can_be_opened else _("berkasnya hilang"),
        }
    if document.size > megabytes * _MEGABYTE:
        return _("%(name)s berukuran %(size)s; BNSP menerima paling besar %(limit)d MB.") % {
            "name": name,
            "size": filesizeformat(document.size),
            "limit": megabytes,
        }
    return ""


# --- the cases ----------------------------------------------------------------------------------------


def _of_the_cases(form: HandoverLayout, table: Table, rows: list) -> Iterator[Finding]:
    provinces = frozenset(Region.objects.filter(province=None).values_list("code", flat=True))
    told = earlier_results(facts.case for facts, _cells in rows)
    has_nik = next((column for column in table.columns if column.source == Source.NIK), None)
    for facts, cells in rows:
        if facts.case.decision.in_force is None:
            words = _("Keputusannya tidak berlaku lagi karena banding. Keluarkan dari serah terima ini.")
            yield Finding(Weight.FAULT, words, Place.CASE, facts.case.application_id, _("Keputusan K/BK"), facts)
        for column, cell in zip(table.columns, cells, strict=True):
            if cell.fault:
                yield _of_the_cell(column, cell, facts)
        if has_nik is not None and facts.profile.nik:
            yield from _of_the_nik(has_nik, facts, provinces)
        yield from _of_the_assessor(facts)
        yield from _of_the_certificate(facts, form)
        if (before := told.get(facts.case.application_id)) is not None:
            yield Finding(
                Weight.NOTE,
                _("Hasil %(outcome)s sudah diserahkan dengan surat %(number)s; baris ini menggantikannya.")
                % {"outcome": before.decision.outcome, "number": before.handover},
                Place.CASE,
                facts.case.application_id,
                _("Keputusan K/BK"),
                facts,
            )


def _of_the_cell(column: HandoverColumn, cell: Cell, facts: Facts) -> Finding:
    place, key, message = _PLACES.get(Source(column.source), Place.CANDIDATE), None, cell.fault
    if cell.is_unknown_code:
        place, key = Place.CODE_LIST, column.code_list_id
    elif place == Place.SESSION and facts.session is None:
        place, message = Place.CASE, _("Tidak tercatat pada jadwal uji mana pun.")
    key = key or {
        Place.CANDIDATE: facts.profile.pk,
        Place.ASSESSOR: facts.assessor.pk,
        Place.SESSION: facts.session.pk if facts.session else None,
        Place.CASE: facts.case.application_id,
    }.get(place)
    return Finding(Weight.FAULT, message, place, key, column.heading, facts)


def _of_the_nik(column: HandoverColumn, facts: Facts, provinces: frozenset[str]) -> Iterator[Finding]:
    where = {"place": Place.CANDIDATE, "key": facts.profile.pk, "column": column.heading, "facts": facts}
    try:
        told = parse_nik(facts.profile.nik, provinces=provinces)
    except DomainError as refusal:
        yield Finding(Weight.FAULT, refusal.message.partition(". ")[0] + ".", **where)
        return
    if facts.profile.birth_date and told.birth_date != facts.profile.birth_date:
        yield Finding(
            Weight.WARNING, _("NIK menyebut tanggal lahir %(day)s.") % {"day": _day(told.birth_date)}, **where
        )
    if facts.profile.sex and told.sex != facts.profile.sex:
        words = _("NIK menyebut jenis kelamin %(sex)s.") % {"sex": str(told.sex.label).lower()}
        yield Finding(Weight.WARNING, words, **where)


def _of_the_assessor(facts: Facts) -> Iterator[Finding]:
    assessor, day = facts.assessor, facts.test_date
    where: dict[str, Any] = {
        "place": Place.ASSESSOR,
        "key": assessor.pk,
        "column": _("No. Reg. asesor"),
        "facts": facts,
    }
    if assessor.registration_number and not _REGISTRATION.fullmatch(assessor.registration_number):
        words = _("No. Reg. “%(number)s” tidak seperti yang diberikan BNSP (MET.000.001234 2024).")
        yield Finding(Weight.WARNING, words % {"number": assessor.registration_number}, **where)
    if day and assessor.certificate_expires_on and assessor.certificate_expires_on < day:
        words = _("Sertifikat asesor %(name)s berakhir %(end)s, sebelum hari uji %(day)s.")
        words %= {"name": assessor.user.full_name, "end": _day(assessor.certificate_expires_on), "day": _day(day)}
        yield Finding(Weight.FAULT, words, **where)


def _of_the_certificate(facts: Facts, form: HandoverLayout) -> Iterator[Finding]:
    certificate, is_competent = facts.certificate, facts.case.decision.outcome == Outcome.COMPETENT
    at_case = {"place": Place.CASE, "key": facts.case.application_id, "column": _("Sertifikat"), "facts": facts}
    if certificate is None:
        if is_competent and form.certificate_rule == CertificateRule.BEFORE:
            yield Finding(Weight.FAULT, _("Kompeten, tetapi sertifikatnya belum terbit."), **at_case)
        return
    at_paper = at_case | {"place": Place.CERTIFICATE, "key": certificate.pk}
    named = {"number": certificate.number}
    if not is_competent:
        yield Finding(Weight.FAULT, _("Belum kompeten, tetapi sertifikat %(number)s terbit.") % named, **at_paper)
    elif form.certificate_rule == CertificateRule.AFTER:
        words = _("Sertifikat %(number)s sudah terbit sebelum serah terima.") % named
        yield Finding(Weight.WARNING, words, **at_paper)
    if certificate.status in (CertificateStatus.SUSPENDED, CertificateStatus.WITHDRAWN):
        words = _("Sertifikat %(number)s berstatus “%(status)s”.")
        words %= named | {"status": certificate.get_status_display().lower()}
        yield Finding(Weight.WARNING, words, **at_paper)
    if is_competent and certificate.holder_name != facts.profile.user.full_name:
        words = _("Nama pada sertifikat %(number)s: “%(name)s”.") % (named | {"name": certificate.holder_name})
        yield Finding(Weight.WARNING, words, **at_paper)


def _day(day: date) -> str:
    return date_format(day, "j F Y")
