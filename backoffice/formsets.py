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

    place = "position"  # the field that holds it

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() | {self.place}

    def clean(self) -> Any:
        cleaned = super().clean()
        if self.place in self.fields and cleaned.get(self.place) is None:
            cleaned[self.place] = ARRIVING  # a new line goes to the end
        return cleaned


class PositionedFormSet(PaginationInlineFormSet):
    """Numbers its lines 1, 2, 3 … in the order in which they were dragged."""

    def add_fields(self, form: ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        if self.form.place in form.fields:
            form.fields[self.form.place].required = False
            if form.instance.pk is None:
                form.initial[self.form.place] = None

    def save(self, commit: bool = True) -> Any:
        field = self.form.place
        lines = [
            form
            for form in self.forms
            if form not in self.deleted_forms
            and field in form.cleaned_data
            and (form.instance.pk is not None or form.has_changed())
        ]
        lines.sort(key=lambda form: form.cleaned_data[field])
        for place, form in enumerate(lines, start=1):
            setattr(form.instance, field, ARRIVING + place)
        siblings = self.model._default_manager.filter(**{self.fk.name: self.instance})
        siblings.update(**{field: F(field) + PARKED})
        saved = super().save(commit)
        for place, form in enumerate(lines, start=1):
            siblings.filter(pk=form.instance.pk).update(**{field: place})
            setattr(form.instance, field, place)
        # Lines that a colleague added while this form was open stand in no form; they go to the end.
        others = siblings.filter(**{f"{field}__gt": PARKED}).order_by(field).values_list("pk", flat=True)
        for place, pk in enumerate(list(others), start=len(lines) + 1):
            siblings.filter(pk=pk).update(**{field: place})
        return saved


class NumberedForm(PositionedForm):
    """A line whose place is its number."""

    place = "number"
