"""The assessor's sheet of results and signature, what others read of them, and the home that leads there."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from core.assessments.methods import Evidence, Method, register, registry
from core.assessments.models import AssessmentRecord, FilledForm
from core.assessments.queries import record_in_force, results_by_unit
from core.assessments.services import record_result
from core.assessments.services.papers import prepare_papers
from core.schemes.queries import units_in_order
from tests.backoffice.conftest import case_url, said
from tests.factories.accounts import make_user
from tests.factories.assessments import make_assessor
from tests.factories.corridor import make_case, make_session

pytestmark = pytest.mark.django_db


def url(case, page="results") -> str:
    return reverse(f"admin:core_application_{page}", args=[case.application.pk])


def sheet(case, outcome="K", **more) -> dict:
    """What a browser posts of a sheet on which every unit was judged alike."""
    words = {"edit": "0", "note": "", "follow_up": ""}
    for unit in units_in_order(case.application.scheme_version):
        words |= {f"hasil-{unit.pk}": outcome, f"metode-{unit.pk}": ["observasi"], f"catatan-{unit.pk}": ""}
    return words | more


@pytest.fixture
def case():
    return make_case("scheduled", full_name="Sari Wulandari")


@pytest.fixture
def phone(case, sign_in):
    """The assessor's browser."""
    return sign_in(case.assessor.user)


# --- the sheet ------------------------------------------------------------------------------------------


def test_the_sheet_shows_every_unit_with_two_buttons_and_preselected_observation(case, phone):
    page = phone.get(url(case)).content.decode()

    for unit in units_in_order(case.application.scheme_version):
        assert unit.code in page
        assert f'name="hasil-{unit.pk}" value="BK"' in page
        assert f'name="metode-{unit.pk}" value="observasi" checked' in page
    assert "Semua K" in page
    assert "Sari Wulandari" in page
    assert not AssessmentRecord.objects.exists()  # looking makes nothing


def test_filling_looking_over_and_signing(case, phone):
    first = units_in_order(case.application.scheme_version)[0]
    words = sheet(case, periksa="1", follow_up="Pelatihan") | {
        f"hasil-{first.pk}": "BK",
        f"metode-{first.pk}": ["lisan", "portofolio"],
        f"catatan-{first.pk}": "Belum lancar",
    }

    answer = phone.post(url(case), words)
    assert answer.url == url(case, "sign_results")
    page = phone.get(answer.url)
    text = page.content.decode()
    for shown in ("Belum lancar", "Lisan, Portofolio", "Tanda tangani: Belum kompeten", "Hasil terkunci", "Pelatihan"):
        assert shown in text

    answer = phone.post(url(case, "sign_results"), {"shown": page.context["shown"]})

    assert answer.url == case_url(case.application) + "#hasil"
    assert "ditandatangani: Belum kompeten" in said(answer)
    case.application.refresh_from_db()
    assert case.application.status == "assessed"
    assert record_in_force(case.application).recommendation == "BK"
    assert phone.get(url(case)).url == case_url(case.application) + "#hasil"  # closed: leads to the case


def test_an_agreement_that_the_candidate_did_not_sign_is_named_before_the_signature(case, phone):
    """FR.AK.01 comes before the assessment; that it lacks a name must not be found out by an auditor."""
    prepare_papers(application=case.application, by=case.assessor.user)
    phone.post(url(case), sheet(case, recommendation="K"))

    page = strip_tags(phone.get(url(case, "sign_results")).content.decode())
    assert "FR.AK.01" in page
    assert "belum ditandatangani asesor dan asesi" in page

    FilledForm.objects.update(status="ditandatangani")
    assert "belum ditandatangani" not in phone.get(url(case, "sign_results")).content.decode()


def test_one_tap_says_k_of_all_that_nothing_was_said_of(case, phone):
    first, *others = units_in_order(case.application.scheme_version)
    words = sheet(case, outcome="", semua="K") | {f"hasil-{first.pk}": "BK"}

    phone.post(url(case), words)

    found = results_by_unit(AssessmentRecord.objects.get())
    assert found[first.pk][0].outcome == "BK"
    assert {found[unit.pk][0].outcome for unit in others} == {"K"}


def test_an_incomplete_sheet_is_kept_and_comes_back(case, phone):
    first, second, *_rest = units_in_order(case.application.scheme_version)
    words = sheet(case, outcome="") | {
        f"hasil-{first.pk}": "K",
        f"metode-{first.pk}": ["lisan"],
        f"metode-{second.pk}": ["wawancara"],
        f"catatan-{second.pk}": "Besok lagi",
    }

    assert "draf" in said(phone.post(url(case), words))

    page = phone.get(url(case)).content.decode()
    assert f'name="hasil-{first.pk}" value="K" checked' in page
    assert "Besok lagi" in page
    assert f'name="metode-{second.pk}" value="wawancara" checked' in page
    assert "Sisanya K" in page
    signing = phone.get(url(case, "sign_results")).content.decode()
    assert "Belum dinilai:" in signing
    assert signing.index("Belum dinilai:") < signing.index("Rekomendasi"), "seen before the bar at the foot hides it"
    assert "disabled" in signing


def test_the_next_unit_begins_with_the_methods_last_used(case, phone):
    first, second, *_rest = units_in_order(case.application.scheme_version)
    phone.post(url(case), sheet(case, outcome="") | {f"hasil-{first.pk}": "K", f"metode-{first.pk}": ["lisan"]})
    page = phone.get(url(case)).content.decode()
    assert f'name="metode-{second.pk}" value="lisan" checked' in page
    assert f'name="metode-{second.pk}" value="observasi" checked' not in page


def test_a_refusal_keeps_all_that_was_typed(case, phone):
    first, second, *_rest = units_in_order(case.application.scheme_version)
    words = sheet(case, note="Catatan saya", tetap_bk="1") | {f"catatan-{second.pk}": "Baik"}
    words.pop(f"metode-{first.pk}")

    answer = phone.post(url(case), words)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"Pilih sedikitnya satu metode untuk unit {first.code}." in page
    assert f'href="#unit-{first.pk}"' in page
    for kept in (
        "Catatan saya",
        "Baik",
        f'name="hasil-{second.pk}" value="K" checked',
        'name="tetap_bk" value="1" checked',
    ):
        assert kept in page
    assert not AssessmentRecord.objects.exists()


def test_a_second_tab_keeps_its_words_and_the_next_saving_is_meant(case, phone):
    phone.post(url(case), sheet(case))

    answer = phone.post(url(case), sheet(case, "BK"))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "sudah disimpan dari tab atau perangkat lain" in page
    assert 'name="edit" id="hasil-edit" value="1"' in page
    first = units_in_order(case.application.scheme_version)[0]
    assert f'name="hasil-{first.pk}" value="BK" checked' in page
    assert phone.post(url(case), sheet(case, "BK", edit="1")).status_code == 302


def test_a_second_tab_shows_what_the_other_one_kept_beside_what_was_typed(case, phone):
    phone.post(url(case), sheet(case, note="Dari ponsel"))
    first = units_in_order(case.application.scheme_version)[0]
    words = sheet(case, note="Dari laptop") | {f"hasil-{first.pk}": "BK"}

    page = phone.post(url(case), words)
    tapped = phone.post(url(case), words, headers={"HX-Request": "true"})

    for answer in (page, tapped):
        shown = " ".join(strip_tags(answer.content.decode().replace("<", " <")).split())
        assert f"{first.code} {first.title} Tersimpan Kompeten" in shown
        assert "Isian di sini Belum kompeten" in shown
        assert "Catatan Tersimpan Dari ponsel Isian di sini Dari laptop" in shown
        assert "Tindak lanjut Tersimpan" not in shown, "the same in both"
    assert "Isian di sini" not in phone.get(url(case)).content.decode()


def test_a_tap_is_kept_at_once_and_only_its_lines_come_back(case, phone):
    answer = phone.post(url(case), sheet(case), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in answer
    assert "Tersimpan sebagai draf" in answer
    assert 'id="hasil-edit" value="1" hx-swap-oob="true"' in answer
    assert "Kompeten" in answer

    stale = phone.post(url(case), sheet(case), headers={"HX-Request": "true"})
    assert stale.status_code == 200  # htmx shows only answers that went well
    assert "perangkat lain" in stale.content.decode()


def test_not_yet_competent_in_spite_of_every_k_needs_its_reason(case, phone):
    phone.post(url(case), sheet(case, tetap_bk="1"))
    assert "tulis alasannya pada catatan" in phone.get(url(case, "sign_results")).content.decode()
    phone.post(url(case), sheet(case, tetap_bk="1", note="Sikap kerja", edit="1"))
    page = phone.get(url(case, "sign_results"))
    assert "Tanda tangani: Belum kompeten" in page.content.decode()
    phone.post(url(case, "sign_results"), {"shown": page.context["shown"]})
    assert record_in_force(case.application).recommendation == "BK"


def test_what_a_machine_found_counts_until_the_assessor_speaks(case, phone, monkeypatch):
    monkeypatch.setattr(registry, "_methods", dict(registry._methods))
    register(Method("kuis-daring", "Kuis daring", Evidence.WRITTEN, is_automatic=True))
    first, *_others = units_in_order(case.application.scheme_version)
    record_result(application=case.application, unit=first, method="kuis-daring", outcome="BK", score=40)

    page = phone.get(url(case)).content.decode()
    assert "Sistem (Kuis daring): BK" in page
    assert 'value="kuis-daring"' not in page  # nobody ticks it
    words = sheet(case)
    words.pop(f"hasil-{first.pk}")
    phone.post(url(case), words)
    assert "Tanda tangani: Belum kompeten" in phone.get(url(case, "sign_results")).content.decode()


def test_what_changed_on_another_phone_is_not_signed(case, phone):
    phone.post(url(case), sheet(case))
    shown = phone.get(url(case, "sign_results")).context["shown"]
    phone.post(url(case), sheet(case, "BK", edit="1"))

    answer = phone.post(url(case, "sign_results"), {"shown": shown})

    assert answer.status_code == 422
    assert "Periksa sekali lagi" in answer.content.decode()
    assert record_in_force(case.application) is None


def test_before_the_session_begins_the_sheet_says_when(sign_in):
    session = make_session(scheme=make_case("preassessed").application.scheme_version.scheme)
    case = make_case("scheduled", session=session)
    phone = sign_in(case.assessor.user)
    assert "jam server sekarang" in phone.get(url(case)).content.decode()
    phone.post(url(case), sheet(case))  # a draft may be prepared
    page = phone.get(url(case, "sign_results"))
    assert "jam server sekarang" in page.content.decode()
    assert phone.post(url(case, "sign_results"), {"shown": page.context["shown"]}).status_code == 422


# --- who may ----------------------------------------------------------------------------------------------


def test_nobody_but_the_assessor_of_the_case_writes(case, sign_in):
    for person, status in (
        (case.clerk, 403),
        (make_user(role="administrator"), 403),
        (make_user(role="bnsp"), 403),
        (make_assessor().user, 404),
    ):
        browser = sign_in(person)
        for page in ("results", "sign_results", "correct_results"):
            assert browser.get(url(case, page)).status_code == status
            assert browser.post(url(case, page), sheet(case)).status_code == status
    assert not AssessmentRecord.objects.exists()


def test_results_are_read_on_the_case_by_all_staff_and_drafts_by_nobody_else(case, phone, sign_in):
    phone.post(url(case), sheet(case, "BK", note="Rahasia draf"))
    for role in ("sekretariat", "administrator", "bnsp"):
        page = sign_in(make_user(role=role)).get(case_url(case.application)).content.decode()
        assert "Belum ada hasil yang ditandatangani." in page
        assert "Rahasia draf" not in page
        assert "Isi hasil" not in page
    assert url(case) in phone.get(case_url(case.application)).content.decode()

    shown = phone.get(url(case, "sign_results")).context["shown"]
    phone.post(url(case, "sign_results"), {"shown": shown})
    for role in ("sekretariat", "administrator", "bnsp"):
        page = sign_in(make_user(role=role)).get(case_url(case.application)).content.decode()
        assert "Rahasia draf" in page
        assert "Koreksi hasil" not in page


def test_the_candidate_sees_no_result_before_the_decision(case, sign_in):
    case = make_case("assessed", outcome="BK")
    case.record.note = "Belum lancar menyusun laporan"
    case.record.save()
    page = sign_in(case.application.candidate.user).get(reverse("public_site:case", args=[case.application.reference]))
    assert page.status_code == 200
    assert "Belum lancar" not in page.content.decode()
    assert "Belum kompeten" not in page.content.decode()


# --- correction -------------------------------------------------------------------------------------------


def test_signed_results_are_corrected_by_a_new_signed_record(sign_in):
    case = make_case("assessed")
    phone = sign_in(case.assessor.user)
    assert url(case, "correct_results") in phone.get(case_url(case.application)).content.decode()
    refused = phone.post(url(case, "correct_results"), {"reason": " "})
    assert refused.status_code == 422
    assert "Tulis apa yang keliru" in refused.content.decode()

    assert phone.post(url(case, "correct_results"), {"reason": "Salah tekan"}).url == url(case)
    assert "Salah tekan" in phone.get(url(case)).content.decode()
    assert "Lanjutkan koreksi" in phone.get(case_url(case.application)).content.decode()
    phone.post(url(case), sheet(case, "BK"))
    shown = phone.get(url(case, "sign_results")).context["shown"]
    phone.post(url(case, "sign_results"), {"shown": shown})

    page = phone.get(case_url(case.application)).content.decode()
    assert "Yang ditandatangani sebelumnya" in page
    assert "Rekaman ke-1: Kompeten" in page
    assert record_in_force(case.application).recommendation == "BK"


# --- home -------------------------------------------------------------------------------------------------


def test_home_tells_what_to_do_next(sign_in):
    me = make_assessor()
    other = make_case("preassessed", assessor=me).application
    later = make_session(scheme=other.scheme_version.scheme, starts_at=timezone.now() + timedelta(days=3))
    begun = make_case("scheduled", assessor=me).application
    make_case("scheduled", assessor=me, session=later)
    absent = make_case("scheduled", assessor=me).application
    absent.placements.update(attendance="tidak-hadir")
    make_case("assessed", assessor=me)
    corrected = make_case("assessed", assessor=me)
    make_case("appealed", assessor=me)
    phone = sign_in(me.user)
    phone.post(url(corrected, "correct_results"), {"reason": "Salah tekan"})

    page = phone.get(reverse("admin:index"))

    found = {group["step"].key: group["count"] for group in page.context["steps"]}
    assert found == {
        "koreksi": 1,
        "tidak-hadir": 1,
        "hasil": 1,
        "banding": 1,
        "terjadwal": 1,
        "menunggu-jadwal": 1,
        "selesai": 1,
    }
    assert reverse("admin:core_application_results", args=[begun.pk]) in page.content.decode()


def test_home_costs_the_same_for_few_and_many_cases(sign_in):
    me = make_assessor()
    phone = sign_in(me.user)

    def count() -> int:
        phone.get(reverse("admin:index"))
        with CaptureQueriesContext(connection) as queries:
            phone.get(reverse("admin:index"))
        return len(queries)

    make_case("scheduled", assessor=me)
    few = count()
    for _n in range(4):
        make_case("scheduled", assessor=me)
        make_case("assessed", assessor=me)
    assert count() == few <= 25


@pytest.mark.parametrize("reader", ["assessor", "clerk"])
def test_the_page_of_a_case_with_papers_and_results_stays_within_its_queries(sign_in, reader):
    case = make_case("assessed")
    prepare_papers(application=case.application, by=case.clerk)
    browser = sign_in(case.clerk if reader == "clerk" else case.assessor.user)
    browser.get(case_url(case.application))
    with CaptureQueriesContext(connection) as queries:
        browser.get(case_url(case.application))
    assert len(queries) <= 30


def test_the_sheet_costs_the_same_for_few_and_many_results(case, phone):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            phone.get(url(case))
        return len(queries)

    phone.post(url(case), sheet(case, ""))
    few = count()
    first = units_in_order(case.application.scheme_version)[0]
    phone.post(url(case), sheet(case, edit="1") | {f"metode-{first.pk}": ["lisan", "tertulis", "observasi"]})
    assert count() == few <= 25
