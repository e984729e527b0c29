"""Who gets what at each address of urls.py: the permission matrix, stated by hand.

`manage.py permission_matrix` prints it and says where the code differs; tests/security asks every address as every
role. An address without a line here fails both. To change who may what, change this file and the code
(decision 0042).

Cells: `r` opens by GET, or leads on to where it belongs · `w` acts by POST · `o` only what is the person's own ·
`k` only with the key in its link · `-` refused: the log-in page for whoever is not in, else 403, or 404 as if it did
not exist. HEAD gets what GET gets; other methods are refused to everybody (core/common/methods.py).

Whoever gave the password and owes the second factor is anonymous everywhere, but for the steps (STEPS).
"""

#: The portal. `candidate`: of the candidate whose case, letter, certificate … it is; `officer`: of the institution.
PORTAL_ROLES = (
    "anonymous", "candidate", "other candidate", "officer", "other officer",
    "assessor", "other assessor", "sekretariat", "administrator", "bnsp",
)  # fmt: skip
PORTAL = """
home                       r  r  r  r  r  r  r  r  r  r
scheme_list                r  r  r  r  r  r  r  r  r  r
scheme_detail              r  r  r  r  r  r  r  r  r  r
flow                       r  r  r  r  r  r  r  r  r  r
privacy                    r  r  r  r  r  r  r  r  r  r
info                       r  r  r  r  r  r  r  r  r  r
logo                       r  r  r  r  r  r  r  r  r  r
preview                    -  -  -  -  -  -  -  r  r  -
about                      r  r  r  r  r  r  r  r  r  r
services                   r  r  r  r  r  r  r  r  r  r
requirements               r  r  r  r  r  r  r  r  r  r
faq                        r  r  r  r  r  r  r  r  r  r
announcements              r  r  r  r  r  r  r  r  r  r
announcement               r  r  r  r  r  r  r  r  r  r
manual_front               r  r  r  r  r  r  r  r  r  r
manual_book                r  r  r  r  r  r  r  r  r  r
manual_page                r  r  r  r  r  r  r  r  r  r
manual_pdf                 r  r  r  r  r  r  r  r  r  r
downloads                  r  r  r  r  r  r  r  r  r  r
download                   r  r  r  r  r  r  r  r  r  r
certificate_register       r  r  r  r  r  r  r  r  r  r
certificate_register_year  r  r  r  r  r  r  r  r  r  r
preview_row                -  -  -  -  -  -  -  r  r  -
robots                     r  r  r  r  r  r  r  r  r  r
sitemap                    r  r  r  r  r  r  r  r  r  r
security_txt               r  r  r  r  r  r  r  r  r  r
offline                    r  r  r  r  r  r  r  r  r  r
service_worker             r  r  r  r  r  r  r  r  r  r
uploads                    -  w  w  -  -  -  -  -  -  -
upload                     -  o  o  -  -  -  -  -  -  -
verification_search        r  r  r  r  r  r  r  r  r  r
verification               r  r  r  r  r  r  r  r  r  r
health                     r  r  r  r  r  r  r  r  r  r
metrics                    k  k  k  k  k  k  k  k  k  k
register                   rw rw rw rw rw rw rw rw rw rw
registered                 r  r  r  r  r  r  r  r  r  r
forgot_password            rw rw rw rw rw rw rw rw rw rw
login                      rw rw rw rw rw rw rw rw rw rw
logout                     w  w  w  w  w  w  w  w  w  w
confirm                    k  k  k  k  k  k  k  k  k  k
new_password               k  k  k  k  k  k  k  k  k  k
consent                    -  rw rw rw rw -  -  -  -  -
verify_code                rw rw rw rw rw rw rw rw rw rw
security                   -  r  r  r  r  -  -  -  -  -
second_factor              -  rw rw rw rw -  -  -  -  -
recovery_codes             -  rw rw rw rw -  -  -  -  -
second_factor_remove       -  rw rw rw rw -  -  -  -  -
end_sessions               -  w  w  w  w  -  -  -  -  -
forget_devices             -  w  w  w  w  -  -  -  -  -
desk                       -  r  r  r  r  -  -  -  -  -
own_profile                -  rw rw -  -  -  -  -  -  -
start                      rw rw rw -  -  -  -  -  -  -
renew                      -  rw -  -  -  -  -  -  -  -
own_data                   -  r  r  r  r  -  -  -  -  -
own_name                   -  rw rw rw rw -  -  -  -  -
own_data_download          -  rw rw rw rw -  -  -  -  -
privacy_request_new        -  rw rw rw rw -  -  -  -  -
privacy_request            -  rw -  -  -  -  -  -  -  -
derive_from_nik            -  w  w  -  -  -  -  -  -  -
evidence_slot              -  w  -  -  -  -  -  -  -  -
case_file_bundle           -  w  -  -  -  -  -  -  -  -
document                   -  r  -  -  -  -  -  -  -  -
case                       -  r  -  -  -  -  -  -  -  -
case_file                  -  r  -  -  -  -  -  -  -  -
profile_section            -  rw -  -  -  -  -  -  -  -
purpose                    -  rw -  -  -  -  -  -  -  -
evidence                   -  rw -  -  -  -  -  -  -  -
unit                       -  rw -  -  -  -  -  -  -  -
check_answers              -  rw -  -  -  -  -  -  -  -
withdraw                   -  rw -  -  -  -  -  -  -  -
appeal                     -  rw -  -  -  -  -  -  -  -
withdraw_appeal            -  rw -  -  -  -  -  -  -  -
submitted                  -  r  -  -  -  -  -  -  -  -
form_pdf                   -  r  -  -  -  -  -  -  -  -
schedule_calendar          -  r  -  -  -  -  -  -  -  -
paper                      -  rw -  -  -  -  -  -  -  -
paper_sign                 -  rw -  -  -  -  -  -  -  -
paper_pdf                  -  r  -  -  -  -  -  -  -  -
verification_offline       r  r  r  r  r  r  r  r  r  r
verification_keys          r  r  r  r  r  r  r  r  r  r
verification_key           r  r  r  r  r  r  r  r  r  r
verification_issuer        r  r  r  r  r  r  r  r  r  r
verification_status        r  r  r  r  r  r  r  r  r  r
contact                    rw rw rw rw rw rw rw rw rw rw
complaint                  rw rw rw rw rw rw rw rw rw rw
ticket_sent                r  r  r  r  r  r  r  r  r  r
conversation               rw rw rw rw rw rw rw rw rw rw
messages                   -  r  r  r  r  -  -  -  -  -
own_ticket                 -  rw -  -  -  -  -  -  -  -
letter                     -  r  -  -  -  -  -  -  -  -
certificate_pdf            -  r  -  -  -  -  -  -  -  -
certificate_badge          -  r  -  -  -  -  -  -  -  -
institution                r  r  r  r  r  r  r  r  r  r
institution_register       rw rw rw rw rw rw rw rw rw rw
institution_desk           -  -  -  r  r  -  -  -  -  -
institution_data           -  -  -  rw rw -  -  -  -  -
institution_colleague      -  -  -  rw rw -  -  -  -  -
institution_upload         -  -  -  rw rw -  -  -  -  -
institution_template       -  -  -  r  r  -  -  -  -  -
institution_file           -  -  -  rw -  -  -  -  -  -
institution_faults         -  -  -  r  -  -  -  -  -  -
institution_batch          -  -  -  rw -  -  -  -  -  -
institution_invitation     -  -  -  rw -  -  -  -  -  -
invited                    k  k  k  k  k  k  k  k  k  k
share_result               -  o  o  -  -  -  -  -  -  -
"""
#: Where DEMO or DEBUG is on, and nowhere else: open to everybody.
ONLY_IN_DEMO = ("demo_mailbox", "demo_letter", "demo_attachment", "style_page")

#: The back office. `assessor`: whom the case is assigned to. Who is not staff is led to the log-in, but for OPEN.
OFFICE_ROLES = ("assessor", "other assessor", "sekretariat", "administrator", "bnsp")
#: Rights on the standard pages of each list: `l` the list, with what one may see of it · `o` list and own rows ·
#: `v` list, row and its history · `a` add · `c` change · `d` delete · `t` turn back to an earlier version.
MODELS = """
application          v     l     v     v     v
document             v     l     v     v     v
candidateprofile     -     -     vc    vc    -
assessorprofile      -     -     vact  vacdt v
user                 -     -     v     vac   -
scheme               v     v     vacdt vacdt v
schemeversion        v     v     vacdt vacdt v
formdefinition       -     -     vact  vact  v
formversion          -     -     vact  vact  v
competencyunit       v     v     vacdt vacdt v
competencystandard   -     -     vacdt vacdt v
outboxmessage        -     -     v     v     -
messagetemplate      -     -     vct   vct   -
ticket               -     -     v     v     v
answertemplate       -     -     vacdt vacdt -
officedata           -     -     vct   vct   -
systempolicy         -     -     -     vct   -
page                 -     -     vacdt vacdt -
menuitem             -     -     vacdt vacdt -
question             -     -     vacdt vacdt -
announcement         -     -     vacdt vacdt -
download             -     -     vacdt vacdt -
documenttype         -     -     vacdt vacdt v
expecteddocument     -     -     vacdt vacdt v
assessmentpurpose    -     -     vacdt vacdt v
numberingrule        -     -     vct   vct   -
consenttext          -     -     vacdt vacdt -
codelist             -     -     vact  vact  v
region               -     -     v     v     v
holiday              -     -     vacdt vacdt -
venue                v     v     vacdt vacdt v
assessmentsession    v     l     vac   v     v
plenary              -     -     va    v     v
appeal               -     -     v     v     v
certificate          -     -     v     v     v
pastcertificate      -     -     vc    v     v
handover             -     -     va    v     v
handoverlayout       -     -     vct   vct   -
surveillance         -     -     v     v     v
activityentry        -     -     v     v     v
integrityrun         -     -     v     v     v
scheduledjob         -     -     -     v     -
scheduledrun         -     -     -     v     -
backuprun            -     -     -     v     v
restoredrill         -     -     -     v     v
deletedrecord        -     -     v     v     v
consent              -     -     v     v     -
destructionbatch     -     -     v     v     v
legalhold            -     -     vac   vac   -
privacyrequest       -     -     va    v     -
importrun            -     -     v     v     -
job                  o     o     o     v     o
institution          -     -     v     v     -
invitationbatch      -     -     v     v     -
"""
#: Lists whose rows are kept in versions: pages to compare them, and to turn one back.
VERSIONED = (
    "assessorprofile", "scheme", "schemeversion", "competencyunit", "competencystandard", "messagetemplate",
    "officedata", "documenttype", "expecteddocument", "assessmentpurpose", "numberingrule", "consenttext",
    "codelist", "systempolicy", "page", "menuitem", "question", "announcement", "download", "venue",
    "assessmentsession", "formdefinition", "formversion", "answertemplate", "holiday", "handoverlayout",
)  # fmt: skip
#: Every other page of the back office.
OFFICE = """
index                                      r  r  r  r  r
login                                      r  r  r  r  r
search                                     r  r  r  r  r
jsi18n                                     r  r  r  r  r
password_change_done                       r  r  r  r  r
logout                                     w  w  w  w  w
setup                                      -  -  r  r  -
system_health                              -  -  -  r  -
runbook_front                              -  -  -  r  -
runbook                                    -  -  -  r  -
core_numberingrule_example                 -  -  w  w  -
core_messagetemplate_preview               -  -  w  w  -
core_messagetemplate_test                  -  -  w  w  -
document                                   r  -  r  r  r
second_factor                              rw rw rw rw rw
second_factor_enrol                        rw rw rw rw rw
security                                   r  r  r  r  r
recovery_codes                             rw rw rw rw rw
second_factor_remove                       rw rw rw rw rw
end_sessions                               w  w  w  w  w
forget_devices                             w  w  w  w  w
core_activityentry_people                  -  -  r  r  r
core_activityentry_export                  -  -  r  r  r
save_view                                  rw rw rw rw rw
saved_view                                 o  o  o  o  o
choices                                    r  r  r  r  r
core_application_evidence                  r  -  r  r  r
core_application_open_next                 -  -  r  -  -
core_application_bulk                      -  -  w  -  -
core_user_bulk                             -  -  -  w  -
core_outboxmessage_bulk                    -  -  w  w  -
core_application_form                      r  -  r  r  r
core_application_file                      rw -  rw r  r
core_application_file_take_out             -  -  w  -  -
core_application_file_validity             -  -  w  -  -
core_application_file_bundle               -  -  w  w  -
core_application_check                     -  -  w  -  -
core_application_assign                    -  -  rw -  -
core_application_preassessment             rw -  -  -  -
core_application_results                   rw -  -  -  -
core_application_sign_results              rw -  -  -  -
core_application_correct_results           rw -  -  -  -
core_surveillance_record                   -  -  rw -  -
core_application_take_next                 -  -  w  -  -
core_assessmentsession_board               -  -  r  -  -
core_assessmentsession_edit                r  -  rw r  r
core_assessmentsession_act                 -  -  rw -  -
core_assessmentsession_attendance          rw -  rw -  -
core_assessmentsession_attendance_list     r  -  r  r  -
core_outboxmessage_attachment              -  -  rw rw -
core_assessmentsession_seats               -  -  w  -  -
core_assessmentsession_replace             -  -  rw -  -
core_plenary_edit                          -  -  rw -  -
core_plenary_members                       -  -  rw -  -
core_plenary_cases                         -  -  rw -  -
core_plenary_decide                        -  -  w  -  -
core_plenary_act                           -  -  rw -  -
core_plenary_minutes                       -  -  r  r  -
core_plenary_letter                        -  -  r  r  -
core_plenary_agenda                        -  -  r  -  -
certificates_issue                         -  -  rw -  -
core_certificate_issue                     -  -  r  -  -
core_certificate_blanks                    -  -  w  -  -
core_handover_of_plenary                   -  -  w  -  -
core_handover_remove                       -  -  w  -  -
core_handover_letter                       -  -  w  -  -
core_handover_download                     -  -  w  w  w
core_handover_file                         -  -  r  r  r
core_handover_cases                        -  -  rw -  -
core_handover_session                      -  -  rw -  -
core_handover_act                          -  -  rw -  -
core_certificate_pdf                       -  -  r  r  -
core_certificate_act                       -  -  rw -  -
core_scheme_import_rows                    -  -  rw rw -
core_scheme_export_rows                    rw rw rw rw rw
core_scheme_import_workbook                -  -  rw rw -
core_competencyunit_import_rows            -  -  rw rw -
core_competencyunit_export_rows            rw rw rw rw rw
core_assessorprofile_import_rows           -  -  rw rw -
core_assessorprofile_export_rows           -  -  rw rw rw
core_candidateprofile_import_rows          -  -  rw rw -
core_candidateprofile_export_rows          -  -  rw rw -
core_venue_import_rows                     -  -  rw rw -
core_venue_export_rows                     rw rw rw rw rw
core_assessmentsession_export_rows         rw rw rw rw rw
core_codelist_import_rows                  -  -  rw rw -
core_codelist_export_rows                  -  -  rw rw rw
core_documenttype_import_rows              -  -  rw rw -
core_documenttype_export_rows              -  -  rw rw rw
core_expecteddocument_import_rows          -  -  rw rw -
core_expecteddocument_export_rows          -  -  rw rw rw
core_question_import_rows                  -  -  rw rw -
core_question_export_rows                  -  -  rw rw -
core_announcement_export_rows              -  -  rw rw -
core_download_export_rows                  -  -  rw rw -
core_holiday_import_rows                   -  -  rw rw -
core_holiday_export_rows                   -  -  rw rw -
core_application_export_rows               rw rw rw rw rw
core_document_export_rows                  rw rw rw rw rw
core_certificate_export_rows               -  -  rw rw rw
core_surveillance_export_rows              -  -  rw rw rw
core_plenary_export_rows                   -  -  rw rw rw
core_appeal_export_rows                    -  -  rw rw rw
core_handover_export_rows                  -  -  rw rw rw
core_region_export_rows                    -  -  rw rw rw
core_destructionbatch_export_rows          -  -  rw rw rw
core_legalhold_export_rows                 -  -  rw rw -
core_privacyrequest_export_rows            -  -  rw rw -
core_consent_export_rows                   -  -  rw rw -
core_institution_export_rows               -  -  rw rw -
core_invitationbatch_export_rows           -  -  rw rw -
core_outboxmessage_export_rows             -  -  rw rw -
core_user_export_rows                      -  -  rw rw -
core_schemeversion_export_workbook         r  r  r  r  r
core_competencystandard_export_workbook    -  -  r  r  r
document_recap                             -  -  r  r  r
document_recap_export                      -  -  r  r  r
certification_recap                        r  r  r  r  r
certification_recap_export                 r  r  r  r  r
save_recap                                 rw rw rw rw rw
saved_recap                                o  o  o  o  o
core_integrityrun_request                  -  -  -  w  -
core_scheduledjob_run                      -  -  -  w  -
core_scheduledjob_pause                    -  -  -  w  -
core_scheduledjob_resume                   -  -  -  w  -
backups                                    -  -  -  r  r
core_backuprun_request                     -  -  -  w  -
core_restoredrill_request                  -  -  -  w  -
core_restoredrill_certificate              -  -  -  r  r
core_destructionbatch_due                  -  -  rw rw r
core_destructionbatch_items                -  -  w  w  -
core_destructionbatch_act                  -  -  rw rw -
core_destructionbatch_minutes              -  -  r  r  r
core_privacyrequest_act                    -  -  rw -  -
core_privacyrequest_note                   -  -  w  -  -
core_privacyrequest_erase                  -  -  w  -  -
core_privacyrequest_export                 -  -  w  -  -
core_ticket_answer                         -  -  w  w  -
core_ticket_act                            -  -  w  w  -
core_ticket_export_rows                    -  -  rw rw rw
core_pastcertificate_import_rows           -  -  rw -  -
core_pastcertificate_export_rows           -  -  rw rw rw
core_pastcertificate_suspend               -  -  rw -  -
core_pastcertificate_reinstate             -  -  rw -  -
core_pastcertificate_withdraw              -  -  rw -  -
core_pastcertificate_link                  -  -  rw -  -
core_pastcertificate_unlink                -  -  rw -  -
core_importrun_columns                     -  -  rw rw -
core_importrun_check                       -  -  w  w  -
core_importrun_progress                    -  -  r  r  -
core_importrun_cancel                      -  -  w  w  -
core_importrun_apply                       -  -  w  w  -
core_job_cancel                            o  o  o  w  o
core_job_download                          o  o  o  o  o
core_importrun_file                        -  -  r  r  -
core_importrun_report                      -  -  r  r  -
core_application_act                       -  -  rw -  -
core_scheme_save                           -  -  w  w  -
core_scheme_units                          -  -  w  w  -
core_scheme_requirements                   -  -  w  w  -
core_scheme_search                         -  -  r  r  -
core_scheme_differences                    r  r  r  r  r
core_scheme_sample                         r  r  r  r  r
core_scheme_act                            -  -  rw rw -
core_competencyunit_text                   -  -  rw rw -
core_scheme_forms                          -  -  rw rw r
core_formdefinition_open_set               -  -  r  r  r
core_formdefinition_set                    -  -  rw rw r
core_formdefinition_save                   -  -  w  w  -
core_formdefinition_lines                  -  -  r  r  -
core_formdefinition_differences            -  -  r  r  r
core_formdefinition_act                    -  -  rw rw -
core_formdefinition_sample                 -  -  r  r  r
paper                                      rw -  r  r  -
paper_print                                r  -  r  r  -
paper_sign                                 o  -  -  -  -
paper_scan                                 rw -  rw -  -
paper_correct                              rw -  rw -  -
paper_next                                 r  -  r  r  -
papers_prepare                             w  -  w  -  -
core_institution_act                       -  -  rw -  -
core_user_resend_confirmation              -  -  -  rw -
core_user_reset_second_factor              -  -  -  rw -
core_user_end_sessions                     -  -  -  rw -
core_outboxmessage_resend                  -  -  rw rw -
core_consenttext_publish                   -  -  rw rw -
core_page_publish                          -  -  rw rw -
core_page_unschedule                       -  -  rw rw -
core_page_discard                          -  -  rw rw -
core_page_withdraw                         -  -  rw rw -
core_messagetemplate_reset                 -  -  rw rw -
core_deletedrecord_recover                 -  -  w  w  -
password_change                            rw rw rw rw rw
"""
#: What those who are not staff get all the same: the log-in itself, and its step, which leads them on.
OPEN = {"login": "rw", "logout": "w", "second_factor": "rw"}
#: What whoever owes the second factor reaches, besides what is open to everybody.
STEPS = frozenset({"admin:second_factor", "admin:second_factor_enrol", "public_site:verify_code"})
#: Acts on ticked rows of a list, and who is offered them.
BULK_ACTS = {
    "application": dict.fromkeys(("take", "take_over", "remind", "assign", "issue"), "sekretariat"),
    "user": {"resend_confirmation": "administrator", "deactivate": "administrator"},
    "outboxmessage": {"resend": "sekretariat administrator"},
    "certificate": {"record_blanks": "sekretariat"},
}
#: Django's own helpers: the first answers by the right to see the list behind it, the others lead on.
HELPERS = ("autocomplete", "view_on_site", "app_list", None)
