"""Lines that are put in order by dragging."""

from typing import Any

from django.db.models import F
from django.forms import ModelForm
from unfold.forms import PaginationInlineFormSet

#: Where lines wait while they change places: a database that keeps positions unique checks every single row.
PARKED = 10_000
ARRIVING = 20_000


class PositionedForm(ModelForm):
    """A line whose place is settled by the formset, so that two lines may change places."""

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() | {"position"}

    def clean(self) -> Any:
        cleaned = super().clean()
        if "position" in self.fields and cleaned.get("position") is None:
            cleaned["position"] = ARRIVING  # a new line goes to the end
        return cleaned


class PositionedFormSet(PaginationInlineFormSet):
    """Numbers its lines 1, 2, 3 … in the order in which they were dragged."""

    def add_fields(self, form: ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        if "position" in form.fields:
            form.fields["position"].required = False
            if form.instance.pk is None:
                form.initial["position"] = None

    def save(self, commit: bool = True) -> Any:
        lines = [
            form
            for form in self.forms
            if form not in self.deleted_forms
            and "position" in form.cleaned_data
            and (form.instance.pk is not None or form.has_changed())
        ]
        lines.sort(key=lambda form: form.cleaned_data["position"])
        for place, form in enumerate(lines, start=1):
            form.instance.position = ARRIVING + place
        siblings = self.model._default_manager.filter(**{self.fk.name: self.instance})
        siblings.update(position=F("position") + PARKED)
        saved = super().save(commit)
        for place, form in enumerate(lines, start=1):
            siblings.filter(pk=form.instance.pk).update(position=place)
            form.instance.position = place
        # Lines that a colleague added while this form was open stand in no form; they go to the end.
        others = siblings.filter(position__gt=PARKED).order_by("position").values_list("pk", flat=True)
        for place, pk in enumerate(list(others), start=len(lines) + 1):
            siblings.filter(pk=pk).update(position=place)
        return saved
