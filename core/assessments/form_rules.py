"""Small questions about what a form asks, and what publishing it needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.assessments.enums import KINDS_WITH_OPTIONS, SILENT_KINDS, FormParty, FormStage, FormSubject, LineKind, Repeat
from core.assessments.models import FormDefinition, FormLine, FormVersion
from core.schemes.enums import VersionStatus
from core.schemes.rules import Finding, PublicationRule

#: Answers that the system itself reads on: form → key → kind of the line, and how often it is asked.
#: The words of such a line may change; its kind and its place in a section may not.
SYSTEM_LINES: dict[str, dict[str, tuple[LineKind, Repeat]]] = {
    "fr-ak-02": {
        "metode": (LineKind.CHECKS, Repeat.UNIT),
        "hasil": (LineKind.OUTCOME, Repeat.UNIT),
        "rekomendasi": (LineKind.OUTCOME, Repeat.ONCE),
        "tindak-lanjut": (LineKind.LONG_TEXT, Repeat.ONCE),
        "komentar": (LineKind.LONG_TEXT, Repeat.ONCE),
    },
    "fr-ak-04": {"alasan": (LineKind.LONG_TEXT, Repeat.ONCE)},
    "fr-ia-01": {"kuk": (LineKind.YES_NO, Repeat.CRITERION)},
}
_WRITTEN = frozenset({LineKind.TEXT, LineKind.LONG_TEXT})


def is_editable(version: FormVersion) -> bool:
    """Lines change only in a draft: papers are already filled in by what was published."""
    return version.status == VersionStatus.DRAFT


def is_read_by_system(line: FormLine) -> bool:
    return line.key in SYSTEM_LINES.get(line.version.definition.code, {})


def same_answers(one: str, other: str) -> bool:
    """Whether lines of two kinds are answered alike, so that one key may name both."""
    return one == other or {one, other} <= _WRITTEN


def is_in_use(definition: FormDefinition) -> bool:
    """Whether a paper of this form was ever laid into a case."""
    return definition.filled.exists()


# --- what publishing asks for -------------------------------------------------------------------------


@dataclass(frozen=True)
class FormContent:
    """A version with its lines, read at one moment, each line with the section that it stands in."""

    version: FormVersion
    lines: list[tuple[FormLine, FormLine | None]]
    is_needed: bool

    @property
    def questions(self) -> list[tuple[FormLine, FormLine | None]]:
        return [(line, section) for line, section in self.lines if line.kind not in SILENT_KINDS]


def content_of(version: FormVersion) -> FormContent:
    """Two queries, however long the form is."""
    section, placed = None, []
    for line in version.lines.order_by("position", "pk"):
        line.version = version
        if line.kind == LineKind.SECTION:
            section = line
        placed.append((line, section))
    return FormContent(version, placed, is_needed=version.definition.requirements.filter(is_used=True).exists())


def _named(lines: list[FormLine]) -> str:
    shown = ", ".join(f"“{line.label[:40]}”" for line in lines[:3])
    return shown if len(lines) <= 3 else _("%(shown)s, dan %(n)d lagi") % {"shown": shown, "n": len(lines) - 3}


def _lacks_questions(content: FormContent) -> str:
    return "" if content.questions else _("Formulir tanpa isian tidak dapat diterbitkan. Tambahkan satu baris isian.")


def _asks_before_sections(content: FormContent) -> str:
    if not any(section for _line, section in content.lines):
        return ""
    early = [line for line, section in content.questions if section is None]
    if not early:
        return ""
    return _("Ada isian di atas bagian pertama: %(lines)s. Pindahkan ke dalam sebuah bagian.") % {
        "lines": _named(early)
    }


def _lacks_options(content: FormContent) -> str:
    poor = [line for line, _section in content.questions if line.kind in KINDS_WITH_OPTIONS and len(line.choices) < 2]
    return _("Tulis sedikitnya dua pilihan untuk %(lines)s.") % {"lines": _named(poor)} if poor else ""


def _asks_strangers(content: FormContent) -> str:
    party = content.version.definition.filled_by
    strangers = [
        line
        for line, _section in content.questions
        if party != FormParty.BOTH and line.filled_by and line.filled_by != party
    ]
    if not strangers:
        return ""
    return _("Formulir ini diisi %(party)s saja, jadi tidak ada yang mengisi %(lines)s.") % {
        "party": content.version.definition.get_filled_by_display().lower(),
        "lines": _named(strangers),
    }


def _repeats_without_case(content: FormContent) -> str:
    if content.version.definition.subject != FormSubject.SESSION:
        return ""
    repeated = [line for line, section in content.lines if line is section and line.repeat != Repeat.ONCE]
    if not repeated:
        return ""
    return _("Formulir tentang jadwal uji tidak mengulang bagian per unit, elemen, atau KUK: %(lines)s.") % {
        "lines": _named(repeated)
    }


def _lacks_system_lines(content: FormContent) -> str:
    asked = {line.key: (line.kind, section.repeat if section else Repeat.ONCE) for line, section in content.questions}
    for key, wanted in SYSTEM_LINES.get(content.version.definition.code, {}).items():
        if asked.get(key) != wanted:
            kind, repeat = wanted
            return _("Sistem membaca isian “%(key)s”: %(kind)s, %(repeat)s. Kembalikan baris itu ke tempatnya.") % {
                "key": key,
                "kind": kind.label.lower(),
                "repeat": repeat.label.lower(),
            }
    return ""


def _has_empty_sections(content: FormContent) -> str:
    filled = {section.pk for line, section in content.lines if section is not None and line is not section}
    empty = [line for line, section in content.lines if line is section and line.pk not in filled]
    return _("Bagian tanpa isi: %(lines)s.") % {"lines": _named(empty)} if empty else ""


def _is_not_needed(content: FormContent) -> str:
    return "" if content.is_needed else _("Belum dipakai skema mana pun; atur pada kelengkapan formulir.")


def _lacks_confirmation(content: FormContent) -> str:
    return "" if content.version.is_confirmed else _("Formulir ini tampil dengan tanda “menunggu konfirmasi LSP”.")


PUBLICATION_RULES = (
    PublicationRule("no_questions", gettext_lazy("Ada isian"), _lacks_questions),
    PublicationRule("sections_first", gettext_lazy("Setiap isian berada dalam sebuah bagian"), _asks_before_sections),
    PublicationRule("no_options", gettext_lazy("Pilihan tertulis"), _lacks_options),
    PublicationRule("strangers", gettext_lazy("Setiap isian ada yang mengisi"), _asks_strangers),
    PublicationRule("repeats", gettext_lazy("Pengulangan sesuai"), _repeats_without_case),
    PublicationRule("system_lines", gettext_lazy("Isian yang dibaca sistem lengkap"), _lacks_system_lines),
    PublicationRule("empty_sections", gettext_lazy("Tidak ada bagian kosong"), _has_empty_sections, is_required=False),
    PublicationRule("not_needed", gettext_lazy("Dipakai sedikitnya satu skema"), _is_not_needed, is_required=False),
    PublicationRule("unconfirmed", gettext_lazy("Dikonfirmasi LSP"), _lacks_confirmation, is_required=False),
)


def publication_findings(content: FormContent) -> list[Finding]:
    """Every rule in order: the checklist beside the editor."""
    return [Finding(rule, rule.missing(content)) for rule in PUBLICATION_RULES]


def publication_refusal(version: FormVersion) -> Finding | None:
    """The first rule that stops publishing, asked of what the database holds now."""
    return next((finding for finding in publication_findings(content_of(version)) if finding.blocks), None)


def fixed_facts(definition: FormDefinition) -> str:
    """Why subject and signers no longer change, or "": papers that are filled in rest on them."""
    if not is_in_use(definition):
        return ""
    return _("Formulir ini sudah pernah diisi, jadi siapa yang mengisi dan tentang apa tidak berubah lagi.")


def missing_fact(values: Mapping[str, Any]) -> tuple[str, str] | None:
    """The first head field that says nothing the system knows: (field, sentence)."""
    for name, words, sentence in (
        ("subject", FormSubject, _("Pilih formulir ini tentang apa.")),
        ("stage", FormStage, _("Pilih kapan formulir ini diisi.")),
        ("filled_by", FormParty, _("Pilih siapa yang mengisi.")),
    ):
        if values[name] not in words.values:
            return name, sentence
    return None
