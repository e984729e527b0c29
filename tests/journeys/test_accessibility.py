"""Every kind of screen, of every role, walked by axe: nothing on it may bar somebody who sees, hears or moves differently.

On the same walk: nothing on it does what its own security policy forbids (a script or a style in the page, a file from
elsewhere), which the browser would silently leave out.

Rows are laid directly, so that there is something on the screens; each role logs in once. All findings are told at
once. What only looks untidy to axe ("minor", "moderate") fails as well: there is none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from core import models
from core.accounts.models import User
from core.documents.integrity import verify_documents
from core.handovers.services import prepare_handover
from core.privacy.services import place_hold
from tests.browser import PATIENCE
from tests.factories.accounts import make_candidate, make_user
from tests.factories.applications import make_application
from tests.factories.assessments import make_assessor
from tests.factories.backups import make_backup, make_drill
from tests.factories.certificates import lay_certificate, make_past_certificate, make_surveillance
from tests.factories.content import make_announcement, make_download
from tests.factories.corridor import make_case, make_session
from tests.factories.form_definitions import make_form
from tests.factories.forms import FEEDBACK, make_paper
from tests.factories.imports import make_import_run
from tests.factories.inquiries import make_answer, make_ticket
from tests.factories.institutions import link_of, make_batch, make_officer, make_upload, person_row
from tests.factories.jobs import make_finished_job, make_job
from tests.factories.privacy import make_request
from tests.factories.timetable import make_failed_job

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

#: WCAG 2.2 A and AA, and what axe itself holds for good practice (landmarks, headings).
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
RUN = """rules => axe.run({runOnly: rules, resultTypes: ["violations"], iframes: false}).then(found => found.violations.flatMap(
    v => v.nodes.map(n => `${v.impact} ${v.id}: ${n.target.join(" ")} (${n.failureSummary.split("\\n").slice(1, 2)})`)))"""
#: The browser tells of what it left out; kept until somebody asks.
REFUSALS = """window.refused = []; document.addEventListener("securitypolicyviolation", event => window.refused.push(
    `${event.effectiveDirective}: ${event.blockedURI} ${event.sourceFile || ""}:${event.lineNumber} ${event.sample}`))"""
DESK = {"viewport": {"width": 1366, "height": 900}}
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}


@dataclass
class House:
    """People of every role, and at least one row of everything they look at."""

    people: dict[str, User]
    draft: models.Application
    sent: models.Application
    cases: dict[str, models.Application]
    session: models.AssessmentSession
    certificate: models.Certificate
    paper: models.FilledForm
    batch: models.InvitationBatch


@pytest.fixture
def house(transactional_db) -> House:
    people = {role: make_user(role=role) for role in ("administrator", "sekretariat", "bnsp")}
    assessor, clerk = make_assessor(), people["sekretariat"]
    candidate = make_candidate()
    draft = make_application(status="ready")
    sent = make_application(status="under_review", officer=clerk)
    session = make_session(
        scheme=models.Scheme.objects.get(code="distribusi-bantuan"),
        starts_at=timezone.now() - timedelta(hours=1),
        status="diumumkan",
        announced_at=timezone.now() - timedelta(days=2),
    )
    states = ("accepted", "preassessed", "scheduled", "assessed", "competent", "appealed")
    seated = {"scheduled": {"session": session, "assessor": assessor}, "accepted": {"assessor": assessor}}
    cases = {state: make_case(state, **seated.get(state, {})) for state in states}
    paper = make_paper(*FEEDBACK, case=cases["scheduled"])
    certificate = lay_certificate(days_left=30, holder=candidate.user)
    make_surveillance()
    make_form(published=False, code="fr-uji-draf")
    models.Plenary.objects.create(title="Rapat", held_on=timezone.localdate(), opened_by=clerk)
    make_request(person=candidate.user)
    make_answer(make_ticket(kind="pengaduan"), by=clerk)
    make_ticket(by=draft.candidate.user)
    place_hold(application=sent, reason="Audit", by=clerk)
    models.DestructionBatch.objects.create()
    verify_documents()
    officer = make_officer()
    make_officer(status="menunggu")
    batch = make_batch(officer=officer)
    make_upload(person_row(), person_row(email="x@"), officer=officer)
    people["instansi"] = officer
    people |= {"asesor": assessor.user, "asesi": candidate.user, "owner": draft.candidate.user}
    return House(
        people,
        draft,
        sent,
        {state: case.application for state, case in cases.items()},
        session,
        certificate,
        paper,
        batch,
    )


@pytest.fixture
def screen_of(new_context, live_server):
    """A screen on which somebody is logged in, or nobody."""

    def opened(person: User | None, **options) -> Page:
        context = new_context(reduced_motion="reduce", **options)
        if person is not None:
            client = Client()
            client.force_login(person)
            cookie = client.cookies[settings.SESSION_COOKIE_NAME]
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        context.add_init_script(REFUSALS)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        return page

    return opened


def barriers(page: Page, addresses: list[str]) -> Iterator[str]:
    """What axe and the policy find on each page, a line for each; a page that does not open is one too."""
    for address in addresses:
        answer = page.goto(address)
        if answer.status != 200:
            yield f"{address} {answer.status}"
            continue
        yield from (f"{address} CSP {refusal}" for refusal in page.evaluate("window.refused"))
        page.evaluate(AXE_SCRIPT)
        yield from (f"{address} {finding}" for finding in page.evaluate(RUN, list(RULES)))


def change(row) -> str:
    return reverse(f"admin:core_{row._meta.model_name}_change", args=[row.pk])


def lists(*names: str) -> list[str]:
    return [reverse(f"admin:core_{name}_changelist") for name in names]


def case_pages(house: House, *states: str) -> list[str]:
    return [change(house.cases[state]) for state in states]


def past_register() -> list[str]:
    """The old register, and a file of it whose columns wait to be matched."""
    row = make_past_certificate()
    run = make_import_run(kind="pastcertificate", content=b"No Sertifikat;Nama\n1;Siti\n")
    return [
        *lists("pastcertificate"),
        change(row),
        reverse("admin:core_pastcertificate_link", args=[row.pk]),
        reverse("admin:core_pastcertificate_suspend", args=[row.pk]),
        reverse("admin:core_certificate_export_rows"),
        reverse("admin:core_pastcertificate_import_rows"),
        reverse("admin:core_importrun_columns", args=[run.pk]),
    ]


def _of_a_handover(house: House) -> list[str]:
    """In preparation, with faults: the session of its case is not known to BNSP."""
    clerk = house.people["sekretariat"]
    handover = prepare_handover(decisions=[house.certificate.decision], by=clerk)
    return [
        *lists("handover"),
        change(handover),
        reverse("admin:core_handover_add"),
        reverse("admin:core_handover_act", args=[handover.pk, "withdraw"]),
    ]


def of_the_secretariat(house: House) -> list[str]:
    newest = {name: models.__dict__[name].objects.latest("pk") for name in (
        "Document", "Plenary", "Surveillance", "PrivacyRequest",
    )}  # fmt: skip
    form = models.FormVersion.objects.filter(status="draf").first().definition
    return [
        reverse("admin:index"),
        *lists("application", "document", "assessmentsession", "certificate", "appeal"),
        change(house.sent),
        *case_pages(house, "preassessed", "appealed"),
        reverse("admin:core_application_file", args=[house.sent.pk]),
        reverse("admin:core_application_act", args=[house.sent.pk, "return"]),
        change(newest["Document"]),
        change(house.session),
        reverse("admin:core_assessmentsession_add"),
        change(newest["Plenary"]),
        reverse("admin:core_plenary_add"),
        reverse("admin:core_plenary_members", args=[newest["Plenary"].pk]),
        reverse("admin:core_plenary_cases", args=[newest["Plenary"].pk]),
        *_of_a_handover(house),
        reverse("admin:certificates_issue"),
        change(house.certificate),
        reverse("admin:core_surveillance_record", args=[newest["Surveillance"].pk]),
        change(newest["PrivacyRequest"]),
        *lists("ticket", "answertemplate"),
        change(models.Ticket.objects.earliest("pk")),
        change(models.Scheme.objects.get(code="distribusi-bantuan")),
        change(form),
        reverse("admin:core_formdefinition_set"),
        *past_register(),
        *lists("institution", "invitationbatch", "holiday"),
        reverse("admin:core_holiday_add"),
        change(models.Institution.objects.get(status="menunggu")),
        change(house.batch),
        *recaps(house),
    ]


def recaps(house: House) -> list[str]:
    """The recap of certification with its map, its line and its columns; and one that is kept."""
    saved = models.SavedRecap.objects.create(owner=house.people["sekretariat"], name="Per skema", query="baris=skema")
    page = reverse("admin:certification_recap")
    asked = ("baris=provinsi&banding=tahun-lalu", "jangka=bebas&dari=2022-01&sampai=2026-12", "baris=skema&cetak")
    return [
        *(f"{page}?{query}" for query in asked),
        reverse("admin:save_recap"),
        reverse("admin:saved_recap", args=[saved.pk]),
    ]


def of_the_administrator(house: House) -> list[str]:
    batch = models.DestructionBatch.objects.latest("pk")
    return [
        reverse("admin:index"),
        *lists("user", "activityentry", "outboxmessage", "documenttype", "destructionbatch"),
        reverse("admin:setup"),
        reverse("admin:system_health"),
        reverse("admin:runbook", args=["kebocoran-data"]),
        change(house.people["bnsp"]),
        change(house.people["asesi"].candidate),
        change(models.IntegrityRun.objects.latest("pk")),
        *timetable(),
        reverse("admin:backups"),
        *lists("backuprun", "restoredrill"),
        change(make_backup()),
        change(make_drill(outcome="berbeda")),
        reverse("admin:core_destructionbatch_due"),
        change(batch),
        change(models.SystemPolicy.objects.get()),
        change(models.MessageTemplate.objects.first()),
        change(models.Page.objects.first()),
        change(models.Question.objects.first()),
        reverse("admin:core_announcement_add"),
        change(make_download()),
        change(models.CompetencyUnit.objects.first()),
        reverse("admin:core_candidateprofile_import_rows"),
        reverse("admin:core_application_export_rows"),
        *lists("job"),
        change(make_finished_job()),
        change(make_job()),
        reverse("admin:security"),
    ]


def timetable() -> list[str]:
    """The timetable, a job that failed, and its run."""
    job = make_failed_job()
    return [*lists("scheduledjob", "scheduledrun"), change(job), change(job.runs.get())]


def of_an_assessor(house: House) -> list[str]:
    return [
        reverse("admin:index"),
        *lists("application"),
        reverse("admin:certification_recap"),
        change(house.cases["scheduled"]),
        reverse("admin:core_application_preassessment", args=[house.cases["accepted"].pk]),
        reverse("admin:core_application_results", args=[house.cases["scheduled"].pk]),
        reverse("admin:core_assessmentsession_attendance", args=[house.session.pk]),
        reverse("admin:paper", args=[house.paper.pk]),
    ]


def of_bnsp(house: House) -> list[str]:
    return [
        reverse("admin:index"),
        *lists("application", "certificate", "document", "ticket"),
        *case_pages(house, "appealed"),
    ]


def of_everybody(house: House) -> list[str]:
    make_download()
    register_year = [house.certificate.scheme.code, house.certificate.issued_on.year]
    names = ("home", "scheme_list", "flow", "privacy", "verification_search", "verification_offline")
    names += ("register", "login", "contact", "complaint", "offline", "institution", "institution_register")
    names += ("about", "services", "requirements", "faq", "announcements", "downloads", "certificate_register")
    ticket = models.Ticket.objects.filter(sender=None).latest("pk")
    return [
        *(reverse(f"public_site:{name}") for name in names),
        reverse("public_site:scheme_detail", args=["distribusi-bantuan"]),
        reverse("public_site:verification", args=[house.certificate.code]),
        reverse("public_site:announcement", args=[make_announcement(is_pinned=True).slug]),
        reverse("public_site:certificate_register_year", args=register_year),
        reverse("public_site:conversation", args=[ticket.number, ticket.link_key]),
        "/en/",
        *(
            f"/en{reverse(f'public_site:{name}')}"
            for name in ("contact", "faq", "certificate_register", "requirements")
        ),
        f"/en/pesan/{ticket.number}/{ticket.link_key}/",
        "/en/skema/distribusi-bantuan/",
        f"/en/verifikasi/{house.certificate.code}/",
        f"/verifikasi/?kode={make_past_certificate().number.replace(' ', '+')}",
        reverse("admin:login"),
        reverse("public_site:manual_front"),
        reverse("public_site:manual_page", args=["sekretariat", "antrean"]),
        link_of(house.batch.invitations.first()),
    ]


def of_a_candidate(house: House) -> list[str]:
    case = house.draft
    unit = case.scheme_version.units.first()
    pages = {"case": [], "profile_section": ["data-pribadi"], "purpose": [], "evidence": [], "unit": [unit.pk]}
    pages |= {"check_answers": [], "withdraw": [], "case_file": []}
    return [
        *(reverse(f"public_site:{name}") for name in ("desk", "own_data", "security")),
        *(reverse(f"public_site:{name}", args=[case.reference, *more]) for name, more in pages.items()),
        reverse("public_site:privacy_request_new", args=["salinan"]),
        reverse("public_site:complaint"),
        reverse("public_site:messages"),
        reverse("public_site:own_ticket", args=[case.candidate.user.tickets.get().number]),
        reverse("public_site:letter", args=[case.candidate.user.messages.latest("pk").pk]),
    ]


def of_an_officer(house: House) -> list[str]:
    faulty = models.ImportRun.objects.filter(by=house.people["instansi"]).latest("pk")
    return [
        *(reverse(f"public_site:institution_{page}") for page in ("desk", "data", "colleague", "upload")),
        *(reverse(f"public_site:{name}") for name in ("own_data", "own_name", "contact", "messages")),
        reverse("public_site:institution_file", args=[faulty.pk]),
        reverse("public_site:institution_batch", args=[house.batch.pk]),
        reverse("public_site:institution_invitation", args=[house.batch.invitations.first().pk]),
    ]


#: Who looks at what, on which screen: the two offices see much the same, so the one has a desk and the other a phone.
WALKS = (
    ("sekretariat", of_the_secretariat, DESK),
    ("administrator", of_the_administrator, PHONE | {"color_scheme": "dark"}),
    ("asesor", of_an_assessor, PHONE),
    ("bnsp", of_bnsp, DESK | {"color_scheme": "dark"}),
    (None, of_everybody, PHONE),
    ("owner", of_a_candidate, PHONE),
    ("instansi", of_an_officer, PHONE | {"color_scheme": "dark"}),
)


#: Walked one beside the other: the two cores of CI share them. The last part is everybody whom the others leave out.
PARTS = {"sekretariat": {"sekretariat"}, "staf lain": {"administrator", "asesor", "bnsp"}}
PARTS["portal"] = {role for role, *_more in WALKS} - set.union(*PARTS.values())


@pytest.mark.parametrize("part", PARTS)
def test_no_screen_bars_anybody(house, screen_of, part):
    found = [
        f"{role or 'tanpa masuk'}: {line}"
        for role, pages, options in WALKS
        if role in PARTS[part]
        for line in barriers(screen_of(house.people[role] if role else None, **options), pages(house))
    ]

    assert not found, "\n".join([f"{len(found)} hambatan", *found])
