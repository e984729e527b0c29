"""FR.AK.04."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.assessments.models import FormLine
from core.assessments.papers.answers import MAX_LINE
from core.assessments.papers.layout import comment_line
from core.decisions.services.appeals import MAX_REASON


class AppealForm(forms.Form):
    """What FR.AK.04 asks, why, and the signature."""

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
        widget=forms.CheckboxInput(attrs={"data-no-draft": ""}),
    )

    def __init__(self, *args: Any, questions: Sequence[FormLine] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        for line in questions:
            self.fields[f"line-{line.key}"] = forms.ChoiceField(
                label=line.label,
                help_text=line.help_text,
                choices=[("ya", _("Ya")), ("tidak", _("Tidak"))],
                widget=forms.RadioSelect,
                required=line.is_required,
                error_messages={"required": _("Pilih Ya atau Tidak.")},
            )
            if line.asks_comment:
                comment = comment_line(line)
                self.fields[f"line-{comment.key}"] = forms.CharField(
                    label=comment.label, required=False, max_length=MAX_LINE, widget=forms.Textarea(attrs={"rows": 2})
                )

    @property
    def answers(self) -> dict[str, str]:
        """{key of the line: ya, tidak or ""}, and {key of its comment: words}"""
        return {name.removeprefix("line-"): self.cleaned_data[name] for name in self._asked}

    @property
    def question_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self._asked]

    @property
    def _asked(self) -> list[str]:
        return [name for name in self.fields if name.startswith("line-")]
