"""What people ask about their own data."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.privacy.enums import RequestKind
from core.privacy.services.requests import MAX_WORDS, NEEDS_WORDS
from public_site.forms.base import LineField

#: What the box for words is called, by what is asked.
LABELS = {
    RequestKind.COPY: _("Keterangan"),
    RequestKind.CORRECTION: _("Data mana yang keliru, dan bagaimana yang benar?"),
    RequestKind.ERASURE: _("Keterangan"),
    RequestKind.WITHDRAWAL: _("Keterangan"),
}
#: What has to be ticked, since it cannot be undone.
DECLARATIONS = {
    RequestKind.ERASURE: _(
        "Saya mengerti bahwa data yang sudah dihapus tidak dapat dikembalikan dan akun saya ditutup."
    ),
    RequestKind.WITHDRAWAL: _("Saya mengerti bahwa permohonan saya yang masih berjalan langsung dibatalkan."),
}
#: The same of an officer of an institution.
OFFICERS_DECLARATIONS = {
    RequestKind.WITHDRAWAL: _("Saya mengerti bahwa saya tidak dapat lagi bertindak atas nama instansi saya.")
}


class NameForm(forms.Form):
    """The name on one's account."""

    full_name = LineField(
        label=_("Nama lengkap"),
        max_length=150,
        help_text=_("Nama ini dilihat rekan petugas di instansi Anda dan sekretariat LSP."),
        error_messages={"required": _("Tulis nama lengkap Anda.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class RequestForm(forms.Form):
    """Words, and for what cannot be undone a tick."""

    words = forms.CharField(max_length=MAX_WORDS, required=False, widget=forms.Textarea(attrs={"rows": 6}))
    agreed = forms.BooleanField(
        error_messages={"required": _("Centang pernyataan ini untuk melanjutkan.")},
        widget=forms.CheckboxInput(attrs={"data-no-draft": ""}),
    )

    def __init__(self, *args: Any, kind: RequestKind, is_officer: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["words"].label = LABELS[kind]
        self.fields["words"].required = kind in NEEDS_WORDS
        self.fields["words"].error_messages["required"] = _("Tulis data mana yang keliru dan bagaimana yang benar.")
        if kind in DECLARATIONS:
            declarations = DECLARATIONS | OFFICERS_DECLARATIONS if is_officer else DECLARATIONS
            self.fields["agreed"].label = declarations[kind]
        else:
            del self.fields["agreed"]


class ReplyForm(forms.Form):
    """A line of the thread."""

    text = forms.CharField(
        label=_("Tambahkan keterangan"),
        max_length=MAX_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Tulis keterangannya dahulu.")},
    )
