"""Every address × every role: what each gets. An address that is not stated here fails the suite.

The tables are written by hand, not derived from the permissions they check; what is stated of the standard pages of
lists stands in core/config/access.py, and so do the letters of all others (test_permission_matrix.py). Numbers are HTTP
answers: 200 seen, 302 sent to the log-in (or on to where the act leads), 403 refused, 404 as if it
did not exist, 405 wrong method.
"""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from core import models
from core.activity.queries import versions_of
from core.activity.versions import keep_version
from core.config import access
from core.management.commands.permission_matrix import models as models_stated
from tests.factories.certificates import make_certificate
from tests.factories.inquiries import make_ticket
from tests.security.world import (
    CERTIFICATE_PAGES,
    OF_AN_INSTITUTION,
    OF_SENT_CASES,
    ROLES,
    STAFF,
    VERSION_PAGES,
    address_of_institution,
    admin_page_address,
    client_of,
    editor_address,
    portal_address,
    row_for_act,
    row_of,
    session_of_the_assessor,
    status_of,
)

pytestmark = pytest.mark.django_db


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
    "announcement": PUBLIC, "downloads": PUBLIC, "manual_front": PUBLIC, "manual_book": PUBLIC, "manual_page": PUBLIC,
    "manual_pdf": (404,) * 7,  # not printed here: test_manual.py
    "download": PUBLIC, "certificate_register": PUBLIC,
    "certificate_register_year": PUBLIC, "preview_row": (404, 404, 404, 200, 200, 404, 404),
    "robots": PUBLIC, "sitemap": PUBLIC, "security_txt": PUBLIC, "offline": PUBLIC, "service_worker": PUBLIC, "uploads": (405,) * 7, "upload": (405,) * 7,
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
#: {model: what administrator, sekretariat, asesor, bnsp may do}, as stated: v view, a add, c change, d delete, t turn back.
#: The assessor here has nothing assigned, except where a row is made for them; own rows (o) are named below.
ADMIN_MODELS = {
    model: tuple(rights[role].replace("o", "v") for role in ("administrator", "sekretariat", "assessor", "bnsp"))
    for model, rights in models_stated().items()
}
NEEDS = {"changelist": "v", "change": "v", "history": "v", "add": "a", "delete": "d"}
"""Which right a standard page of a model needs."""
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
    standard |= {f"core_{model}_{page}" for model in access.VERSIONED for page in VERSION_PAGES}

    unstated_portal = addresses["public_site"] - set(PORTAL)
    unstated_admin = addresses["admin"] - standard - set(ADMIN_PAGES) - set(ADMIN_ACTS) - NOT_PAGES
    assert (unstated_portal, unstated_admin) == (set(), set())
    assert set(addresses) == {"public_site", "admin"}


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


@pytest.mark.parametrize("model", access.VERSIONED)
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
        turns_back = "t" in rights
        assert client.get(revision).status_code == (200 if turns_back else 403), (model, role)
        if "c" not in rights:
            assert client.post(revision).status_code == 403, (model, role)
        assert client.get(reverse(f"admin:core_{model}_recoverlist")).status_code == 302
    assert versions_of(type(row), row.pk).count() == 2


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
    more = {"replace": [models.AssessorProfile.objects.first().pk], "act": ["cancel"]}.get(name.rsplit("_", 1)[1], [])
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


@pytest.mark.parametrize("name", EDITOR_POSTS)
def test_posts_to_the_editors(world, name):
    address = editor_address(name)

    # Those who may not come first: an act that succeeds must not make their refusal come for free.
    answers = {role: status_of(client_of(world, role, world["sent"]).post(address)) for role in reversed(STAFF)}

    assert answers == dict(zip(STAFF, EDITOR_POSTS[name], strict=True))


@pytest.mark.parametrize("name", ADMIN_PAGES)
def test_other_back_office_pages(world, name):
    address = admin_page_address(name, world)

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
