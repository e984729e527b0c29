"""The head of a plenary and the lines of its members, as typed."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.decisions.enums import MemberRole
from core.decisions.models import Plenary, PlenaryMember
from core.decisions.queries import members_to_choose, possible_members
from core.decisions.services import Seat

#: Empty lines below the members, so that a meeting is written in at once without a script.
SPARE_LINES = 3


class PlenaryForm(forms.Form):
    """Name, day, place and note."""

    title = forms.CharField(label=_("Nama rapat"), max_length=150)
    held_on = forms.DateField(
        label=_("Tanggal rapat"),
        input_formats=["%Y-%m-%d", "%d-%m-%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    place = forms.CharField(label=_("Tempat"), max_length=150, required=False)
    note = forms.CharField(
        label=_("Catatan rapat"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    same_members = forms.BooleanField(label=_("Pakai anggota rapat terakhir"), required=False, initial=True)

    def __init__(self, *args: Any, plenary: Plenary | None = None, last: Plenary | None = None, **kwargs: Any):
        if plenary is not None:
            kwargs["initial"] = {name: getattr(plenary, name) for name in ("title", "held_on", "place", "note")}
        else:
            kwargs["initial"] = _usual(last)
        super().__init__(*args, **kwargs)
        if plenary is None:
            del self.fields["note"]
        if plenary is not None or last is None:
            del self.fields["same_members"]
        for name, field in self.fields.items():
            if name != "same_members":
                field.widget.attrs["class"] = "bo-input"


def _usual(last: Plenary | None) -> dict[str, Any]:
    """What a new meeting mostly is: held today, named after its day, where the last one was."""
    today = timezone.localdate()
    return {
        "title": _t("Rapat pleno %(day)s") % {"day": date_format(today, "j F Y")},
        "held_on": today,
        "place": last.place if last else "",
    }


class SeatForm(forms.Form):
    """One member. Either an account is chosen or a name is written; a line without both is left out."""

    user = forms.TypedChoiceField(label=_("Akun"), required=False, coerce=int, empty_value=None)
    name = forms.CharField(label=_("Nama (bila tanpa akun)"), max_length=150, required=False)
    office = forms.CharField(label=_("Jabatan"), max_length=150, required=False)
    role = forms.ChoiceField(label=_("Peran"), choices=MemberRole.choices, initial=MemberRole.MEMBER)
    is_present = forms.BooleanField(label=_("Hadir"), required=False, initial=True)

    def __init__(self, *args: Any, people: list, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["user"].choices = people
        for name, field in self.fields.items():
            if name != "is_present":
                field.widget.attrs["class"] = "bo-input"

    def seat(self) -> Seat:
        values = self.cleaned_data
        return Seat(values["user"], values["name"], values["office"], values["role"], values["is_present"])


def seat_forms(plenary: Plenary, data: Any = None) -> forms.BaseFormSet:
    """The members as lines, with some empty ones below."""
    people = [("", _("— dari luar, tulis namanya —")), *members_to_choose(plenary).values_list("pk", "full_name")]
    made = forms.formset_factory(SeatForm, extra=SPARE_LINES, max_num=30, absolute_max=60)
    return made(data, initial=[_initial(member) for member in plenary.members.all()], form_kwargs={"people": people})


def _initial(member: PlenaryMember) -> dict[str, Any]:
    return {
        "user": member.user_id or "",
        "name": "" if member.user_id else member.name,
        "office": member.office,
        "role": member.role,
        "is_present": member.is_present,
    }


def seats_of(plenary: Plenary) -> list[Seat]:
    """The same people once more, all of them expected; without those whose account was closed since."""
    people = set(possible_members().values_list("pk", flat=True))
    return [
        Seat(member.user_id, member.name, member.office, member.role)
        for member in plenary.members.all()
        if member.user_id is None or member.user_id in people
    ]
