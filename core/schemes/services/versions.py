"""A scheme's life: begin, copy, publish, retire, start a new version, discard a draft."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core.activity.records import stored_record
from core.activity.services import record_activity
from core.activity.versions import keep_deleted, keep_version
from core.common.exceptions import DomainError, StaleVersion
from core.common.text import clean_line
from core.schemes.enums import SchemeKind, VersionStatus
from core.schemes.models import AssessmentPurpose, Scheme, SchemeVersion
from core.schemes.queries import propose_scheme_code
from core.schemes.rules import publication_refusal

TITLE_LENGTH = Scheme._meta.get_field("title").max_length
CODE_LENGTH = Scheme._meta.get_field("code").max_length


def locked(version: SchemeVersion, *, seen: str = "") -> SchemeVersion:
    """The version as it is now, its scheme locked first: whoever else changes this scheme waits.

    `seen`: the mark (`draft_mark`) of what somebody looked at before deciding on all of it; refused when it is another.
    """
    scheme = Scheme.objects.select_for_update().filter(pk=version.scheme_id).first()
    found = SchemeVersion.objects.select_for_update().filter(pk=version.pk).first()
    if scheme is None or found is None:
        raise DomainError(_("Draf ini sudah dibuang."), code="scheme_version.gone")
    refuse_unseen(found, seen)
    return found


def draft_mark(version: Any) -> str:
    """Another one after every change of a version of a scheme or a form, or of its lines."""
    return version.updated_at.isoformat()


def refuse_unseen(version: Any, seen: str) -> None:
    if seen and seen != draft_mark(version):
        raise StaleVersion(
            _("Draf ini berubah sejak Anda membukanya, jadi belum terjadi apa-apa. Periksa isinya, lalu ulangi."),
            code="version.unseen",
        )


@transaction.atomic
def create_scheme(*, title: str, code: str = "", kind: str = SchemeKind.CLUSTER, by: Any) -> SchemeVersion:
    """A new scheme with its draft version 1, open to every purpose; the code is made of the title if none is given."""
    scheme = _new_scheme(title, code, kind=kind)
    draft = SchemeVersion.objects.create(scheme=scheme, number=1)
    draft.purposes.set(AssessmentPurpose.objects.all())
    _keep_new(scheme, draft, by=by, reason=_("Skema baru"))
    record_activity("scheme.create", by=by, subject=scheme)
    return draft


@transaction.atomic
def copy_scheme(*, version: SchemeVersion, title: str, code: str = "", by: Any) -> SchemeVersion:
    """A new scheme whose draft version 1 asks what `version` asks. Its number and confirmation are its own to get."""
    origin = version.scheme
    scheme = _new_scheme(title, code, kind=origin.kind, group=origin.group, summary=origin.summary)
    draft = SchemeVersion.objects.create(scheme=scheme, number=1, validity_months=version.validity_months)
    _copy_content(version, draft)
    draft.requirements.update(is_confirmed=False)
    _keep_new(scheme, draft, by=by, reason=_("Disalin dari %(origin)s") % {"origin": version.activity_label})
    record_activity("scheme.copy", by=by, subject=scheme, origin=version.activity_label)
    return draft


def _new_scheme(title: str, code: str, **facts: Any) -> Scheme:
    title, code = clean_line(title), code.strip().lower()
    if not title:
        raise DomainError(_("Isi judul skema."), code="scheme.no_title", field="title")
    if len(title) > TITLE_LENGTH:
        raise DomainError(
            _("Judul paling banyak %(n)d karakter.") % {"n": TITLE_LENGTH}, code="scheme.long_title", field="title"
        )
    if Scheme.objects.filter(title__iexact=title).exists():
        raise DomainError(
            _("Sudah ada skema berjudul itu. Beri judul yang membedakannya."), code="scheme.same_title", field="title"
        )
    code = code or propose_scheme_code(title)
    if slugify(code) != code or len(code) > CODE_LENGTH:
        raise DomainError(
            _("Kode terdiri dari huruf kecil, angka, dan tanda hubung, paling banyak %(n)d karakter.")
            % {"n": CODE_LENGTH},
            code="scheme.bad_code",
            field="code",
        )
    last = Scheme.objects.order_by("-position").values_list("position", flat=True).first() or 0
    try:
        with transaction.atomic():  # two clerks may choose the same code at once
            return Scheme.objects.create(code=code, title=title, position=last + 1, **facts)
    except IntegrityError as error:
        raise DomainError(
            _("Kode ini sudah dipakai skema lain. Pilih kode lain."), code="scheme.same_code", field="code"
        ) from error


@transaction.atomic
def publish_scheme_version(*, version: SchemeVersion, by: Any, seen: str = "") -> SchemeVersion:
    """Open a draft for registration; the version published before is retired (its applications go on)."""
    version = locked(version, seen=seen)
    if version.status != VersionStatus.DRAFT:
        raise DomainError(_("Hanya draf yang dapat diterbitkan."), code="publish_scheme_version.not_draft")
    if finding := publication_refusal(version):
        raise DomainError(finding.sentence, code=f"publish_scheme_version.{finding.rule.code}")
    before = stored_record(SchemeVersion, version.pk)
    for former in version.scheme.versions.select_for_update().filter(status=VersionStatus.PUBLISHED):
        _retire(former, by=by)
    version.status = VersionStatus.PUBLISHED
    version.published_at = timezone.now()
    version.save(update_fields=["status", "published_at", "updated_at"])
    keep_version(row=version, by=by, reason=_("Diterbitkan"), before=before)
    record_activity("scheme.publish_version", by=by, subject=version)
    return version


@transaction.atomic
def retire_scheme_version(*, version: SchemeVersion, by: Any) -> SchemeVersion:
    """Close a version for new applications; those sent before go on."""
    version = locked(version)
    if version.status != VersionStatus.PUBLISHED:
        raise DomainError(_("Hanya versi yang terbit dapat ditutup."), code="retire_scheme_version.not_published")
    _retire(version, by=by)
    return version


def _retire(version: SchemeVersion, *, by: Any) -> None:
    before = stored_record(SchemeVersion, version.pk)
    version.status = VersionStatus.RETIRED
    version.save(update_fields=["status", "updated_at"])
    keep_version(row=version, by=by, reason=_("Ditutup"), before=before)
    record_activity("scheme.retire_version", by=by, subject=version)


@transaction.atomic
def draft_next_version(*, version: SchemeVersion, by: Any) -> SchemeVersion:
    """A new draft with the same units, requirements and purposes, one number higher."""
    scheme = Scheme.objects.select_for_update().get(pk=version.scheme_id)  # two clerks at once make one draft
    latest = scheme.versions.order_by("-number").first()
    if latest.status == VersionStatus.DRAFT:
        raise DomainError(
            _("Draf versi %(number)d sudah ada.") % {"number": latest.number}, code="draft_next_version.exists"
        )
    draft = SchemeVersion.objects.create(
        scheme=scheme,
        number=latest.number + 1,
        validity_months=version.validity_months,
        is_confirmed=version.is_confirmed,
        confirmation_note=version.confirmation_note,
    )
    _copy_content(version, draft)
    keep_version(row=draft, by=by, reason=_("Disiapkan dari versi %(number)d") % {"number": version.number})
    record_activity("scheme.draft_version", by=by, subject=draft)
    return draft


@transaction.atomic
def discard_draft(*, version: SchemeVersion, by: Any, seen: str = "") -> Scheme | None:
    """Throw a draft away, and the scheme with it when it has no other version. The scheme that stays, or None."""
    version = locked(version, seen=seen)
    if version.status != VersionStatus.DRAFT:
        raise DomainError(
            _("Hanya draf yang dapat dibuang; versi yang pernah terbit tetap tersimpan."),
            code="discard_draft.not_draft",
        )
    scheme = version.scheme
    record_activity("scheme.discard_draft", by=by, subject=version)
    try:
        keep_deleted(row=version, by=by)
        version.delete()
        if scheme.versions.exists():
            return scheme
        keep_deleted(row=scheme, by=by)
        scheme.delete()
    except ProtectedError as error:
        raise DomainError(
            _("Draf ini dipakai permohonan, jadi tidak dapat dibuang."), code="discard_draft.in_use"
        ) from error
    return None


def _keep_new(*rows: Scheme | SchemeVersion, by: Any, reason: str) -> None:
    for row in rows:
        keep_version(row=row, by=by, reason=reason)


def _copy_content(origin: SchemeVersion, draft: SchemeVersion) -> None:
    for row in [*origin.scheme_units.all(), *origin.requirements.all()]:
        row.pk = None
        row._state.adding = True
        row.scheme_version = draft
        row.save()
    draft.purposes.set(list(origin.purposes.all()))
