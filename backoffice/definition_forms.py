"""The forms of the form editor. They read what was typed; whether it may be saved is said by the services."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.scheme_forms import EditorForm
from core.assessments.enums import FormParty, FormStage, FormSubject, LineKind, Repeat
from core.assessments.form_rules import fixed_facts
from core.assessments.models import FormLine, FormVersion
from core.assessments.services.definitions import (
    FORM_FIELDS,
    HELP_LENGTH,
    LABEL_LENGTH,
    LINE_FIELDS,
    OPTIONS_LENGTH,
    TITLE_LENGTH,
    head_state,
    line_state,
)


class NewFormForm(EditorForm):
    """A form begins with its name and who fills it in; its lines follow in the editor."""

    title = forms.CharField(
        label=_("Nama formulir"), max_length=TITLE_LENGTH, help_text=_("Contoh: FR.IA.07 Pertanyaan Lisan")
    )
    subject = forms.ChoiceField(label=_("Tentang"), choices=FormSubject.choices)
    stage = forms.ChoiceField(label=_("Kapan"), choices=FormStage.choices, initial=FormStage.DURING)
    filled_by = forms.ChoiceField(label=_("Diisi dan ditandatangani oleh"), choices=FormParty.choices)


class FormHeadForm(NewFormForm):
    """A form as the list shows it, and whether the LSP confirmed one of its versions."""

    is_active = forms.BooleanField(
        label=_("Formulir ini dipakai"),
        required=False,
        help_text=_("Bila tidak, formulir tidak lagi ditambahkan pada berkas baru."),
    )
    is_confirmed = forms.BooleanField(label=_("LSP sudah mengonfirmasi versi ini"), required=False)

    @classmethod
    def of(cls, version: FormVersion, data: Any = None) -> "FormHeadForm":
        initial = {name: getattr(version.definition, name) for name in FORM_FIELDS}
        initial |= {"is_confirmed": version.is_confirmed, "seen": head_state(version)}
        form = cls(data, initial=initial, prefix="data")
        if why := fixed_facts(version.definition):
            for name in ("subject", "filled_by"):
                form.fields[name].disabled = True
            form.fields["filled_by"].help_text = why
        return form


class LineForm(EditorForm):
    """One line of a form, as it stands on the paper."""

    kind = forms.ChoiceField(label=_("Jenis baris"), choices=LineKind.choices)
    label = forms.CharField(label=_("Teks"), max_length=LABEL_LENGTH, widget=forms.Textarea(attrs={"rows": 2}))
    options = forms.CharField(
        label=_("Pilihan (satu per baris)"),
        max_length=OPTIONS_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    repeat = forms.ChoiceField(label=_("Ulangi"), choices=Repeat.choices, required=False)
    help_text = forms.CharField(label=_("Petunjuk"), max_length=HELP_LENGTH, required=False)
    filled_by = forms.ChoiceField(
        label=_("Diisi oleh"), choices=[("", _("Seperti formulirnya")), *FormParty.choices], required=False
    )
    is_required = forms.BooleanField(label=_("Wajib diisi"), required=False)
    asks_comment = forms.BooleanField(label=_("Sediakan catatan di sebelah jawaban"), required=False)

    def clean_repeat(self) -> str:
        return self.cleaned_data["repeat"] or Repeat.ONCE

    @classmethod
    def of(cls, line: FormLine, data: Any = None) -> "LineForm":
        initial = {name: getattr(line, name) for name in LINE_FIELDS} | {"seen": line_state(line)}
        return cls(data, initial=initial, prefix=f"baris{line.pk}")

    @classmethod
    def blank(cls, data: Any = None, kind: str = LineKind.TEXT) -> "LineForm":
        return cls(data, initial={"kind": kind, "is_required": True, "repeat": Repeat.ONCE}, prefix="baru")
