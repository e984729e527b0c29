"""People: who logs in, and what the LSP knows about candidates and assessors."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.accounts.enums import Sex
from core.accounts.nik import mask_nik
from core.codelists.models import CodeListEntry, Region
from core.common.fields import EncryptedTextField
from core.common.models import Timestamped
from core.common.text import clean_address, search_words


class UserManager(BaseUserManager):
    """Looks people up by e-mail, whatever its capitals."""

    def get_by_natural_key(self, email: str):
        return self.get(email__iexact=clean_address(email))

    def create_user(self, email: str, password: str | None = None, **fields):
        user = self.model(email=clean_address(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who logs in with an e-mail address.

    Roles are given by `accounts.services.assign_role`, never by putting somebody into a group by
    hand: role-permissions keeps a role's permissions on the user. An account without
    `email_confirmed_at` has no password yet and can't log in.
    """

    email = models.EmailField(
        _("alamat e-mail"), unique=True, error_messages={"unique": _("E-mail ini sudah dipakai.")}
    )
    full_name = models.CharField(_("nama lengkap"), max_length=150)
    is_active = models.BooleanField(_("aktif"), default=True)
    is_staff = models.BooleanField(_("boleh membuka ruang kerja"), default=False)
    email_confirmed_at = models.DateTimeField(_("e-mail dikonfirmasi"), null=True, blank=True)
    date_joined = models.DateTimeField(_("terdaftar"), default=timezone.now, editable=False)

    objects = UserManager()

    #: Groups hold only the name of a role, never a right: Django's backend need not ask them on every page.
    _group_perm_cache: frozenset[str] = frozenset()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = _("pengguna")
        verbose_name_plural = _("pengguna")
        ordering = ["full_name", "pk"]
        permissions = [("reset_second_factor", "Can reset somebody's second factor")]
        indexes = [
            models.Index(fields=["full_name"], name="user_by_name"),
            models.Index(fields=["is_staff", "full_name"], name="user_staff"),
            models.Index(fields=["is_active"], name="user_by_active"),
            models.Index(fields=["email_confirmed_at"], name="user_by_confirmation"),
            models.Index(fields=["last_login"], name="user_by_last_login"),
        ]

    def __str__(self) -> str:
        return self.full_name or self.email

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name.split(" ")[0] if self.full_name else self.email

    def save(self, *args, **kwargs):
        self.email = self.email.lower()  # one mailbox, one account; MariaDB has no index on an expression
        is_new = self._state.adding
        super().save(*args, **kwargs)
        fields = kwargs.get("update_fields")
        if fields is None or "full_name" in fields:
            NameWord.follow(self, is_new=is_new)

    @property
    def activity_label(self) -> str:
        return f"#{self.pk}"  # the log names nobody twice: the actor's name is looked up when shown


class NameWord(models.Model):
    """One word of a person's name: what a search by name reads.

    An index on the words finds any word by its beginning among a million people; the name itself
    could only be read from end to end. `User.save` keeps the words; whoever writes names past it
    (bulk inserts) writes these too.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="name_words", db_index=False)
    word = models.CharField(max_length=40)

    class Meta:
        verbose_name = _("kata nama")
        verbose_name_plural = _("kata nama")
        constraints = [models.UniqueConstraint(fields=["user", "word"], name="one_name_word_per_user")]
        indexes = [models.Index(fields=["word", "user"], name="name_word_people")]

    def __str__(self) -> str:
        return self.word

    @classmethod
    def follow(cls, user: User, *, is_new: bool = False) -> None:
        """Bring the words in line with the name.

        Nothing is deleted by condition: on MariaDB that locks the gap in which another registration
        is about to write.
        """
        wanted = set(search_words(user.full_name))
        stored = {} if is_new else dict(cls.objects.filter(user=user).values_list("word", "pk"))
        if gone := [pk for word, pk in stored.items() if word not in wanted]:
            cls.objects.filter(pk__in=gone).delete()
        cls.objects.bulk_create(
            [cls(user=user, word=word) for word in sorted(wanted - set(stored))], ignore_conflicts=True
        )


class CandidateProfile(Timestamped):
    """What FR.APL-01 part 1 asks of a person, filled in once and used by every application.

    Everything is optional here, since a profile grows page by page; which parts an application
    needs is a rule of `applications.sections`. `version` counts savings, so that a second tab is
    noticed instead of overwriting (see `services.save_profile`).
    """

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="candidate", verbose_name=_("pengguna"))
    version = models.PositiveIntegerField(default=0, editable=False)

    nik = EncryptedTextField(_("NIK"), blank=True, default="")
    nik_hash = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    birth_place = models.CharField(_("tempat lahir"), max_length=100, blank=True)
    birth_date = models.DateField(_("tanggal lahir"), null=True, blank=True)
    sex = models.CharField(_("jenis kelamin"), max_length=1, choices=Sex, blank=True)
    nationality = models.CharField(_("kebangsaan"), max_length=60, blank=True, default="Indonesia")

    home_address = models.CharField(_("alamat rumah"), max_length=300, blank=True)
    home_region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("kabupaten/kota")
    )
    home_postal_code = models.CharField(_("kode pos"), max_length=5, blank=True)
    phone_mobile = models.CharField(_("nomor HP"), max_length=20, blank=True)
    phone_home = models.CharField(_("telepon rumah"), max_length=20, blank=True)
    phone_office = models.CharField(_("telepon kantor"), max_length=20, blank=True)
    education = models.ForeignKey(
        CodeListEntry,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"code_list__code": "pendidikan"},
        verbose_name=_("kualifikasi pendidikan"),
    )

    occupation = models.ForeignKey(
        CodeListEntry,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"code_list__code": "pekerjaan"},
        verbose_name=_("pekerjaan"),
    )
    institution = models.CharField(_("nama institusi/perusahaan"), max_length=150, blank=True)
    job_title = models.CharField(_("jabatan"), max_length=100, blank=True)
    office_address = models.CharField(_("alamat kantor"), max_length=300, blank=True)
    office_postal_code = models.CharField(_("kode pos kantor"), max_length=5, blank=True)
    office_email = models.EmailField(_("e-mail kantor"), blank=True)
    office_fax = models.CharField(_("faks"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("asesi")
        verbose_name_plural = _("asesi")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["phone_mobile"], name="candidate_by_phone"),
            models.Index(fields=["institution"], name="candidate_by_institution"),
        ]

    def __str__(self) -> str:
        return self.user.full_name

    @property
    def masked_nik(self) -> str:
        return mask_nik(self.nik)


class AssessorProfile(Timestamped):
    """An assessor of competency, with the registration that BNSP gave (No. Reg. MET…)."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="assessor", verbose_name=_("pengguna"))
    registration_number = models.CharField(
        _("No. Reg. asesor"), max_length=40, unique=True, help_text=_("Contoh: MET.000.001234 2024")
    )
    certificate_expires_on = models.DateField(_("sertifikat berlaku sampai"), null=True, blank=True)
    institution = models.CharField(_("unit kerja"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("asesor kompetensi")
        verbose_name_plural = _("asesor kompetensi")
        ordering = ["user__full_name"]

    def __str__(self) -> str:
        return self.user.full_name


class ConsentText(models.Model):
    """A text that people agree to, in versions; the newest published version of a purpose is in force.

    A published text is never edited: what somebody agreed to must stay readable (UU PDP 27/2022,
    art. 20–24). A change is a new version.
    """

    purpose = models.SlugField(_("keperluan"), default="data-pribadi")
    version = models.PositiveSmallIntegerField(_("versi"))
    title = models.CharField(_("judul"), max_length=150)
    body = models.TextField(_("isi"), help_text=_("Satu paragraf per baris kosong."))
    published_at = models.DateTimeField(_("diterbitkan"), null=True, blank=True)

    class Meta:
        verbose_name = _("teks persetujuan")
        verbose_name_plural = _("teks persetujuan")
        ordering = ["purpose", "-version"]
        constraints = [models.UniqueConstraint(fields=["purpose", "version"], name="one_consent_text_per_version")]

    def __str__(self) -> str:
        return f"{self.title} (versi {self.version})"


class Consent(models.Model):
    """That somebody agreed to one version of a text, when and from where; and since when they no longer do."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="consents", verbose_name=_("pengguna"))
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="consents", verbose_name=_("teks"))
    given_at = models.DateTimeField(_("diberikan"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("ditarik kembali"), null=True, blank=True)
    ip_address = models.GenericIPAddressField(_("alamat IP"), null=True, blank=True)

    class Meta:
        verbose_name = _("persetujuan")
        verbose_name_plural = _("persetujuan")
        ordering = ["-given_at"]
        constraints = [models.UniqueConstraint(fields=["user", "text"], name="one_consent_per_user_and_text")]

    def __str__(self) -> str:
        return f"{self.user}: {self.text}"


class UserSession(models.Model):
    """One log-in that is still open: where from, with what, since when, and whether the second factor was shown.

    The session holds the key of this row; a session whose row is gone is over. `last_seen_at` is
    written every few minutes at most.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions", verbose_name=_("pengguna"))
    created_at = models.DateTimeField(_("masuk"), default=timezone.now)
    last_seen_at = models.DateTimeField(_("terakhir dipakai"), default=timezone.now, db_index=True)
    verified_at = models.DateTimeField(_("faktor kedua diperiksa"), null=True, blank=True)
    ip_address = models.GenericIPAddressField(_("alamat IP"), null=True, blank=True)
    device = models.CharField(_("perangkat"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("sesi")
        verbose_name_plural = _("sesi")
        ordering = ["-last_seen_at"]

    def __str__(self) -> str:
        return self.device


class TrustedDevice(models.Model):
    """A browser whose owner asked not to be asked for a code again for some days.

    The browser keeps a random token in a signed cookie; here lies only its hash.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="trusted_devices", verbose_name=_("pengguna"))
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("diingat sejak"), default=timezone.now)
    expires_at = models.DateTimeField(_("sampai"), db_index=True)
    last_used_at = models.DateTimeField(_("terakhir dipakai"), null=True, blank=True)
    device = models.CharField(_("perangkat"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("perangkat yang diingat")
        verbose_name_plural = _("perangkat yang diingat")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.device


class RecoveryCode(models.Model):
    """A code for the day when the phone is gone: ten of them, each once.

    Stored is what a password's hasher makes of the code's keyed hash, with a salt of its own. `place` is the first
    figure of the keyed hash, the same in no two of a person's ten. Codes from before migration 0052 have no place and
    lie under the keyed hash alone; they are read until their owner makes new ones.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes", verbose_name=_("pengguna"))
    place = models.CharField(max_length=1, db_default="", editable=False)
    code_hash = models.CharField(max_length=128, unique=True, editable=False)
    used_at = models.DateTimeField(_("dipakai"), null=True, blank=True)

    class Meta:
        verbose_name = _("kode pemulihan")
        verbose_name_plural = _("kode pemulihan")

    def __str__(self) -> str:
        return f"#{self.pk}"


class RecoveryCodeGuard(models.Model):
    """How often somebody's recovery codes were guessed wrong in a row: the next guess waits ever longer.

    Apart from the count that django-otp keeps on the device, so that wrong codes of one kind never
    close the other way in.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="recovery_guard")
    failures = models.PositiveSmallIntegerField(default=0)
    failed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("tebakan kode pemulihan")
        verbose_name_plural = _("tebakan kode pemulihan")

    def __str__(self) -> str:
        return f"{self.user_id}: {self.failures}"
