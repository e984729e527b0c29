"""Which models are versioned by django-reversion, in one list.

Versioned is what staff edit by hand. High-volume rows (applications, documents, messages, the log)
are not: their history is the activity log, and reversion slows down with millions of versions.
"""

import reversion


def register_versioned_models() -> None:
    from core import models

    for model, options in {
        models.Element: {"follow": ["criteria"]},
        models.PerformanceCriterion: {},
        models.CompetencyUnit: {"follow": ["elements"]},
        models.CompetencyStandard: {},
        models.Scheme: {},
        models.SchemeUnit: {},
        models.Requirement: {},
        models.SchemeVersion: {"follow": ["scheme_units", "requirements"]},
        models.AssessmentPurpose: {},
        models.DocumentType: {},
        models.MessageTemplate: {},
        models.NumberingRule: {},
        # What readers see is set by services (publishing, the logo); restoring an older text never changes it.
        models.OfficeData: {"exclude": ["logo"]},
        models.SystemPolicy: {},
        models.Page: {"exclude": ["withdrawn_at"]},
        models.MenuItem: {},
        models.CodeList: {"follow": ["entries"]},
        models.CodeListEntry: {},
        models.ConsentText: {},
        models.AssessorProfile: {},
        models.Venue: {},
    }.items():
        if not reversion.is_registered(model):
            reversion.register(model, **options)
