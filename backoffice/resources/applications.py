"""Cases: what the queue shows, and one wide table of everything that became of them. Out only."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from backoffice.resources.base import Column, SheetResource
from backoffice.resources.widgets import CellWidget, ChoiceWidget
from core.accounts.enums import Sex
from core.accounts.models import CandidateProfile
from core.applications.models import Application
from core.assessments.models import AssessmentRecord, Assignment, Placement
from core.certificates.models import Certificate
from core.decisions.models import Decision

CASE, PERSON, SCHEME = _("Permohonan"), _("Asesi"), _("Skema")
SESSION, ASSESSOR, RESULT, CERTIFICATE = _("Jadwal uji"), _("Asesor"), _("Hasil dan keputusan"), _("Sertifikat")


def _more(attribute: str, title: str, widget: Any = None, **options: Any) -> Column:
    """A column of the wide table."""
    return Column(attribute, title, widget, is_usual=False, **options)


def _decided(attribute: str, title: str, widget: Any = None, **options: Any) -> Column:
    return _more(attribute, title, widget, needs="core.view_decision", group=RESULT, **options)


def _certified(attribute: str, title: str, widget: Any = None, **options: Any) -> Column:
    return _more(attribute, title, widget, needs="core.view_certificate", group=CERTIFICATE, **options)


def _in_force(model: Any) -> QuerySet:
    """What counts now: one row at most for each case."""
    return model.objects.filter(in_force=True).order_by()


#: First word of a column's path: the rows that it is read from, as they hang on the case.
_LAST: dict[str, tuple[str, Callable[[], QuerySet]]] = {
    "seat": ("placements", lambda: _in_force(Placement).prefetch_related("session__venue__region")),
    "assignment": ("assignments", lambda: _in_force(Assignment).prefetch_related("assessor__user")),
    "record": ("records", lambda: _in_force(AssessmentRecord).defer("content")),
    "decision": ("decisions", lambda: _in_force(Decision).prefetch_related("plenary")),
    "certificate": ("certificates", lambda: _in_force(Certificate).defer("content", "token")),
}


class ApplicationResource(SheetResource):
    kind = "application"
    title = _("Permohonan")
    is_importable = False

    number = Column("number", "Nomor", group=CASE)
    candidate = Column("candidate__user__full_name", "Asesi", group=PERSON, width=32)
    nik = Column("candidate__nik", "NIK", is_personal=True, needs="core.view_nik", group=PERSON)
    email = Column("candidate__user__email", "E-mail", is_personal=True, group=PERSON, width=32)
    phone = Column("candidate__phone_mobile", "Nomor HP", is_personal=True, group=PERSON, width=18)
    scheme = Column("scheme_version__scheme__title", "Skema", group=SCHEME, width=40)
    version = Column("scheme_version__number", "Versi skema", CellWidget(), group=SCHEME, width=12)
    status = Column("get_status_display", "Status", group=CASE)
    submitted_at = Column("submitted_at", "Dikirim", CellWidget(), group=CASE, width=18)
    closed_at = Column("closed_at", "Selesai", CellWidget(), group=CASE, width=18)
    province = Column("candidate__home_region__province__name", "Provinsi", group=PERSON)
    officer = Column("officer__full_name", "Petugas", group=CASE)

    purpose = _more("purpose__title", "Tujuan asesmen", group=CASE)
    registered_on = _more("registered_on", "Tanggal daftar", CellWidget(), group=CASE, width=16)
    sent_from = _more("province__name", "Provinsi saat dikirim", group=CASE)
    sendings = _more("sendings", "Jumlah pengiriman", CellWidget(), group=CASE, width=12)
    completeness = _more("completeness", "Kelengkapan (%)", CellWidget(), group=CASE, width=14)
    ended_at = _more("ended_at", "Kasus selesai", CellWidget(), group=CASE, width=18)
    note = _more("note", "Catatan untuk asesi", is_personal=True, group=CASE, width=50)
    sex = _more("candidate__sex", "Jenis kelamin", ChoiceWidget(Sex), group=PERSON, width=14)
    birth_year = _more("candidate__birth_date__year", "Tahun lahir", CellWidget(), group=PERSON, width=12)
    birth_place = _more("candidate__birth_place", "Tempat lahir", is_personal=True, group=PERSON)
    birth_date = _more("candidate__birth_date", "Tanggal lahir", CellWidget(), is_personal=True, group=PERSON, width=16)
    address = _more("candidate__home_address", "Alamat rumah", is_personal=True, group=PERSON, width=50)
    regency = _more("candidate__home_region__name", "Kabupaten/kota", group=PERSON)
    education = _more("candidate__education__title", "Pendidikan", group=PERSON)
    occupation = _more("candidate__occupation__title", "Pekerjaan", group=PERSON)
    institution = _more("candidate__institution", "Institusi", group=PERSON, width=36)
    job_title = _more("candidate__job_title", "Jabatan", group=PERSON)
    scheme_number = _more("scheme_version__scheme__number", "Nomor skema", group=SCHEME)
    session = _more("seat__session__number", "Kode jadwal", group=SESSION)
    mode = _more("seat__session__get_mode_display", "Cara asesmen", group=SESSION, width=14)
    venue = _more("seat__session__venue__name", "TUK", group=SESSION, width=40)
    venue_region = _more("seat__session__venue__region__name", "Kabupaten/kota TUK", group=SESSION)
    starts_at = _more("seat__session__starts_at", "Mulai asesmen (WIB)", CellWidget(), group=SESSION, width=18)
    attendance = _more("seat__get_attendance_display", "Kehadiran", group=SESSION, width=14)
    assessor = _more("assignment__assessor__user__full_name", "Asesor", group=ASSESSOR, width=32)
    registration = _more("assignment__assessor__registration_number", "No. Reg. asesor", group=ASSESSOR)
    recommendation = _more("record__get_recommendation_display", "Rekomendasi asesor", group=RESULT)
    outcome = _decided("decision__get_outcome_display", "Keputusan")
    plenary = _decided("decision__plenary__number", "Nomor rapat pleno")
    held_on = _decided("decision__plenary__held_on", "Tanggal rapat pleno", CellWidget(), width=16)
    letter = _decided("decision__plenary__letter_number", "Nomor SK")
    certificate = _certified("certificate__number", "Nomor sertifikat", width=32)
    certificate_registration = _certified("certificate__registration_number", "Nomor registrasi")
    blank = _certified("certificate__blank_number", "Nomor blanko")
    issued_on = _certified("certificate__issued_on", "Tanggal terbit", CellWidget(), width=16)
    valid_until = _certified("certificate__valid_until", "Berlaku sampai", CellWidget(), width=16)
    certificate_status = _certified("certificate__get_status_display", "Keadaan sertifikat", width=18)

    class Meta:
        model = Application
        fields = (
            "number", "candidate", "nik", "email", "phone", "scheme", "version", "status", "submitted_at", "closed_at",
            "province", "officer", "purpose", "registered_on", "sent_from", "sendings", "completeness", "ended_at",
            "note", "sex", "birth_year", "birth_place", "birth_date", "address", "regency", "education", "occupation",
            "institution", "job_title", "scheme_number", "session", "mode", "venue", "venue_region", "starts_at",
            "attendance", "assessor", "registration", "recommendation", "outcome", "plenary", "held_on", "letter",
            "certificate", "certificate_registration", "blank", "issued_on", "valid_until", "certificate_status",
        )  # fmt: skip

    def for_export(self, rows: QuerySet) -> QuerySet:
        """Only what the chosen columns show: a NIK that nobody asked for is not even decrypted."""
        people = CandidateProfile.objects.order_by()
        people = people if "nik" in self.names else people.defer("nik")
        paths = {self.fields[name].attribute.rpartition("__")[0] for name in self.names}
        wanted: list[Any] = [Prefetch("candidate", people)]
        wanted += sorted(path.removesuffix("__birth_date") for path in paths if path.split("__")[0] not in ("", *_LAST))
        for first in self._firsts():
            reverse, found = _LAST[first]
            wanted.append(Prefetch(reverse, found(), to_attr=f"{first}_now"))
        return rows.prefetch_related(None).prefetch_related(*dict.fromkeys(wanted))

    def export_rows(self, rows: Iterable[Application], names: Sequence[str]) -> list[list[Any]]:
        rows, firsts = list(rows), self._firsts()
        for row in rows:
            for first in firsts:
                found = getattr(row, f"{first}_now")
                setattr(row, first, found[0] if found else None)
        return super().export_rows(rows, names)

    def _firsts(self) -> list[str]:
        return [first for first in _LAST if any(self.fields[n].attribute.startswith(f"{first}__") for n in self.names)]
