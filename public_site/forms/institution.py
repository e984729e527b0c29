"""An institution's account, its people's file, and the answer of somebody who was invited."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from core.accounts.models import User
from core.accounts.phone import normalise_phone
from core.codelists.models import Region
from core.institutions.models import Institution
from public_site.forms.account import PasswordForm, RegistrationForm
from public_site.forms.base import LineField, as_form_error

NUMERIC = {"inputmode": "numeric", "autocomplete": "postal-code"}


class InstitutionForm(forms.ModelForm):
    """What the secretariat looks at, and where the office is reached. `is_decided`: the first three stay."""

    class Meta:
        model = Institution
        fields = ("name", "kind", "region", "address", "postal_code", "contact_name", "contact_phone")
        help_texts = {
            "name": _("Nama lengkap. Nama ini tertulis di surat undangan dan di profil orang yang menerimanya."),
            "contact_phone": _("Nomor kantor atau nomor narahubung. Contoh: 0334 881234."),
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "organization"}),
            "address": forms.TextInput(attrs={"autocomplete": "street-address"}),
            "postal_code": forms.TextInput(attrs=NUMERIC | {"class": "w-5"}),
            "contact_name": forms.TextInput(attrs={"autocomplete": "name"}),
            "contact_phone": forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        }

    def __init__(self, *args: Any, is_decided: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if type(field) is forms.CharField:
                self.fields[name] = LineField(
                    label=field.label,
                    max_length=field.max_length,
                    required=field.required,
                    help_text=field.help_text,
                    widget=field.widget,
                )
        for name in ("name", "kind", "region"):
            if is_decided:
                del self.fields[name]
        if not is_decided:
            self.fields["kind"].queryset = self.fields["kind"].queryset.filter(is_active=True)
            self.fields["kind"].empty_label = _("Pilih …")
            self.fields["region"].queryset = Region.objects.filter(is_current=True)
            self.fields["region"].choices = [("", _("Pilih provinsi atau kabupaten/kota …")), *_regions()]
            self.fields["region"].help_text = _("Kabupaten/kota kantor Anda; untuk kantor provinsi, provinsinya.")

    def clean_contact_phone(self) -> str:
        return as_form_error(normalise_phone, self.cleaned_data["contact_phone"], field="contact_phone")

    def clean_postal_code(self) -> str:
        value = self.cleaned_data["postal_code"]
        if value and not (value.isascii() and value.isdigit() and len(value) == 5):
            raise forms.ValidationError(_("Kode pos terdiri atas 5 angka."))
        return value


class OfficerRegistrationForm(InstitutionForm):
    """The institution and its first officer, who is its contact person too: nothing is typed twice."""

    full_name = LineField(
        label=_("Nama Anda"),
        max_length=150,
        error_messages={"required": _("Tulis nama lengkap Anda.")},
        help_text=_("Anda menjadi petugas dan narahubung instansi ini."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("E-mail kantor Anda"),
        max_length=254,
        error_messages={
            "required": _("Tulis alamat e-mail Anda."),
            "invalid": _("Alamat e-mail ini tidak lengkap. Contoh: nama@contoh.id."),
        },
        help_text=_("Kami mengirim tautan konfirmasi ke alamat ini. Bukan alamat yang Anda pakai sebagai asesi."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}),
    )
    consent = RegistrationForm.base_fields["consent"]

    class Meta(InstitutionForm.Meta):
        fields = ("name", "kind", "region", "address", "postal_code", "contact_phone")


class ColleagueForm(forms.Form):
    """Somebody else who may act for the institution."""

    full_name = LineField(
        label=_("Nama lengkap"), max_length=150, error_messages={"required": _("Tulis nama lengkapnya.")}
    )
    email = forms.EmailField(
        label=_("E-mail kantor"),
        max_length=254,
        error_messages={
            "required": _("Tulis alamat e-mailnya."),
            "invalid": _("Alamat e-mail ini tidak lengkap. Contoh: nama@contoh.id."),
        },
        widget=forms.EmailInput(attrs={"inputmode": "email", "spellcheck": "false", "autocomplete": "off"}),
    )


class PeopleFileForm(forms.Form):
    """The file with the people; what is in it is checked by core."""

    file = forms.FileField(
        label=_("Berkas Excel (.xlsx) atau CSV"),
        error_messages={"required": _("Pilih berkasnya dahulu."), "empty": _("Berkas ini kosong.")},
        widget=forms.FileInput(
            attrs={"accept": ".xlsx,.csv,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
        ),
    )


class SendForm(forms.Form):
    """Before letters go out: the people know of it."""

    knows = forms.BooleanField(
        label=_("Orang-orang ini sudah tahu bahwa saya mendaftarkan mereka."),
        error_messages={"required": _("Beri tahu mereka dahulu, lalu centang pernyataan ini.")},
    )


class EmailAddressForm(forms.Form):
    """The right address of somebody who was invited at a wrong one."""

    email = forms.CharField(
        label=_("Alamat e-mail yang benar"),
        max_length=254,
        error_messages={"required": _("Tulis alamat e-mailnya.")},
        widget=forms.EmailInput(attrs={"inputmode": "email", "spellcheck": "false", "autocomplete": "off"}),
    )


class ShareForm(forms.Form):
    """What the institution may see; nothing is ticked for anybody."""

    shares_result = forms.BooleanField(required=False)

    def __init__(self, *args: Any, institution: Institution, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["shares_result"].label = _("%(institution)s boleh melihat hasil akhir saya (opsional).") % {
            "institution": institution.name
        }
        self.fields["shares_result"].help_text = _("Dapat Anda ubah kapan saja di “Data saya”.")
        self.fields["shares_result"].is_needed = True  # the label says that it is optional


class AcceptForm(ShareForm, PasswordForm):
    """The beginning of an account: the person's own name, password and consent."""

    full_name = LineField(
        label=_("Nama lengkap"),
        max_length=150,
        error_messages={"required": _("Tulis nama lengkap Anda.")},
        help_text=_("Sesuai KTP; nama ini tercetak di formulir dan sertifikat."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    consent = RegistrationForm.base_fields["consent"]
    field_order = ("full_name", "password", "consent", "shares_result")

    def __init__(self, *args: Any, institution: Institution, email: str, **kwargs: Any):
        super().__init__(*args, institution=institution, user=User(email=email), **kwargs)

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        self.user.full_name = self.cleaned_data.get("full_name", "")
        validate_password(password, self.user)
        return password


def _regions() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every province with itself first and its regencies after it; one query."""
    groups: dict[str, tuple[str, list[tuple[str, str]]]] = {}
    for code, name, province in Region.objects.filter(is_current=True).values_list("code", "name", "province_id"):
        if province is None:
            groups[code] = (name, [(code, _("Provinsi %(name)s") % {"name": name})])
        elif province in groups:
            groups[province][1].append((code, name))
    return list(groups.values())
