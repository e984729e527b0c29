"""The pages of an application: FR.APL-01 parts 1–3 and one page per unit of FR.APL-02.

Each part of the two forms is a section with a key; a section is what a return reopens, what the
task list shows, and what a draft's version counts. Which fields a section needs is decided here
and nowhere else: the task list, the sending and the secretariat's list of faults all ask `missing_in`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.applications.enums import Outcome
from core.applications.models import Application
from core.documents.models import KEPT_STATES
from core.schemes.models import CompetencyUnit
from core.schemes.queries import units_in_order

#: Sections that live in the candidate's profile: (attribute, name in a sentence). Shared by all applications.
PROFILE_FIELDS: dict[str, tuple[tuple[str, str], ...]] = {
    "personal": (
        ("nik", gettext_lazy("NIK")),
        ("birth_place", gettext_lazy("tempat lahir")),
        ("birth_date", gettext_lazy("tanggal lahir")),
        ("sex", gettext_lazy("jenis kelamin")),
        ("nationality", gettext_lazy("kebangsaan")),
        ("education", gettext_lazy("pendidikan terakhir")),
    ),
    "address": (
        ("home_address", gettext_lazy("alamat rumah")),
        ("home_region", gettext_lazy("kabupaten/kota")),
        ("phone_mobile", gettext_lazy("nomor HP")),
    ),
    "employment": (("occupation", gettext_lazy("pekerjaan")),),
}

SECTION_TITLES = {
    "personal": gettext_lazy("Data pribadi"),
    "address": gettext_lazy("Alamat dan kontak"),
    "employment": gettext_lazy("Pekerjaan sekarang"),
    "purpose": gettext_lazy("Tujuan asesmen"),
    "requirements": gettext_lazy("Bukti persyaratan"),
}


@dataclass(frozen=True)
class Section:
    """One section as the task list shows it. `missing` lists what still has to be filled in, in words."""

    key: str
    title: str
    form: str
    missing: list[str]
    is_open: bool
    return_note: str
    version: int
    unit: CompetencyUnit | None = None
    total: int = 1
    done: int = field(default=0)

    @property
    def is_complete(self) -> bool:
        return not self.missing


def unit_key(unit: CompetencyUnit) -> str:
    return f"unit-{unit.pk}"


def section_keys(application: Application) -> list[str]:
    """All keys of an application's sections, in the order of the forms."""
    links = application.scheme_version.scheme_units.order_by("position").values_list("unit_id", flat=True)
    return [*SECTION_TITLES, *(f"unit-{pk}" for pk in links)]


def sections_of(application: Application) -> list[Section]:
    """The sections in order, with what is missing in each. The same number of queries for any scheme."""
    rows = {row.key: row for row in application.sections.all()}
    made = []
    for key, title in SECTION_TITLES.items():
        missing = _MISSING[key](application)
        made.append(_section(key, str(title), "FR.APL-01", missing, rows))
    answers = dict(application.answers.values_list("element_id", "outcome"))
    for unit in units_in_order(application.scheme_version, with_criteria=False):
        elements = list(unit.elements.all())
        open_elements = [e for e in elements if answers.get(e.pk) not in Outcome.values]
        missing = [_("elemen %(number)d") % {"number": e.number} for e in open_elements]
        made.append(
            _section(
                unit_key(unit),
                unit.title,
                "FR.APL-02",
                missing,
                rows,
                unit=unit,
                total=len(elements),
                done=len(elements) - len(open_elements),
            )
        )
    return made


def _section(key: str, title: str, form: str, missing: list[str], rows: dict, **more) -> Section:
    row = rows.get(key)
    is_open = row.is_open if row else True
    return Section(
        key=key,
        title=title,
        form=form,
        # A closed section is taken from the sending before, whatever profile and scheme say now.
        missing=missing if is_open else [],
        is_open=is_open,
        return_note=row.return_note if row else "",
        version=row.version if row else 0,
        **more,
    )


def _missing_profile(key: str) -> Callable[[Application], list[str]]:
    def missing(application: Application) -> list[str]:
        profile = application.candidate
        return [
            str(name)
            for attribute, name in PROFILE_FIELDS[key]
            if not getattr(profile, f"{attribute}_id", getattr(profile, attribute))
        ]

    return missing


def _missing_purpose(application: Application) -> list[str]:
    if application.purpose is None:
        return [_("tujuan asesmen")]
    if application.purpose.needs_explanation and not application.purpose_explanation:
        return [_("penjelasan tujuan")]
    return []


def _missing_requirements(application: Application) -> list[str]:
    with_files = set(
        application.requirement_evidence.filter(documents__state__in=KEPT_STATES).values_list(
            "requirement_id", flat=True
        )
    )
    return [r.title for r in application.scheme_version.requirements.all() if r.is_required and r.pk not in with_files]


_MISSING: dict[str, Callable[[Application], list[str]]] = {
    **{key: _missing_profile(key) for key in PROFILE_FIELDS},
    "purpose": _missing_purpose,
    "requirements": _missing_requirements,
}
