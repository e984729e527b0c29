"""The only writers of what a form asks and which scheme needs it. A form lives in versions, like a scheme.

Each act locks the form, so that nobody publishes in between.
"""

import re
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core.activity.records import stored_record
from core.activity.services import record_activity
from core.activity.versions import keep_deleted, keep_version
from core.assessments.enums import (
    KINDS_WITH_COMMENT,
    KINDS_WITH_OPTIONS,
    SILENT_KINDS,
    FormNeed,
    FormParty,
    LineKind,
    Repeat,
)
from core.assessments.form_rules import (
    fixed_facts,
    is_editable,
    is_read_by_system,
    missing_fact,
    publication_refusal,
    same_answers,
)
from core.assessments.form_sets import need_of
from core.assessments.models import FormDefinition, FormLine, FormRequirement, FormVersion
from core.common.exceptions import DomainError, StaleVersion
from core.common.text import clean_line, within
from core.documents.models import DocumentType
from core.schemes.enums import VersionStatus
from core.schemes.models import Scheme
from core.schemes.services.editing import in_order, seen_state
from core.schemes.services.versions import refuse_unseen

TITLE_LENGTH = FormDefinition._meta.get_field("title").max_length
KEY_LENGTH = FormLine._meta.get_field("key").max_length
HELP_LENGTH = FormLine._meta.get_field("help_text").max_length
#: The longest text of a line and of its options, in characters.
LABEL_LENGTH, OPTIONS_LENGTH = 2000, 2000

FORM_FIELDS = ("title", "subject", "stage", "filled_by", "is_active")
LINE_FIELDS = ("kind", "label", "help_text", "options", "repeat", "filled_by", "is_required", "asks_comment")


def head_state(version: FormVersion) -> str:
    """The mark of the head form: the form's own words and whether the LSP confirmed this version."""
    return seen_state(version.definition, FORM_FIELDS) + seen_state(version, ("is_confirmed",))


def line_state(line: FormLine) -> str:
    return seen_state(line, LINE_FIELDS)


def _locked(version: FormVersion, *, seen: str = "") -> FormVersion:
    """The version as it is now, its form locked first: whoever else changes this form waits. `seen`: as for schemes."""
    definition = FormDefinition.objects.select_for_update().filter(pk=version.definition_id).first()
    found = FormVersion.objects.select_for_update().filter(pk=version.pk).first()
    if definition is None or found is None:
        raise DomainError(_("Draf ini sudah dibuang."), code="form_version.gone")
    refuse_unseen(found, seen)
    found.definition = definition
    return found


def _draft(version: FormVersion) -> FormVersion:
    version = _locked(version)
    if not is_editable(version):
        raise DomainError(
            _("Versi %(n)d sudah terbit, jadi isinya tidak berubah lagi. Siapkan versi berikutnya.")
            % {"n": version.number},
            code="form_version.not_draft",
        )
    return version


# --- a form's life ------------------------------------------------------------------------------------


@transaction.atomic
def create_definition(*, title: str, subject: str, stage: str, filled_by: str, by: Any) -> FormVersion:
    """A new form with its empty draft version 1; its papers are documents of a kind of its own."""
    facts = _head_facts({"title": title, "subject": subject, "stage": stage, "filled_by": filled_by})
    code = _new_code(facts["title"])
    kind, is_new = DocumentType.objects.get_or_create(
        code=code, defaults={"title": facts["title"], "is_personal_evidence": False}
    )
    last = FormDefinition.objects.order_by("-position").values_list("position", flat=True).first() or 0
    try:
        with transaction.atomic():  # two clerks may write the same form at once
            form = FormDefinition.objects.create(code=code, document_type=kind, position=last + 1, **facts)
    except IntegrityError as error:
        raise DomainError(
            _("Formulir dengan nama itu sudah ada."), code="create_definition.twice", field="title"
        ) from error
    draft = FormVersion.objects.create(definition=form, number=1)
    for row in (*((kind,) if is_new else ()), form, draft):
        keep_version(row=row, by=by, reason=_("Formulir baru"))
    record_activity("form.create", by=by, subject=form)
    return draft


def _new_code(title: str) -> str:
    """FR.AK.07 Ceklis … becomes fr-ak-07; any other title becomes what it says. Counted on where it is taken."""
    number = re.match(r"FR[.\- ]([A-Z]+)[.\- ](\d+[A-Z]?)\b", title, re.IGNORECASE)
    stem = slugify(f"fr-{number[1]}-{number[2]}" if number else title)[: KEY_LENGTH - 4].strip("-") or "formulir"
    taken = set(FormDefinition.objects.filter(code__startswith=stem).values_list("code", flat=True))
    papers = DocumentType.objects.filter(code__startswith=stem)
    if number:  # its papers may have a kind already; any other kind of that name is another paper
        papers = papers.filter(is_personal_evidence=True)
    taken |= set(papers.exclude(title=title, is_personal_evidence=False).values_list("code", flat=True))
    return next(code for n in range(1, len(taken) + 3) if (code := stem if n == 1 else f"{stem}-{n}") not in taken)


@transaction.atomic
def save_definition(*, version: FormVersion, seen: str, values: Mapping[str, Any], by: Any) -> FormVersion:
    """The head data of a form, and whether the LSP confirmed this version. `values` holds FORM_FIELDS and that."""
    version = _locked(version)
    form = version.definition
    if seen != head_state(version):
        raise StaleVersion(
            _("Data ini baru saja diubah orang lain. Bandingkan, lalu simpan lagi bila isian Anda yang benar."),
            code="save_definition.stale",
        )
    facts = _head_facts(values, without=form)
    if any(facts[name] != getattr(form, name) for name in ("subject", "filled_by")) and (why := fixed_facts(form)):
        raise DomainError(why, code="save_definition.in_use", field="filled_by")
    for name, value in facts.items():
        setattr(form, name, value)
    form.is_active = bool(values["is_active"])
    form.save()
    version.is_confirmed = bool(values["is_confirmed"])
    version.save(update_fields=["is_confirmed", "updated_at"])
    record_activity("form.change", by=by, subject=form)
    return version


def _head_facts(values: Mapping[str, Any], *, without: FormDefinition | None = None) -> dict[str, Any]:
    """The values, cleaned; refused beside the field that is wrong."""
    title = clean_line(within(values["title"], TITLE_LENGTH, field="title"))
    if not title:
        raise DomainError(_("Isi nama formulirnya."), code="form.no_title", field="title")
    if FormDefinition.objects.filter(title__iexact=title).exclude(pk=without.pk if without else None).exists():
        raise DomainError(_("Formulir dengan nama itu sudah ada."), code="form.same_title", field="title")
    if lacking := missing_fact(values):
        raise DomainError(lacking[1], code=f"form.no_{lacking[0]}", field=lacking[0])
    return {"title": title} | {name: values[name] for name in ("subject", "stage", "filled_by")}


@transaction.atomic
def draft_next_version(*, version: FormVersion, by: Any) -> FormVersion:
    """A new draft with the same lines under the same keys, one number higher."""
    form = FormDefinition.objects.select_for_update().get(pk=version.definition_id)  # two clerks at once: one draft
    latest = form.versions.order_by("-number").first()
    if latest.status == VersionStatus.DRAFT:
        raise DomainError(
            _("Draf versi %(number)d sudah ada.") % {"number": latest.number}, code="draft_next_version.exists"
        )
    draft = FormVersion.objects.create(definition=form, number=latest.number + 1, is_confirmed=version.is_confirmed)
    lines = list(version.lines.order_by("position", "pk"))
    for line in lines:
        line.pk, line.version = None, draft
    FormLine.objects.bulk_create(lines)
    keep_version(row=draft, by=by, reason=_("Disiapkan dari versi %(number)d") % {"number": version.number})
    record_activity("form.draft", by=by, subject=draft)
    return draft


@transaction.atomic
def publish_form_version(*, version: FormVersion, by: Any, seen: str = "") -> FormVersion:
    """New papers are laid in by this version from now on; papers already laid in keep theirs."""
    version = _locked(version, seen=seen)
    if version.status != VersionStatus.DRAFT:
        raise DomainError(_("Hanya draf yang dapat diterbitkan."), code="publish_form_version.not_draft")
    if finding := publication_refusal(version):
        raise DomainError(finding.sentence, code=f"publish_form_version.{finding.rule.code}")
    before = stored_record(FormVersion, version.pk)
    for former in version.definition.versions.select_for_update().filter(status=VersionStatus.PUBLISHED):
        then = stored_record(FormVersion, former.pk)
        former.status = VersionStatus.RETIRED
        former.save(update_fields=["status", "updated_at"])
        keep_version(row=former, by=by, reason=_("Ditutup"), before=then)
    version.status, version.published_at = VersionStatus.PUBLISHED, timezone.now()
    version.save(update_fields=["status", "published_at", "updated_at"])
    keep_version(row=version, by=by, reason=_("Diterbitkan"), before=before)
    record_activity("form.publish", by=by, subject=version)
    return version


@transaction.atomic
def discard_draft(*, version: FormVersion, by: Any, seen: str = "") -> FormDefinition | None:
    """Throw a draft away, and the form with it when it has no other version. The form that stays, or None."""
    version = _locked(version, seen=seen)
    if version.status != VersionStatus.DRAFT:
        raise DomainError(
            _("Hanya draf yang dapat dibuang; versi yang pernah terbit tetap tersimpan."),
            code="discard_draft.not_draft",
        )
    form = version.definition
    record_activity("form.discard_draft", by=by, subject=version)
    keep_deleted(row=version, by=by)
    version.delete()
    if form.versions.exists():
        return form
    form.requirements.all().delete()
    keep_deleted(row=form, by=by)
    form.delete()
    return None


# --- lines --------------------------------------------------------------------------------------------


@transaction.atomic
def add_line(*, version: FormVersion, values: Mapping[str, Any], by: Any, place: int | None = None) -> FormLine:
    """A new line at a place counted from 1, else at the end. `values` holds LINE_FIELDS; its key follows its text."""
    version = _draft(version)
    facts = _line_facts(version, values)
    last = version.lines.order_by("-position").values_list("position", flat=True).first() or 0
    key = _new_key(version, facts["kind"], facts["label"])
    line = FormLine.objects.create(version=version, position=last + 1, key=key, **facts)
    if place is not None:
        in_order(version.lines.order_by("position", "pk"), moved=line, place=place)
    version.save(update_fields=["updated_at"])
    record_activity("form.add_line", by=by, subject=version, line=line.label[:80])
    return line


@transaction.atomic
def change_line(*, line: FormLine, seen: str, values: Mapping[str, Any], by: Any) -> FormLine:
    """Change what a line says. Its key stays, unless it is now answered so differently that it means another thing."""
    version = _draft(line.version)
    line = _current(version, line)
    if seen != line_state(line):
        raise StaleVersion(
            _("Baris ini baru saja diubah orang lain. Bandingkan, lalu simpan lagi bila isian Anda yang benar."),
            code="change_line.stale",
        )
    facts = _line_facts(version, values)
    if facts["kind"] != line.kind:
        if is_read_by_system(line):
            raise DomainError(
                _("Isian ini dibaca sistem, jadi jenis barisnya tetap. Teksnya boleh diubah."),
                code="change_line.read_by_system",
                field="kind",
            )
        if not same_answers(facts["kind"], line.kind):
            line.key = _new_key(version, facts["kind"], facts["label"])
    for name, value in facts.items():
        setattr(line, name, value)
    line.save()
    version.save(update_fields=["updated_at"])
    record_activity("form.change_line", by=by, subject=version, line=line.label[:80])
    return line


@transaction.atomic
def remove_line(*, line: FormLine, by: Any) -> None:
    version = _draft(line.version)
    line = _current(version, line)
    if is_read_by_system(line):
        raise DomainError(
            _("Isian ini dibaca sistem, jadi tidak dapat dihapus. Teksnya boleh diubah."),
            code="remove_line.read_by_system",
        )
    label = line.label
    line.delete()
    in_order(version.lines.order_by("position", "pk"))
    version.save(update_fields=["updated_at"])
    record_activity("form.remove_line", by=by, subject=version, line=label[:80])


@transaction.atomic
def move_line(*, line: FormLine, place: int, by: Any) -> None:
    """Put a line at a place of the form, counted from 1."""
    version = _draft(line.version)
    line = _current(version, line)
    if in_order(version.lines.order_by("position", "pk"), moved=line, place=place):
        version.save(update_fields=["updated_at"])
        record_activity("form.move_line", by=by, subject=version, line=line.label[:80])


def _current(version: FormVersion, line: FormLine) -> FormLine:
    found = version.lines.filter(pk=line.pk).first()
    if found is None:
        raise DomainError(_("Baris itu sudah tidak ada di draf ini."), code="line.gone")
    found.version = version
    return found


def _line_facts(version: FormVersion, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values, cleaned; what a kind of line does not know is emptied, what is wrong refused beside its field."""
    kind = values["kind"]
    if kind not in LineKind.values:
        raise DomainError(_("Pilih jenis barisnya."), code="line.no_kind", field="kind")
    label = within(values["label"], LABEL_LENGTH, field="label")
    if not label:
        raise DomainError(_("Isi teks barisnya."), code="line.no_label", field="label")
    is_question = kind not in SILENT_KINDS
    repeat = values["repeat"] if kind == LineKind.SECTION else Repeat.ONCE
    if repeat not in Repeat.values:
        raise DomainError(_("Pilih berapa kali bagian ini diisi."), code="line.no_repeat", field="repeat")
    filled_by = values["filled_by"] if is_question else ""
    if filled_by and filled_by not in FormParty.values:
        raise DomainError(_("Pilih siapa yang mengisi baris ini."), code="line.no_party", field="filled_by")
    return {
        "kind": kind,
        "label": label,
        "help_text": clean_line(within(values["help_text"], HELP_LENGTH, field="help_text")),
        "options": _options(values["options"]) if kind in KINDS_WITH_OPTIONS else "",
        "repeat": repeat,
        "filled_by": filled_by,
        "is_required": is_question and bool(values["is_required"]),
        "asks_comment": kind in KINDS_WITH_COMMENT and bool(values["asks_comment"]),
    }


def _options(text: str) -> str:
    """One option a line, none of them twice: an answer is stored in the option's words."""
    options = [clean_line(line) for line in within(text, OPTIONS_LENGTH, field="options").splitlines()]
    options = [option for option in options if option]
    twice = next((option for option in options if options.count(option) > 1), None)
    if twice:
        raise DomainError(
            _("Pilihan “%(option)s” tertulis dua kali.") % {"option": twice}, code="line.option_twice", field="options"
        )
    return "\n".join(options)


def _new_key(version: FormVersion, kind: str, label: str) -> str:
    """A key made of the text: free in this version, and never used before for an answer of another kind."""
    stem = slugify(label)[: KEY_LENGTH - 4].strip("-") or slugify(kind)
    taken = {
        key
        for key, used_for, used_in in FormLine.objects.filter(
            version__definition=version.definition_id, key__startswith=stem
        ).values_list("key", "kind", "version")
        if used_in == version.pk or not same_answers(used_for, kind)
    }
    return next(key for n in range(1, len(taken) + 3) if (key := stem if n == 1 else f"{stem}-{n}") not in taken)


# --- which scheme needs which form --------------------------------------------------------------------


@transaction.atomic
def set_form_need(*, definition: FormDefinition, scheme: Scheme | None, need: str, by: Any) -> None:
    """What the cases of a scheme need of a form; `scheme` None: of all schemes, `need` "": as the general set says.

    Papers already laid into cases stay as they are.
    """
    if need not in FormNeed.values and (need or scheme is None):
        raise DomainError(_("Pilih wajib, bila perlu, atau tidak dipakai."), code="set_form_need.unknown")
    FormDefinition.objects.select_for_update().get(pk=definition.pk)  # a NULL scheme is not unique to the database
    row = FormRequirement.objects.filter(definition=definition, scheme=scheme).first()
    if (need_of(row) if row else "") == need:
        return
    if need:
        is_used, is_required = need != FormNeed.UNUSED, need == FormNeed.REQUIRED
        FormRequirement.objects.update_or_create(
            definition=definition, scheme=scheme, defaults={"is_used": is_used, "is_required": is_required}
        )
    elif row:
        row.delete()
    record_activity(
        "form.set_need",
        by=by,
        subject=definition,
        scheme=scheme.code if scheme else str(_("semua skema")),
        need=str(FormNeed(need).label.lower() if need else _("mengikuti kelengkapan umum")),
    )
