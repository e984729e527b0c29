"""Private files: who may look, how they are sent, and that every look is written down."""

import hashlib
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.activity.models import ActivityEntry
from core.applications.enums import FormCode
from core.applications.forms import ensure_form
from core.applications.queries import latest_submission
from core.applications.services import submit_application
from core.documents.models import Document, DocumentState, DocumentText, TextSource
from core.reports.document_words import read_waiting, renew_words
from core.reports.repository import documents_for
from tests.factories.accounts import make_candidate, make_user
from tests.factories.applications import make_application
from tests.factories.assessments import assign, make_assessor
from tests.factories.documents import make_document, pdf_bytes, text_pdf

pytestmark = pytest.mark.django_db


def url_of(document) -> str:
    return reverse("admin:document", args=[document.public_id])


def look(client, address):
    """The response with its file read (the test client closes it then)."""
    response = client.get(address)
    response.body = b"".join(response.streaming_content)
    return response


def a_document_of(case, kind="ktp"):
    return case.requirement_evidence.get(requirement__document_type__code=kind).documents.first()


@pytest.mark.parametrize(("role", "kind"), [("sekretariat", "ktp"), ("administrator", "ktp"), ("bnsp", "surat-tugas")])
def test_evidence_of_a_sent_case_is_shown_and_the_look_recorded(as_role, role, kind):
    document = a_document_of(make_application(), kind)
    client = as_role(role)
    response = look(client, url_of(document))
    assert hashlib.sha256(response.body).hexdigest() == document.sha256
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"].startswith("inline")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert "private" in response["Cache-Control"]
    assert "no-store" in response["Cache-Control"]
    assert response["Content-Security-Policy"].startswith("default-src 'none'")
    assert "sandbox" in response["Content-Security-Policy"]
    entry = ActivityEntry.objects.get(code="document.view")
    assert (entry.actor_id, entry.subject_id) == (int(client.session["_auth_user_id"]), str(document.pk))


def test_a_pdf_may_run_nothing_but_is_not_sandboxed(desk):
    candidate = make_candidate()
    document = make_document(owner=candidate.user, kind="cv", content=pdf_bytes(), file_name="cv.pdf")
    response = look(desk, url_of(document))
    assert response["Content-Type"] == "application/pdf"
    assert "sandbox" not in response["Content-Security-Policy"]
    assert "script-src" not in response["Content-Security-Policy"]  # falls back to 'none'


@pytest.mark.parametrize("status", ["ready", None])
def test_bnsp_does_not_find_what_was_never_sent(as_role, status):
    document = a_document_of(make_application(status=status)) if status else make_document(owner=make_candidate().user)
    assert as_role("bnsp").get(url_of(document)).status_code == 404
    assert not ActivityEntry.objects.filter(code="document.view").exists()


def test_assessor_does_not_find_a_case_of_somebody_else(as_role):
    assert as_role("asesor").get(url_of(a_document_of(make_application()))).status_code == 404


def test_candidates_and_strangers_are_asked_to_log_in(as_role, client):
    address = url_of(a_document_of(make_application()))
    for visitor in (as_role("asesi"), client):
        assert visitor.get(address).url.startswith("/admin/login/")


def test_unknown_documents_and_posts_are_refused(desk):
    assert desk.get(reverse("admin:document", args=[uuid.uuid4()])).status_code == 404
    assert desk.post(url_of(a_document_of(make_application()))).status_code == 405


def test_a_lost_file_is_a_404_and_no_look(desk):
    document = a_document_of(make_application())
    Path(document.file.path).unlink()
    assert desk.get(url_of(document)).status_code == 404
    assert not ActivityEntry.objects.filter(code="document.view").exists()


@pytest.mark.parametrize("form", FormCode.values)
def test_forms_are_rendered_once_and_lead_to_the_document(desk, form):
    case = make_application()
    address = reverse("admin:core_application_form", args=[case.pk, 1, form])
    first, second = desk.get(address), desk.get(address)
    assert first.url == second.url
    assert look(desk, first.url)["Content-Type"] == "application/pdf"


def test_forms_of_unknown_sendings_are_not_found(desk):
    case = make_application()
    for sequence, form in ((2, "fr-apl-01"), (1, "fr-apl-99")):
        assert desk.get(reverse("admin:core_application_form", args=[case.pk, sequence, form])).status_code == 404


@pytest.mark.parametrize(("role", "is_shown"), [("sekretariat", True), ("bnsp", False)])
def test_a_nik_in_a_files_name_is_not_read_by_bnsp(as_role, role, is_shown):
    document = a_document_of(make_application(), "surat-tugas")
    type(document).objects.filter(pk=document.pk).update(
        file_name="tugas 3171011505900001.jpg", title="Bukti 081288721495"
    )
    client = as_role(role)
    rows = client.get(reverse("admin:core_document_changelist")).content.decode()
    page = client.get(reverse("admin:core_document_change", args=[document.pk])).content.decode()
    saved_as = look(client, url_of(document))["Content-Disposition"]
    assert ("3171011505900001" in rows) is ("3171011505900001" in page) is is_shown
    assert ("3171011505900001" in saved_as) is is_shown
    assert ("081288721495" in page) is is_shown


@pytest.mark.parametrize("page", ["change", "evidence"])
def test_a_number_in_a_files_name_is_not_read_by_bnsp_on_the_case_either(as_role, desk, page):
    case = make_application(status="ready")
    case.requirement_evidence.get(requirement__document_type__code="surat-tugas").documents.update(
        file_name="tugas 3171011505900001.jpg"
    )
    submit_application(application=case, by=case.candidate.user)
    address = reverse(f"admin:core_application_{page}", args=[case.pk])
    assert "3171011505900001" in desk.get(address).content.decode()
    assert "3171011505900001" not in as_role("bnsp").get(address).content.decode()


def test_bnsp_reads_the_cases_number_in_the_name_of_a_form(as_role):
    case, bnsp = make_application(), as_role("bnsp")
    bnsp.get(reverse("admin:core_application_form", args=[case.pk, 1, FormCode.APL_01.value]))
    page = bnsp.get(reverse("admin:core_document_changelist")).content.decode()
    assert f"{case.number} (disamarkan).pdf" in page
    assert f'href="{reverse("admin:core_application_change", args=[case.pk])}">{case.number}</a>' in page


def test_an_assessor_finds_the_form_itself_and_not_its_masked_copy():
    case = make_application(status="accepted")
    submission = latest_submission(case)
    kept = [ensure_form(submission=submission, form=FormCode.APL_01, masked=masked) for masked in (False, True)]
    assessor = make_assessor()
    assign(case, assessor)
    assert [paper in documents_for(assessor.user) for paper in kept] == [True, False]
    assert [paper in documents_for(make_user(role="bnsp")) for paper in kept] == [False, True]


# --- one box that searches everything ----------------------------------------------------------------------------


LIST = "/admin/core/document/"


def a_paper(*lines, owner=None, kind="bukti-kerja", file_name="berkas.pdf"):
    owner = owner or make_candidate(full_name="Yohana Tambunan").user
    document = make_document(owner=owner, kind=kind, content=text_pdf(*lines), file_name=file_name)
    read_waiting(seconds=600)
    return document


def shown(response):
    return {row.pk for row in response.context["cl"].result_list}


def test_a_word_in_the_text_is_found_and_marked_where_it_stands(desk):
    paper = a_paper("Laporan posko <b>induk</b> Cianjur: 412 pengungsi terdata")
    other = a_paper("Berita duka")
    page = desk.get(LIST, {"q": "PENGUNGSI yohana"})
    assert shown(page) == {paper.pk}
    text = page.content.decode()
    assert "412 <mark>pengungsi</mark> terdata" in text
    assert "<mark>Yohana</mark> Tambunan" in text
    assert "&lt;b&gt;induk&lt;/b&gt;" in text
    assert shown(desk.get(LIST, {"q": "tidakada"})) == set()
    assert shown(desk.get(LIST)) == {paper.pk, other.pk}


def test_the_search_posts_and_a_nik_never_stands_in_the_address(desk):
    case = make_application()
    answer = desk.post(LIST, {"cari": case.candidate.nik})
    assert case.candidate.nik not in answer.url
    assert shown(desk.get(answer.url)) == {row.document_id for row in case.case_documents.all()}
    assert desk.post(LIST, {"cari": "posko induk"}).url == f"{LIST}?q=posko+induk"


def test_cases_stand_beside_their_papers_and_one_leads_to_the_other(desk):
    case = make_application()
    renew_words()
    page = desk.get(LIST, {"q": case.number})
    assert shown(page) == {row.document_id for row in case.case_documents.all()}
    assert f'href="/admin/core/application/{case.pk}/change/">{case.number}</a>' in page.content.decode()


def test_filters_of_the_case_speak_of_the_same_case(desk):
    case, other = make_application(), make_application(status="rejected")
    papers = {row.document_id for row in case.case_documents.all()}
    for query, expected in {
        f"nomor={case.number}": papers,
        "skema=distribusi-bantuan&status=submitted": papers,
        f"nomor={other.number}&status=submitted": set(),
        f"status=rejected&nomor={other.number}": {row.document_id for row in other.case_documents.all()},
        "skema=tidak-ada": set(),
    }.items():
        assert shown(desk.get(f"{LIST}?{query}")) == expected, query


def test_a_search_within_days_finds_what_came_on_them_and_nothing_older_or_newer(desk):
    days = {a_paper("Sama").pk: day for day in (3, 4, 4, 5)}
    for pk, day in days.items():
        Document.objects.filter(pk=pk).update(created_at=datetime(2025, 3, day, 12, tzinfo=UTC))
    for query, expected in {
        "created_at_from=04-03-2025&created_at_to=04-03-2025": {4},
        "created_at_from=04-03-2025": {4, 5},
        "created_at_to=04-03-2025": {3, 4},
        "created_at_from=06-03-2025&created_at_to=07-03-2025": set(),
    }.items():
        wanted = {pk for pk, day in days.items() if day in expected}
        assert shown(desk.get(f"{LIST}?{query}")) == shown(desk.get(f"{LIST}?{query}&q=sama")) == wanted, query


def test_filters_by_who_brought_it_how_it_stands_and_how_it_was_read(desk, clerk):
    paper = a_paper("Satu")
    by_clerk = a_paper("Dua")
    Document.objects.filter(pk=by_clerk.pk).update(uploaded_by=clerk, state=DocumentState.WAITING)
    made = a_paper("Tiga")
    Document.objects.filter(pk=made.pk).update(uploaded_by=None)
    DocumentText.objects.filter(document=made).update(source=TextSource.SCAN)
    for query, expected in {
        "pengunggah=asesi": {paper.pk},
        "pengunggah=lsp": {by_clerk.pk},
        f"pengunggah={clerk.pk}": {by_clerk.pk},
        "pengunggah=sistem": {made.pk},
        "pengunggah=x": set(),
        "keadaan=menunggu": {by_clerk.pk},
        "teks=pindaian": {made.pk},
        "teks=lapisan&q=satu": {paper.pk},
        "teks=pindaian&q=satu": set(),
    }.items():
        assert shown(desk.get(f"{LIST}?{query}")) == expected, query
    page = desk.get(f"{LIST}?keadaan=menunggu").content.decode()
    assert "Menunggu pemeriksaan virus" in page
    assert url_of(by_clerk) not in page  # what may not be opened is not offered


def test_a_search_goes_on_to_older_documents_and_back(desk, monkeypatch):
    monkeypatch.setattr("backoffice.admin.documents.MAX_FOUND", 2)
    oldest, *newest = (a_paper("Sama").pk for _paper in range(3))
    page = desk.get(LIST, {"q": "sama", "pengunggah": "asesi"})
    assert shown(page) == set(newest)
    assert ": 2 cocok. <a" in page.content.decode()
    older = f"?q=sama&amp;pengunggah=asesi&amp;sebelum={newest[0]}"
    assert f'href="{older}">Telusuri yang lebih lama</a>' in page.content.decode()
    page = desk.get(f"{LIST}{older.replace('&amp;', '&')}")
    assert shown(page) == {oldest}
    words = page.content.decode()
    assert "Dokumen terlama sudah ditelusuri." in words
    assert 'href="?q=sama&amp;pengunggah=asesi">Kembali ke yang terbaru</a>' in words
    assert "Telusuri yang lebih lama" not in words
    # Another word, or one filter less, begins with the newest again.
    assert "sebelum" not in desk.post(f"{LIST}{older.replace('&amp;', '&')}", {"cari": "lain"}).url
    assert 'href="?pengunggah=asesi"' in words
    assert shown(desk.get(LIST, {"q": "sama", "sebelum": "x"})) == set(newest)


@pytest.mark.parametrize("role", ["bnsp", "asesor"])
def test_who_may_not_open_a_paper_sees_nothing_of_its_text(as_role, role):
    a_paper("Rahasia keluarga")
    page = as_role(role).get(LIST, {"q": "rahasia"})
    assert shown(page) == set()
    assert "keluarga" not in page.content.decode()


def test_bnsp_reads_no_telephone_in_a_piece_of_text(as_role, desk):
    case = make_application()
    document = a_document_of(case, "surat-tugas")
    DocumentText.objects.filter(document=document).update(
        body="Hubungi posko 0812 8872 1495 segera",
        words=" zzhubungi zzposko zz0812 zz8872 zz1495 zzsegera ",
        is_stale=False,
    )
    assert "0812 8872 1495" in desk.get(LIST, {"q": "posko"}).content.decode()
    page = as_role("bnsp").get(LIST, {"q": "posko"}).content.decode()
    assert "Hubungi <mark>posko</mark> •••" in page


def test_scans_that_nothing_can_read_are_said_to_the_desk_and_at_the_administrators_home(
    desk, as_role, monkeypatch, tmp_path
):
    a_paper("Satu")
    DocumentText.objects.update(source=TextSource.SCAN)
    monkeypatch.setenv("PATH", str(tmp_path))
    cache.clear()
    sentence = "1 pindaian belum dapat dicari isinya. Program pembaca pindaian belum terpasang di server"
    assert sentence in desk.get(LIST).content.decode()
    assert sentence not in as_role("bnsp").get(LIST).content.decode()
    home = as_role("administrator").get("/admin/").content.decode()
    assert "Pindaian menunggu dibaca" in home
    assert "Program pembaca pindaian belum terpasang" in home


def test_searching_costs_the_same_for_few_and_many(desk):
    owner = make_candidate(full_name="Yohana Tambunan").user

    def questions():
        with CaptureQueriesContext(connection) as queries:
            desk.get(LIST, {"q": "yohana posko"})
        return len(queries)

    def papers(count):
        for number in range(count):
            make_document(owner=owner, kind="bukti-kerja", content=text_pdf(f"Posko {number}"), file_name="a.pdf")

    papers(3)
    DocumentText.objects.update(words=" zzyohana zzposko ", body="posko", is_stale=False)
    questions()
    few = questions()
    papers(30)
    DocumentText.objects.update(words=" zzyohana zzposko ", body="posko", is_stale=False)
    assert questions() == few <= 25


def test_the_page_of_a_document_shows_it_when_asked_and_leads_to_its_cases(desk):
    case = make_application()
    document = a_document_of(case)
    page = desk.get(reverse("admin:core_document_change", args=[document.pk])).content.decode()
    assert f'<img src="{url_of(document)}"' in page
    assert 'loading="lazy"' in page
    assert case.number in page
    assert not ActivityEntry.objects.filter(code="document.view").exists()


def test_the_palette_finds_a_paper_by_its_text(desk):
    paper = a_paper("Rekapitulasi pengungsi")
    assert (
        f"/admin/core/document/{paper.pk}/change/"
        in desk.post("/admin/search/", {"s": "rekapitulasi"}).content.decode()
    )
