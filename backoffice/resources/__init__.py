"""Lists as spreadsheets, both ways; one file per room, one line here per resource.

A new list: a `SheetResource` in its room's file, a line below, and `SpreadsheetMixin` with
`resource_class` on its admin.
"""

from backoffice.resources.accounts import AssessorResource, CandidateResource, ConsentResource, UserResource
from backoffice.resources.applications import ApplicationResource
from backoffice.resources.assessments import SessionResource, VenueResource
from backoffice.resources.base import SheetResource
from backoffice.resources.calendar import HolidayResource
from backoffice.resources.certificates import CertificateResource, SurveillanceResource
from backoffice.resources.codelists import CodeListResource, RegionResource
from backoffice.resources.content import AnnouncementResource, DownloadResource, QuestionResource
from backoffice.resources.decisions import AppealResource, PlenaryResource
from backoffice.resources.documents import DocumentResource, DocumentTypeResource, ExpectedDocumentResource
from backoffice.resources.handovers import HandoverResource
from backoffice.resources.inquiries import TicketResource
from backoffice.resources.institutions import InstitutionResource, InvitationBatchResource
from backoffice.resources.messaging import OutboxResource
from backoffice.resources.past_certificates import PastCertificateResource
from backoffice.resources.privacy import DestructionBatchResource, LegalHoldResource, PrivacyRequestResource
from backoffice.resources.schemes import CompetencyUnitResource, SchemeResource

RESOURCES: dict[str, type[SheetResource]] = {
    resource.kind: resource
    for resource in (
        SchemeResource,
        CompetencyUnitResource,
        AssessorResource,
        CandidateResource,
        PastCertificateResource,
        CodeListResource,
        DocumentTypeResource,
        ExpectedDocumentResource,
        VenueResource,
        SessionResource,
        ApplicationResource,
        QuestionResource,
        AnnouncementResource,
        DownloadResource,
        HolidayResource,
        TicketResource,
        PlenaryResource,
        AppealResource,
        CertificateResource,
        SurveillanceResource,
        DocumentResource,
        HandoverResource,
        InstitutionResource,
        InvitationBatchResource,
        OutboxResource,
        UserResource,
        ConsentResource,
        PrivacyRequestResource,
        LegalHoldResource,
        DestructionBatchResource,
        RegionResource,
    )
}
