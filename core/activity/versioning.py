"""Which models are versioned by django-reversion, in one list, and what no restoring may turn back.

Versioned is what staff edit by hand. High-volume rows (applications, documents, messages, the log)
are not: their history is the activity log, and reversion slows down with millions of versions.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import reversion
from django.db.models import Model
from django.utils.translation import gettext as _


def _never_fixed(row: Any) -> str:
    return ""


@dataclass(frozen=True)
class Versioned:
    """How one model is versioned.

    `follow`: the lines that belong to a record and are kept and restored with it. `kept`: fields that
    stay as they are when an old version is restored, since workflow, snapshots or addresses rest on
    them. `personal`: fields that only those see who may see personal
    identifiers. `fixed`: why this row may not be restored at all, in a sentence; "" when it may.
    """

    follow: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()
    fixed: Callable[[Any], str] = _never_fixed


_table: dict[type[Model], Versioned] = {}


def _published_version(version: Any) -> str:
    if version.status == "draf":
        return ""
    return _("Versi skema ini sudah terbit, sehingga tidak dapat dikembalikan. Siapkan draf versi berikutnya.")


def _published_text(text: Any) -> str:
    if text.published_at is None:
        return ""
    return _("Teks ini sudah terbit dan disetujui orang, sehingga tidak dapat dikembalikan. Buat versi baru.")


def _published_form(version: Any) -> str:
    if version.status == "draf":
        return ""
    return _("Versi formulir ini sudah terbit, sehingga tidak dapat dikembalikan. Siapkan draf versi berikutnya.")


def _known_session(session: Any) -> str:
    """Time and place of a session that people know or sit in are changed by a service, which looks at the conflicts."""
    if session.status == "rencana" and not session.placements.filter(in_force=True).exists():
        return ""
    return _("Jadwal uji yang sudah berisi asesi atau sudah diumumkan diubah lewat “Ubah jadwal”, bukan dikembalikan.")


def register_versioned_models() -> None:
    from core import models

    _table.update(
        {
            models.Element: Versioned(follow=("criteria",)),
            models.PerformanceCriterion: Versioned(),
            models.CompetencyUnit: Versioned(follow=("elements",), kept=("code",)),
            models.CompetencyStandard: Versioned(kept=("code",)),
            models.Scheme: Versioned(kept=("code",)),
            models.SchemeUnit: Versioned(),
            models.Requirement: Versioned(),
            models.SchemeVersion: Versioned(
                follow=("scheme_units", "requirements"),
                kept=("scheme", "number", "status", "published_at"),
                fixed=_published_version,
            ),
            models.AssessmentPurpose: Versioned(kept=("code",)),
            models.DocumentType: Versioned(kept=("code",)),
            models.ExpectedDocument: Versioned(),
            models.MessageTemplate: Versioned(kept=("key", "placeholders")),
            models.AnswerTemplate: Versioned(),
            models.NumberingRule: Versioned(kept=("key",)),
            # What readers see is set by services (publishing, the logo); restoring an older text never changes it.
            models.OfficeData: Versioned(kept=("logo",)),
            models.SystemPolicy: Versioned(),
            models.Page: Versioned(kept=("slug", "withdrawn_at")),
            models.MenuItem: Versioned(),
            models.Question: Versioned(),
            models.Announcement: Versioned(kept=("slug",)),
            models.Download: Versioned(kept=("public_id", "document")),
            models.CodeList: Versioned(follow=("entries",), kept=("code",)),
            models.CodeListEntry: Versioned(),
            models.Holiday: Versioned(),
            models.HandoverColumn: Versioned(),
            models.HandoverLayout: Versioned(follow=("columns",)),
            models.ConsentText: Versioned(kept=("purpose", "version", "published_at"), fixed=_published_text),
            models.AssessorQualification: Versioned(),
            models.AssessorProfile: Versioned(follow=("qualifications",), kept=("user",)),
            models.AssessmentSession: Versioned(
                kept=("number", "status", "announced_at", "cancel_reason", "attendance_list", "sequence"),
                personal=("meeting_url", "note", "cancel_reason"),
                fixed=_known_session,
            ),
            models.FormDefinition: Versioned(kept=("code",)),
            models.FormLine: Versioned(),
            models.FormVersion: Versioned(
                follow=("lines",), kept=("definition", "number", "status", "published_at"), fixed=_published_form
            ),
            models.Venue: Versioned(kept=("code",), personal=("contact_name", "contact_phone")),
        }
    )
    for model, options in _table.items():
        if not reversion.is_registered(model):
            reversion.register(model, follow=options.follow)


def is_versioned(model: type[Model]) -> bool:
    return model in _table


def options_of(model: type[Model]) -> Versioned:
    return _table.get(model, Versioned())


def hidden_fields(model: type[Model], *, viewer: Any) -> tuple[str, ...]:
    """The fields of a model that this person may not read: BNSP sees no personal identifiers."""
    return () if viewer.has_perm("core.view_identifiers") else options_of(model).personal


def versioned_records() -> list[type[Model]]:
    """The models that have a history of their own: not those that are lines of another."""
    lines = {model._meta.get_field(name).related_model for model, options in _table.items() for name in options.follow}
    return [model for model in _table if model not in lines]


def line_keys(model: type[Model]) -> tuple[str, ...]:
    """The foreign keys by which a line hangs on its record; empty for a record of its own."""
    return tuple(
        owner._meta.get_field(name).field.name
        for owner, options in _table.items()
        for name in options.follow
        if owner._meta.get_field(name).related_model is model
    )
