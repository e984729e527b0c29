"""The recap of certification: how many cases of which kind stand where, and how their certificates stand today.

The only place where these figures are computed: screen, print, export and letter draw from one `CertificationRecap`,
and the links behind the figures use the same columns (server_docs/decisions/0036). Where to look:

    scope         what is asked for: months, rows, what narrows
    figures       what is told
    cases         how cases are counted          rows     their values by name
    certificates  how certificates are counted   files    how complete files are
    recap         all of it together, and compared
    lists         which rows a list shows behind a figure
"""

from core.reports.certification_recap.figures import IN_USE, CertificationRecap, Figures, Holdings, Register, Row
from core.reports.certification_recap.lists import (
    at_venue,
    in_session,
    in_stage,
    with_assessor,
    with_employer,
    with_unit,
)
from core.reports.certification_recap.recap import certification_recap
from core.reports.certification_recap.scope import (
    COMPARED,
    COUNTED,
    DIMENSIONS,
    NEAR,
    NONE,
    PRESETS,
    REMOTE_WORD,
    Scope,
    compared_scope,
    days_query,
    month_from,
    period_asked,
    period_of,
    period_title,
    scope_for,
)

__all__ = [
    "COMPARED",
    "COUNTED",
    "DIMENSIONS",
    "IN_USE",
    "NEAR",
    "NONE",
    "PRESETS",
    "REMOTE_WORD",
    "CertificationRecap",
    "Figures",
    "Holdings",
    "Register",
    "Row",
    "Scope",
    "at_venue",
    "certification_recap",
    "compared_scope",
    "days_query",
    "in_session",
    "in_stage",
    "month_from",
    "period_asked",
    "period_of",
    "period_title",
    "scope_for",
    "with_assessor",
    "with_employer",
    "with_unit",
]
