"""People. Assessors both ways; candidates out, and in only as invitations (decision 0011)."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from backoffice.resources.base import CHUNK, Column, SheetResource
from backoffice.resources.widgets import (
    CellWidget,
    ChoiceWidget,
    DayWidget,
    EmailWidget,
    LookupWidget,
    SchemesWidget,
    TextWidget,
    YesNoWidget,
)
from core.accounts.enums import Sex
from core.accounts.models import AssessorProfile, CandidateProfile, Consent, User
from core.accounts.roles import ROLE_LABELS
from core.accounts.rules import role_of
from core.accounts.services import invite_candidate, invite_user
from core.assessments.models import AssessorQualification
from core.common.text import folded
from core.imports.personal import PERSONAL_COLUMNS
from core.imports.values import BadValue
from core.schemes.models import Scheme


class PersonColumn(Column):
    """A column of the account behind a profile. It finds or makes the account; it never changes one."""

    def save(self, instance: Model, row: dict[str, Any], is_m2m: bool = False, **kwargs: Any) -> None:
        self.clean(row, **kwargs)  # raises for what cannot be read


class QualificationsColumn(Column):
    """The schemes that somebody may assess. A file only adds to them: which ends, and why, says the person's form."""

    def get_value(self, instance: Model) -> list[Any]:
        wanted: list[Any] | None = getattr(instance, "wanted_schemes", None)
        return self._stored(instance) if wanted is None else wanted

    def save(self, instance: Model, row: dict[str, Any], is_m2m: bool = False, **kwargs: Any) -> None:
        both = {*self._stored(instance), *self.clean(row, **kwargs)}
        instance.wanted_schemes = sorted(both, key=lambda scheme: scheme.title)

    @staticmethod
    def _stored(instance: Model) -> list[Any]:
        return [row.scheme for row in instance.qualifications.all()] if instance.pk else []

    def reader(self) -> Callable[[AssessorProfile], Any]:
        return lambda assessor: self.widget.cell(self.get_value(assessor))


class PeopleResource(SheetResource):
    """Rows that stand for a person, found by e-mail whatever its capitals."""

    key = ("email",)
    row_by_row = True

    def prepare(self) -> None:
        emails = [key[0] for row in self.rows if (key := self.key_of(row.values)) is not None]
        self.users = {}
        for start in range(0, len(emails), CHUNK):
            for user in User.objects.filter(email__in=emails[start : start + CHUNK]).prefetch_related("groups"):
                self.users[user.email] = user

    def init_instance(self, row: dict[str, Any] | None = None) -> Model:
        """A new profile, of somebody who has an account or of somebody who will be invited."""
        cells = row or {}
        try:
            email = self.fields["email"].clean(cells)
            name = self.fields["full_name"].clean(cells) if self.fields["full_name"].column_name in cells else ""
        except BadValue:  # told by the column itself
            email = name = ""
        user = self.users.get(email) or User(email=email, full_name=name)
        return self._meta.model(user=user)

    def label(self, instance: Model) -> str:
        return instance.user.full_name or instance.user.email

    def _without_name(self, instance: Model) -> dict[str, str]:
        if instance.user.pk is None and not instance.user.full_name:
            return {"full_name": _t("Orang ini belum mempunyai akun; isi nama lengkapnya.")}
        if len(instance.user.full_name) > 150:
            return {"full_name": _t("Paling banyak 150 karakter.")}
        return {}


class AssessorResource(PeopleResource):
    kind = "assessorprofile"
    title = _("Asesor")
    about = _(
        "Asesor dengan No. Reg. Alamat e-mail yang belum mempunyai akun mendapat surat undangan setelah impor "
        "diterapkan; nama akun yang sudah ada tidak diubah."
    )

    full_name = PersonColumn(
        "user__full_name",
        "Nama lengkap",
        help="Wajib untuk asesor baru.",
        example="Siti Rahma",
        width=32,
        also=("Nama", "Nama Asesor"),
    )
    email = PersonColumn(
        "user__email",
        "E-mail",
        EmailWidget(),
        required=True,
        help="Orang dikenali dari alamat ini.",
        example="siti@contoh.id",
        is_personal=True,
        width=32,
        also=("Alamat E-mail", "Surel"),
    )
    registration_number = Column(
        "registration_number",
        "No. Reg.",
        required=True,
        help="Seperti pada sertifikat asesor.",
        example="MET.000.001234 2024",
        also=("No. MET", "Nomor MET", "No Registrasi", "Nomor Registrasi Asesor", "No. Reg. MET"),
    )
    certificate_expires_on = Column(
        "certificate_expires_on",
        "Berlaku sampai",
        DayWidget(),
        help="Hari dahulu: 24-11-2026.",
        example="24-11-2026",
        width=16,
        also=("Masa Berlaku", "Berlaku s.d.", "Tanggal Kedaluwarsa", "Berlaku Hingga"),
    )
    institution = Column(
        "institution", "Unit kerja", example="BPBD Provinsi Maluku", width=36, also=("Instansi", "Institusi")
    )
    schemes = QualificationsColumn(
        "qualifications",
        "Skema yang boleh dinilai",
        SchemesWidget(),
        help="Judul atau kode skema, dipisah titik koma. Yang sudah ada tidak hilang.",
        example="distribusi-bantuan",
        choices=lambda: list(Scheme.objects.values_list("title", flat=True)),
        width=40,
        also=("Skema", "Kualifikasi", "Skema Sertifikasi"),
    )

    class Meta:
        model = AssessorProfile
        fields = ("full_name", "email", "registration_number", "certificate_expires_on", "institution", "schemes")

    def prepare(self) -> None:
        super().prepare()
        self.fields["schemes"].widget.take(list(Scheme.objects.all()))
        numbers = AssessorProfile.objects.values_list("registration_number", "user__email")
        self.registrations = {folded(number): email for number, email in numbers}

    def stored(self) -> QuerySet:
        return super().stored().prefetch_related("user__groups", "qualifications__scheme")

    def for_export(self, rows: QuerySet) -> QuerySet:
        return rows.prefetch_related("user", "qualifications__scheme")

    def problems(self, instance: Model, row: dict[str, Any]) -> dict[str, str]:
        found = self._without_name(instance)
        user, number = instance.user, instance.registration_number
        if user.pk is None and not self.by.has_perm("core.add_user"):
            found["email"] = _t(
                "Alamat ini belum mempunyai akun, dan mengundang asesor hak administrator. Minta administrator "
                "mengimpor baris ini, atau hapus barisnya."
            )
        elif user.pk is not None and role_of(user) != "asesor":
            found["email"] = _t("Akun dengan alamat ini bukan asesor. Periksa alamatnya.")
        holder = self.registrations.setdefault(folded(number), user.email)
        if holder != user.email:
            found["registration_number"] = _t("No. Reg. ini sudah dipakai %(email)s.") % {"email": holder}
        return found

    def write(self, instance: Model, is_create: bool) -> None:
        user = instance.user
        if user.pk is None:
            user = invite_user(full_name=user.full_name, email=user.email, role="asesor", by=self.by)
        instance.user = user
        known = {row.scheme_id for row in instance.qualifications.all()} if not is_create else set()
        super().write(instance, is_create)
        for scheme in getattr(instance, "wanted_schemes", ()):
            if scheme.pk not in known:
                AssessorQualification.objects.create(assessor=instance, scheme=scheme)


def _finish_yourself() -> Any:
    return _(
        "Berkas ini memuat data pribadi (NIK, tanggal lahir, telepon, atau alamat) yang diisi asesi sendiri setelah ia "
        "menyetujui pemrosesan datanya. Hapus kolom itu; cukup nama dan e-mail. Berkas tidak disimpan."
    )


class CandidateResource(PeopleResource):
    kind = "candidateprofile"
    title = _("Asesi")
    about = _(
        "Undangan untuk asesi lama. Setiap alamat baru mendapat surat; pemiliknya memilih sandi, menyetujui pemrosesan "
        "data pribadi, dan melengkapi profilnya sendiri. Yang diimpor hanya nama dan e-mail."
    )
    refused = dict.fromkeys(PERSONAL_COLUMNS, _finish_yourself())

    full_name = PersonColumn(
        "user__full_name",
        "Nama lengkap",
        required=True,
        example="Budi Santoso",
        width=32,
        also=("Nama", "Nama Asesi", "Nama Peserta"),
    )
    email = PersonColumn(
        "user__email",
        "E-mail",
        EmailWidget(),
        required=True,
        help="Surat undangan dikirim ke alamat ini.",
        example="budi@contoh.id",
        is_personal=True,
        width=32,
        also=("Alamat E-mail", "Surel"),
    )
    nik = Column("nik", "NIK", readonly=True, is_personal=True, needs="core.view_nik")
    birth_place = Column("birth_place", "Tempat lahir", readonly=True, is_personal=True)
    birth_date = Column("birth_date", "Tanggal lahir", DayWidget(), readonly=True, is_personal=True)
    sex = Column("sex", "Jenis kelamin", ChoiceWidget(Sex), readonly=True)
    phone_mobile = Column("phone_mobile", "Nomor HP", readonly=True, is_personal=True)
    home_address = Column("home_address", "Alamat rumah", TextWidget(), readonly=True, is_personal=True)
    home_region = Column("home_region", "Kabupaten/kota", LookupWidget(key="name", missing=""), readonly=True)
    province = Column("home_region__province__name", "Provinsi", readonly=True)
    education = Column("education__title", "Pendidikan", readonly=True)
    occupation = Column("occupation__title", "Pekerjaan", readonly=True)
    institution = Column("institution", "Institusi", readonly=True)
    job_title = Column("job_title", "Jabatan", readonly=True)

    class Meta:
        model = CandidateProfile
        fields = (
            "full_name", "email", "nik", "birth_place", "birth_date", "sex", "phone_mobile", "home_address",
            "home_region", "province", "education", "occupation", "institution", "job_title",
        )  # fmt: skip

    @classmethod
    def may_import(cls, user: User) -> bool:
        return user.has_perm("core.add_candidateprofile")

    def load(self, keys: set[Any]) -> dict[Any, Model]:
        """Everybody who has an account already, whatever their role: they are skipped."""
        return {(email,): CandidateProfile(user=user) for email, user in self.users.items()}

    def skip_reason(self, instance: Model) -> str:
        known = instance.user.email in self.users
        return _t("Alamat ini sudah mempunyai akun; tidak diundang lagi.") if known else ""

    def skip_row(self, instance: Model, original: Any, row: Any, import_validation_errors: Any = None) -> bool:
        return not import_validation_errors and instance.user.email in self.users

    def problems(self, instance: Model, row: dict[str, Any]) -> dict[str, str]:
        return self._without_name(instance)

    def write(self, instance: Model, is_create: bool) -> None:
        invite_candidate(full_name=instance.user.full_name, email=instance.user.email, by=self.by)


class UserResource(SheetResource):
    """Who can log in, for the yearly look at who still should."""

    kind = "user"
    title = _("Pengguna")
    is_importable = False

    full_name = Column("full_name", "Nama", width=32)
    email = Column("email", "E-mail", is_personal=True, width=32)
    roles = Column("role_names", "Peran", width=24)
    is_active = Column("is_active", "Aktif", YesNoWidget(blank=False), width=10)
    has_factor = Column("has_factor", "Faktor kedua", YesNoWidget(blank=False), width=14)
    confirmed_at = Column("email_confirmed_at", "E-mail dikonfirmasi", CellWidget(), width=20)
    last_login = Column("last_login", "Masuk terakhir", CellWidget(), width=18)
    joined_at = Column("date_joined", "Terdaftar", CellWidget(), width=18)

    class Meta:
        model = User
        fields = (
            "full_name", "email", "roles", "is_active", "has_factor", "confirmed_at", "last_login", "joined_at",
        )  # fmt: skip

    def for_export(self, rows: QuerySet) -> QuerySet:
        """As the list reads them: with roles and second factors."""
        return rows

    def export_rows(self, rows: Iterable[User], names: Sequence[str]) -> list[list[Any]]:
        rows = list(rows)
        for row in rows:
            row.role_names = ", ".join(ROLE_LABELS.get(group.name, group.name) for group in row.groups.all())
            row.has_factor = bool(row.confirmed_factors)
        return super().export_rows(rows, names)


class ConsentResource(SheetResource):
    """The proof that people agreed, and to which words (UU PDP 27/2022, art. 24)."""

    kind = "consent"
    title = _("Persetujuan yang diberikan")
    is_importable = False

    name = Column("user__full_name", "Nama", width=32)
    email = Column("user__email", "E-mail", is_personal=True, width=32)
    text = Column("text__title", "Teks", width=40)
    version = Column("text__version", "Versi", CellWidget(), width=10)
    given_at = Column("given_at", "Diberikan", CellWidget(), width=18)
    withdrawn_at = Column("withdrawn_at", "Ditarik kembali", CellWidget(), width=18)
    ip_address = Column("ip_address", "Alamat IP", is_personal=True, is_usual=False)

    class Meta:
        model = Consent
        fields = ("name", "email", "text", "version", "given_at", "withdrawn_at", "ip_address")
