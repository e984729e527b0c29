"""FR.APL-02 as the assessor reads it: per element the claim, its evidence, and the judgement on it.

Evidence is judged by VATM: valid, asli, terkini, memadai (BNSP's rule of evidence). An element for
which nothing was handed in has nothing to judge: it is looked into during the assessment.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.applications.models import Submission
from core.applications.queries import latest_submission
from core.assessments.models import EvidenceReview, PreAssessment
from core.schemes.models import Element

#: Field of EvidenceReview → (its letter, its name, what it lacks when it is not met).
CRITERIA = {
    "is_valid": ("V", _("Valid"), _("tidak sesuai dengan elemennya")),
    "is_authentic": ("A", _("Asli"), _("diragukan keasliannya")),
    "is_current": ("T", _("Terkini"), _("tidak terkini")),
    "is_sufficient": ("M", _("Memadai"), _("belum memadai")),
}


@dataclass(frozen=True)
class ElementRow:
    """One element of FR.APL-02 with the assessor's judgement; `review` None: not judged yet."""

    pk: int
    number: int
    title: str
    criteria: list[dict[str, str]]
    outcome: str
    evidence: list[str]  # keys into the snapshot's evidence
    review: EvidenceReview | None

    @property
    def lacking(self) -> list[str]:
        """The fields of VATM that the evidence does not meet."""
        return [name for name in CRITERIA if self.review is not None and getattr(self.review, name) is False]

    @property
    def is_judged(self) -> bool:
        return self.review is not None and all(getattr(self.review, name) is not None for name in CRITERIA)

    @property
    def is_open(self) -> bool:
        """Whether the assessor still has to say something."""
        return bool(self.evidence) and not self.is_judged

    @property
    def to_probe(self) -> bool:
        """Whether the assessment has to look into it: no evidence, or evidence that does not suffice."""
        return not self.evidence or bool(self.lacking)


@dataclass(frozen=True)
class UnitRows:
    pk: int
    code: str
    title: str
    elements: list[ElementRow]

    @property
    def open_count(self) -> int:
        return sum(row.is_open for row in self.elements)


def review_rows(
    submission: Submission, preassessment: PreAssessment | None, *, snapshot: Mapping[str, Any] | None = None
) -> list[UnitRows]:
    """The units of the form as it was sent, in its order. Three queries, whatever the scheme holds.

    `snapshot` is the submission's own unless a reader may see only a masked copy.
    """
    sections = (snapshot or submission.snapshot)["sections"]
    units = {int(key.removeprefix("unit-")): unit for key, unit in sections.items() if key.startswith("unit-")}
    elements = {
        (unit, number): pk
        for pk, unit, number in Element.objects.filter(unit__in=units).order_by().values_list("pk", "unit", "number")
    }
    judged = {review.element_id: review for review in preassessment.reviews.all()} if preassessment else {}
    found = []
    for unit_pk, unit in sorted(units.items(), key=lambda item: item[1]["position"]):
        rows = []
        for element in unit["elements"]:
            pk = elements.get((unit_pk, element["number"]))
            if pk is not None:
                rows.append(
                    ElementRow(
                        pk=pk,
                        number=element["number"],
                        title=element["title"],
                        criteria=element["criteria"],
                        outcome=element["outcome"],
                        evidence=element["evidence"],
                        review=judged.get(pk),
                    )
                )
        found.append(UnitRows(unit_pk, unit["code"], unit["title"], rows))
    return found


def elements_of(units: list[UnitRows]) -> list[ElementRow]:
    return [row for unit in units for row in unit.elements]


def rows_of(preassessment: PreAssessment) -> list[UnitRows]:
    """The rows of the sending that this assessor reads: the latest, since an accepted case is not sent again."""
    return review_rows(latest_submission(preassessment.application), preassessment)
