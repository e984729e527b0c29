"""FR.APL-01 part 1: three pages over the candidate's profile.

Every field may be left empty while drafting; what an application needs is `applications.sections`.
"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.accounts.models import CandidateProfile
from core.accounts.nik import parse_nik
from core.accounts.phone import normalise_phone
from core.applications.sections import PROFILE_FIELDS
from core.codelists.models import Region
from public_site.forms.base import LineField, as_form_error

NUMERIC = {"inputmode": "numeric", "autocomplete": "off"}


class ProfileForm(forms.ModelForm):
    """Base of the three pages; its cleaned data is what `accounts.services.save_profile` takes."""

    section: str

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        needed = {name for name, _words in PROFILE_FIELDS[self.section]}
        for name, field in self.fields.items():
            if type(field) is forms.CharField:
                self.fields[name] = LineField(
                    label=field.label,
                    max_length=field.max_length,
                    required=field.required,
                    help_text=field.help_text,
                    widget=field.widget,
                )
            self.fields[name].is_needed = name in needed or field.required

    def _phone(self, name: str) -> str:
        value = self.cleaned_data[name]
        return as_form_error(normalise_phone, value, field=name) if value else ""

    def _postal_code(self, name: str) -> str:
        value = self.cleaned_data[name]
        if value and not (value.isascii() and value.isdigit() and len(value) == 5):
            raise forms.ValidationError(_("Kode pos terdiri atas 5 angka."))
        return value


class PersonalForm(ProfileForm):
    """Name, NIK (which tells birth date and sex), birth place, nationality, education."""

    section = "personal"
    full_name = LineField(
        label=_("Nama lengkap"),
        max_length=150,
        error_messages={"required": _("Tulis nama lengkap Anda.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    nik = LineField(
        label=_("NIK"),
        required=False,
        max_length=40,
        help_text=_("16 angka pada KTP. Tanggal lahir dan jenis kelamin kami baca dari NIK."),
        widget=forms.TextInput(attrs=NUMERIC | {"data-no-draft": ""}),
    )
    field_order = ["full_name", "nik", "birth_place", "education", "nationality"]

    class Meta:
        model = CandidateProfile
        fields = ["birth_place", "education", "nationality"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.initial["full_name"] = self.instance.user.full_name
        self.initial["nik"] = self.instance.nik
        self.fields["education"].queryset = self.fields["education"].queryset.filter(is_active=True)
        self.fields["education"].empty_label = _("Pilih …")

    def clean_nik(self) -> str:
        value = self.cleaned_data["nik"]
        return as_form_error(parse_nik, value).number if value else ""


class AddressForm(ProfileForm):
    """Where the candidate lives and can be reached."""

    section = "address"

    class Meta:
        model = CandidateProfile
        fields = ["home_address", "home_region", "home_postal_code", "phone_mobile", "phone_home"]
        widgets = {
            "home_address": forms.TextInput(attrs={"autocomplete": "street-address"}),
            "home_postal_code": forms.TextInput(attrs=NUMERIC | {"autocomplete": "postal-code"}),
            "phone_mobile": forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
            "phone_home": forms.TextInput(attrs={"inputmode": "tel"}),
        }
        help_texts = {"phone_mobile": _("Sebaiknya nomor WhatsApp. Contoh: 0812 3456 7890.")}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not self.instance.home_region_id and self.instance.nik:
            self.initial["home_region"] = self.instance.nik[:4]  # a first guess: where the NIK was issued
        self.fields["home_region"].queryset = Region.objects.filter(province__isnull=False, is_current=True)
        self.fields["home_region"].choices = [("", _("Pilih kabupaten/kota …")), *_regions_by_province()]

    def clean_phone_mobile(self) -> str:
        return self._phone("phone_mobile")

    def clean_phone_home(self) -> str:
        return self._phone("phone_home")

    def clean_home_postal_code(self) -> str:
        return self._postal_code("home_postal_code")


class EmploymentForm(ProfileForm):
    """The present work; people without an office leave all but the first empty."""

    section = "employment"

    class Meta:
        model = CandidateProfile
        fields = [
            "occupation",
            "institution",
            "job_title",
            "office_address",
            "office_postal_code",
            "phone_office",
            "office_fax",
            "office_email",
        ]
        widgets = {
            "office_postal_code": forms.TextInput(attrs=NUMERIC),
            "institution": forms.TextInput(attrs={"autocomplete": "organization"}),
            "job_title": forms.TextInput(attrs={"autocomplete": "organization-title"}),
            "phone_office": forms.TextInput(attrs={"inputmode": "tel"}),
            "office_fax": forms.TextInput(attrs={"inputmode": "tel"}),
        }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["occupation"].queryset = self.fields["occupation"].queryset.filter(is_active=True)
        self.fields["occupation"].empty_label = _("Pilih …")

    def clean_phone_office(self) -> str:
        return self._phone("phone_office")

    def clean_office_fax(self) -> str:
        return self._phone("office_fax")

    def clean_office_postal_code(self) -> str:
        return self._postal_code("office_postal_code")


def _regions_by_province() -> list[tuple[str, list[tuple[str, str]]]]:
    """All current regencies, grouped for a select without JavaScript; one query."""
    names: dict[str, str] = {}
    groups: dict[str, list[tuple[str, str]]] = {}
    for code, name, province in Region.objects.filter(is_current=True).values_list("code", "name", "province_id"):
        if province is None:
            names[code] = name
        else:
            groups.setdefault(province, []).append((code, name))
    return [(names.get(code, code), regencies) for code, regencies in groups.items()]
