"""Table of contents: every model of the one app, room by room, in the order of the corridor."""

# ruff: noqa: F401
from core.accounts.models import (
    AssessorProfile,
    CandidateProfile,
    Consent,
    ConsentText,
    NameWord,
    RecoveryCode,
    RecoveryCodeGuard,
    TrustedDevice,
    User,
    UserSession,
)
from core.activity.models import ActivityCheck, ActivityEntry, ActivityHead, ActivitySeal, DeletedRecord
from core.applications.models import (
    Application,
    ApplicationSection,
    CaseDocument,
    Employer,
    ExpectedDocument,
    FormDocument,
    RequirementEvidence,
    ReturnRequest,
    Review,
    SelfAssessmentAnswer,
    Submission,
)
from core.assessments.models import (
    AssessmentRecord,
    AssessmentResult,
    AssessmentSession,
    AssessorQualification,
    Assignment,
    AssignmentLetter,
    EvidenceReview,
    FilledForm,
    FormDefinition,
    FormLine,
    FormRequirement,
    FormSignature,
    FormVersion,
    Placement,
    PreAssessment,
    Venue,
)
from core.backups.drill_models import RestoreDrill
from core.backups.models import BackupCopy, BackupRun
from core.certificates.models import Certificate, CertificateEvent, PastCertificate, Renewal, SigningKey, Surveillance
from core.codelists.models import CodeList, CodeListEntry, Region
from core.common.models import Holiday, NumberingCounter, NumberingRule, SentPage, UnsentForm
from core.content.entries import Announcement, Download, Question
from core.content.models import MenuItem, OfficeData, Page, PageEdition
from core.decisions.models import Appeal, Decision, Plenary, PlenaryMember
from core.documents.models import (
    Document,
    DocumentText,
    DocumentType,
    IntegrityFinding,
    IntegrityRun,
    PartialUpload,
    Signature,
)
from core.handovers.models import Handover, HandoverCase, HandoverColumn, HandoverFile, HandoverLayout, SessionCodes
from core.imports.models import ImportRun, RememberedColumns
from core.inquiries.models import AnswerTemplate, Ticket, TicketMessage
from core.institutions.models import Institution, InstitutionOfficer, Invitation, InvitationBatch
from core.jobs.models import Job
from core.messaging.models import MessageTemplate, OutboxAttachment, OutboxMessage
from core.policy.models import SystemPolicy
from core.privacy.models import DestructionBatch, DestructionItem, LegalHold, PrivacyNote, PrivacyRequest
from core.reports.models import (
    ApplicationTally,
    CaseLack,
    CaseStanding,
    CaseTally,
    CertificateMove,
    CertificateTally,
    DocumentTally,
    FacetTally,
    MonthTally,
    RecapMark,
    SavedRecap,
    TallyMove,
)
from core.savedviews.models import DefaultView, ExportProfile, SavedView
from core.schemes.models import (
    AssessmentPurpose,
    CompetencyStandard,
    CompetencyUnit,
    Element,
    PerformanceCriterion,
    Requirement,
    Scheme,
    SchemeUnit,
    SchemeVersion,
)
from core.timetable.models import ScheduledJob, ScheduledRun
