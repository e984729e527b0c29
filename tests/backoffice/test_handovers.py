"""The screens of a hand-over: from a plenary with one press, the faults with the way to where they are mended, the acts."""

import io
import zipfile

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.accounts.models import CandidateProfile
from core.activity.models import ActivityEntry
from core.handovers.models import Handover, SessionCodes
from tests.backoffice.conftest import said
from tests.factories.documents import text_pdf
from tests.factories.handovers import entry, make_decided, make_handover

pytestmark = pytest.mark.django_db


def address(handover, page="change", *more):
    return reverse(f"admin:core_handover_{page}", args=[handover.pk, *more])


@pytest.fixture
def decision(clerk):
    return make_decided(by=clerk, full_name="Sari Wulandari")


def test_from_a_plenary_to_bnsp(desk, clerk, decision, as_role):
    plenary = reverse("admin:core_plenary_change", args=[decision.plenary_id])
    assert "1 keputusan rapat ini belum diserahkan." in desk.get(plenary).content.decode()
    home = desk.get(reverse("admin:index")).content.decode()
    assert "Belum diserahkan ke BNSP" in home
    assert "Yang tertua diputuskan" in home

    answer = desk.post(reverse("admin:core_handover_of_plenary", args=[decision.plenary_id]))
    handover = Handover.objects.get()
    assert answer.url == address(handover)
    page = desk.get(answer.url)
    assert "Tidak ada yang harus diperbaiki." in page.content.decode()
    assert [act["name"] for act in page.context["acts"]] == ["withdraw", "check"]

    assert "Anda menandatangani" in desk.get(address(handover, "act", "check")).content.decode()
    desk.post(address(handover, "act", "check"))
    handover.refresh_from_db()
    assert handover.status == "diperiksa"
    archive = zipfile.ZipFile(io.BytesIO(desk.post(address(handover, "download")).getvalue()))
    assert len(archive.namelist()) == 4
    bnsp = as_role("bnsp")
    assert bnsp.get(address(handover)).status_code == 404  # not with BNSP yet

    sent = {"handed_on": timezone.localdate().isoformat(), "channel": "aplikasi", "reference": "BNSP-7"}
    desk.post(address(handover, "act", "hand_over"), sent)
    handover.refresh_from_db()
    assert (handover.status, handover.reference) == ("diserahkan", "BNSP-7")
    assert handover.number in desk.get(plenary).content.decode()

    seen = bnsp.get(address(handover))
    assert [act["name"] for act in seen.context["acts"]] == []
    assert bnsp.post(address(handover, "download")).getvalue() == b"".join(desk.post(address(handover, "download")))
    [listed] = [file for file in handover.files.all() if file.kind == "daftar"]
    assert bnsp.get(address(handover, "file", listed.pk)).getvalue()[:2] == b"PK"
    assert bnsp.get(reverse("admin:document", args=[listed.document.public_id])).status_code == 404
    assert ActivityEntry.objects.filter(code="handover.download").count() == 3
    assert ActivityEntry.objects.filter(code="document.view", subject_id=str(listed.document_id)).count() == 1


def test_the_faults_lead_to_where_they_are_mended(desk, clerk, decision):
    handover = make_handover(decision, by=clerk)
    person = decision.application.candidate
    CandidateProfile.objects.filter(pk=person.pk).update(occupation=None, birth_date="1991-01-01")
    SessionCodes.objects.update(code="")

    page = desk.get(address(handover))

    lines = {(line.column, line.link) for line in page.context["findings"]}
    profile = reverse("admin:core_candidateprofile_change", args=[person.pk])
    session = decision.application.placements.get().session
    assert lines == {
        ("Kode pekerjaan", profile), ("NIK", profile), ("Kode jadwal", address(handover, "session", session.pk)),
    }  # fmt: skip
    assert [act["reason"] for act in page.context["acts"] if act["name"] == "check"] == [
        "Masih ada 2 kesalahan. Perbaiki semuanya, lalu periksa lagi."
    ]
    ministry = entry("kementerian", "54").pk
    desk.post(address(handover, "session", session.pk), {"code": "J-9", "funding": "", "ministry": ministry})
    codes = SessionCodes.objects.get()
    assert (codes.code, codes.funding, codes.ministry_id) == ("J-9", None, ministry)
    assert desk.get(address(handover, "session", 999_999)).status_code == 404


def test_warnings_are_accepted_in_the_dialog_and_a_refusal_is_said_there(desk, clerk, decision):
    handover = make_handover(decision, by=clerk)
    CandidateProfile.objects.filter(pk=decision.application.candidate_id).update(birth_date="1991-01-01")

    refused = desk.post(address(handover, "act", "check"), {"reason": "ya"})

    assert refused.status_code == 422
    assert "Tulis alasannya, sedikitnya 10 huruf." in refused.content.decode()
    desk.post(address(handover, "act", "check"), {"reason": "Akta lahir sudah dicocokkan."})
    assert "Akta lahir sudah dicocokkan." in desk.get(address(handover)).content.decode()


@pytest.mark.parametrize("asked", ["pleno=" + "1" * 5000, "pleno=²", "dari=0001-01-01", "sampai=9999-12-31"])
def test_a_narrowing_that_no_calendar_and_no_number_knows_breaks_nothing(desk, decision, asked):
    assert desk.get(f"{reverse('admin:core_handover_add')}?{asked}").context["decisions"] == [decision]


def test_choosing_narrows_and_what_is_left_out_waits(desk, clerk, decision):
    other = make_decided(by=clerk, outcome="BK")
    choose = reverse("admin:core_handover_add")
    assert len(desk.get(choose).context["decisions"]) == 2
    assert desk.get(f"{choose}?pleno={other.plenary_id}").context["decisions"] == [other]
    assert desk.get(f"{choose}?sampai=2020-01-01&skema=x").context["decisions"] == []
    assert desk.post(choose, {}).status_code == 422

    desk.post(choose, {"keputusan": [decision.pk], "nama": "Gelombang I"})
    handover = Handover.objects.get()
    assert str(handover) == "Gelombang I"
    again = desk.post(choose, {"keputusan": [decision.pk, other.pk]})
    assert "serah terima lain" in said(again)
    desk.post(address(handover, "cases"), {"keputusan": [other.pk]})
    desk.post(address(handover, "remove"), {"permohonan": [handover.cases.get(decision=decision).pk]})
    assert list(handover.cases.values_list("decision", flat=True)) == [other.pk]


def test_the_letter_is_ours_or_the_one_that_was_uploaded(desk, clerk, decision):
    handover = make_handover(decision, by=clerk)
    file = io.BytesIO(text_pdf("Surat"))
    file.name = "surat.pdf"
    desk.post(address(handover, "letter"), {"file": file})
    assert "surat.pdf" in desk.get(address(handover)).content.decode()
    desk.post(address(handover, "letter"), {"lepas": "1"})
    handover.refresh_from_db()
    assert handover.uploaded_letter is None


def test_the_list_is_narrowed_by_state_and_scheme(desk, clerk, decision):
    handover = make_handover(decision, by=clerk)
    code = decision.application.scheme_version.scheme.code
    listed = reverse("admin:core_handover_changelist")
    for query, count in (("status__exact=persiapan", 1), (f"skema={code}", 1), ("skema=tidak-ada", 0)):
        assert desk.get(f"{listed}?{query}").context["cl"].result_list.count() == count, query
    assert handover.title in desk.get(listed).content.decode()


@pytest.mark.parametrize("role", ["administrator", "bnsp", "asesor"])
def test_nobody_but_the_secretariat_changes_anything(as_role, clerk, decision, role):
    handover = make_handover(decision, by=clerk)
    client: Client = as_role(role)
    for page, more in (("act", ["check"]), ("remove", []), ("letter", []), ("cases", []), ("session", [1])):
        assert client.post(address(handover, page, *more), {}).status_code == 403, page
    assert client.post(reverse("admin:core_handover_add"), {}).status_code == 403
    assert client.post(reverse("admin:core_handover_of_plenary", args=[decision.plenary_id])).status_code == 403
