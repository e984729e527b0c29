"""FR.APL-01 part 2 and 3, FR.APL-02."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.applications.models import Application
from core.schemes.models import AssessmentPurpose
from public_site.forms.base import LineField


class PurposeForm(forms.Form):
    """Why the candidate wants to be assessed."""

    purpose = forms.ModelChoiceField(
        label=_("Tujuan asesmen"),
        queryset=AssessmentPurpose.objects.none(),
        empty_label=None,
        required=False,
        widget=forms.RadioSelect,
    )
    purpose_explanation = LineField(
        label=_("Penjelasan"), max_length=250, required=False, help_text=_("Hanya bila Anda memilih “Lainnya”.")
    )

    def __init__(self, *args: Any, application: Application, **kwargs: Any):
        kwargs["initial"] = {"purpose": application.purpose_id, "purpose_explanation": application.purpose_explanation}
        super().__init__(*args, **kwargs)
        self.fields["purpose"].is_needed = True
        self.fields["purpose"].queryset = application.scheme_version.purposes.order_by("position")
        self.fields["purpose"].label_from_instance = lambda p: f"{p.title}: {p.help_text}" if p.help_text else p.title

    def clean_purpose(self) -> AssessmentPurpose:
        purpose = self.cleaned_data["purpose"]
        if purpose is None:
            raise forms.ValidationError(_("Pilih tujuan asesmen."))
        return purpose


class SubmitForm(forms.Form):
    """The signature: one tick under the declaration."""

    agreed = forms.BooleanField(
        label=_("Saya menyatakan demikian dan menandatangani FR.APL-01 dan FR.APL-02 secara elektronik."),
        error_messages={"required": _("Centang pernyataan ini untuk menandatangani.")},
    )
