"""Every list that can be taken out, one after the other: what it costs, what it hides, what its cells are.

The rows are laid once and all lists walked over them. A new resource is walked by itself; where `lay_rows` leaves it
without a row, the test says so.
"""

import csv
import io
import re

import openpyxl
import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from backoffice.resources import RESOURCES
from core.accounts.models import CandidateProfile, User
from core.applications.models import ExpectedDocument
from core.documents.models import DocumentType
from core.privacy.models import DestructionBatch, LegalHold
from tests.factories.certificates import lay_certificate, make_past_certificate, make_surveillance
from tests.factories.content import make_announcement, make_download, make_question
from tests.factories.corridor import make_case
from tests.factories.handovers import make_handover
from tests.factories.inquiries import make_ticket
from tests.factories.institutions import make_batch
from tests.factories.privacy import make_request

pytestmark = pytest.mark.django_db

#: A day that was written as text.
DAY = re.compile(r"\d\d[-/]\d\d[-/]\d{4}|\d{4}-\d\d-\d\d")
#: Lists that people keep or look at and that are not taken out here, each with its reason.
WITHOUT = {
    "activityentry": "has an export of its own, with its seals",
    "deletedrecord": "is brought back, not listed elsewhere",
    "job": "one's own work in the background",
    "importrun": "each has its report",
    "integrityrun": "each has its page; the recap of documents counts them",
    **dict.fromkeys(
        ("backuprun", "restoredrill", "scheduledjob", "scheduledrun"), "how the server does, read on pages of its own"
    ),
    **dict.fromkeys(
        ("competencystandard", "schemeversion", "formdefinition", "formversion"), "goes out whole, as a workbook or paper"
    ),
    **dict.fromkeys(
        (
            "assessmentpurpose", "numberingrule", "officedata", "systempolicy", "handoverlayout", "messagetemplate",
            "answertemplate", "consenttext", "page", "menuitem",
        ),
        "a handful of rows that are set up by hand and kept in versions",
    ),
}  # fmt: skip


def test_every_list_can_be_taken_out_or_says_why_not():
    lists = {model._meta.model_name for model in admin.site._registry if model._meta.app_label == "core"}
    assert lists - set(RESOURCES) == set(WITHOUT)


def lay_rows(clerk: User) -> None:
    """At least one row more in every list. Whoever holds them is called like a formula."""
    certificate = lay_certificate(full_name="=1+1 Siti", officer=clerk)
    make_surveillance(certificate=certificate)
    make_past_certificate(nik=certificate.application.candidate.nik, email="lama@contoh.id")
    case = make_case("appealed", full_name="=1+1 Siti").application
    make_handover(by=clerk)
    make_ticket()
    make_batch()
    request = make_request(person=case.candidate.user)
    LegalHold.objects.create(application=case, reason="Sengketa", placed_by=clerk)
    DestructionBatch.objects.create(proposed_by=clerk, request=request)
    make_announcement()
    make_download()
    make_question()
    kind = DocumentType.objects.create(code=f"surat-{case.pk}", title="@surat")
    ExpectedDocument.objects.create(document_type=kind, from_status="scheduled")


def export(client, kind: str, form: str):
    """Every column that this person may have, of every row."""
    query = "?antrean=semua" if kind == "application" else ""
    return client.post(reverse(f"admin:core_{kind}_export_rows") + query, {"tindakan": "semua", "format": form})


def lines(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig")), delimiter=";"))


def cost(client, kind: str) -> tuple[int, int]:
    """Queries and rows."""
    with CaptureQueriesContext(connection) as queries:
        found = lines(export(client, kind, "csv"))
    return len(queries), len(found) - 1


def secrets() -> set[str]:
    """What must not leave this house by BNSP's hand."""
    people = CandidateProfile.objects.filter(nik_hash__isnull=False)
    found = {value for person in people for value in (person.nik, person.user.email, person.phone_mobile)}
    return found | {"lama@contoh.id", "Jalan Pattimura 5", "Sri Wahyuni"}


def test_each_costs_the_same_for_any_number_of_rows_and_hides_what_it_must(desk, clerk, as_role, subtests):
    bnsp = as_role("bnsp")
    lay_rows(clerk)
    before = {}
    for kind in RESOURCES:
        export(desk, kind, "csv")  # what is remembered between requests is remembered now
        before[kind] = cost(desk, kind)
    lay_rows(clerk)
    hidden = secrets()

    for kind in RESOURCES:
        with subtests.test(kind=kind):
            queries, rows = before[kind]
            assert rows, "lay_rows leaves this list empty"
            assert cost(desk, kind)[0] <= queries
            table = lines(export(desk, kind, "csv"))
            assert not [cell for row in table for cell in row if cell[:1] in "=@+" and cell]
            sheet = openpyxl.load_workbook(io.BytesIO(export(desk, kind, "xlsx").getvalue()))["Data"]
            heads = [cell.value.removesuffix(" *") for cell in sheet[1]]
            assert heads == table[0]
            for row in sheet.iter_rows(min_row=2):
                for head, cell in zip(heads, row, strict=True):
                    if head == "NIK" and cell.value:
                        assert cell.data_type == "s"
                    assert not (cell.data_type == "s" and DAY.match(cell.value)), head
            answer = export(bnsp, kind, "csv")
            if answer.status_code == 200:
                text = answer.getvalue().decode("utf-8-sig")
                assert not [secret for secret in hidden if secret in text]
