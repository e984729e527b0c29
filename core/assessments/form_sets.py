"""Which forms the cases of a scheme need: the general set, with what the scheme itself says put before it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, Q

from core.assessments.enums import FormNeed, FormStage, FormSubject
from core.assessments.models import FormDefinition, FormRequirement, FormVersion
from core.schemes.enums import VersionStatus
from core.schemes.models import Scheme


def current_form_version(definition: FormDefinition) -> FormVersion | None:
    """The version in which papers are filled in today; None as long as none was published."""
    return definition.versions.filter(status=VersionStatus.PUBLISHED).first()


@dataclass(frozen=True)
class NeededForm:
    """A form that the cases of a scheme need, in its version of today."""

    definition: FormDefinition
    version: FormVersion
    is_required: bool


def forms_needed(scheme: Scheme, stage: str | None = None, *, subject: str | None = None) -> list[NeededForm]:
    """The resolved set in the order of the list of forms: three queries, however many there are.

    A form without a published version is left out: there is nothing to fill in yet.
    """
    forms = FormDefinition.objects.filter(is_active=True)
    if stage is not None:
        forms = forms.filter(stage=stage)
    if subject is not None:
        forms = forms.filter(subject=subject)
    published = FormVersion.objects.filter(status=VersionStatus.PUBLISHED)
    rows = _rows_in_force(scheme)
    found = []
    for form in forms.prefetch_related(Prefetch("versions", published, to_attr="published")):
        row = rows.get(form.pk)
        if row is not None and row.is_used and form.published:
            found.append(NeededForm(form, form.published[0], row.is_required))
    return found


def lacks_forms(scheme: Scheme, there: set[int]) -> bool:
    """Whether the cases of a scheme need a published form that is not among these definitions; one query."""
    rows = FormRequirement.objects.filter(
        _applies_to(scheme),
        definition__is_active=True,
        definition__subject=FormSubject.CASE,
        definition__versions__status=VersionStatus.PUBLISHED,
    ).exclude(definition__stage=FormStage.APPEAL)
    return any(row.is_used and row.definition_id not in there for row in _weightiest(rows).values())


@dataclass(frozen=True)
class SetLine:
    """One form on the screen of a set: what holds, whether the scheme says so itself, what the general set says."""

    definition: FormDefinition
    need: FormNeed
    is_own: bool
    general: FormNeed
    is_published: bool


def form_set(scheme: Scheme | None) -> list[SetLine]:
    """Every form that is in use and what a scheme's cases need of it; without a scheme: the general set."""
    published = FormVersion.objects.filter(status=VersionStatus.PUBLISHED)
    forms = FormDefinition.objects.filter(is_active=True).prefetch_related(
        Prefetch("versions", published, to_attr="published")
    )
    rows = list(FormRequirement.objects.filter(_applies_to(scheme)))
    general = {row.definition_id: row for row in rows if row.scheme_id is None}
    own = {row.definition_id: row for row in rows if row.scheme_id is not None}
    return [
        SetLine(
            form,
            need=need_of(own.get(form.pk) or general.get(form.pk)),
            is_own=form.pk in own,
            general=need_of(general.get(form.pk)),
            is_published=bool(form.published),
        )
        for form in forms
    ]


def need_of(row: FormRequirement | None) -> FormNeed:
    """A stored row in one word; a form that no row names is not used."""
    if row is None or not row.is_used:
        return FormNeed.UNUSED
    return FormNeed.REQUIRED if row.is_required else FormNeed.OPTIONAL


def _applies_to(scheme: Scheme | None) -> Q:
    return Q(scheme=None) | Q(scheme=scheme) if scheme else Q(scheme=None)


def _rows_in_force(scheme: Scheme) -> dict[int, FormRequirement]:
    return _weightiest(FormRequirement.objects.filter(_applies_to(scheme)))


def _weightiest(found: Iterable[FormRequirement]) -> dict[int, FormRequirement]:
    """The row that counts for each form: the scheme's own before the general one."""
    rows: dict[int, FormRequirement] = {}
    for row in found:
        if row.scheme_id is not None or row.definition_id not in rows:
            rows[row.definition_id] = row
    return rows
