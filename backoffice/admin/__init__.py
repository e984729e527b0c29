"""The register of the back office: which list shows which model. One line per model."""

from django.contrib import admin

from backoffice.admin.accounts import (
    AssessorProfileAdmin,
    CandidateProfileAdmin,
    ConsentAdmin,
    ConsentTextAdmin,
    UserAdmin,
)
from backoffice.admin.activity import ActivityEntryAdmin
from backoffice.admin.applications import ApplicationAdmin
from backoffice.admin.assessments import VenueAdmin
from backoffice.admin.backups import BackupRunAdmin, RestoreDrillAdmin
from backoffice.admin.calendar import HolidayAdmin
from backoffice.admin.certificates import CertificateAdmin
from backoffice.admin.codelists import CodeListAdmin, RegionAdmin
from backoffice.admin.content import NumberingRuleAdmin, OfficeDataAdmin, SystemPolicyAdmin
from backoffice.admin.decisions import AppealAdmin, PlenaryAdmin
from backoffice.admin.deleted import DeletedRecordAdmin
from backoffice.admin.documents import DocumentAdmin, DocumentTypeAdmin, ExpectedDocumentAdmin
from backoffice.admin.entries import AnnouncementAdmin, DownloadAdmin, QuestionAdmin
from backoffice.admin.forms import FormDefinitionAdmin, FormVersionAdmin
from backoffice.admin.handovers import HandoverAdmin, HandoverLayoutAdmin
from backoffice.admin.imports import ImportRunAdmin
from backoffice.admin.inquiries import AnswerTemplateAdmin, TicketAdmin
from backoffice.admin.institutions import InstitutionAdmin, InvitationBatchAdmin
from backoffice.admin.integrity import IntegrityRunAdmin
from backoffice.admin.jobs import JobAdmin
from backoffice.admin.messaging import MessageTemplateAdmin, OutboxMessageAdmin
from backoffice.admin.pages import MenuItemAdmin, PageAdmin
from backoffice.admin.past_certificates import PastCertificateAdmin
from backoffice.admin.privacy import DestructionBatchAdmin, LegalHoldAdmin, PrivacyRequestAdmin
from backoffice.admin.schemes import (
    AssessmentPurposeAdmin,
    CompetencyStandardAdmin,
    CompetencyUnitAdmin,
    SchemeAdmin,
    SchemeVersionAdmin,
)
from backoffice.admin.sessions import AssessmentSessionAdmin
from backoffice.admin.surveillance import SurveillanceAdmin
from backoffice.admin.timetable import ScheduledJobAdmin, ScheduledRunAdmin
from core import models

admin.site.register(models.Application, ApplicationAdmin)
admin.site.register(models.Document, DocumentAdmin)

admin.site.register(models.CandidateProfile, CandidateProfileAdmin)
admin.site.register(models.AssessorProfile, AssessorProfileAdmin)
admin.site.register(models.User, UserAdmin)
admin.site.register(models.Institution, InstitutionAdmin)
admin.site.register(models.InvitationBatch, InvitationBatchAdmin)

admin.site.register(models.AssessmentSession, AssessmentSessionAdmin)
admin.site.register(models.Venue, VenueAdmin)
admin.site.register(models.FormDefinition, FormDefinitionAdmin)
admin.site.register(models.FormVersion, FormVersionAdmin)
admin.site.register(models.Plenary, PlenaryAdmin)
admin.site.register(models.Appeal, AppealAdmin)


admin.site.register(models.Certificate, CertificateAdmin)
admin.site.register(models.PastCertificate, PastCertificateAdmin)
admin.site.register(models.Surveillance, SurveillanceAdmin)

admin.site.register(models.Handover, HandoverAdmin)
admin.site.register(models.HandoverLayout, HandoverLayoutAdmin)

admin.site.register(models.PrivacyRequest, PrivacyRequestAdmin)
admin.site.register(models.DestructionBatch, DestructionBatchAdmin)
admin.site.register(models.LegalHold, LegalHoldAdmin)

admin.site.register(models.Scheme, SchemeAdmin)
admin.site.register(models.SchemeVersion, SchemeVersionAdmin)
admin.site.register(models.CompetencyUnit, CompetencyUnitAdmin)
admin.site.register(models.CompetencyStandard, CompetencyStandardAdmin)

admin.site.register(models.Ticket, TicketAdmin)
admin.site.register(models.AnswerTemplate, AnswerTemplateAdmin)
admin.site.register(models.OutboxMessage, OutboxMessageAdmin)
admin.site.register(models.MessageTemplate, MessageTemplateAdmin)

admin.site.register(models.Page, PageAdmin)
admin.site.register(models.MenuItem, MenuItemAdmin)
admin.site.register(models.Question, QuestionAdmin)
admin.site.register(models.Announcement, AnnouncementAdmin)
admin.site.register(models.Download, DownloadAdmin)
admin.site.register(models.OfficeData, OfficeDataAdmin)
admin.site.register(models.SystemPolicy, SystemPolicyAdmin)
admin.site.register(models.DocumentType, DocumentTypeAdmin)
admin.site.register(models.ExpectedDocument, ExpectedDocumentAdmin)
admin.site.register(models.AssessmentPurpose, AssessmentPurposeAdmin)
admin.site.register(models.NumberingRule, NumberingRuleAdmin)
admin.site.register(models.ConsentText, ConsentTextAdmin)
admin.site.register(models.CodeList, CodeListAdmin)
admin.site.register(models.Region, RegionAdmin)
admin.site.register(models.Holiday, HolidayAdmin)

admin.site.register(models.ActivityEntry, ActivityEntryAdmin)
admin.site.register(models.IntegrityRun, IntegrityRunAdmin)
admin.site.register(models.ScheduledJob, ScheduledJobAdmin)
admin.site.register(models.ScheduledRun, ScheduledRunAdmin)
admin.site.register(models.BackupRun, BackupRunAdmin)
admin.site.register(models.RestoreDrill, RestoreDrillAdmin)
admin.site.register(models.DeletedRecord, DeletedRecordAdmin)
admin.site.register(models.Consent, ConsentAdmin)
admin.site.register(models.ImportRun, ImportRunAdmin)
admin.site.register(models.Job, JobAdmin)
