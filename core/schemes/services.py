"""The only writers of a scheme's life: publish, retire, start a new version."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.activity.records import stored_record
from core.activity.services import record_activity
from core.activity.versions import keep_version
from core.common.exceptions import DomainError
from core.schemes.enums import VersionStatus
from core.schemes.models import Scheme, SchemeVersion


@transaction.atomic
def publish_scheme_version(*, version: SchemeVersion, by: Any) -> SchemeVersion:
    """Open a draft for registration; the version published before is retired (its applications go on)."""
    version = SchemeVersion.objects.select_for_update().get(pk=version.pk)
    if version.status != VersionStatus.DRAFT:
        raise DomainError(_("Hanya draf yang dapat diterbitkan."), code="publish_scheme_version.not_draft")
    if not version.scheme_units.exists():
        raise DomainError(
            _("Skema tanpa unit kompetensi tidak dapat diterbitkan."), code="publish_scheme_version.no_units"
        )
    if version.scheme_units.filter(unit__elements=None).exists():
        raise DomainError(
            _("Ada unit tanpa elemen; FR.APL-02 tidak dapat diisi. Lengkapi unit itu dahulu."),
            code="publish_scheme_version.unit_without_elements",
        )
    if not version.purposes.exists():
        raise DomainError(_("Pilih sedikitnya satu tujuan asesmen."), code="publish_scheme_version.no_purpose")
    before = stored_record(SchemeVersion, version.pk)
    version.scheme.versions.filter(status=VersionStatus.PUBLISHED).update(status=VersionStatus.RETIRED)
    version.status = VersionStatus.PUBLISHED
    version.published_at = timezone.now()
    version.save(update_fields=["status", "published_at", "updated_at"])
    keep_version(row=version, by=by, reason=_("Diterbitkan"), before=before)
    record_activity("scheme.publish_version", by=by, subject=version)
    return version


@transaction.atomic
def retire_scheme_version(*, version: SchemeVersion, by: Any) -> SchemeVersion:
    """Close a version for new applications; those sent before go on."""
    version = SchemeVersion.objects.select_for_update().get(pk=version.pk)
    if version.status != VersionStatus.PUBLISHED:
        raise DomainError(_("Hanya versi yang terbit dapat ditutup."), code="retire_scheme_version.not_published")
    before = stored_record(SchemeVersion, version.pk)
    version.status = VersionStatus.RETIRED
    version.save(update_fields=["status", "updated_at"])
    keep_version(row=version, by=by, reason=_("Ditutup"), before=before)
    record_activity("scheme.retire_version", by=by, subject=version)
    return version


@transaction.atomic
def draft_next_version(*, version: SchemeVersion, by: Any) -> SchemeVersion:
    """A new draft with the same units, requirements and purposes, one number higher."""
    scheme = Scheme.objects.select_for_update().get(pk=version.scheme_id)  # two clerks at once make one draft
    latest = scheme.versions.order_by("-number").first()
    if latest.status == VersionStatus.DRAFT:
        raise DomainError(
            _("Draf versi %(number)d sudah ada.") % {"number": latest.number}, code="draft_next_version.exists"
        )
    units = list(version.scheme_units.all())
    requirements = list(version.requirements.all())
    purposes = list(version.purposes.all())
    draft = SchemeVersion.objects.create(
        scheme=scheme,
        number=latest.number + 1,
        validity_months=version.validity_months,
        is_confirmed=version.is_confirmed,
        confirmation_note=version.confirmation_note,
    )
    draft.purposes.set(purposes)
    for row in [*units, *requirements]:
        row.pk = None
        row._state.adding = True
        row.scheme_version = draft
        row.save()
    keep_version(row=draft, by=by, reason=_("Disiapkan dari versi %(number)d") % {"number": version.number})
    record_activity("scheme.draft_version", by=by, subject=draft)
    return draft
