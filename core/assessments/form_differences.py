"""What a version of a form asks that another did not; lines are the same when their key is."""

from django.utils.translation import gettext as _

from core.assessments.enums import LineKind
from core.assessments.models import FormLine, FormVersion
from core.schemes.queries import Difference


def form_differences(before: FormVersion, after: FormVersion) -> list[Difference]:
    """In the order of the newer form, what is gone last: two queries, however long the forms are."""
    old = {line.key: line for line in before.lines.order_by("position", "pk")}
    new = {line.key: line for line in after.lines.order_by("position", "pk")}
    rows = []
    for key, line in new.items():
        if key not in old:
            rows.append(Difference("baru", line.label, line.get_kind_display()))
        elif changed := _changed(_facts(old[key]), _facts(line)):
            rows.append(Difference("berubah", line.label, changed))
    rows += [Difference("hilang", line.label, line.get_kind_display()) for key, line in old.items() if key not in new]
    if [key for key in old if key in new] != [key for key in new if key in old]:
        rows.append(Difference("berubah", _("Urutan baris"), _("Ada baris yang berpindah tempat.")))
    return rows


def _facts(line: FormLine) -> dict[str, str]:
    facts = {
        _("teks"): line.label,
        _("jenis baris"): line.get_kind_display(),
        _("petunjuk"): line.help_text,
        _("pilihan"): ", ".join(line.choices),
        _("diisi oleh"): line.get_filled_by_display() if line.filled_by else "",
        _("sifat"): _("wajib") if line.is_required else _("bila ada"),
        _("catatan di sebelahnya"): _("diminta") if line.asks_comment else "",
    }
    if line.kind == LineKind.SECTION:
        facts[_("ulangi")] = line.get_repeat_display()
    return facts


def _changed(old: dict[str, str], new: dict[str, str]) -> str:
    names = [name for name in {**old, **new} if old.get(name, "") != new.get(name, "")]
    return "; ".join(f"{name}: {old.get(name) or '–'} → {new.get(name) or '–'}" for name in names)
