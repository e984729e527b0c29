"""FR.AK.04."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.decisions.services.appeals import MAX_REASON


class AppealForm(forms.Form):
    """Why, and the signature."""

    reason = forms.CharField(
        label=_("Alasan banding"),
        help_text=_("Jelaskan apa yang menurut Anda dinilai keliru, dan bukti mana yang belum dilihat."),
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Jelaskan alasan banding Anda.")},
    )
    agreed = forms.BooleanField(
        label=_("Saya mengajukan banding dan menandatangani FR.AK.04 secara elektronik."),
        error_messages={"required": _("Centang pernyataan ini untuk menandatangani.")},
    )
