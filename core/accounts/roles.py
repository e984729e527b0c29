"""The role table: what each of the six roles may do.

Read by django-role-permissions. Each line is Django's own `core.<codename>`, because role
permissions live on the user model and that is `core.User`; so the admin, the workflow table and
this table speak of the same thing. The columns follow the design's § 5.
"""

from rolepermissions.roles import AbstractUserRole


def _grant(*codenames: str) -> dict[str, bool]:
    return dict.fromkeys(codenames, True)


def _view(*models: str) -> dict[str, bool]:
    return _grant(*(f"view_{model}" for model in models))


def _edit(*models: str) -> dict[str, bool]:
    return _grant(*(f"{act}_{model}" for model in models for act in ("view", "add", "change", "delete")))


#: What the LSP sets up: schemes, standards, papers, numbering.
SETUP = (
    "competencystandard",
    "competencyunit",
    "element",
    "performancecriterion",
    "scheme",
    "schemeversion",
    "schemeunit",
    "requirement",
    "assessmentpurpose",
    "documenttype",
    "venue",
    "assessorqualification",
    "formdefinition",
    "formversion",
    "formline",
    "formrequirement",
    "expecteddocument",
)
TEXTS = (
    "messagetemplate",
    "answertemplate",
    "consenttext",
    "officedata",
    "page",
    "menuitem",
    "question",
    "announcement",
    "download",
)
LISTS = ("region", "codelist", "codelistentry")
#: What deadlines are counted by.
CALENDAR = ("holiday",)
CASES = ("application", "submission", "requirementevidence", "casedocument")
#: The corridor after verification.
ASSESSMENT = (
    "assessmentsession",
    "placement",
    "assignmentletter",
    "preassessment",
    "filledform",
    "assessmentrecord",
    "assessmentresult",
    "plenary",
    "plenarymember",
    "decision",
    "appeal",
    "certificate",
    "certificateevent",
    "pastcertificate",
    "surveillance",
    "renewal",
    "signingkey",
)
#: What is handed over to BNSP.
HANDOVER = ("handover",)
#: Keeping and destroying papers, and what people ask about their own data.
PRIVACY = ("destructionbatch", "legalhold", "privacyrequest")


class Administrator(AbstractUserRole):
    """Technical administrator: runs the system, decides no case."""

    role_name = "administrator"
    available_permissions = (
        _edit(*SETUP, *TEXTS, *LISTS, *CALENDAR, "handovercolumn")
        | _view(
            *CASES,
            *ASSESSMENT,
            *PRIVACY,
            *HANDOVER,
            "handoverlayout",
            "document",
            "candidateprofile",
            "assessorprofile",
            "outboxmessage",
            "ticket",
            "consent",
            "activityentry",
            "deletedrecord",
            "numberingrule",
            "importrun",
            "job",
            "integrityrun",
            "scheduledjob",
            "scheduledrun",
            "backuprun",
            "restoredrill",
            "applicationtally",
            "documenttally",
            "institution",
            "invitationbatch",
        )
        | _edit("user", "assessorprofile")
        | _view("systempolicy")
        | _grant(
            "add_candidateprofile",
            "approve_destruction",
            "assign_role",
            "change_candidateprofile",
            "change_legalhold",
            "change_numberingrule",
            "change_systempolicy",
            "change_handoverlayout",
            "download_handover",
            "export_activityentry",
            "export_casedocument",
            "oversee_job",
            "answer_ticket",
            "propose_destruction",
            "request_integrityrun",
            "run_backup",
            "resend_outboxmessage",
            "reset_second_factor",
            "run_scheduledjob",
            "share_savedview",
            "change_savedrecap",
            "view_activity_address",
            "view_activity_names",
            "view_identifiers",
            "view_whole_activity",
        )
    )


class Secretariat(AbstractUserRole):
    """Sekretariat: runs the desk."""

    role_name = "sekretariat"
    available_permissions = (
        _edit(*SETUP, *TEXTS, *LISTS, *CALENDAR, "handovercolumn")
        | _view(
            *CASES,
            *ASSESSMENT,
            *PRIVACY,
            *HANDOVER,
            "handoverlayout",
            "document",
            "user",
            "candidateprofile",
            "assessorprofile",
            "outboxmessage",
            "ticket",
            "consent",
            "activityentry",
            "deletedrecord",
            "numberingrule",
            "importrun",
            "job",
            "integrityrun",
            "applicationtally",
            "documenttally",
            "institution",
            "invitationbatch",
        )
        | _grant(
            "approve_institution",
            "add_candidateprofile",  # by invitation only: accounts.services.invite_candidate
            "change_candidateprofile",
            "add_assessorprofile",
            "change_assessorprofile",
            "change_numberingrule",
            "verify_application",
            "add_casedocument",
            "export_casedocument",
            "assign_assessor",
            "add_assessmentsession",
            "change_assessmentsession",
            "schedule_session",
            "add_plenary",
            "change_plenary",
            "record_decision",
            "confirm_decision",
            "add_pastcertificate",
            "change_pastcertificate",
            "add_handover",
            "prepare_handover",
            "download_handover",
            "change_handoverlayout",
            "issue_certificate",
            "suspend_certificate",
            "withdraw_certificate",
            "change_surveillance",
            "answer_privacyrequest",
            "answer_ticket",
            "export_person",
            "change_legalhold",
            "propose_destruction",
            "approve_destruction",
            "view_nik",
            "view_identifiers",
            "resend_outboxmessage",
            "view_activity_address",
            "view_activity_names",
            "export_activityentry",
            "share_savedview",
            "change_savedrecap",
        )
    )


class Assessor(AbstractUserRole):
    """Asesor: sees the cases that are assigned to them (rule: `applications.queries.applications_for`)."""

    role_name = "asesor"
    available_permissions = _view(
        "application",
        "casedocument",
        "document",
        "scheme",
        "schemeversion",
        "competencyunit",
        "venue",
        "assessmentsession",
        "filledform",
        "assessmentrecord",
        "job",
        "applicationtally",  # of their own cases
    ) | _grant("view_identifiers")


class Candidate(AbstractUserRole):
    """Asesi: acts on own cases by relation, holds no permission of the back office."""

    role_name = "asesi"
    available_permissions: dict[str, bool] = {}


class InstitutionStaff(AbstractUserRole):
    """Petugas instansi: acts for an institution by relation (rules: core/institutions/rules.py), like a candidate."""

    role_name = "instansi"
    available_permissions: dict[str, bool] = {}


class Bnsp(AbstractUserRole):
    """BNSP: reads, changes nothing; personal identifiers are masked (rules: core/applications/privacy.py)."""

    role_name = "bnsp"
    available_permissions = _view(
        *SETUP,
        *CASES,
        *ASSESSMENT,
        *HANDOVER,
        "destructionbatch",
        "document",
        "applicationtally",
        "documenttally",
        "integrityrun",
        "backuprun",
        "restoredrill",
        "job",
        "assessorprofile",
        "activityentry",
        "deletedrecord",
        "ticket",  # complaints only, without the person behind them: inquiries.queries.tickets_for
        *LISTS,
    ) | _grant("export_activityentry", "download_handover")


#: Roles whose holders may open the back office.
STAFF_ROLES = frozenset({"administrator", "sekretariat", "asesor", "bnsp"})

ROLE_LABELS = {
    "administrator": "Administrator teknis",
    "sekretariat": "Sekretariat",
    "asesor": "Asesor",
    "asesi": "Asesi",
    "bnsp": "BNSP",
    "instansi": "Petugas instansi",
}
