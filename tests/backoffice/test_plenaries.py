"""The screen of a plenary: from an empty agenda to minutes, by two people; who may look and who may act."""

import pytest
from django.urls import reverse
from django.utils import timezone

from core.accounts.services import assign_role
from core.applications.models import Application
from core.assessments.services import assign_assessor
from core.decisions import queries
from core.decisions.models import Plenary
from core.decisions.services import Seat, confirm_plenary, file_appeal, record_plenary, save_members, withdraw_appeal
from tests.backoffice.conftest import case_url, said
from tests.core.decisions.conftest import held
from tests.factories.accounts import make_user
from tests.factories.assessments import make_assessor
from tests.factories.corridor import make_case

pytestmark = pytest.mark.django_db
LIST = "/admin/core/plenary/"
APPEALS = "/admin/core/appeal/"


def url(plenary, page="change", *more) -> str:
    return reverse(f"admin:core_plenary_{page}", args=[plenary.pk, *more])


def rows(*cases, **outcomes) -> dict:
    """What the form of the agenda posts: each row with the record it showed."""
    posted = {}
    for case in cases:
        key = case.application.pk
        posted |= {f"hasil-{key}": case.record.pk, f"putusan-{key}": "", f"catatan-{key}": ""}
    return posted | outcomes


def test_from_an_empty_agenda_to_the_minutes_by_two_people(desk, sign_in):
    cases = [make_case("assessed", outcome="K", full_name="Sari Wulandari"), make_case("assessed", outcome="BK")]
    answer = desk.post(f"{LIST}add/", {"title": "Rapat pleno Mei", "held_on": timezone.localdate().isoformat()})
    plenary = Plenary.objects.get()
    assert answer.url == url(plenary, "cases")  # what waits is offered at once
    lines = {"form-TOTAL_FORMS": 2, "form-INITIAL_FORMS": 0}
    for number, role in enumerate(("ketua", "anggota")):
        lines |= {
            f"form-{number}-name": f"Anggota {number}",
            f"form-{number}-role": role,
            f"form-{number}-is_present": "on",
        }
    assert desk.post(url(plenary, "members"), lines).url == url(plenary)
    assert "Sari Wulandari" in desk.get(url(plenary, "cases")).content.decode()
    desk.post(url(plenary, "cases"), {"permohonan": [case.application.pk for case in cases]})
    desk.post(url(plenary, "decide"), rows(*cases) | {"ikuti": "1"})
    assert [decision.outcome for decision in plenary.decisions.all()] == ["K", "BK"]
    assert desk.post(url(plenary, "act", "record")).url == url(plenary)
    assert "orang kedua" in desk.get(url(plenary)).content.decode()
    colleague = sign_in(make_user(role="sekretariat"))
    assert colleague.post(url(plenary, "act", "confirm")).url == url(plenary)
    plenary.refresh_from_db()
    assert plenary.status == "disahkan"
    page = colleague.get(url(plenary)).content.decode()
    for name, number in (("minutes", plenary.number), ("letter", plenary.letter_number)):
        assert colleague.get(url(plenary, name)).getvalue().startswith(b"%PDF-")
        assert number in page
        assert url(plenary, name) in page
    assert "1 asesi kompeten menunggu sertifikatnya" in page
    assert "Terbitkan 1 sertifikat" in colleague.get(LIST).content.decode()


def test_what_is_refused_comes_back_as_it_was_typed(desk, clerk):
    case, other = make_case("assessed", outcome="K"), make_case("assessed", outcome="K")
    plenary = held(by=clerk, cases=[case, other])
    key = case.application.pk
    answer = desk.post(
        url(plenary, "decide"), rows(case, other, **{f"putusan-{key}": "BK", f"putusan-{other.application.pk}": "K"})
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Tulis pertimbangan" in page
    assert f'name="putusan-{key}" value="BK" checked' in page
    assert 'aria-invalid="true"' in page
    assert plenary.decisions.get(application=key).outcome == "K"


def test_taking_a_case_off_keeps_what_was_chosen_for_the_others(desk, clerk):
    case, other = make_case("assessed", outcome="K"), make_case("assessed", outcome="BK")
    plenary = held(by=clerk)
    desk.post(url(plenary, "cases"), {"permohonan": [case.application.pk, other.application.pk]})
    desk.post(
        url(plenary, "decide"),
        rows(case, other, **{f"putusan-{other.application.pk}": "BK"}) | {"keluarkan": case.application.pk},
    )
    assert [(row.application_id, row.outcome) for row in plenary.decisions.all()] == [(other.application.pk, "BK")]


def test_waiting_cases_are_narrowed_by_scheme_and_session(desk, clerk):
    case, other = make_case("assessed"), make_case("assessed")
    address = url(held(by=clerk), "cases")
    page = desk.get(f"{address}?jadwal={case.session.number}").content.decode()
    assert case.application.number in page
    assert other.application.number not in page
    assert desk.get(f"{address}?skema=kerja-relawan").context["cases"] == []


def test_the_page_says_who_does_not_take_part(desk, clerk):
    case = make_case("assessed")
    plenary = held(by=clerk, cases=[case], seats=[Seat(name="Ketua", role="ketua"), Seat(user=case.assessor.user.pk)])
    page = desk.get(url(plenary)).content.decode()
    assert f"Tidak ikut memutus: {case.assessor.user.full_name}" in " ".join(page.split())


def test_the_recorder_sees_why_not_to_confirm_and_a_forged_post_changes_nothing(desk, clerk):
    plenary = record_plenary(plenary=held(by=clerk, cases=[make_case("assessed")]), by=clerk)
    assert "pengesahan dilakukan oleh orang kedua" in desk.get(url(plenary)).content.decode()
    assert desk.post(url(plenary, "act", "confirm")).status_code == 422
    plenary.refresh_from_db()
    assert plenary.status == "tercatat"


def test_a_former_assessor_at_the_desk_cannot_record_what_they_assessed(clerk, sign_in):
    case = make_case("assessed")
    assign_role(user=case.assessor.user, role="sekretariat", by=None)
    plenary = held(by=clerk, cases=[case])
    browser = sign_in(case.assessor.user)
    assert "Anda menilai" in browser.get(url(plenary)).content.decode()
    assert browser.post(url(plenary, "act", "record")).status_code == 422


def test_looking_at_an_act_changes_nothing(desk, clerk):
    plenary = held(by=clerk, cases=[make_case("assessed")])
    dialog = desk.get(url(plenary, "act", "record"), headers={"HX-Request": "true"})
    assert "<html" not in dialog.content.decode()
    assert "1 kompeten" in dialog.content.decode()
    desk.get(url(plenary, "act", "cancel"))
    plenary.refresh_from_db()
    assert plenary.status == "persiapan"


@pytest.mark.parametrize(("role", "looks"), [("administrator", 200), ("bnsp", 200), ("asesor", 403)])
def test_others_look_or_not_but_never_act(as_role, clerk, role, looks):
    case = make_case("assessed")
    plenary = held(by=clerk, cases=[case])
    browser = as_role(role)
    page = browser.get(url(plenary))
    assert page.status_code == looks
    assert "bo-acts" not in page.content.decode()
    assert "Simpan keputusan" not in page.content.decode()
    for target in ("edit", "members", "cases", "decide"):
        assert browser.post(url(plenary, target)).status_code == 403, target
    for act in ("record", "confirm", "reopen", "cancel"):
        assert browser.post(url(plenary, "act", act)).status_code == 403, act
    assert browser.post(f"{LIST}add/").status_code == 403


def test_bnsp_does_not_open_minutes_that_name_people(as_role, clerk):
    plenary = record_plenary(plenary=held(by=clerk, cases=[make_case("assessed")]), by=clerk)
    plenary = confirm_plenary(plenary=plenary, by=make_user(role="sekretariat"))
    reader, administrator = as_role("bnsp"), as_role("administrator")
    for name in ("minutes", "letter"):
        assert reader.get(url(plenary, name)).status_code == 403
        assert administrator.get(url(plenary, name)).getvalue().startswith(b"%PDF-")
    assert url(plenary, "minutes") not in reader.get(url(plenary)).content.decode()


def test_there_are_no_minutes_before_the_confirmation(desk, clerk):
    plenary = held(by=clerk)
    assert desk.get(url(plenary, "minutes")).status_code == 404
    assert desk.get(url(plenary, "letter")).status_code == 404


def test_after_closing_the_forms_lead_back_and_say_why(desk, clerk):
    case, late = make_case("assessed"), make_case("assessed")
    plenary = record_plenary(plenary=held(by=clerk, cases=[case]), by=clerk)
    for page in ("edit", "members", "cases"):
        for answer in (
            desk.get(url(plenary, page)),
            desk.post(url(plenary, page), {"permohonan": [late.application.pk]}),
        ):
            assert answer.url == url(plenary), page
        assert "menunggu pengesahan" in desk.get(url(plenary)).content.decode()
    answer = desk.post(url(plenary, "decide"), rows(case, **{f"putusan-{case.application.pk}": "BK"}))
    assert answer.status_code == 422
    assert list(plenary.decisions.values_list("application", "outcome")) == [(case.application.pk, "K")]
    assert desk.post(url(plenary, "act", "record")).status_code == 422  # sent twice


def test_the_list_says_what_to_do_next_and_narrows(desk, clerk):
    first, second = held(by=clerk), held(by=clerk, cases=[make_case("assessed")])
    record_plenary(plenary=second, by=clerk)
    page = desk.get(LIST).content.decode()
    assert "Tambahkan permohonan" in page
    assert "Orang kedua mengesahkan" in page
    found = desk.get(f"{LIST}?status__exact=tercatat").context["cl"].result_list
    assert [row.pk for row in found] == [second.pk]
    month = timezone.localdate().strftime("%Y-%m")
    assert len(desk.get(f"{LIST}?bulan={month}").context["cl"].result_list) == 2
    assert first.pk


def test_a_plenary_is_found_by_part_of_its_title_or_the_beginning_of_its_number(desk, clerk, monkeypatch):
    day = timezone.localdate()
    for title, number in (("Rapat pleno Mei", "012/BA/2026"), ("Rapat pleno gelombang 012", None)):
        Plenary.objects.create(title=title, number=number, held_on=day, opened_by=clerk)

    def found(words: str) -> set[str]:
        return {plenary.title for plenary in desk.get(LIST, {"q": words}).context_data["cl"].result_list}

    assert found("MEI") == {"Rapat pleno Mei"}
    assert found("gelombang 012") == {"Rapat pleno gelombang 012"}
    assert found("012/BA") == {"Rapat pleno Mei"}  # a number that begins so goes before a title
    assert found("Juni") == set()
    assert len(found("pleno")) == 2
    monkeypatch.setattr(queries, "FEW", 1)
    assert len(found("pleno")) == 2  # more than are sorted by hand


def test_the_page_costs_the_same_for_few_and_many_cases(desk, clerk, django_assert_max_num_queries):
    plenary = held(by=clerk, cases=[make_case("assessed", outcome="BK") for _i in range(4)])
    desk.get(url(plenary))
    with django_assert_max_num_queries(30):
        desk.get(url(plenary))


def test_home_and_sidebar_tell_what_waits(desk):
    case = make_case("assessed")
    appealed = make_case("not_yet_competent")
    file_appeal(
        application=appealed.application,
        reason="Bukti hari kedua belum dilihat.",
        by=appealed.application.candidate.user,
    )
    page = desk.get("/admin/").content.decode()
    assert "Menunggu keputusan" in page
    assert "Banding menunggu asesor lain" in page
    assert case.application.status == "assessed"


def test_the_case_page_tells_of_agenda_decision_and_appeal(desk, clerk):
    case = make_case("not_yet_competent")
    page = desk.get(case_url(case.application)).content.decode()
    assert "Rapat pleno" in page
    file_appeal(
        application=case.application, reason="Bukti hari kedua belum dilihat.", by=case.application.candidate.user
    )
    assert "Menunggu asesor lain" in desk.get(case_url(case.application)).content.decode()
    waiting = make_case("assessed")
    held(by=clerk, cases=[waiting])
    assert "Rapat pleno uji" in desk.get(case_url(waiting.application)).content.decode()


def appeal_with(reason: str):
    case = make_case("not_yet_competent")
    return file_appeal(application=case.application, reason=reason, by=case.application.candidate.user)


def test_appeals_are_listed_by_what_they_wait_for(desk):
    appeal = appeal_with("Bukti hari kedua belum dilihat.")
    assert appeal.application.number in desk.get(f"{APPEALS}?menunggu=asesor").content.decode()
    assert not desk.get(f"{APPEALS}?menunggu=pleno").context["cl"].result_list
    page = desk.get(f"{APPEALS}{appeal.pk}/change/").content.decode()
    assert "Bukti hari kedua" in page
    assert reverse("admin:core_application_assign", args=[appeal.application_id]) in page


def test_whoever_assesses_again_reads_why(sign_in, clerk):
    appeal = appeal_with("Bukti hari kedua belum dilihat.")
    other = make_assessor()
    appeal.application.refresh_from_db()
    assign_assessor(application=appeal.application, assessor=other, by=clerk)
    assert "Bukti hari kedua belum dilihat." in sign_in(other.user).get(case_url(appeal.application)).content.decode()


def test_an_appeal_that_was_taken_back_is_told_as_that(desk):
    appeal = appeal_with("Bukti hari kedua belum dilihat.")
    withdraw_appeal(application=appeal.application, by=appeal.application.candidate.user)
    assert "Dicabut asesi" in desk.get(f"{APPEALS}?status__exact=dicabut").content.decode()
    assert not desk.get(f"{APPEALS}?menunggu=asesor").context["cl"].result_list
    assert "Dicabut asesi" in desk.get(case_url(appeal.application)).content.decode()


def test_bnsp_reads_a_reason_without_identifiers(as_role, desk):
    appeal = appeal_with("Hubungi saya di 081234567890 bila perlu bukti.")
    assert "081234567890" in desk.get(f"{APPEALS}{appeal.pk}/change/").content.decode()
    page = as_role("bnsp").get(f"{APPEALS}{appeal.pk}/change/").content.decode()
    assert "Hubungi saya" in page
    assert "081234567890" not in page


def test_members_are_taken_along_from_the_last_meeting(desk, clerk):
    held(by=clerk)
    desk.post(f"{LIST}add/", {"title": "Lagi", "held_on": timezone.localdate().isoformat(), "same_members": "on"})
    assert Plenary.objects.get(title="Lagi").members.count() == 2


def test_two_chairs_are_refused_and_the_lines_stay(desk, clerk):
    plenary = held(by=clerk)
    lines = {"form-TOTAL_FORMS": 2, "form-INITIAL_FORMS": 0}
    for number in range(2):
        lines |= {f"form-{number}-name": f"Ketua {number}", f"form-{number}-role": "ketua"}
    answer = desk.post(url(plenary, "members"), lines)
    assert answer.status_code == 422
    assert "satu ketua" in answer.content.decode()
    assert 'value="Ketua 1"' in answer.content.decode()


def test_a_refusal_of_an_act_says_why(desk, clerk):
    plenary = held(by=clerk)
    answer = desk.post(url(plenary, "act", "record"))
    assert answer.status_code == 422
    assert "masih kosong" in answer.content.decode()
    assert said(answer) == ""
    save_members(plenary=plenary, seats=[], by=clerk)
    assert Application.objects.count() == 0
