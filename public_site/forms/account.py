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


class CodeForm(forms.Form):
    """A code of the app, and whether to ask again on this device."""

    code = forms.CharField(
        label=_("Kode dari aplikasi"),
        max_length=20,
        error_messages={"required": _("Tulis keenam angka dari aplikasi.")},
        help_text=_("Enam angka dari aplikasi autentikator di ponsel Anda."),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false", "class": "w-10"}
        ),
    )
    remember = forms.BooleanField(required=False)

    def __init__(self, *args: Any, days: int, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if days:
            self.fields["remember"].label = _("Ingat perangkat ini %(days)d hari") % {"days": days}
        else:
            del self.fields["remember"]


class RecoveryForm(forms.Form):
    """One of the ten codes that were written down."""

    code = forms.CharField(
        label=_("Kode pemulihan"),
        max_length=20,
        error_messages={"required": _("Tulis salah satu kode pemulihan Anda.")},
        help_text=_("Sepuluh huruf dan angka, misalnya ABCDE-23456. Setiap kode hanya berlaku sekali."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class PasswordAgainForm(forms.Form):
    """The password once more, before something that would lock the owner out."""

    password = forms.CharField(
        label=_("Sandi Anda"),
        strip=False,
        max_length=128,
        error_messages={"required": _("Tulis sandi Anda.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class EnrolForm(PasswordAgainForm):
    """The first code of a new device; the password where it was given long ago."""

    code = forms.CharField(
        label=_("Kode yang ditampilkan aplikasi"),
        max_length=20,
        error_messages={"required": _("Tulis keenam angka dari aplikasi.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false", "class": "w-10"}
        ),
    )
    field_order = ("code", "password")

    def __init__(self, *args: Any, needs_password: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not needs_password:
            del self.fields["password"]
