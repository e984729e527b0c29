"""The only writers of accounts, roles, profiles and consent."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.auth.tokens import PasswordResetTokenGenerator, default_token_generator
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext as _
from rolepermissions.roles import AbstractUserRole, RolesManager
from rolepermissions.utils import camel_or_snake_to_title

from core.accounts.models import CandidateProfile, Consent, ConsentText, User, UserSession
from core.accounts.nik import nik_hash, parse_nik
from core.accounts.queries import current_consent_text, find_candidate_by_nik, find_user_by_email
from core.accounts.roles import ROLE_LABELS, STAFF_ROLES
from core.accounts.rules import is_candidate, role_of, why_not_confirm_again, why_not_deactivate
from core.accounts.sessions import end_other_sessions, forget_devices
from core.activity.context import current_ip_address
from core.activity.queries import acts_from_here
from core.activity.records import stored_record
from core.activity.services import record_activity, record_view
from core.activity.versions import keep_version
from core.common.exceptions import DomainError, StaleVersion
from core.common.text import clean_address, clean_line
from core.messaging.queries import was_written_to
from core.messaging.services import queue_message

#: Registrations and resets from one address within an hour; an office behind one address still fits.
MAX_REQUESTS_PER_HOUR = 40
#: A colleague who asks for the confirmation letter again gets none sooner.
RESEND_AFTER = timedelta(minutes=10)


class ConfirmationTokenGenerator(PasswordResetTokenGenerator):
    """Like a reset token, and void once the address is confirmed."""

    key_salt = "core.accounts.confirmation"

    def _make_hash_value(self, user, timestamp):
        return f"{super()._make_hash_value(user, timestamp)}{user.email_confirmed_at}{user.is_active}"


confirmation_tokens = ConfirmationTokenGenerator()


@transaction.atomic
def assign_role(*, user: User, role: str, by: Any) -> None:
    """Give a person their one role; permissions and access to the back office follow from it.

    The only way to a role: role-permissions keeps permissions on the user, so a user that was put
    into a group by hand would have the role's name and none of its rights.
    """
    if role not in ROLE_LABELS:
        raise DomainError(_("Peran ini tidak dikenal."), code="assign_role.unknown")
    _set_role(user, role)
    user.is_staff = role in STAFF_ROLES
    user.save(update_fields=["is_staff"])
    user.__dict__.pop("_role_name", None)
    for cache in ("_perm_cache", "_user_perm_cache", "_group_perm_cache"):
        user.__dict__.pop(cache, None)
    record_activity("account.assign_role", by=by, subject=user, role=role)


def _set_role(user: User, role: str) -> None:
    """The rows that role-permissions reads: the one group, and what it permits.

    Written here and not by its own `clear_roles` and `assign_role`, which ask for all rights of the role before
    and after each step, and leave what only an earlier role table gave.
    """
    role_class = RolesManager.retrieve_role(role)
    wanted = [name for name, is_given in role_class.available_permissions.items() if is_given]
    permitted = _permissions_of_users().filter(codename__in=wanted)
    if len(permitted) < len(wanted):
        lay_roles_ready()
        permitted = permitted.all()
    group, _created = role_class.get_or_create_group()
    user.groups.set([group])
    user.user_permissions.set(permitted)


def _permissions_of_users() -> QuerySet[Permission]:
    """Those that roles speak of: role-permissions keeps them all on the user model."""
    return Permission.objects.filter(content_type=ContentType.objects.get_for_model(User)).order_by()


def _roles() -> list[type[AbstractUserRole]]:
    return [RolesManager.retrieve_role(name) for name in RolesManager.get_roles_names()]


def lay_roles_ready() -> None:
    """Make the groups and rights of every role once, so that giving a role writes no more than the person's own rows.

    Left to itself role-permissions asks for each right that is not there yet one by one.
    """
    content_type = ContentType.objects.get_for_model(User)
    known = set(_permissions_of_users().values_list("codename", flat=True))
    wanted = {name for role in _roles() for name in role.available_permissions}
    Permission.objects.bulk_create(
        [
            Permission(content_type=content_type, codename=name, name=camel_or_snake_to_title(name))
            for name in sorted(wanted - known)
        ],
        ignore_conflicts=True,
    )
    for role in _roles():
        role.get_or_create_group()


@transaction.atomic
def invite_user(*, full_name: str, email: str, role: str, by: Any) -> User:
    """An account for a colleague, without a password: the letter leads to choosing one."""
    if find_user_by_email(email) is not None:
        raise DomainError(_("Alamat ini sudah mempunyai akun."), code="invite_user.known", field="email")
    user = User.objects.create_user(email=email, password=None, full_name=clean_line(full_name))
    assign_role(user=user, role=role, by=by)
    _lay_profile(user, role)
    record_activity("account.invite", by=by, subject=user, role=role)
    send_confirmation(user=user)
    return user


@transaction.atomic
def invite_candidate(*, full_name: str, email: str, by: Any) -> User:
    """An account for somebody the LSP knows from its old files: a letter, and nothing else is done for them.

    Name and address are all that the LSP hands in. The owner chooses a password, agrees to the
    processing of their data (asked at the first log-in) and fills in the profile; who does nothing
    has no account that works.
    """
    if not by.has_perm("core.add_candidateprofile"):
        raise DomainError(_("Anda tidak berhak mengundang asesi."), code="invite_candidate.forbidden")
    if find_user_by_email(email) is not None:
        raise DomainError(_("Alamat ini sudah mempunyai akun."), code="invite_candidate.known", field="email")
    user = _create_candidate(full_name=full_name, email=email)
    record_activity("account.invite", by=by, subject=user, role="asesi")
    send_confirmation(user=user, template="account-invited")
    return user


@transaction.atomic
def admit_candidate(*, full_name: str, email: str, password: str, consent_text: ConsentText) -> User:
    """An account for whoever opened an invitation in their own mailbox, agreed and chose a password, in one step.

    An account that was begun and never confirmed is finished; one that is in use is not touched.
    """
    user = find_user_by_email(email)
    if user is None:
        user = _create_candidate(full_name=full_name, email=email)
        record_activity("account.register", by=user, subject=user)
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.email_confirmed_at or not is_candidate(user) or not user.is_active:
        raise DomainError(
            _("Alamat ini sudah mempunyai akun. Masuk dahulu, lalu buka lagi tautan di surat undangan."),
            code="admit_candidate.known",
        )
    user.full_name = clean_line(full_name)
    user.save(update_fields=["full_name"])
    give_consent(user=user, text=consent_text)
    return confirm_email(user=user, password=password)


@transaction.atomic
def register_officer(*, full_name: str, email: str, consent_text: ConsentText) -> User | None:
    """Begin the account of somebody who acts for an institution: a letter to the address, whoever it belongs to.

    None when the address has an account already; its owner gets a letter that says so, and the asker learns nothing.
    """
    _slow_down("account.register")
    user = find_user_by_email(email)
    record_activity("account.register", subject=user)
    if user is not None:
        _tell_known(user)
        return None
    user = User.objects.create_user(email=email, password=None, full_name=clean_line(full_name))
    assign_role(user=user, role="instansi", by=user)
    Consent.objects.create(user=user, text=consent_text, ip_address=current_ip_address())
    send_confirmation(user=user)
    return user


def _tell_known(user: User) -> None:
    """Somebody tried to register with an address that has an account."""
    if user.email_confirmed_at is None:
        send_confirmation(user=user)
        return
    links = {"tautan": f"{settings.SITE_URL}/masuk/", "lupa": f"{settings.SITE_URL}/lupa-sandi/"}
    queue_message("account-known", recipient=user, values={"nama": user.full_name} | links)


@transaction.atomic
def change_account(*, user: User, full_name: str, email: str, is_active: bool, role: str, by: Any) -> User:
    """What an administrator may change of an account.

    The address of a confirmed account stays: whoever could change it could take the account over by
    a password reset. Nobody locks themselves out or takes their own role away. A closed account is
    logged out everywhere at once, and stays so when it is opened again.
    """
    user, email = User.objects.select_for_update().get(pk=user.pk), clean_address(email)
    if user.email_confirmed_at and email != user.email:
        raise DomainError(
            _("Alamat yang sudah dikonfirmasi tidak dapat diubah."), code="change_account.email", field="email"
        )
    if (holder := find_user_by_email(email)) is not None and holder.pk != user.pk:
        raise DomainError(_("Alamat ini sudah mempunyai akun."), code="change_account.known", field="email")
    if user.pk == by.pk and (not is_active or role != role_of(user)):
        raise DomainError(
            _("Anda tidak dapat menonaktifkan akun atau mengganti peran Anda sendiri."),
            code="change_account.self",
            field="role",
        )
    user.full_name, user.email, user.is_active = clean_line(full_name), email, is_active
    user.save(update_fields=["full_name", "email", "is_active"])
    record_activity("account.change", by=by, subject=user, is_active=is_active)
    if not is_active:
        _shut_out(user, by)
    if role != role_of(user):
        assign_role(user=user, role=role, by=by)
        _lay_profile(user, role)
    return user


def _lay_profile(user: User, role: str) -> None:
    """A candidate's desk stands on a profile; who becomes one again finds theirs as it was."""
    if role == "asesi":
        CandidateProfile.objects.get_or_create(user=user)


@transaction.atomic
def save_own_name(*, user: User, full_name: str, by: Any) -> User:
    """Whoever has no profile corrects the name on their own account; of a candidate it belongs to the profile."""
    if user.pk != by.pk or is_candidate(user) or user.is_staff:
        raise DomainError(_("Nama ini tidak dapat diubah di sini."), code="save_own_name.forbidden")
    user = User.objects.select_for_update().get(pk=user.pk)
    full_name = clean_line(full_name)
    if not full_name:
        raise DomainError(_("Tulis nama lengkap Anda."), code="save_own_name.empty", field="full_name")
    if full_name != user.full_name:
        user.full_name = full_name
        user.save(update_fields=["full_name"])
        record_activity("account.save_name", by=by, subject=user)
    return user


@transaction.atomic
def deactivate_account(*, user: User, by: Any) -> User:
    """Put an account out of use: nobody logs in with it, who is in with it is out, what it did stays told."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if reason := why_not_deactivate(user, by):
        raise DomainError(reason, code="deactivate_account.refused")
    user.is_active = False
    user.save(update_fields=["is_active"])
    record_activity("account.change", by=by, subject=user, is_active=False)
    _shut_out(user, by)
    return user


def _shut_out(user: User, by: Any) -> None:
    """End all that is open in the name of a closed account; opening it again does not bring it back."""
    forget_devices(user=user, by=by)
    end_other_sessions(user=user, keep=None, by=by)


@transaction.atomic
def resend_confirmation(*, user: User, by: Any) -> None:
    """The letter that leads to a first password once more; a second click within minutes sends none."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if reason := why_not_confirm_again(user, by) or _confirmation_just_sent(user):
        raise DomainError(reason, code="resend_confirmation.refused")
    send_confirmation(user=user)
    record_activity("account.resend_confirmation", by=by, subject=user)


def _confirmation_just_sent(user: User) -> str:
    if not was_written_to(user.email, "account-confirm", within=RESEND_AFTER):
        return ""
    return _("Surat konfirmasi baru saja dikirim. Tunggu beberapa menit sebelum mengirim lagi.")


@transaction.atomic
def register_candidate(*, full_name: str, email: str, consent_text: ConsentText, scheme_code: str = "") -> None:
    """First step of self-registration: a letter to the address, whoever it belongs to.

    The answer is the same for known and unknown addresses: nobody learns who is registered. Known
    people get a letter that says so. There is no password before the address is confirmed, so an
    account can't be prepared for somebody else's address.
    """
    _slow_down("account.register")
    user = find_user_by_email(email)
    record_activity("account.register", subject=user)
    if user is not None and user.email_confirmed_at:
        _tell_known(user)
        return
    if user is None:
        user = _create_candidate(full_name=full_name, email=email)
    elif is_candidate(user):
        user.full_name = clean_line(full_name)
        user.save(update_fields=["full_name"])
    if is_candidate(user):  # a colleague who was invited only gets the letter again
        Consent.objects.get_or_create(user=user, text=consent_text, defaults={"ip_address": current_ip_address()})
    send_confirmation(user=user, scheme_code=scheme_code)


def _create_candidate(*, full_name: str, email: str) -> User:
    try:
        with transaction.atomic():
            user = User.objects.create_user(email=email, password=None, full_name=clean_line(full_name))
            assign_role(user=user, role="asesi", by=user)
            CandidateProfile.objects.create(user=user)
    except IntegrityError:  # a double click: the other request was first
        user = find_user_by_email(email)
        if user is None:
            raise
    return user


def send_confirmation(*, user: User, scheme_code: str = "", template: str = "account-confirm") -> None:
    """The letter with the link that confirms the address and leads on to the scheme the person came for.

    None to an account that was closed before: whoever followed it would choose a password that opens nothing.
    """
    if not user.is_active:
        return
    key = urlsafe_base64_encode(force_bytes(user.pk))
    link = f"{settings.SITE_URL}/konfirmasi/{key}/{confirmation_tokens.make_token(user)}/"
    if scheme_code:
        link += f"?skema={scheme_code}"
    values = {"nama": user.full_name, "tautan": link, "masuk": f"{settings.SITE_URL}/lupa-sandi/"}
    queue_message(template, recipient=user, is_secret=True, values=values)


def user_of_confirmation(key: str, token: str) -> User | None:
    """Whose address a link confirms; None when it is wrong, used or too old (PASSWORD_RESET_TIMEOUT)."""
    user = _user_of_key(key)
    waits = user is not None and user.is_active and user.email_confirmed_at is None
    return user if waits and confirmation_tokens.check_token(user, token) else None


def user_of_reset(key: str, token: str) -> User | None:
    """Who may choose a new password with a link; None when it is wrong, used, too old, or the account is closed."""
    user = _user_of_key(key)
    may = user is not None and user.is_active and user.email_confirmed_at is not None
    return user if may and default_token_generator.check_token(user, token) else None


def _user_of_key(key: str) -> User | None:
    try:
        return User.objects.filter(pk=int(urlsafe_base64_decode(key).decode())).first()
    except (ValueError, OverflowError, UnicodeDecodeError):
        return None


@transaction.atomic
def confirm_email(*, user: User, password: str) -> User:
    """Second step: the address works and its owner chose a password."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.email_confirmed_at:
        raise DomainError(_("Alamat ini sudah dikonfirmasi. Silakan masuk."), code="confirm_email.done")
    user.email_confirmed_at = timezone.now()
    user.set_password(password)
    user.save(update_fields=["email_confirmed_at", "password"])
    record_activity("account.confirm_email", by=user, subject=user)
    return user


@transaction.atomic
def request_password_reset(*, email: str) -> None:
    """A letter with a reset link if the address is known; no word to the asker either way."""
    _slow_down("account.request_reset")
    user = find_user_by_email(email)
    record_activity("account.request_reset", subject=user)
    if user is None or not user.is_active:
        return
    if user.email_confirmed_at is None:
        send_confirmation(user=user)
        return
    key = urlsafe_base64_encode(force_bytes(user.pk))
    token = default_token_generator.make_token(user)
    queue_message(
        "account-reset",
        recipient=user,
        is_secret=True,
        values={"nama": user.full_name, "tautan": f"{settings.SITE_URL}/sandi-baru/{key}/{token}/"},
    )


@transaction.atomic
def change_password(*, user: User, password: str, keep: UserSession | None = None) -> None:
    """Set a new password and tell the owner. All log-ins but `keep` end, no device is trusted any longer."""
    user.set_password(password)
    user.save(update_fields=["password"])
    record_activity("account.change_password", by=user, subject=user)
    forget_devices(user=user, by=user)
    end_other_sessions(user=user, keep=keep, by=user)
    queue_message(
        "account-password-changed",
        recipient=user,
        values={"nama": user.full_name, "tautan": f"{settings.SITE_URL}/lupa-sandi/"},
    )


def _slow_down(code: str) -> None:
    if acts_from_here(code, timedelta(hours=1)) >= MAX_REQUESTS_PER_HOUR:
        raise DomainError(
            _("Terlalu banyak permintaan dari jaringan ini. Coba lagi satu jam lagi."), code=f"{code}.throttled"
        )


@transaction.atomic
def save_profile(
    *, profile: CandidateProfile, values: dict[str, Any], version: int | None, by: Any
) -> CandidateProfile:
    """Write fields of a profile. A NIK fills in birth date and sex, which then cannot contradict it.

    `values` may hold `full_name` (kept on the account). `version` is what the page was drawn with;
    another number means that another tab saved meanwhile (StaleVersion). What is the same already is not
    written again: pages save themselves.
    """
    profile = CandidateProfile.objects.select_for_update().select_related("user").get(pk=profile.pk)
    if profile.user_id != by.pk and not by.has_perm("core.change_candidateprofile"):
        raise DomainError(_("Profil ini bukan milik Anda."), code="save_profile.not_owner")
    if not any(_differs(profile, name, value) for name, value in values.items()):
        return profile
    if version is not None and version != profile.version:
        raise StaleVersion(
            _("Halaman ini sudah disimpan dari tab atau perangkat lain. Bandingkan isiannya, lalu simpan lagi."),
            code="save_profile.stale",
        )
    values = dict(values)
    if "full_name" in values:
        profile.user.full_name = values.pop("full_name")
        profile.user.save(update_fields=["full_name"])
    if values.get("nik"):
        nik = parse_nik(values.pop("nik"))
        digest = nik_hash(nik.number)
        if CandidateProfile.objects.filter(nik_hash=digest).exclude(pk=profile.pk).exists():
            raise _nik_taken()
        profile.nik, profile.nik_hash = nik.number, digest
        profile.birth_date, profile.sex = nik.birth_date, nik.sex
        values.pop("birth_date", None)
        values.pop("sex", None)
    elif "nik" in values:
        profile.nik_hash = None  # taken out again: the number is free
    for name, value in values.items():
        setattr(profile, name, value)
    profile.version += 1
    try:
        with transaction.atomic():
            profile.save()
    except IntegrityError as error:  # two accounts saved the same NIK at the same moment
        raise _nik_taken() from error
    record_activity("account.save_profile", by=by, subject=profile, fields=sorted(values))
    return profile


def view_profile(*, profile: CandidateProfile, by: Any) -> None:
    """Record that a colleague opened somebody's profile."""
    record_view("profile.view", subject=profile, by=by)


def search_by_nik(number: str, *, by: Any) -> CandidateProfile | None:
    """Find a person by NIK; that somebody searched is recorded, the number is not."""
    profile = find_candidate_by_nik(number)
    record_view("profile.search_nik", subject=profile, by=by)
    return profile


def _differs(profile: CandidateProfile, name: str, value: Any) -> bool:
    """Whether saving would change something; the same page sent twice is no conflict."""
    stored = profile.user.full_name if name == "full_name" else getattr(profile, name)
    return (stored or "") != (value or "")


def _nik_taken() -> DomainError:
    return DomainError(
        _("NIK ini tidak dapat dipakai pada akun ini. Periksa angkanya; bila sudah benar, hubungi sekretariat LSP."),
        code="nik.taken",
        field="nik",
    )


@transaction.atomic
def publish_consent_text(*, text: ConsentText, by: Any) -> None:
    """Put a version in force; from now on it cannot be edited."""
    if text.published_at:
        raise DomainError(_("Teks ini sudah terbit."), code="publish_consent_text.published")
    before = stored_record(ConsentText, text.pk)
    text.published_at = timezone.now()
    text.save(update_fields=["published_at"])
    keep_version(row=text, by=by, reason=_("Diterbitkan"), before=before)
    record_activity("consent.publish", by=by, subject=text, version=text.version)


def needs_consent(user: User) -> ConsentText | None:
    """The text in force that this person has not agreed to yet."""
    text = current_consent_text()
    if text is None or Consent.objects.filter(user=user, text=text, withdrawn_at=None).exists():
        return None
    return text


@transaction.atomic
def give_consent(*, user: User, text: ConsentText) -> None:
    """Record agreement to a (new) version of the text, also by somebody who had taken it back."""
    consent, created = Consent.objects.get_or_create(
        user=user, text=text, defaults={"ip_address": current_ip_address()}
    )
    if not created and consent.withdrawn_at:
        consent.given_at, consent.withdrawn_at, consent.ip_address = timezone.now(), None, current_ip_address()
        consent.save(update_fields=["given_at", "withdrawn_at", "ip_address"])
    record_activity("consent.give", by=user, subject=user, version=text.version)


@transaction.atomic
def withdraw_consent(*, user: User, purpose: str = "data-pribadi", by: Any) -> int:
    """Record that a person takes back what they agreed to; the desk asks again before anything is processed."""
    given = Consent.objects.filter(user=user, text__purpose=purpose, withdrawn_at=None)
    count = given.update(withdrawn_at=timezone.now())
    record_activity("consent.withdraw", by=by, subject=user)
    return count


@transaction.atomic
def sync_role_permissions() -> int:
    """Bring everybody's permissions in line with the role table; the number of people changed.

    Needed after an update that changed roles.py: role-permissions copies a role's permissions to
    the user when the role is given.
    """
    changed = 0
    for role_class in RolesManager.get_roles():
        wanted = set(role_class.permission_names_list())
        for user in User.objects.filter(groups__name=role_class.get_name()).prefetch_related("user_permissions"):
            if {permission.codename for permission in user.user_permissions.all()} != wanted:
                _set_role(user, role_class.get_name())
                changed += 1
    return changed
