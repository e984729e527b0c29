"""Registering, logging in, passwords."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from core.accounts.models import User
from public_site.forms.base import LineField


class RegistrationForm(forms.Form):
    """The least that is needed to write to somebody: name, address, consent."""

    full_name = LineField(
        label=_("Nama lengkap"),
        max_length=150,
        error_messages={"required": _("Tulis nama lengkap Anda.")},
        help_text=_("Sesuai KTP; nama ini tercetak di formulir dan sertifikat."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Alamat e-mail"),
        max_length=254,
        error_messages={
            "required": _("Tulis alamat e-mail Anda."),
            "invalid": _("Alamat e-mail ini tidak lengkap. Contoh: nama@contoh.id."),
        },
        help_text=_("Kami mengirim tautan konfirmasi ke alamat ini, lalu semua kabar tentang permohonan Anda."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}),
    )
    consent = forms.BooleanField(
        label=_("Saya menyetujui pemrosesan data pribadi saya seperti dijelaskan di atas."),
        error_messages={
            "required": _("Centang persetujuan data pribadi; tanpa itu kami tidak boleh mengolah data Anda.")
        },
    )


class PasswordForm(forms.Form):
    """One password, typed once: it can be made visible, and a reset is a letter away."""

    password = forms.CharField(
        label=_("Sandi"),
        strip=False,
        max_length=128,
        error_messages={"required": _("Tulis sandi Anda.")},
        help_text=_("Sedikitnya 10 karakter. Kalimat pendek mudah diingat."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password


class LoginForm(AuthenticationForm):
    """E-mail and password; one sentence for every kind of failure."""

    error_messages = {
        "invalid_login": _("E-mail atau sandi tidak cocok. Periksa kembali, atau pilih “Lupa sandi”."),
        "inactive": _("E-mail atau sandi tidak cocok. Periksa kembali, atau pilih “Lupa sandi”."),
    }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Alamat e-mail")
        self.fields["username"].widget = forms.EmailInput(
            attrs={"autocomplete": "username", "inputmode": "email", "spellcheck": "false"}
        )
        self.fields["username"].error_messages["required"] = _("Tulis alamat e-mail Anda.")
        self.fields["password"].label = _("Sandi")
        self.fields["password"].error_messages["required"] = _("Tulis sandi Anda.")

    def clean_username(self) -> str:
        return self.cleaned_data["username"].strip().lower()


class EmailForm(forms.Form):
    """Where to send a reset link."""

    email = forms.EmailField(
        label=_("Alamat e-mail"),
        max_length=254,
        error_messages={
            "required": _("Tulis alamat e-mail Anda."),
            "invalid": _("Alamat e-mail ini tidak lengkap. Contoh: nama@contoh.id."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}),
    )
