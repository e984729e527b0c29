"""What somebody asks of the LSP, or complains about."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from core.accounts.phone import normalise_phone
from core.codelists.models import CodeListEntry
from core.inquiries.enums import TicketKind
from core.inquiries.models import MAX_NAME, MAX_TEXT
from core.inquiries.queries import topics_of
from public_site.forms.base import LineField, as_form_error
from public_site.forms.guard import GuardedForm

#: The box for words, by what it is for: its label, and what helps whoever answers.
WORDS = {
    TicketKind.QUESTION: (_("Pesan Anda"), _("Jangan tulis NIK atau sandi.")),
    TicketKind.COMPLAINT: (
        _("Apa yang terjadi?"),
        _("Sebutkan kapan, di mana, dan siapa yang terlibat. Jangan tulis NIK atau sandi."),
    ),
}


class TopicField(forms.ModelChoiceField):
    """Topics in the language of the page."""

    def label_from_instance(self, topic: CodeListEntry) -> str:
        return topic.said("title")


class TicketForm(GuardedForm):
    """`person`: the candidate who is signed in, whose name and address are known."""

    topic = TopicField(
        label=_("Topik"), queryset=None, empty_label=_("Pilih topik"), error_messages={"required": _("Pilih topiknya.")}
    )
    text = forms.CharField(
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Tulis pesannya dahulu.")},
    )
    about = LineField(
        label=_("Nomor permohonan atau sertifikat"),
        help_text=_("Bila pesan ini tentang salah satunya. Contoh: APL-2026-000123."),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "w-20"}),
    )
    name = LineField(
        label=_("Nama Anda"),
        max_length=MAX_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Isi nama Anda.")},
    )
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("Jawaban dan tautan percakapan dikirim ke sini."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}),
        error_messages={
            "required": _("Isi alamat e-mail Anda."),
            "invalid": _("Tulis alamat e-mail yang lengkap, misalnya nama@contoh.id."),
        },
    )
    phone = LineField(
        label=_("Nomor HP"),
        help_text=_("Bila Anda lebih suka ditelepon."),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel", "class": "w-20"}),
    )

    def __init__(self, *args: Any, kind: TicketKind, person: Any = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["topic"].queryset = topics_of(kind)
        self.fields["text"].label, self.fields["text"].help_text = WORDS[kind]
        self.is_known = person is not None
        if self.is_known:
            del self.fields["name"], self.fields["email"]

    def clean_phone(self) -> str:
        phone = self.cleaned_data["phone"]
        return as_form_error(normalise_phone, phone, field="phone") if phone else ""


class ReplyForm(forms.Form):
    """One more message in a conversation that has begun; sent twice, it is one."""

    submission = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid4)
    text = forms.CharField(
        label=_("Tulis lanjutan"),
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Tulis pesannya dahulu.")},
    )
