"""Whoever is sent a paper is written down: every address that serves one is walked here.

The program itself says which addresses those are: the views that call one of SENDERS. A new one that is
not walked below fails the suite.
"""

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.accounts.models import User
from core.activity.models import ActivityEntry
from core.applications.filing import file_document
from core.assessments.services.papers import lay_in_paper
from core.decisions.models import Plenary
from core.documents.models import Document
from core.handovers.models import Handover
from core.privacy.models import DestructionBatch
from tests.factories.accounts import make_user
from tests.factories.backups import make_drill
from tests.factories.certificates import make_certificate
from tests.factories.corridor import make_session
from tests.factories.documents import make_document
from tests.factories.forms import FEEDBACK, make_form_definition
from tests.factories.privacy import make_request

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
#: What sends a paper to a browser, or packs many of them.
SENDERS = frozenset(
    {
        "document_response",
        "public_response",
        "pdf_response",
        "pack_own_data",
        "make_bundle",
        "make_own_bundle",
        "make_archive",
    }
)
#: Blank samples, and what the secretariat hands out to everybody: nobody stands in them.
NAME_NOBODY = frozenset(
    {
        "backoffice.views.form_editor.sample_view",
        "backoffice.views.scheme_editor.sample_view",
        "public_site.views.listed.download",
    }
)
PASSWORD = "sandi-uji-asesi"


def serving_views() -> set[str]:
    """Every function of the two faces that calls a sender, as `package.module.function`."""
    found = set()
    for face in ("backoffice", "public_site"):
        for path in (ROOT / face).rglob("*.py"):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(function, ast.FunctionDef) and any(
                    isinstance(call, ast.Call) and getattr(call.func, "id", "") in SENDERS
                    for call in ast.walk(function)
                ):
                    found.add(f"{module}.{function.name}")
    return found


@dataclass
class World:
    """A certified case with every kind of paper, its owner, and people at the desk."""

    certificate: object = field(default_factory=make_certificate)
    clerk: User = field(default_factory=lambda: make_user(role="sekretariat"))
    bnsp: User = field(default_factory=lambda: make_user(role="bnsp"))

    def __post_init__(self):
        self.case = self.certificate.application
        self.owner = self.case.candidate.user
        self.owner.set_password(PASSWORD)
        self.owner.save()

    def paper(self, *, final: bool):
        definition = make_form_definition(*FEEDBACK, filled_by="asesi", stage="sesudah", kind="fr-ak-03")
        form = lay_in_paper(application=self.case, definition=definition, by=None)
        if final:
            form.status, form.document = "ditandatangani", make_document(owner=self.owner)
            form.save()
        return form

    def plenary(self):
        plenary = self.case.decisions.get().plenary
        Plenary.objects.filter(pk=plenary.pk).update(document=make_document(owner=self.clerk))
        return plenary

    def batch(self):
        document = make_document(owner=self.clerk)
        return DestructionBatch.objects.create(
            status="dimusnahkan", document=document, approved_by=self.clerk, finished_at=timezone.now()
        )

    def handover(self):
        """What went out, laid by hand."""
        found = Handover.objects.create(
            title="Uji", number=f"{Handover.objects.count()}/ST", status="diserahkan", edition=1, prepared_by=self.clerk,
            checked_by=self.clerk, checked_at=timezone.now(), manifest="# uji\n",
        )  # fmt: skip
        found.files.create(edition=1, kind="daftar", name="01 Daftar.pdf", document=make_document(owner=self.clerk))
        return found


def get(person: Callable, name: str, arguments: Callable):
    return lambda world: _client(person(world)).get(reverse(name, args=arguments(world)))


def post(person: Callable, name: str, arguments: Callable, data: dict):
    return lambda world: _client(person(world)).post(reverse(name, args=arguments(world)), data)


def _client(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def owner(world):
    return world.owner


def clerk(world):
    return world.clerk


def bnsp(world):
    return world.bnsp


def filed(world):
    document = make_document(owner=world.owner, kind="surat-tugas")
    file_document(application=world.case, document=document)
    return [document.public_id]


def evidence(world):
    """What readers from outside the LSP may open too."""
    papers = Document.objects.filter(requirement_evidence__application=world.case, document_type__is_identity=False)
    return [papers.first().public_id]


def _file_of_a_handover(world):
    handover = world.handover()
    return [handover.pk, handover.files.get().pk]


#: (view, who asks, what is asked, what the log must say). A view that sends in two ways stands twice.
LOOKS = [
    ("public_site.views.desk.document", owner, get(owner, "public_site:document", filed), "document.view"),
    ("public_site.views.application.form_pdf", owner, get(owner, "public_site:form_pdf", lambda w: [w.case.reference, "fr-apl-01"]), "document.view"),
    ("public_site.views.papers.paper_pdf", owner, get(owner, "public_site:paper_pdf", lambda w: [w.case.reference, w.paper(final=True).pk]), "document.view"),
    ("public_site.views.papers.paper_pdf", owner, get(owner, "public_site:paper_pdf", lambda w: [w.case.reference, w.paper(final=False).pk]), "form.print"),
    ("public_site.views.certificate.pdf", owner, get(owner, "public_site:certificate_pdf", lambda w: [w.case.reference, w.certificate.pk]), "certificate.download"),
    ("public_site.views.case_file.bundle", owner, post(owner, "public_site:case_file_bundle", lambda w: [w.case.reference], {}), "application.download_file"),
    ("public_site.views.own_data._archive", owner, post(owner, "public_site:own_data_download", lambda w: [], {"password": PASSWORD}), "privacy.download"),
    ("backoffice.views.documents.document_view", clerk, get(clerk, "admin:document", filed), "document.view"),
    ("backoffice.views.documents.document_view", bnsp, get(bnsp, "admin:document", evidence), "document.view"),
    ("backoffice.views.papers.print_view", clerk, get(clerk, "admin:paper_print", lambda w: [w.paper(final=True).pk]), "document.view"),
    ("backoffice.views.papers.print_view", clerk, get(clerk, "admin:paper_print", lambda w: [w.paper(final=False).pk]), "form.print"),
    ("backoffice.views.papers.print_view", bnsp, get(bnsp, "admin:paper_print", lambda w: [w.paper(final=True).pk]), "form.print"),
    ("backoffice.views.plenary.paper_view", clerk, get(clerk, "admin:core_plenary_minutes", lambda w: [w.plenary().pk]), "document.view"),
    ("backoffice.views.case_file.bundle_view", clerk, post(clerk, "admin:core_application_file_bundle", lambda w: [w.case.pk], {}), "application.download_file"),
    ("backoffice.views.certificates.pdf_view", clerk, get(clerk, "admin:core_certificate_pdf", lambda w: [w.certificate.pk]), "certificate.download"),
    ("backoffice.views.session_acts.attendance_list_view", clerk, get(clerk, "admin:core_assessmentsession_attendance_list", lambda w: [make_session(scheme=w.case.scheme_version.scheme).pk]), "session.print_attendance"),
    ("backoffice.views.verification.form_view", bnsp, get(bnsp, "admin:core_application_form", lambda w: [w.case.pk, 1, "fr-apl-02"]), "application.print"),
    ("backoffice.views.destruction.minutes_view", bnsp, get(bnsp, "admin:core_destructionbatch_minutes", lambda w: [w.batch().pk]), "document.view"),
    ("backoffice.views.backups.certificate_view", bnsp, get(bnsp, "admin:core_restoredrill_certificate", lambda w: [make_drill().pk]), "document.view"),
    ("backoffice.views.handovers.download_view", bnsp, post(bnsp, "admin:core_handover_download", lambda w: [w.handover().pk], {}), "handover.download"),
    ("backoffice.views.handovers.file_view", bnsp, get(bnsp, "admin:core_handover_file", _file_of_a_handover), "document.view"),
    ("backoffice.views.privacy.export_view", clerk, post(clerk, "admin:core_privacyrequest_export", lambda w: [make_request(person=w.owner).pk], {}), "privacy.download"),
]  # fmt: skip


def test_every_view_that_sends_a_paper_is_walked():
    assert serving_views() - NAME_NOBODY == {view for view, _who, _ask, _code in LOOKS}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Made once, undone after the last look."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


@pytest.mark.parametrize(("view", "who", "ask", "code"), LOOKS)
def test_every_look_is_recorded(world, db, view, who, ask, code):
    before = ActivityEntry.objects.filter(actor=who(world), code=code).count()
    answer = ask(world)
    content = answer.getvalue()
    assert answer.status_code == 200, view
    assert content[:4] in (b"%PDF", b"PK\x03\x04", b"\xff\xd8\xff\xe0"), view
    assert ActivityEntry.objects.filter(actor=who(world), code=code).count() == before + 1, view
