"""Every address × every role: what each gets. An address that is not stated here fails the suite.

The tables are written by hand, not derived from the permissions they check. Numbers are HTTP
answers: 200 seen, 302 sent to the log-in (or on to where the act leads), 403 refused, 404 as if it
did not exist, 405 wrong method.
"""

import io
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from core import models
from core.activity.queries import versions_of
from core.activity.versions import keep_deleted, keep_version
from core.applications.forms import ensure_form
from core.applications.queries import latest_submission
from core.assessments.services import definitions
from core.assessments.services.papers import lay_in_paper
from core.content.services import publish_page, set_logo
from core.documents.integrity import verify_documents
from core.privacy.services import place_hold
from core.schemes.services import draft_next_version
from tests.factories.accounts import make_user, make_user_with_factor
from tests.factories.applications import make_application
from tests.factories.backups import make_backup, make_drill
from tests.factories.certificates import lay_certificate, make_certificate, make_past_certificate, make_surveillance
from tests.factories.content import make_announcement, make_download, make_page, png_bytes
from tests.factories.corridor import make_case, make_session
from tests.factories.form_definitions import make_form
from tests.factories.forms import FEEDBACK, make_form_definition
from tests.factories.imports import make_import_run
from tests.factories.inquiries import make_ticket
from tests.factories.institutions import make_batch, make_officer, make_upload, person_row
from tests.factories.jobs import make_finished_job, make_job
from tests.factories.privacy import make_request
from tests.factories.timetable import make_scheduled_run

pytestmark = pytest.mark.django_db

STAFF = ("administrator", "sekretariat", "asesor", "bnsp")
ROLES = ("anonymous", "owner", "other candidate", *STAFF)

# --- the portal -------------------------------------------------------------------------------------
# name: answers to GET for anonymous, owner, other candidate, administrator, sekretariat, asesor, bnsp
PUBLIC = (200,) * 7
OWN_CASE = (302, 200, 404, 404, 404, 404, 404)
OWN_PAGE = (302, 200, 200, 404, 404, 404, 404)
OFFICE = (302, 404, 404, 404, 404, 404, 404)
PORTAL = {
    "home": PUBLIC, "scheme_list": PUBLIC, "scheme_detail": PUBLIC, "flow": PUBLIC, "privacy": PUBLIC,
    "info": PUBLIC, "logo": PUBLIC, "preview": (404, 404, 404, 200, 200, 404, 404),
    "about": PUBLIC, "services": PUBLIC, "requirements": PUBLIC, "faq": PUBLIC, "announcements": PUBLIC,
    "announcement": PUBLIC, "downloads": PUBLIC, "download": PUBLIC, "certificate_register": PUBLIC,
    "certificate_register_year": PUBLIC, "preview_row": (404, 404, 404, 200, 200, 404, 404),
    "robots": PUBLIC, "sitemap": PUBLIC, "offline": PUBLIC, "service_worker": PUBLIC, "uploads": (405,) * 7, "upload": (405,) * 7,
    "verification_search": PUBLIC, "verification": PUBLIC, "health": PUBLIC, "metrics": (404,) * 7,  # without the token: tests/core/watch/test_metrics.py
   
    "register": (200, 302, 302, 302, 302, 302, 302), "registered": PUBLIC, "forgot_password": PUBLIC,
    "login": (200, 302, 302, 302, 302, 302, 302), "logout": (405,) * 7,
    "confirm": (410,) * 7, "new_password": (410,) * 7,
    "consent": (302, 302, 302, 404, 404, 404, 404),
    "verify_code": (302,) * 7,  # only for those who gave the password and still owe the code
    "security": OWN_PAGE, "second_factor": OWN_PAGE, "recovery_codes": OWN_PAGE, "second_factor_remove": OWN_PAGE,
    "end_sessions": (405,) * 7, "forget_devices": (405,) * 7,
    "desk": OWN_PAGE, "own_profile": OWN_PAGE, "start": OWN_PAGE, "renew": OWN_CASE,
    "own_data": OWN_PAGE, "own_name": (302, 302, 302, 404, 404, 404, 404), "own_data_download": OWN_PAGE, "privacy_request_new": OWN_PAGE, "privacy_request": OWN_CASE,
    "derive_from_nik": (405,) * 7, "evidence_slot": (405,) * 7, "case_file_bundle": (405,) * 7,
    "document": OWN_CASE, "case": OWN_CASE, "case_file": OWN_CASE, "profile_section": OWN_CASE, "purpose": OWN_CASE, "evidence": OWN_CASE,
    "unit": OWN_CASE, "check_answers": OWN_CASE, "withdraw": OWN_CASE,
    "appeal": (302, 302, 404, 404, 404, 404, 404),  # nothing was decided on a draft: test_decision.py has the rest
    "withdraw_appeal": (302, 302, 404, 404, 404, 404, 404),
    "submitted": OWN_CASE, "form_pdf": OWN_CASE, "schedule_calendar": OWN_CASE,
    "paper": OWN_CASE, "paper_sign": OWN_CASE, "paper_pdf": OWN_CASE,
    "verification_offline": PUBLIC, "verification_keys": PUBLIC, "verification_key": PUBLIC,
    "verification_issuer": PUBLIC, "verification_status": PUBLIC,
    "contact": PUBLIC, "complaint": PUBLIC, "ticket_sent": (302,) * 7,  # nothing was sent in this session
    "conversation": PUBLIC,  # for whoever holds its link
    "messages": OWN_PAGE, "own_ticket": OWN_CASE, "letter": OWN_CASE,
    "certificate_pdf": OWN_CASE, "certificate_badge": OWN_CASE,
    # institutions; what their officers get stands in OFFICER
    "institution": PUBLIC, "institution_register": (200, 302, 302, 302, 302, 302, 302),
    "institution_desk": OFFICE, "institution_data": OFFICE, "institution_colleague": OFFICE,
    "institution_upload": OFFICE, "institution_template": OFFICE, "institution_file": OFFICE,
    "institution_faults": OFFICE, "institution_batch": OFFICE, "institution_invitation": OFFICE,
    "invited": (410,) * 7, "share_result": (405,) * 7,
}  # fmt: skip
#: What an officer of an institution gets: of a candidate's pages as little as an assessor, of an institution's only
#: the own one's. Every address that is not named here answers as it does an assessor.
OFFICER = {
    "consent": 302, "desk": 302, "messages": 200, "own_data": 200, "own_data_download": 200, "own_name": 200,
    "privacy_request_new": 200, "security": 200, "second_factor": 200, "recovery_codes": 200, "second_factor_remove": 200,
    "institution_desk": 200, "institution_data": 200, "institution_colleague": 200, "institution_upload": 200,
    "institution_template": 200, "institution_file": 200, "institution_faults": 200, "institution_batch": 200,
    "institution_invitation": 200,
}  # fmt: skip
#: Rows of an institution: an officer of another one finds none of them.
OF_AN_INSTITUTION = ("institution_file", "institution_faults", "institution_batch", "institution_invitation")
#: Anonymous: the log-in page, keeping what was typed.
KEPT = (200, 404, 404, 404, 404, 404, 404)
#: Addresses that only take POST, and pages that change something: what a POST gets.
PORTAL_POST = {
    "derive_from_nik": (200, 200, 200, 404, 404, 404, 404),  # anonymous: the log-in page, keeping what was typed
    "evidence_slot": (200, 200, 404, 404, 404, 404, 404),
    "uploads": (200, 412, 412, 404, 404, 404, 404),  # without the header of the protocol: test_uploads.py has the rest
    "purpose": (200, 200, 404, 404, 404, 404, 404), "evidence": (200, 302, 404, 404, 404, 404, 404),
    "profile_section": (200, 200, 404, 404, 404, 404, 404), "own_profile": (200, 302, 302, 404, 404, 404, 404),
    "unit": (200, 200, 404, 404, 404, 404, 404), "check_answers": (200, 200, 404, 404, 404, 404, 404),
    "appeal": (200, 302, 404, 404, 404, 404, 404), "withdraw_appeal": (200, 302, 404, 404, 404, 404, 404),
    "withdraw": (200, 302, 404, 404, 404, 404, 404), "start": (302, 302, 302, 404, 404, 404, 404),
    "paper": (200, 200, 404, 404, 404, 404, 404), "paper_sign": (200, 200, 404, 404, 404, 404, 404),
    "paper_pdf": (405,) * 7,
    "second_factor": (200, 200, 200, 404, 404, 404, 404), "recovery_codes": (200, 200, 200, 404, 404, 404, 404),
    "second_factor_remove": (200, 200, 200, 404, 404, 404, 404), "security": (405,) * 7,
    "end_sessions": (200, 302, 302, 404, 404, 404, 404), "forget_devices": (200, 302, 302, 404, 404, 404, 404),
    "renew": (200, 302, 404, 404, 404, 404, 404),
    "contact": (200,) * 7, "complaint": (200,) * 7,  # nothing was filled in
    "ticket_sent": (405,) * 7, "conversation": (200,) * 7, "messages": (405,) * 7, "letter": (405,) * 7,
    "own_ticket": (200, 200, 404, 404, 404, 404, 404),
    "own_data": (405,) * 7, "own_name": (200, 302, 302, 404, 404, 404, 404), "own_data_download": (200, 200, 200, 404, 404, 404, 404),
    "privacy_request_new": (200, 302, 302, 404, 404, 404, 404),
    "privacy_request": (200, 200, 404, 404, 404, 404, 404),
    "case": (405,) * 7, "case_file": (405,) * 7, "desk": (405,) * 7,
    "case_file_bundle": (200, 302, 404, 404, 404, 404, 404),  # of a draft: back to the page, with the reason
    "document": (405,) * 7, "form_pdf": (405,) * 7, "submitted": (405,) * 7,
    "schedule_calendar": (405,) * 7,
    "institution_data": KEPT, "institution_colleague": KEPT, "institution_upload": KEPT, "institution_file": KEPT,
    "institution_batch": KEPT, "institution_invitation": KEPT,
    "invited": (410,) * 7, "share_result": (200, 404, 404, 404, 404, 404, 404),
    "institution_register": (200, 302, 302, 302, 302, 302, 302), "institution_desk": (405,) * 7,
}  # fmt: skip

# --- the back office ----------------------------------------------------------------------------------
# model: what administrator, sekretariat, asesor, bnsp may do. v view, a add, c change, d delete.
ADMIN_MODELS = {
    "application": ("v", "v", "v", "v"),
    "document": ("v", "v", "v", "v"),
    "candidateprofile": ("vc", "vc", "", ""),
    "assessorprofile": ("vacd", "vac", "", "v"),
    "user": ("vac", "v", "", ""),
    "scheme": ("vacd", "vacd", "v", "v"),
    "schemeversion": ("vacd", "vacd", "v", "v"),
    "formdefinition": ("vac", "vac", "", "v"),  # a draft is thrown away in its editor, what was published stays
    "formversion": ("vac", "vac", "", "v"),
    "competencyunit": ("vacd", "vacd", "v", "v"),
    "competencystandard": ("vacd", "vacd", "", "v"),
    "outboxmessage": ("v", "v", "", ""),
    "messagetemplate": ("vc", "vc", "", ""),
    "ticket": ("v", "v", "", "v"),  # BNSP: complaints only
    "answertemplate": ("vacd", "vacd", "", ""),
    "officedata": ("vc", "vc", "", ""),
    "systempolicy": ("vc", "", "", ""),
    "page": ("vacd", "vacd", "", ""),  # less for the texts that the portal itself reads: test_content.py
    "menuitem": ("vacd", "vacd", "", ""),
    "question": ("vacd", "vacd", "", ""),
    "announcement": ("vacd", "vacd", "", ""),
    "download": ("vacd", "vacd", "", ""),
    "documenttype": ("vacd", "vacd", "", "v"),
    "expecteddocument": ("vacd", "vacd", "", "v"),
    "assessmentpurpose": ("vacd", "vacd", "", "v"),
    "numberingrule": ("vc", "vc", "", ""),
    "consenttext": ("vacd", "vacd", "", ""),
    "codelist": ("vac", "vac", "", "v"),  # forms and exports ask for lists by their key
    "region": ("v", "v", "", "v"),
    "holiday": ("vacd", "vacd", "", ""),
    "venue": ("vacd", "vacd", "v", "v"),
    "assessmentsession": ("v", "vac", "v", "v"),  # the assessor sees those with a case of their own
    "plenary": ("v", "va", "", "v"),
    "appeal": ("v", "v", "", "v"),
    "certificate": ("v", "v", "", "v"),
    "pastcertificate": ("v", "vc", "", "v"),
    "handover": ("v", "va", "", "v"),  # BNSP: what went out
    "handoverlayout": ("vc", "vc", "", ""),
    "surveillance": ("v", "v", "", "v"),
    "activityentry": ("v", "v", "", "v"),
    "integrityrun": ("v", "v", "", "v"),
    "scheduledjob": ("v", "", "", ""),
    "scheduledrun": ("v", "", "", ""),
    "backuprun": ("v", "", "", "v"),
    "restoredrill": ("v", "", "", "v"),
    "deletedrecord": ("v", "v", "", "v"),
    "consent": ("v", "v", "", ""),
    "destructionbatch": ("v", "v", "", "v"),  # it names papers, not people
    "legalhold": ("vac", "vac", "", ""),
    "privacyrequest": ("v", "va", "", ""),
    "importrun": ("v", "v", "", ""),
    "job": ("v", "v", "v", "v"),
    "institution": ("v", "v", "", ""),
    "invitationbatch": ("v", "v", "", ""),
}
NEEDS = {"changelist": "v", "change": "v", "history": "v", "add": "a", "delete": "d"}
"""Which right a standard page of a model needs."""
#: Pages of versions: looking needs "v", turning back "c"; the list of deleted records leads to the one list of all.
VERSIONED = (
    "assessorprofile", "scheme", "schemeversion", "competencyunit", "competencystandard", "messagetemplate",
    "officedata", "documenttype", "expecteddocument", "assessmentpurpose", "numberingrule", "consenttext", "codelist", "systempolicy",
    "page", "menuitem", "question", "announcement", "download", "venue", "assessmentsession", "formdefinition", "formversion", "answertemplate",
    "holiday", "handoverlayout",
)  # fmt: skip
#: Rows that stand so that no version of them is turned back: a session with somebody in it is changed by its form.
FIXED = frozenset({"assessmentsession"})
VERSION_PAGES = ("compare", "revision", "recoverlist")

#: Pages of the back office beside the standard ones: GET answers for administrator, sekretariat, asesor, bnsp.
ADMIN_PAGES = {
    "index": (200,) * 4, "login": (302,) * 4, "search": (200,) * 4, "jsi18n": (200,) * 4,
    "password_change": (200,) * 4, "password_change_done": (200,) * 4, "logout": (405,) * 4,
    "setup": (200, 200, 403, 403),
    "system_health": (200, 403, 403, 403), "runbook_front": (200, 403, 403, 403), "runbook": (200, 403, 403, 403),
    "core_numberingrule_example": (405,) * 4,  # these three take POST only: test_content.py
    "core_messagetemplate_preview": (405,) * 4, "core_messagetemplate_test": (405,) * 4,
    "document": (200, 200, 404, 200),  # the assessor is assigned to no case yet
    "second_factor": (302,) * 4,  # nothing is owed
    "second_factor_enrol": (200,) * 4, "security": (200,) * 4, "recovery_codes": (200,) * 4,
    "second_factor_remove": (200,) * 4, "end_sessions": (405,) * 4, "forget_devices": (405,) * 4,
    "core_activityentry_people": (200, 200, 403, 200),
    "core_activityentry_export": (200, 200, 403, 200),
    "manual_front": (200,) * 4, "manual": (200,) * 4,
    "save_view": (200,) * 4, "saved_view": (404, 200, 404, 404),  # a view that was shared with the secretariat
    "choices": (200, 200, 200, 200),  # each source asks for the right to the list it serves, see test_lists.py
    "core_application_evidence": (200, 200, 404, 200), "core_application_open_next": (403, 302, 403, 403),
    "core_application_bulk": (405,) * 4, "core_user_bulk": (405,) * 4, "core_outboxmessage_bulk": (405,) * 4,
    "core_application_form": (302, 302, 404, 302),  # leads to the stored PDF
    "core_application_file": (200, 200, 404, 200),
    # What is done to the file of a case is done by POST.
    "core_application_file_take_out": (405,) * 4, "core_application_file_validity": (405,) * 4,
    "core_application_file_bundle": (405,) * 4,
    "core_application_check": (405, 405, 405, 405),
    "core_application_assign": (403, 200, 404, 403),
    "core_application_preassessment": (403, 403, 404, 403),  # the case's own assessor: tests of the screen
    # Results are written by the case's own assessor alone: tests of the screen.
    "core_application_results": (403, 403, 404, 403), "core_application_sign_results": (403, 403, 404, 403),
    "core_application_correct_results": (403, 403, 404, 403),
    "core_surveillance_record": (403, 200, 403, 403),
    "core_application_take_next": (405, 405, 405, 405),
    "core_assessmentsession_board": (403, 302, 403, 403), "core_assessmentsession_edit": (200,) * 4,
    "core_assessmentsession_act": (403, 200, 403, 403),  # looking shows the question; the act itself is a POST
    "core_assessmentsession_attendance": (403, 200, 200, 403),
    "core_assessmentsession_attendance_list": (200, 200, 200, 403),  # it names people
    "core_outboxmessage_attachment": (200, 200, 403, 403),
    "core_assessmentsession_seats": (405,) * 4, "core_assessmentsession_replace": (403, 200, 403, 403),
    "core_plenary_edit": (403, 200, 403, 403), "core_plenary_members": (403, 200, 403, 403),
    "core_plenary_cases": (403, 200, 403, 403), "core_plenary_decide": (405,) * 4,
    "core_plenary_act": (403, 200, 403, 403), "core_plenary_minutes": (404, 404, 403, 403),  # not confirmed yet
    "core_plenary_letter": (404, 404, 403, 403), "core_plenary_agenda": (403, 302, 403, 403),
    "certificates_issue": (403, 200, 403, 403), "core_certificate_issue": (403, 302, 403, 403),
    "core_certificate_blanks": (405,) * 4,
    # A hand-over that went out.
    "core_handover_of_plenary": (405,) * 4, "core_handover_remove": (405,) * 4, "core_handover_letter": (405,) * 4,
    "core_handover_download": (405,) * 4, "core_handover_file": (200, 200, 403, 200),
    "core_handover_cases": (403, 302, 403, 403), "core_handover_session": (403, 404, 403, 403),
    "core_handover_act": (403, 200, 403, 403),
    "core_certificate_pdf": (200, 200, 403, 403),  # names day and place of birth
    "core_certificate_act": (403, 200, 403, 403),
    # Spreadsheets in: who may edit the list; out: who may see it.
    "core_scheme_import_rows": (200, 200, 403, 403), "core_scheme_export_rows": (200,) * 4,
    "core_scheme_import_workbook": (200, 200, 403, 403),
    "core_competencyunit_import_rows": (200, 200, 403, 403), "core_competencyunit_export_rows": (200,) * 4,
    "core_assessorprofile_import_rows": (200, 200, 403, 403),
    "core_assessorprofile_export_rows": (200, 200, 403, 200),
    "core_candidateprofile_import_rows": (200, 200, 403, 403),
    "core_candidateprofile_export_rows": (200, 200, 403, 403),
    "core_venue_import_rows": (200, 200, 403, 403), "core_venue_export_rows": (200,) * 4,
    "core_assessmentsession_export_rows": (200,) * 4,
    "core_codelist_import_rows": (200, 200, 403, 403), "core_codelist_export_rows": (200, 200, 403, 200),
    "core_documenttype_import_rows": (200, 200, 403, 403), "core_documenttype_export_rows": (200, 200, 403, 200),
    "core_expecteddocument_import_rows": (200, 200, 403, 403),
    "core_expecteddocument_export_rows": (200, 200, 403, 200),
    "core_question_import_rows": (200, 200, 403, 403), "core_question_export_rows": (200, 200, 403, 403),
    "core_announcement_export_rows": (200, 200, 403, 403), "core_download_export_rows": (200, 200, 403, 403),
    "core_holiday_import_rows": (200, 200, 403, 403), "core_holiday_export_rows": (200, 200, 403, 403),
    "core_application_export_rows": (200,) * 4,  # the assessor's own cases
    "core_document_export_rows": (200,) * 4,  # as well
    "core_certificate_export_rows": (200, 200, 403, 200), "core_surveillance_export_rows": (200, 200, 403, 200),
    "core_plenary_export_rows": (200, 200, 403, 200), "core_appeal_export_rows": (200, 200, 403, 200),
    "core_handover_export_rows": (200, 200, 403, 200), "core_region_export_rows": (200, 200, 403, 200),
    "core_destructionbatch_export_rows": (200, 200, 403, 200), "core_legalhold_export_rows": (200, 200, 403, 403),
    "core_privacyrequest_export_rows": (200, 200, 403, 403), "core_consent_export_rows": (200, 200, 403, 403),
    "core_institution_export_rows": (200, 200, 403, 403), "core_invitationbatch_export_rows": (200, 200, 403, 403),
    "core_outboxmessage_export_rows": (200, 200, 403, 403), "core_user_export_rows": (200, 200, 403, 403),
    "core_schemeversion_export_workbook": (200,) * 4,
    "core_competencystandard_export_workbook": (200, 200, 403, 200),
    "document_recap": (200, 200, 403, 200), "document_recap_export": (200, 200, 403, 200),
    "certification_recap": (200,) * 4, "certification_recap_export": (200,) * 4,  # the assessor's own cases
    "save_recap": (200,) * 4, "saved_recap": (404,) * 4,  # somebody else's
    "core_integrityrun_request": (405,) * 4,
    "core_scheduledjob_run": (405,) * 4, "core_scheduledjob_pause": (405,) * 4, "core_scheduledjob_resume": (405,) * 4,
    "backups": (200, 403, 403, 200),
    "core_backuprun_request": (405,) * 4, "core_restoredrill_request": (405,) * 4,
    "core_restoredrill_certificate": (200, 403, 403, 200),
    "core_destructionbatch_due": (200, 200, 403, 302),  # readers are led to what was destroyed
    "core_destructionbatch_items": (405,) * 4, "core_destructionbatch_act": (200, 200, 403, 403),
    "core_destructionbatch_minutes": (404, 404, 403, 404),  # not destroyed yet
    "core_privacyrequest_act": (403, 200, 403, 403), "core_privacyrequest_note": (405,) * 4,
    "core_privacyrequest_erase": (405,) * 4, "core_privacyrequest_export": (405,) * 4,
    "core_ticket_answer": (405,) * 4, "core_ticket_act": (405,) * 4,
    "core_ticket_export_rows": (200, 200, 403, 200),
    "core_pastcertificate_import_rows": (403, 200, 403, 403),
    "core_pastcertificate_export_rows": (200, 200, 403, 200),
    "core_pastcertificate_suspend": (403, 200, 403, 403), "core_pastcertificate_reinstate": (403, 200, 403, 403),
    "core_pastcertificate_withdraw": (403, 200, 403, 403),
    "core_pastcertificate_link": (403, 200, 403, 403), "core_pastcertificate_unlink": (403, 200, 403, 403),
    "core_importrun_columns": (200, 200, 403, 403), "core_importrun_check": (405, 405, 403, 403),
    "core_importrun_progress": (302, 302, 403, 403), "core_importrun_cancel": (405, 405, 403, 403),
    "core_importrun_apply": (405, 405, 403, 403),
    "core_job_cancel": (405,) * 4, "core_job_download": (404, 200, 404, 404),  # whoever asked, nobody else
    "core_importrun_file": (200, 200, 403, 403), "core_importrun_report": (200, 200, 403, 403),
    "core_application_act": (403, 302, 404, 403),  # looking leads back to the case; the act itself is a POST
    "core_scheme_save": (405,) * 4, "core_scheme_units": (405,) * 4, "core_scheme_requirements": (405,) * 4,
    "core_scheme_search": (302, 302, 403, 403),  # without HTMX the editor itself searches
    "core_scheme_differences": (200,) * 4, "core_scheme_sample": (200,) * 4,
    "core_scheme_act": (200, 200, 403, 403),
    "core_competencyunit_text": (200, 200, 403, 403),
    "core_scheme_forms": (200, 200, 403, 200),
    "core_formdefinition_open_set": (302, 302, 403, 302), "core_formdefinition_set": (200, 200, 403, 200),
    "core_formdefinition_save": (405,) * 4,
    "core_formdefinition_lines": (302, 302, 403, 403),  # without HTMX the editor itself shows the blank line
    "core_formdefinition_differences": (200, 200, 403, 200), "core_formdefinition_act": (200, 200, 403, 403),
    "core_formdefinition_sample": (200, 200, 403, 200),
    # A paper that nobody has signed, of a case that is not this assessor's.
    "paper": (200, 200, 404, 404), "paper_print": (200, 200, 404, 404), "paper_sign": (403, 403, 404, 404),
    "paper_scan": (403, 200, 404, 404), "paper_correct": (403, 200, 404, 404),
    "paper_next": (302, 302, 404, 404), "papers_prepare": (405,) * 4,
    "core_institution_act": (403, 200, 403, 403),
}  # fmt: skip
#: Addresses of the editors of schemes and forms that change something: what an empty POST gets.
EDITOR_POSTS = {
    "core_scheme_save": (422, 422, 403, 403),  # nothing was filled in: the form again
    "core_scheme_units": (302, 302, 403, 403), "core_scheme_requirements": (302, 302, 403, 403),
    "core_scheme_act": (302, 302, 403, 403), "core_scheme_search": (405,) * 4,
    "core_scheme_differences": (405,) * 4, "core_scheme_sample": (405,) * 4,
    "core_competencyunit_text": (422, 422, 403, 403),
    "core_scheme_forms": (404, 404, 403, 403),  # no form was named
    "core_formdefinition_open_set": (302, 302, 403, 302), "core_formdefinition_set": (404, 404, 403, 403),
    "core_formdefinition_save": (422, 422, 403, 403), "core_formdefinition_lines": (302, 302, 403, 403),
    "core_formdefinition_differences": (405,) * 4, "core_formdefinition_act": (302, 302, 403, 403),
    "core_formdefinition_sample": (405,) * 4,
}  # fmt: skip
#: Acts on one row: they may only happen by POST, and only for those who hold the right.
ADMIN_ACTS = {
    "core_user_resend_confirmation": "administrator",
    "core_user_reset_second_factor": "administrator",
    "core_user_end_sessions": "administrator",
    "core_outboxmessage_resend": "administrator sekretariat",
    "core_consenttext_publish": "administrator sekretariat",
    "core_page_publish": "administrator sekretariat",
    "core_page_unschedule": "administrator sekretariat",
    "core_page_discard": "administrator sekretariat",
    "core_page_withdraw": "administrator sekretariat",
    "core_messagetemplate_reset": "administrator sekretariat",
    "core_deletedrecord_recover": "administrator sekretariat",
}
#: Django's own helpers, which answer by the rights of the model behind them.
NOT_PAGES = {"autocomplete", "view_on_site", "app_list", None}


def all_addresses() -> dict[str, set[str | None]]:
    """{namespace: names} as the resolver has them."""
    found: dict[str, set[str | None]] = {}

    def walk(patterns: list, namespace: str) -> None:
        for entry in patterns:
            if isinstance(entry, URLResolver):
                walk(entry.url_patterns, entry.namespace or namespace)
            elif isinstance(entry, URLPattern):
                found.setdefault(namespace, set()).add(entry.name)

    walk(get_resolver().url_patterns, "")
    return found


def test_every_address_is_stated():
    addresses = all_addresses()
    standard = {f"core_{model}_{page}" for model in ADMIN_MODELS for page in NEEDS}
    standard |= {f"core_{model}_{page}" for model in VERSIONED for page in VERSION_PAGES}

    unstated_portal = addresses["public_site"] - set(PORTAL)
    unstated_admin = addresses["admin"] - standard - set(ADMIN_PAGES) - set(ADMIN_ACTS) - NOT_PAGES
    assert (unstated_portal, unstated_admin) == (set(), set())
    assert set(addresses) == {"public_site", "admin"}


def session_of(person: models.User) -> str:
    """Somebody logs in; what their browser keeps of it."""
    client = Client()
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """A draft and a sent case, and people of every role, who logged in; made once, undone after the last test."""
    with django_db_blocker.unblock(), transaction.atomic():
        draft = make_application(status="ready")
        sent = make_application(status="submitted")
        make_page(slug="terbit", published=True)
        set_logo(office=models.OfficeData.objects.get(), stream=io.BytesIO(png_bytes()), by=None)
        people = {role: make_user(role=role) for role in STAFF} | {"other candidate": make_user(role="asesi")}
        people |= {"officer": make_officer(), "other officer": make_officer()}
        batch = make_batch(officer=people["officer"])
        owners = [case.candidate.user for case in (draft, sent)]
        sessions = {person.pk: session_of(person) for person in [*people.values(), *owners]}
        yield {"draft": draft, "sent": sent, "batch": batch, "people": people, "sessions": sessions}
        transaction.set_rollback(True)


@pytest.fixture
def world(built, db):
    """Rows as they are in the database: what one test changed in them is gone for the next."""
    read = {name: type(built[name]).objects.get(pk=built[name].pk) for name in ("draft", "sent", "batch")}
    people = models.User.objects.in_bulk([person.pk for person in built["people"].values()])
    by_role = {role: people[person.pk] for role, person in built["people"].items()}
    return read | {"people": by_role, "sessions": built["sessions"]}


OF_SENT_CASES = ("submitted", "form_pdf", "paper", "paper_sign", "paper_pdf")


def client_of(world: dict, role: str, case: models.Application) -> Client:
    client = Client(raise_request_exception=True)
    if role == "anonymous":
        return client
    person = case.candidate.user if role == "owner" else world["people"][role]
    session = world["sessions"].get(person.pk) or session_of(person)
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    return client


def status_of(answer) -> int:
    """The answer's number; a file that is sent is read to its end, which closes it."""
    answer.getvalue()
    return answer.status_code


def paper_of(case: models.Application) -> int:
    """A paper that waits for the candidate."""
    case.status = "assessed"
    case.save()
    definition = make_form_definition(*FEEDBACK, filled_by="asesi", stage="sesudah", kind="fr-ak-03")
    return lay_in_paper(application=case, definition=definition, by=None).pk


def _of_a_certificate() -> dict[str, list]:
    certificate = make_certificate()
    return {"core_certificate_pdf": [certificate.pk], "core_certificate_act": [certificate.pk, "replace"]}


def portal_address(name: str, case: models.Application) -> str:
    if name == "schedule_calendar":
        session = make_session(scheme=case.scheme_version.scheme, status="diumumkan")
        models.Placement.objects.create(session=session, application=case, placed_by=case.candidate.user)
    unit = case.scheme_version.units.first()
    if name.startswith("paper"):
        return reverse(f"public_site:{name}", args=[case.reference, paper_of(case)])
    arguments = {
        "scheme_detail": [case.scheme_version.scheme.code],
        "start": ["kerja-relawan"],
        "renew": lambda: [lay_certificate(days_left=30, holder=case.candidate.user).code],
        "verification": [models.Signature.objects.latest("pk").code],
        "info": ["terbit"],
        "preview": ["alur"],
        "preview_row": lambda: ["pengumuman", make_announcement(is_published=False).pk],
        "announcement": lambda: [make_announcement().slug],
        "download": lambda: [make_download().public_id],
        "certificate_register_year": lambda: _year_of_a_certificate(case),
        "logo": [models.OfficeData.objects.get().logo.name.removeprefix("logo/") or "-"],
        "verification_key": lambda: [models.SigningKey.objects.get().key_id],
        "verification_status": lambda: [case.certificates.get().code],
        "certificate_pdf": lambda: [case.reference, case.certificates.get().pk],
        "certificate_badge": lambda: [case.reference, case.certificates.get().pk],
        "confirm": ["MQ", "x-y"],
        "new_password": ["MQ", "x-y"],
        "own_profile": ["alamat"],
        "upload": ["00000000-0000-0000-0000-000000000000"],
        "privacy_request_new": ["salinan"],
        "conversation": lambda: (lambda ticket: [ticket.number, ticket.link_key])(make_ticket()),
        "own_ticket": lambda: [make_ticket(by=case.candidate.user).number],
        "letter": lambda: [letter_to(case.candidate.user).pk],
        "privacy_request": lambda: [make_request(person=case.candidate.user).number],
        "document": [models.Document.objects.filter(owner=case.candidate.user).first().public_id],
        "profile_section": [case.reference, "data-pribadi"],
        "form_pdf": [case.reference, "fr-apl-01"],
        "evidence_slot": [case.reference, case.scheme_version.requirements.first().pk],
        "unit": [case.reference, unit.pk],
    }
    if name in OF_AN_INSTITUTION:
        return address_of_institution(name, make_batch())
    arguments |= {"institution_template": ["xlsx"], "invited": ["tidak-ada"], "share_result": [1]}
    plain = {"case", "purpose", "evidence", "check_answers", "withdraw", "submitted", "schedule_calendar"}
    plain |= {"appeal", "withdraw_appeal", "case_file", "case_file_bundle"}
    found = arguments.get(name, [case.reference] if name in plain else [])
    return reverse(f"public_site:{name}", args=found() if callable(found) else found)


def _year_of_a_certificate(case: models.Application) -> list:
    certificate = lay_certificate(days_left=30, holder=case.candidate.user)
    return [certificate.scheme.code, certificate.issued_on.year]


def address_of_institution(name: str, batch: models.InvitationBatch) -> str:
    """A page of an institution's people."""
    if name == "institution_faults":
        return reverse(f"public_site:{name}", args=[make_upload(person_row(email="x@"), officer=batch.sent_by).pk])
    rows = {
        "institution_file": batch.run,
        "institution_batch": batch,
        "institution_invitation": batch.invitations.first(),
    }
    return reverse(f"public_site:{name}", args=[rows[name].pk])


def letter_to(person: models.User) -> models.OutboxMessage:
    return models.OutboxMessage.objects.create(
        recipient=person, address=person.email, template_key="uji", subject="Surat", body="Isi", status="terkirim"
    )


#: Addresses that need a certificate; its case is the owner's then.
CERTIFICATE_PAGES = ("verification_key", "verification_status", "certificate_pdf", "certificate_badge")


@pytest.mark.parametrize("name", PORTAL)
def test_portal_pages(world, name):
    case = world["sent"] if name in OF_SENT_CASES else world["draft"]
    case = make_certificate().application if name in CERTIFICATE_PAGES else case
    address = portal_address(name, case)

    answers = tuple(status_of(client_of(world, role, case).get(address)) for role in ROLES)

    assert dict(zip(ROLES, answers, strict=True)) == dict(zip(ROLES, PORTAL[name], strict=True))


@pytest.mark.parametrize("name", PORTAL_POST)
def test_portal_posts(world, name):
    case = world["sent"] if name in OF_SENT_CASES else world["draft"]
    address = portal_address(name, case)

    # The owner last: an act that succeeds must not make the refusals of the others come for free.
    order = [role for role in ROLES if role != "owner"] + ["owner"]
    answers = {role: status_of(client_of(world, role, case).post(address)) for role in order}

    assert answers == dict(zip(ROLES, PORTAL_POST[name], strict=True))


@pytest.mark.parametrize("name", PORTAL)
def test_an_officer_of_an_institution_gets_their_own_pages_and_no_others(world, name):
    """The sixth role: it must not find a candidate's page, nor one of the back office, nor another institution's."""
    case = world["sent"] if name in OF_SENT_CASES else world["draft"]
    case = make_certificate().application if name in CERTIFICATE_PAGES else case
    is_theirs = name in OF_AN_INSTITUTION
    address = address_of_institution(name, world["batch"]) if is_theirs else portal_address(name, case)
    client, stranger = (client_of(world, role, case) for role in ("officer", "other officer"))

    expected = OFFICER.get(name, PORTAL[name][ROLES.index("asesor")])

    assert status_of(client.get(address)) == (302 if name == "institution_file" else expected)  # it was sent: its batch
    if is_theirs:
        assert status_of(stranger.get(address)) == 404
        assert status_of(stranger.post(address)) in (404, 405)


def test_an_officer_of_an_institution_finds_no_door_to_the_back_office(world):
    client = client_of(world, "officer", world["sent"])
    for model in ADMIN_MODELS:
        assert status_of(client.get(reverse(f"admin:core_{model}_changelist"))) == 302, model  # to the log-in


def row_of(model: str, world: dict):
    """Some row of a model, for its pages."""
    return {
        "application": lambda: world["sent"],
        "document": lambda: models.Document.objects.filter(document_type__code="surat-tugas").first(),
        "candidateprofile": lambda: world["sent"].candidate,
        "assessorprofile": lambda: models.AssessorProfile.objects.create(
            user=world["people"]["asesor"], registration_number="MET.000.000001 2024"
        ),
        "assessmentsession": lambda: session_of_the_assessor(world),
        "plenary": lambda: some_plenary(world),
        "appeal": lambda: make_case("appealed").application.appeals.get(),
        "handover": lambda: delivered(world["people"]["sekretariat"]),
        "venue": lambda: models.Venue.objects.create(code="tuk", name="TUK", kind="mandiri"),
        "surveillance": make_surveillance,
        "destructionbatch": models.DestructionBatch.objects.create,
        "legalhold": lambda: place_hold(application=world["sent"], reason="Audit", by=world["people"]["sekretariat"]),
        "privacyrequest": make_request,
        "ticket": lambda: make_ticket(kind="pengaduan"),
        "user": lambda: world["people"]["asesor"],
        "outboxmessage": lambda: models.OutboxMessage.objects.filter(template_key="application-submitted").first(),
        "page": lambda: make_page(),
        "announcement": make_announcement,
        "download": make_download,
        "certificate": make_certificate,
        "pastcertificate": make_past_certificate,
        "schemeversion": lambda: models.SchemeVersion.objects.filter(status="draf").first(),
        "formversion": lambda: make_form(published=False),
        # What every reader of the log may see; acts on accounts are the administrators' alone.
        "activityentry": lambda: models.ActivityEntry.objects.filter(code="application.submit").first(),
        "consenttext": lambda: models.ConsentText.objects.create(version=9, title="Draf", body="Draf"),
        "deletedrecord": lambda: deleted_scheme(world),
        "importrun": make_import_run,
        "job": lambda: make_job(by=world["people"]["sekretariat"]),
        "institution": lambda: make_officer().officer.institution,
        "invitationbatch": make_batch,
        "integrityrun": verify_documents,
        "scheduledrun": make_scheduled_run,
        "backuprun": make_backup,
        "restoredrill": make_drill,
    }.get(model, lambda: models.__dict__[MODEL_CLASSES[model]].objects.first())()


def attachment_of_a_letter() -> list[int]:
    file = models.OutboxAttachment.objects.create(
        message=models.OutboxMessage.objects.filter(template_key="application-submitted").first(),
        file_name="a.ics",
        content_type="text/calendar",
        size=1,
        content=b"x",
    )
    return [file.message_id, file.pk]


def session_of_the_assessor(world: dict) -> models.AssessmentSession:
    session = make_session(scheme=models.Scheme.objects.get(code="distribusi-bantuan"))
    profile = models.AssessorProfile.objects.create(
        user=world["people"]["asesor"], registration_number="MET.000.000002"
    )
    make_case("scheduled", session=session, assessor=profile)
    return session


def delivered(clerk: models.User) -> models.Handover:
    """What went out, laid by hand, with one file."""
    handover = models.Handover.objects.create(
        title="Uji", status="diserahkan", edition=1, prepared_by=clerk, handed_on=timezone.localdate(), channel="email"
    )
    document = models.Document.objects.first()
    handover.files.create(edition=1, kind="surat", name="01 Surat.pdf", document=document)
    return handover


def _of_a_handover(name: str, world: dict) -> dict[str, list]:
    handover = delivered(world["people"]["sekretariat"])
    more = {"file": [handover.files.get().pk], "session": [1], "act": ["withdraw"]}
    return {name: [handover.pk, *more.get(name.removeprefix("core_handover_"), [])]}


def some_plenary(world: dict) -> models.Plenary:
    opened_by = world["people"]["sekretariat"]
    return models.Plenary.objects.create(title="Rapat", held_on=timezone.localdate(), opened_by=opened_by)


def page_with_a_plan() -> models.Page:
    """Live, with a newer draft that waits for tomorrow: all acts are possible but throwing the draft away."""
    page = make_page(published=True)
    page.body = "Baru"
    page.save()
    publish_page(page=page, by=None, live_from=timezone.now() + timedelta(days=1))
    return page


def page_with_a_draft() -> models.Page:
    page = make_page(published=True)
    page.body = "Baru"
    page.save()
    return page


def changed_template() -> models.MessageTemplate:
    models.MessageTemplate.objects.filter(key="account-reset").update(body="Kata kami {{ tautan }}")
    return models.MessageTemplate.objects.get(key="account-reset")


def deleted_scheme(world: dict) -> models.DeletedRecord:
    scheme = models.Scheme.objects.create(code="skema-terhapus", title="Skema terhapus")
    deleted = keep_deleted(row=scheme, by=world["people"]["sekretariat"])
    scheme.delete()
    return deleted


def row_for_act(name: str, world: dict):
    """A row in the state in which the act is possible at all."""
    return {
        "core_user_resend_confirmation": lambda: make_user(role="asesor", email_confirmed_at=None),
        "core_user_reset_second_factor": lambda: make_user_with_factor(role="bnsp").user,
        "core_user_end_sessions": lambda: somebody_who_is_in(),
        "core_outboxmessage_resend": lambda: models.OutboxMessage.objects.create(
            address="a@contoh.id", template_key="uji", subject="Uji", body="Uji", status="gagal"
        ),
        "core_page_publish": page_with_a_plan,
        "core_page_unschedule": page_with_a_plan,
        "core_page_discard": page_with_a_draft,
        "core_page_withdraw": page_with_a_plan,
        "core_messagetemplate_reset": changed_template,
        "core_consenttext_publish": lambda: models.ConsentText.objects.create(version=2, title="Baru", body="Baru"),
    }.get(name, lambda: row_of(name.split("_")[1], world))()


def somebody_who_is_in() -> models.User:
    user = make_user(role="bnsp")
    Client().force_login(user)
    return user


MODEL_CLASSES = {name.lower(): name for name in dir(models) if isinstance(getattr(models, name), type)}


@pytest.mark.parametrize("model", ADMIN_MODELS)
def test_back_office_pages(world, model):
    row = row_of(model, world)
    for page, right in NEEDS.items():
        address = reverse(f"admin:core_{model}_{page}", args=[] if page in ("changelist", "add") else [row.pk])
        expected = {
            role: 200 if right in rights else 403 for role, rights in zip(STAFF, ADMIN_MODELS[model], strict=True)
        }
        if model in ("application", "document") and page in ("change", "history"):
            # Not assigned to this assessor: as if it were not there; the admin leads back to the list.
            expected["asesor"] = 404 if (model, page) == ("application", "change") else 302
        if model == "job" and page in ("change", "history"):  # somebody else's, unless one oversees them
            expected |= dict.fromkeys(("asesor", "bnsp"), 404 if page == "change" else 302)
        if model in ("officedata", "systempolicy") and page == "changelist":  # one row: the list leads to it
            expected |= {role: 302 for role, status in expected.items() if status == 200}
        if model in ("schemeversion", "formversion") and page in ("change", "add"):  # in the editor of what it is of
            expected = {role: 302 if status == 200 else status for role, status in expected.items()}
        if model == "privacyrequest" and page == "changelist":  # to what waits
            expected = {role: 302 if status == 200 else status for role, status in expected.items()}
        if model == "ticket" and page == "changelist":  # who answers: to what waits
            expected |= {"administrator": 302, "sekretariat": 302}
        if model == "surveillance" and page in ("changelist", "change"):  # to what is due; to its certificate
            expected = {role: 302 if status == 200 else status for role, status in expected.items()}
        if (model, page) == ("competencyunit", "delete"):  # in use: leads back with the reason
            expected |= {"administrator": 302, "sekretariat": 302}

        answers = {role: status_of(client_of(world, role, world["sent"]).get(address)) for role in STAFF}

        assert answers == expected, page


@pytest.mark.parametrize("model", VERSIONED)
def test_pages_of_versions(world, model):
    """Those who may look at a record see its versions; those who may change it turn it back, and only by POST."""
    row = row_of(model, world)
    keep_version(row=row, by=None)
    keep_version(row=row, by=None, reason="sekali lagi")
    version = versions_of(type(row), row.pk).last()
    for role, rights in zip(STAFF, ADMIN_MODELS[model], strict=True):
        client = client_of(world, role, world["sent"])
        compare = reverse(f"admin:core_{model}_compare", args=[row.pk])
        revision = reverse(f"admin:core_{model}_revision", args=[row.pk, version.pk])

        assert client.get(compare).status_code == (200 if "v" in rights else 403), (model, role)
        turns_back = "c" in rights and model not in FIXED
        assert client.get(revision).status_code == (200 if turns_back else 403), (model, role)
        if "c" not in rights:
            assert client.post(revision).status_code == 403, (model, role)
        assert client.get(reverse(f"admin:core_{model}_recoverlist")).status_code == 302
    assert versions_of(type(row), row.pk).count() == 2


@pytest.mark.parametrize("model", ADMIN_MODELS)
def test_back_office_posts_without_the_right_are_refused(world, model):
    row = row_of(model, world)
    for role, rights in zip(STAFF, ADMIN_MODELS[model], strict=True):
        client = client_of(world, role, world["sent"])
        for page, right in (("add", "a"), ("change", "c"), ("delete", "d")):
            if right in rights:
                continue
            address = reverse(f"admin:core_{model}_{page}", args=[] if page == "add" else [row.pk])
            status = client.post(address, {"post": "yes"}).status_code
            assert status in (403, 405) or (role == "asesor" and status == 302), (model, role, page, status)
    assert type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("core_assessmentsession_seats", (403, 302, 403, 403)),  # no act was named
        ("core_assessmentsession_replace", (403, 422, 403, 403)),  # nobody was chosen
        ("core_assessmentsession_edit", (403, 200, 403, 403)),  # nothing was filled in
        ("core_assessmentsession_act", (403, 422, 403, 403)),  # cancelling without a reason
        ("core_assessmentsession_attendance", (403, 422, 422, 403)),  # not announced yet
    ],
)
def test_posts_to_a_session(world, name, answers):
    session = session_of_the_assessor(world)
    more = {"replace": [models.AssessorProfile.objects.get().pk], "act": ["cancel"]}.get(name.rsplit("_", 1)[1], [])
    address = reverse(f"admin:{name}", args=[session.pk, *more])

    found = tuple(status_of(client_of(world, role, world["sent"]).post(address)) for role in STAFF)

    assert found == answers


#: The file of a case: what a POST gets; the assessor is not the case's own.
FILE_POSTS = {
    "file": (403, 302, 404, 403),  # no file was chosen: the page again
    "file_take_out": (403, 404, 404, 403),  # no paper was named
    "file_validity": (403, 404, 404, 403),
    "file_bundle": (200, 200, 404, 403),
}


@pytest.mark.parametrize("page", [["answer"], ["act", "note"], ["act", "reopen"], ["act", "delete"]])
def test_posts_to_a_ticket(world, page):
    """Nothing was written: the page again with the reason; there is no such act; not for those who only read."""
    ticket = make_ticket(kind="pengaduan")
    address = reverse(f"admin:core_ticket_{page[0]}", args=[ticket.pk, *page[1:]])
    before = models.TicketMessage.objects.count()

    answers = tuple(status_of(client_of(world, role, world["sent"]).post(address)) for role in STAFF)

    known = 404 if page[-1] == "delete" else 422
    assert answers == (known, known, 403, 403)
    assert models.TicketMessage.objects.count() == before


@pytest.mark.parametrize("page", FILE_POSTS)
def test_posts_to_the_file_of_a_case(world, page):
    address = reverse(f"admin:core_application_{page}", args=[world["sent"].pk])

    answers = tuple(status_of(client_of(world, role, world["sent"]).post(address)) for role in STAFF)

    assert answers == FILE_POSTS[page]


def test_nobody_but_staff_sees_anything_of_the_back_office(world):
    for role in ("anonymous", "owner", "other candidate"):
        client = client_of(world, role, world["sent"])
        for model in ADMIN_MODELS:
            answer = client.get(reverse(f"admin:core_{model}_changelist"))
            assert answer.status_code == 302, (role, model)
            assert answer.url.startswith(("/admin/login/", "/masuk/")), (role, model)


def form_arguments(clerk: models.User) -> dict[str, list]:
    """For the form editor: a form with a version in force and a draft."""
    form = models.FormDefinition.objects.get(code="fr-ak-05")
    draft = form.versions.filter(status="draf").first() or definitions.draft_next_version(
        version=form.versions.get(status="terbit"), by=clerk
    )
    pages = {
        f"core_formdefinition_{page}": [form.pk, draft.number] for page in ("save", "lines", "differences", "sample")
    }
    return pages | {
        "core_formdefinition_act": [form.pk, draft.number, "publish"],
        "core_formdefinition_open_set": [],
        "core_formdefinition_set": [],
    }


def editor_address(name: str) -> str:
    """On a scheme, or a form, with a version in force and a draft."""
    clerk = make_user(role="sekretariat")
    version = models.SchemeVersion.objects.filter(status="terbit").first()
    draft = version.scheme.versions.filter(status="draf").first() or draft_next_version(version=version, by=clerk)
    arguments = {
        "core_scheme_act": [draft.scheme_id, draft.number, "publish"],
        "core_scheme_sample": [draft.scheme_id, draft.number, "fr-apl-01"],
        "core_competencyunit_text": [draft.units.first().pk],
        "core_scheme_forms": [draft.scheme_id],
    } | form_arguments(clerk)
    return reverse(f"admin:{name}", args=arguments.get(name, [draft.scheme_id, draft.number]))


@pytest.mark.parametrize("name", EDITOR_POSTS)
def test_posts_to_the_editors(world, name):
    address = editor_address(name)

    # Those who may not come first: an act that succeeds must not make their refusal come for free.
    answers = {role: status_of(client_of(world, role, world["sent"]).post(address)) for role in reversed(STAFF)}

    assert answers == dict(zip(STAFF, EDITOR_POSTS[name], strict=True))


def back_office_address(name: str, world: dict) -> str:
    """Where a page beside the standard ones leads, with the rows that it needs."""
    sent = world["sent"]
    if name == "core_application_form":
        ensure_form(submission=latest_submission(sent), form="fr-apl-01")
    document = sent.requirement_evidence.get(requirement__document_type__code="surat-tugas").documents.first()
    session = session_of_the_assessor(world) if name.startswith("core_assessmentsession") else None
    arguments = {
        "core_assessmentsession_edit": [session and session.pk],
        "core_assessmentsession_seats": [session and session.pk],
        "core_assessmentsession_act": [session and session.pk, "cancel"],
        "core_assessmentsession_attendance": [session and session.pk],
        "core_assessmentsession_attendance_list": [session and session.pk],
        "core_outboxmessage_attachment": attachment_of_a_letter() if name == "core_outboxmessage_attachment" else [],
        "core_assessmentsession_replace": [session and session.pk, session and models.AssessorProfile.objects.get().pk],
        "document": [document.public_id],
        "core_activityentry_export": ["csv"],
        "document_recap_export": ["csv"],
        "certification_recap_export": ["csv"],
        "saved_recap": [0],
        "choices": ["skema"],
        "manual": ["verifikasi"],
        "runbook": ["kebocoran-data"],
        "saved_view": [models.SavedView.objects.filter(role="sekretariat").first().pk],
        "core_application_evidence": [sent.pk],
        "core_application_bulk": ["take"],
        **({name: [paper_of(sent)]} if name.startswith("paper") else {}),
        "papers_prepare": [sent.pk],
        "core_user_bulk": ["deactivate"],
        "core_outboxmessage_bulk": ["resend"],
        "core_application_form": [sent.pk, 1, "fr-apl-01"],
        "core_application_check": [sent.pk],
        **{f"core_application_{page}": [sent.pk] for page in FILE_POSTS},
        "core_application_assign": [sent.pk],
        "core_application_preassessment": [sent.pk],
        "core_application_results": [sent.pk],
        "core_application_sign_results": [sent.pk],
        "core_application_correct_results": [sent.pk],
        "core_application_act": [sent.pk, "take"],
        **{
            f"core_plenary_{page}": lambda: [some_plenary(world).pk]
            for page in ("edit", "members", "cases", "decide", "minutes", "letter")
        },
        "core_plenary_act": lambda: [some_plenary(world).pk, "record"],
        **(_of_a_handover(name, world) if name.startswith("core_handover_") and "export" not in name else {}),
        **(_of_a_certificate() if name.startswith("core_certificate_") else {}),
        **{
            f"core_destructionbatch_{page}": lambda more=more: [models.DestructionBatch.objects.create().pk, *more]
            for page, more in (("items", []), ("act", ["approve"]), ("minutes", []))
        },
        **{
            f"core_privacyrequest_{page}": lambda more=more: [make_request().pk, *more]
            for page, more in (("act", ["refuse"]), ("note", []), ("erase", []), ("export", []))
        },
        "core_institution_act": lambda: [make_officer(status="menunggu").officer.institution.pk, "refuse"],
        "core_ticket_answer": lambda: [make_ticket().pk],
        "core_ticket_act": lambda: [make_ticket().pk, "note"],
        "core_surveillance_record": lambda: [make_surveillance().pk],
        "core_numberingrule_example": [models.NumberingRule.objects.first().pk],
        "core_messagetemplate_preview": [models.MessageTemplate.objects.first().pk],
        "core_messagetemplate_test": [models.MessageTemplate.objects.first().pk],
        "core_schemeversion_export_workbook": [sent.scheme_version_id],
        "core_competencystandard_export_workbook": [models.CompetencyStandard.objects.first().pk],
        "core_restoredrill_certificate": lambda: [make_drill().pk],
        "core_job_cancel": lambda: [make_job().pk],
        **{
            f"core_scheduledjob_{page}": lambda: [models.ScheduledJob.objects.first().pk]
            for page in ("run", "pause", "resume")
        },
        "core_job_download": lambda: [make_finished_job(by=world["people"]["sekretariat"]).pk],
        **{
            f"core_importrun_{page}": lambda: [make_import_run().pk]
            for page in ("apply", "file", "report", "columns", "check", "progress", "cancel")
        },
        **{
            f"core_pastcertificate_{page}": lambda: [make_past_certificate().pk]
            for page in ("link", "unlink", "suspend", "reinstate", "withdraw")
        },
    }
    found = arguments.get(name, [])
    found = found() if callable(found) else found
    address = editor_address(name) if name in EDITOR_POSTS else reverse(f"admin:{name}", args=found)
    return address + ("?daftar=application" if name == "save_view" else "")


@pytest.mark.parametrize("name", ADMIN_PAGES)
def test_other_back_office_pages(world, name):
    address = back_office_address(name, world)

    answers = tuple(status_of(client_of(world, role, world["sent"]).get(address)) for role in STAFF)

    assert dict(zip(STAFF, answers, strict=True)) == dict(zip(STAFF, ADMIN_PAGES[name], strict=True))


@pytest.mark.parametrize("name", ADMIN_ACTS)
def test_acts_on_a_row_never_happen_by_looking_and_only_for_those_who_may(world, name):
    row = row_for_act(name, world)
    before = type(row).objects.filter(pk=row.pk).values().get()
    for role in STAFF:
        client = client_of(world, role, world["sent"])
        seen = client.get(reverse(f"admin:{name}", args=[row.pk])).status_code
        if role in ADMIN_ACTS[name].split():
            assert seen in (200, 302, 405), (name, role, seen)
        else:
            assert seen == 403, (name, role, seen)
            assert client.post(reverse(f"admin:{name}", args=[row.pk]), {"_form_submitted": "1"}).status_code == 403
    assert type(row).objects.filter(pk=row.pk).values().get() == before
