"""Small questions about schemes, asked by services and screens alike."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.schemes.enums import Completeness, VersionStatus
from core.schemes.models import CompetencyUnit, SchemeVersion
from core.schemes.queries import VersionContent, content_of, uses_of


def is_editable(version: SchemeVersion) -> bool:
    """Units and requirements change only in a draft: applications already rest on what was published."""
    return version.status == VersionStatus.DRAFT


def is_in_force(unit: CompetencyUnit) -> bool:
    """Whether a published scheme prints this unit: its text is then what candidates read and sign today."""
    return unit.scheme_versions.filter(status=VersionStatus.PUBLISHED).exists()


def deletion_refusal(unit: CompetencyUnit) -> str:
    """Why a unit stays: which versions hold it, or "" when none does."""
    used = [str(version) for version in uses_of(unit)[:4]]
    if not used:
        return ""
    return _(
        "Unit %(code)s tidak dapat dihapus: dipakai %(schemes)s. Keluarkan dari draf; versi yang pernah terbit "
        "tetap menyimpannya."
    ) % {"code": unit.code, "schemes": ", ".join(used[:3]) + (", …" if len(used) > 3 else "")}


#: The codes that certificate numbers are made of: name of the field → digits.
CODE_DIGITS = {"kbli_code": 5, "kbji_code": 4}


def code_refusal(name: str, value: str) -> str:
    """Why this is no KBLI or KBJI code, or ""; none at all is well."""
    digits = CODE_DIGITS[name]
    if not value or (value.isascii() and value.isdigit() and len(value) == digits):
        return ""
    return _("Kode %(code)s terdiri dari %(n)d angka.") % {"code": name[:4].upper(), "n": digits}


# --- what publishing asks for ---------------------------------------------------------------------


@dataclass(frozen=True)
class PublicationRule:
    """One line of "Siap terbit?": `missing` says in a sentence what lacks, or "" when all is well.

    What is required stops publishing; the rest is told and left to the LSP.
    """

    code: str
    label: Any
    missing: Callable[[VersionContent], str]
    is_required: bool = True


def _named(units: list[CompetencyUnit]) -> str:
    shown = ", ".join(unit.code for unit in units[:3])
    return shown if len(units) <= 3 else _("%(shown)s, dan %(n)d lagi") % {"shown": shown, "n": len(units) - 3}


def _lacks_units(content: VersionContent) -> str:
    return "" if content.units else _("Skema tanpa unit kompetensi tidak dapat diterbitkan.")


def _lacks_elements(content: VersionContent) -> str:
    empty = [unit for unit in content.units if not unit.elements.all()]
    if not empty:
        return ""
    return _("Ada unit tanpa elemen; FR.APL-02 tidak dapat diisi. Lengkapi unit itu dahulu: %(units)s.") % {
        "units": _named(empty)
    }


def _lacks_criteria(content: VersionContent) -> str:
    empty = [unit for unit in content.units if any(not element.criteria.all() for element in unit.elements.all())]
    if not empty:
        return ""
    return _("Ada elemen tanpa kriteria unjuk kerja. Lengkapi unit itu dahulu: %(units)s.") % {"units": _named(empty)}


def _lacks_text(content: VersionContent) -> str:
    partial = [unit for unit in content.units if unit.completeness != Completeness.COMPLETE]
    if not partial:
        return ""
    return _("Teks unit belum lengkap: %(units)s. Lengkapi menurut standarnya, lalu tandai unit itu “Lengkap”.") % {
        "units": _named(partial)
    }


def _lacks_purpose(content: VersionContent) -> str:
    return "" if content.purposes else _("Pilih sedikitnya satu tujuan asesmen.")


def _wrong_dates(content: VersionContent) -> str:
    closes = content.version.registration_closes_on
    if dates_refusal(content.version.registration_opens_on, closes):
        return dates_refusal(content.version.registration_opens_on, closes)
    if closes and closes < timezone.localdate():
        return _("Pendaftaran sudah berakhir pada %(day)s; ubah atau kosongkan tanggal tutupnya.") % {
            "day": date_format(closes, "j F Y")
        }
    return ""


def _lacks_requirements(content: VersionContent) -> str:
    return "" if content.requirements else _("Belum ada persyaratan; asesi tidak akan diminta mengunggah bukti.")


def _lacks_facts(content: VersionContent) -> str:
    scheme = content.version.scheme
    lacking = [
        str(label)
        for label, value in ((_("nomor skema"), scheme.number), (_("ringkasan"), scheme.summary))
        if not value
    ]
    return _("Masih kosong: %(fields)s.") % {"fields": ", ".join(lacking)} if lacking else ""


def _lacks_confirmation(content: VersionContent) -> str:
    waiting = sum(not requirement.is_confirmed for requirement in content.requirements)
    if content.version.is_confirmed and not waiting:
        return ""
    if content.version.is_confirmed:
        return _("%(n)d persyaratan belum dikonfirmasi LSP.") % {"n": waiting}
    return _("Asesi akan membaca tanda “menunggu konfirmasi LSP”.")


PUBLICATION_RULES = (
    PublicationRule("no_units", gettext_lazy("Unit kompetensi terisi"), _lacks_units),
    PublicationRule("unit_without_elements", gettext_lazy("Setiap unit mempunyai elemen"), _lacks_elements),
    PublicationRule(
        "element_without_criteria", gettext_lazy("Setiap elemen mempunyai kriteria unjuk kerja"), _lacks_criteria
    ),
    PublicationRule("unit_incomplete", gettext_lazy("Teks setiap unit lengkap"), _lacks_text),
    PublicationRule("no_purpose", gettext_lazy("Tujuan asesmen terpilih"), _lacks_purpose),
    PublicationRule("dates", gettext_lazy("Tanggal pendaftaran masuk akal"), _wrong_dates),
    PublicationRule("no_requirements", gettext_lazy("Persyaratan terisi"), _lacks_requirements, is_required=False),
    PublicationRule("no_facts", gettext_lazy("Nomor skema dan ringkasan terisi"), _lacks_facts, is_required=False),
    PublicationRule("unconfirmed", gettext_lazy("Dikonfirmasi LSP"), _lacks_confirmation, is_required=False),
)


@dataclass(frozen=True)
class Finding:
    """What one rule says about one version."""

    rule: PublicationRule
    sentence: str

    @property
    def is_met(self) -> bool:
        return not self.sentence

    @property
    def blocks(self) -> bool:
        return bool(self.sentence) and self.rule.is_required


def publication_findings(content: VersionContent) -> list[Finding]:
    """Every rule in order: the checklist beside the editor."""
    return [Finding(rule, rule.missing(content)) for rule in PUBLICATION_RULES]


def publication_refusal(version: SchemeVersion) -> Finding | None:
    """The first rule that stops publishing, asked of what the database holds now."""
    return next((finding for finding in publication_findings(content_of(version)) if finding.blocks), None)


def dates_refusal(opens: Any, closes: Any) -> str:
    if opens and closes and closes < opens:
        return _("Pendaftaran ditutup sebelum dibuka; tukar kedua tanggalnya.")
    return ""
