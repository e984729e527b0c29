"""What is asked on the way to BNSP: which codes a session has, and how the list went out."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.handovers.enums import Channel
from core.handovers.models import SessionCodes
from core.handovers.queries import FUNDING_LIST, MINISTRY_LIST, entries_of

DAY = {"input_formats": ["%Y-%m-%d", "%d-%m-%Y"]}


def _day_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class Dressed(forms.Form):
    """Fields in the dress of the back office."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.setdefault("class", "bo-input")


class SessionCodesForm(Dressed):
    """What BNSP knows a session by, and who paid for it."""

    code = forms.CharField(label=_("Kode jadwal BNSP"), max_length=60, required=False)
    funding = forms.ModelChoiceField(
        label=_("Sumber anggaran"), queryset=None, required=False, empty_label=_("Belum dipilih")
    )
    ministry = forms.ModelChoiceField(
        label=_("Kementerian/lembaga pemberi anggaran"), queryset=None, required=False, empty_label=_("Belum dipilih")
    )

    def __init__(self, data: Any = None, *, codes: SessionCodes | None):
        initial = {"code": codes.code, "funding": codes.funding_id, "ministry": codes.ministry_id} if codes else {}
        super().__init__(data, initial=initial)
        self.fields["funding"].queryset = entries_of(FUNDING_LIST)
        self.fields["ministry"].queryset = entries_of(MINISTRY_LIST)


class HandOverForm(Dressed):
    """When and how it went out."""

    handed_on = forms.DateField(label=_("Tanggal diserahkan"), widget=_day_input(), **DAY)
    channel = forms.ChoiceField(label=_("Cara penyerahan"), choices=Channel.choices)
    reference = forms.CharField(label=_("Nomor atau bukti terima BNSP (boleh kosong)"), max_length=120, required=False)

    def __init__(self, data: Any = None):
        super().__init__(data, initial={"handed_on": timezone.localdate()})


class ReasonForm(Dressed):
    """Why; the label says for what."""

    reason = forms.CharField(max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: Any = None, *, label: Any, is_required: bool = True):
        super().__init__(data)
        self.fields["reason"].label, self.fields["reason"].required = label, is_required


class NarrowingForm(forms.Form):
    """The period of what waits; anything else in the address is passed over."""

    dari = forms.DateField(required=False, **DAY)
    sampai = forms.DateField(required=False, **DAY)
