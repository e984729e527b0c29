"""A form as it would print empty: to look at while its draft is written. Nothing is stored, numbered or counted."""

from core.applications.sample import SAMPLE_NUMBER, sample_snapshot
from core.assessments.enums import FormParty, FormSubject
from core.assessments.models import FormVersion
from core.assessments.papers.content import frame, section_content
from core.assessments.papers.facts import head_lines
from core.assessments.papers.layout import named_units, spread
from core.assessments.papers.printing import TEMPLATE, paper_context
from core.assessments.papers.rules import parties_of
from core.documents.rendering import RenderedPdf, render_pdf
from core.schemes.models import SchemeVersion
from core.schemes.queries import open_versions


def sample_paper(version: FormVersion) -> RenderedPdf:
    """The blank PDF of a version over the units of a real scheme, every page marked CONTOH."""
    definition = version.definition
    scheme = _scheme_for(version)
    snapshot = sample_snapshot(scheme) if scheme else None
    about = snapshot["scheme"] if snapshot else {"kind": "", "title": "", "number": ""}
    is_of_case = definition.subject == FormSubject.CASE
    sections = spread(version, snapshot, party=FormParty(definition.filled_by), stored={}, known={})
    content = frame(definition, version, SAMPLE_NUMBER) | {
        "head": head_lines(about, session=None, assessor=None, candidate="" if is_of_case else None),
        "people": [] if is_of_case else [{"number": "", "name": "", "outcome": "", "note": ""}],
        "units": [] if is_of_case else named_units(snapshot),
        "sections": [section_content(section) for section in sections],
    }
    context = paper_context(content, definition, by_hand=True) | {
        "signers": [{"label": party.label} for party in parties_of(definition)],
        "is_sample": True,
    }
    return render_pdf(TEMPLATE, context)


def _scheme_for(version: FormVersion) -> SchemeVersion | None:
    """An open scheme that asks for the form in its own name, else any: the general set holds for all."""
    schemes = list(open_versions())
    own = set(
        version.definition.requirements.filter(is_used=True, scheme__isnull=False).values_list("scheme", flat=True)
    )
    return next((one for one in schemes if one.scheme_id in own), next(iter(schemes), None))
