"""People of every role, the rows that each address needs, and the address itself: what the matrix walks through."""

from datetime import timedelta

from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import models
from core.activity.queries import versions_of
from core.activity.versions import keep_deleted, keep_version
from core.applications.forms import ensure_form
from core.applications.queries import latest_submission
from core.assessments.services import definitions
from core.assessments.services.papers import lay_in_paper
from core.content.services import publish_page
from core.documents.integrity import verify_documents
from core.privacy.services import place_hold
from core.schemes.services import draft_next_version
from tests.factories.accounts import make_user, make_user_with_factor
from tests.factories.backups import make_backup, make_drill
from tests.factories.certificates import lay_certificate, make_certificate, make_past_certificate, make_surveillance
from tests.factories.content import make_announcement, make_download, make_page
from tests.factories.corridor import make_case, make_session
from tests.factories.form_definitions import make_form
from tests.factories.forms import FEEDBACK, make_form_definition
from tests.factories.imports import make_import_run
from tests.factories.inquiries import make_ticket
from tests.factories.institutions import make_batch, make_officer, make_upload, person_row
from tests.factories.jobs import make_finished_job, make_job
from tests.factories.privacy import make_request
from tests.factories.timetable import make_scheduled_run

STAFF = ("administrator", "sekretariat", "asesor", "bnsp")
ROLES = ("anonymous", "owner", "other candidate", *STAFF)
#: Rows of an institution: an officer of another one finds none of them.
OF_AN_INSTITUTION = ("institution_file", "institution_faults", "institution_batch", "institution_invitation")
#: Acts on one row, from its page.
ROW_ACTS = frozenset(
    {f"core_user_{act}" for act in ("resend_confirmation", "reset_second_factor", "end_sessions")}
    | {f"core_page_{act}" for act in ("publish", "unschedule", "discard", "withdraw")}
    | {"core_outboxmessage_resend", "core_consenttext_publish", "core_messagetemplate_reset"}
    | {"core_deletedrecord_recover"}
)
#: Addresses of the editors of schemes and forms.
EDITOR_PAGES = frozenset(
    {
        f"core_scheme_{page}"
        for page in ("save", "units", "requirements", "act", "search", "differences", "sample", "forms")
    }
    | {f"core_formdefinition_{page}" for page in ("open_set", "set", "save", "lines", "differences", "act", "sample")}
    | {"core_competencyunit_text"}
)


def session_of(person: models.User) -> str:
    """Somebody logs in; what their browser keeps of it."""
    client = Client()
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


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
        "manual_book": ["asesi"],
        "manual_page": ["sekretariat", "verifikasi"],
        "manual_pdf": ["asesi"],
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


def row_of(model: str, world: dict):
    """Some row of a model, for its pages."""
    return {
        "application": lambda: world["sent"],
        "document": lambda: models.Document.objects.filter(document_type__code="surat-tugas").first(),
        "candidateprofile": lambda: world["sent"].candidate,
        "assessorprofile": lambda: profile_of(world["people"]["asesor"]),
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


def profile_of(person: models.User) -> models.AssessorProfile:
    number = {"registration_number": f"MET.009.{person.pk:06d} 2024"}
    return models.AssessorProfile.objects.get_or_create(user=person, defaults=number)[0]


def session_of_the_assessor(world: dict) -> models.AssessmentSession:
    session = make_session(scheme=models.Scheme.objects.get(code="distribusi-bantuan"))
    make_case("scheduled", session=session, assessor=profile_of(world["people"]["asesor"]))
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


def admin_page_address(name: str, world: dict) -> str:
    """A page of the back office beside the standard ones of its models."""
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
        "core_assessmentsession_replace": [
            session and session.pk,
            session and profile_of(world["people"]["asesor"]).pk,
        ],
        "document": [document.public_id],
        "core_activityentry_export": ["csv"],
        "document_recap_export": ["csv"],
        "certification_recap_export": ["csv"],
        "saved_recap": [0],
        "choices": ["skema"],
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
        **{f"core_application_{page}": [sent.pk] for page in ("file", "file_take_out", "file_validity", "file_bundle")},
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
    address = editor_address(name) if name in EDITOR_PAGES else reverse(f"admin:{name}", args=found)
    return address + ("?daftar=application" if name == "save_view" else "")


VERSION_PAGES = ("compare", "revision", "recoverlist")


def office_address(name: str, world: dict) -> str:
    """Any page of the back office, with a row in a state in which the page has something to do."""
    model, page = name.removeprefix("core_").partition("_")[::2] if name.startswith("core_") else ("", "")
    if page in ("changelist", "add", "recoverlist"):
        return reverse(f"admin:{name}")
    if page in ("change", "history", "delete"):
        return reverse(f"admin:{name}", args=[row_of(model, world).pk])
    if page in VERSION_PAGES:
        row = row_of(model, world)
        keep_version(row=row, by=None)
        keep_version(row=row, by=None, reason="sekali lagi")
        version = versions_of(type(row), row.pk).last()
        return reverse(f"admin:{name}", args=[row.pk, version.pk] if page == "revision" else [row.pk])
    if name in ROW_ACTS:
        return reverse(f"admin:{name}", args=[row_for_act(name, world).pk])
    return admin_page_address(name, world)
