"""The forms of the scheme editor. They read what was typed; whether it may be saved is said by the services."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core.documents.models import DocumentType
from core.schemes.enums import RequirementSection
from core.schemes.models import AssessmentPurpose, Requirement, Scheme, SchemeVersion
from core.schemes.queries import VersionContent
from core.schemes.rules import is_editable
from core.schemes.services.editing import HELP_LENGTH, OPEN_FIELDS, SCHEME_FIELDS, head_state, requirement_state
from core.schemes.services.versions import CODE_LENGTH, TITLE_LENGTH


class EditorForm(forms.Form):
    """Inputs in the dress of our own screens; `seen` says which state of the row the page showed."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    use_required_attribute = False  # what lacks is said by the server, beside the field

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, (forms.TextInput, forms.NumberInput, forms.Textarea, forms.Select)):
                field.widget.attrs["class"] = "bo-input"

    def show_conflict(self, stored: "EditorForm") -> None:
        """Keep what was typed, and say beside each field what somebody else saved there meanwhile."""
        self.data = self.data.copy()
        self.data[self.add_prefix("seen")] = stored.initial["seen"]
        for name, field in self.fields.items():
            now, typed = stored.initial.get(name), self.cleaned_data.get(name)
            if name != "seen" and _words(field, now) != _words(field, typed):
                self[name].field.stored_now = _words(field, now) or "–"


def _words(field: forms.Field, value: Any) -> str:
    """A value as a person reads it."""
    if isinstance(field, forms.BooleanField):
        return str(_("ya") if value else _("tidak"))
    if isinstance(field, forms.ModelMultipleChoiceField):
        return ", ".join(sorted(str(item) for item in value or ()))
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        return str(dict(field.choices).get(value, value or ""))
    return str(value if value is not None else "")


def _model_field(model: Any, name: str, **options: Any) -> forms.Field:
    field = model._meta.get_field(name).formfield(**options)
    field.label = capfirst(model._meta.get_field(name).verbose_name)
    return field


def _day(name: str) -> forms.DateField:
    """A day in the calendar of the browser, which writes it as ISO."""
    return _model_field(
        SchemeVersion,
        name,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"],
        localize=False,
    )


class HeadForm(EditorForm):
    """A scheme as the public list shows it, and the head of one of its versions."""

    title = _model_field(Scheme, "title")
    number = _model_field(Scheme, "number")
    kind = _model_field(Scheme, "kind")
    group = _model_field(Scheme, "group")
    kbli_code = _model_field(Scheme, "kbli_code")
    kbji_code = _model_field(Scheme, "kbji_code")
    kkni_level = _model_field(Scheme, "kkni_level", min_value=1, max_value=9)
    summary = _model_field(Scheme, "summary", widget=forms.Textarea(attrs={"rows": 3}))
    title_en = _model_field(Scheme, "title_en")
    group_en = _model_field(Scheme, "group_en")
    summary_en = _model_field(Scheme, "summary_en", widget=forms.Textarea(attrs={"rows": 3}))
    validity_months = forms.IntegerField(label=_("Masa berlaku sertifikat (bulan)"), min_value=1, max_value=240)
    purposes = forms.ModelMultipleChoiceField(
        label=_("Tujuan asesmen"),
        queryset=AssessmentPurpose.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    registration_opens_on = _day("registration_opens_on")
    registration_closes_on = _day("registration_closes_on")
    is_confirmed = forms.BooleanField(label=_("LSP sudah mengonfirmasi versi ini"), required=False)
    confirmation_note = _model_field(
        SchemeVersion, "confirmation_note", widget=forms.Textarea(attrs={"rows": 2}), required=False
    )

    @classmethod
    def of(cls, content: VersionContent, data: Any = None) -> "HeadForm":
        version = content.version
        initial = {name: getattr(version.scheme, name) for name in SCHEME_FIELDS}
        initial |= {name: getattr(version, name) for name in ("validity_months", *OPEN_FIELDS)}
        initial |= {"purposes": content.purposes, "seen": head_state(version)}
        form = cls(data, initial=initial, prefix="data")
        if not is_editable(version):
            del form.fields["validity_months"], form.fields["purposes"]
        return form


class RequirementForm(EditorForm):
    """One line of FR.APL-01 part 3. Without a title it takes name and help of its kind of document."""

    section = forms.ChoiceField(label=_("Bagian formulir"), choices=RequirementSection.choices)
    document_type = forms.ModelChoiceField(
        label=_("Jenis dokumen"), queryset=DocumentType.objects.none(), empty_label=_("Pilih jenis dokumen")
    )
    title = forms.CharField(
        label=_("Persyaratan"),
        max_length=250,
        required=False,
        help_text=_("Kosongkan untuk memakai nama jenis dokumennya."),
    )
    help_text = forms.CharField(
        label=_("Petunjuk bagi asesi"), max_length=HELP_LENGTH, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    is_required = forms.BooleanField(label=_("Wajib"), required=False)
    is_confirmed = forms.BooleanField(label=_("Sudah dikonfirmasi LSP"), required=False)

    def __init__(self, *args: Any, kinds: list[DocumentType], **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["document_type"]
        field.queryset = DocumentType.objects.filter(is_personal_evidence=True)
        # Read once for all lines instead of once per line.
        field.choices = [("", field.empty_label), *((kind.pk, kind.title) for kind in kinds)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        kind = cleaned.get("document_type")
        if kind is not None and not cleaned.get("title", "").strip():
            cleaned["title"] = kind.title
            cleaned["help_text"] = cleaned.get("help_text") or kind.help_text
        return cleaned

    @classmethod
    def of(cls, requirement: Requirement, kinds: list[DocumentType], data: Any = None) -> "RequirementForm":
        names = ("section", "title", "document_type", "help_text", "is_required", "is_confirmed")
        initial = {name: getattr(requirement, name) for name in names}
        initial |= {"seen": requirement_state(requirement)}
        if requirement.document_type not in kinds:  # a kind that is no longer offered stays where it is used
            kinds = [*kinds, requirement.document_type]
        return cls(data, initial=initial, kinds=kinds, prefix=f"syarat{requirement.pk}")

    @classmethod
    def blank(cls, kinds: list[DocumentType], data: Any = None, section: str = "") -> "RequirementForm":
        initial = {"section": section or RequirementSection.BASIC, "is_required": True}
        return cls(data, initial=initial, kinds=kinds, prefix="syarat")


class NewSchemeForm(EditorForm):
    """A scheme begins with its title; the rest follows in the editor."""

    title = forms.CharField(label=_("Judul skema"), max_length=TITLE_LENGTH)
    code = forms.CharField(
        label=_("Kode"),
        max_length=CODE_LENGTH,
        required=False,
        help_text=_("Menjadi bagian alamat halaman publik dan tidak berubah lagi. Kosongkan: dibuat dari judul."),
    )


class UnitTextForm(EditorForm):
    """A unit's elements and criteria, a line each."""

    text = forms.CharField(
        label=_("Elemen dan kriteria unjuk kerja"), required=False, strip=False, widget=forms.Textarea
    )
    is_compared = forms.BooleanField(
        label=_("Saya sudah mencocokkan teks ini dengan dokumen standarnya"), required=False
    )
