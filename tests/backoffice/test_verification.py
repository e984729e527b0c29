"""The verification screen: each act by its button, who may, what a second press does."""

import pytest
from django.urls import reverse

from core.activity.models import ActivityEntry
from core.applications.enums import ApplicationStatus
from core.applications.models import Application, Review
from core.applications.services import take_application
from core.applications.snapshot import FIELD_LABELS
from core.messaging.models import OutboxMessage
from tests.backoffice.conftest import act_url, case_url, check_url, pressed_by_enter, said
from tests.factories.accounts import make_user
from tests.factories.applications import judge_all, make_application

pytestmark = pytest.mark.django_db

ACTS = ("take", "take_over", "accept", "return", "reject")


def under_review(officer, **more) -> Application:
    return make_application(status="under_review", officer=officer, **more)


def requirement_row(case, kind="ktp"):
    return case.scheme_version.requirements.get(document_type__code=kind)


# --- acts ---------------------------------------------------------------------------------------------


def test_take_makes_the_case_mine_and_stays_on_it(desk, clerk):
    case = make_application()
    response = desk.post(act_url(case, "take"))
    assert response.url == case_url(case)
    case.refresh_from_db()
    assert (case.status, case.officer) == (ApplicationStatus.UNDER_REVIEW, clerk)


def test_take_twice_is_refused_the_second_time_and_changes_nothing(desk):
    case = make_application()
    desk.post(act_url(case, "take"))
    entries = ActivityEntry.objects.count()
    response = desk.post(act_url(case, "take"))
    assert "tidak dapat dilakukan" in said(response)
    assert ActivityEntry.objects.count() == entries


def test_accept_signs_and_leads_to_the_next_waiting_case(desk, clerk):
    case = under_review(clerk)
    judge_all(case, by=clerk)
    following = make_application(full_name="Yohana Tambunan")
    response = desk.post(act_url(case, "accept"), {"note": "Selamat."})
    assert response.url == case_url(following)
    assert f"{case.number} diterima" in said(response)
    assert f"{following.number}, Yohana Tambunan" in said(response)
    case.refresh_from_db()
    assert case.status == ApplicationStatus.ACCEPTED
    assert Review.objects.get(submission__application=case).is_accepted


def test_accept_twice_leaves_one_signature(desk, clerk):
    case = under_review(clerk)
    judge_all(case, by=clerk)
    desk.post(act_url(case, "accept"))
    response = desk.post(act_url(case, "accept"))
    assert "tidak dapat dilakukan" in said(response)
    assert Review.objects.filter(submission__application=case).count() == 1


def test_accept_with_unjudged_requirements_is_refused_and_keeps_the_note(desk, clerk):
    case = under_review(clerk)
    response = desk.post(act_url(case, "accept"), {"note": "Catatan panjang saya."})
    assert response.status_code == 422
    assert "6 persyaratan belum dinilai" in response.content.decode()
    assert "Catatan panjang saya." in response.content.decode()
    case.refresh_from_db()
    assert case.status == ApplicationStatus.UNDER_REVIEW


def test_reject_needs_a_reason_and_sends_it(desk, clerk):
    case = under_review(clerk)
    refused = desk.post(act_url(case, "reject"), {"reason": "  "})
    assert refused.status_code == 422
    assert "Tulis alasannya" in refused.content.decode()
    desk.post(act_url(case, "reject"), {"reason": "Pendidikan belum sesuai."})
    case.refresh_from_db()
    assert (case.status, case.note) == (ApplicationStatus.REJECTED, "Pendidikan belum sesuai.")
    assert "Pendidikan belum sesuai." in OutboxMessage.objects.get(template_key="application-rejected").body


def test_last_case_leads_back_to_the_queue(desk, clerk):
    case = under_review(clerk)
    response = desk.post(act_url(case, "reject"), {"reason": "Tidak sesuai."})
    assert response.url == reverse("admin:core_application_changelist")
    assert "Tidak ada lagi" in said(response)


# --- return -------------------------------------------------------------------------------------------


def test_return_opens_exactly_the_named_sections(desk, clerk):
    case = under_review(clerk)
    desk.post(
        act_url(case, "return"),
        {
            "part-address": "1",
            "note-address": "Kode pos keliru.",
            "note-personal": "tidak ikut: tidak dicentang",
            "part-requirements": "1",
            "note-requirements": "KTP buram.",
            "reason": "Mohon diperbaiki.",
        },
    )
    case.refresh_from_db()
    assert case.status == ApplicationStatus.RETURNED
    assert dict(case.sections.filter(is_open=True).values_list("key", "return_note")) == {
        "address": "Kode pos keliru.",
        "requirements": "KTP buram.",
    }


def test_return_without_a_part_or_a_note_is_refused_and_keeps_what_was_typed(desk, clerk):
    case = under_review(clerk)
    nothing = desk.post(act_url(case, "return"), {"reason": "Pesan umum saya"})
    assert nothing.status_code == 422
    assert "sedikitnya satu bagian" in nothing.content.decode()
    assert "Pesan umum saya" in nothing.content.decode()
    no_note = desk.post(act_url(case, "return"), {"part-address": "1", "note-address": ""})
    assert 'aria-invalid="true"' in no_note.content.decode()
    case.refresh_from_db()
    assert case.status == ApplicationStatus.UNDER_REVIEW


def test_return_form_is_filled_in_from_the_faults(desk, clerk):
    case = under_review(clerk)
    ktp = requirement_row(case)
    desk.post(check_url(case), {f"verdict-{ktp.pk}": "tidak_memenuhi", f"note-{ktp.pk}": "Foto buram."})
    page = desk.get(act_url(case, "return")).content.decode()
    assert 'name="part-requirements" value="1" checked' in page
    assert f"{ktp.title}: Foto buram." in page
    assert 'name="part-address" value="1" checked' not in page


def test_refusal_inside_a_dialog_comes_back_as_a_fragment(desk, clerk):
    case = under_review(clerk)
    response = desk.post(act_url(case, "reject"), {"reason": ""}, headers={"HX-Request": "true"})
    assert response.status_code == 200  # HTMX would not show another status
    assert "<html" not in response.content.decode()
    done = desk.post(act_url(case, "reject"), {"reason": "Tidak sesuai."}, headers={"HX-Request": "true"})
    assert done["HX-Redirect"] == reverse("admin:core_application_changelist")


# --- who and how --------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", ["administrator", "bnsp"])
def test_roles_that_only_read_are_forbidden_to_act(as_role, role, act):
    case = make_application()
    assert as_role(role).post(act_url(case, act)).status_code == 403
    case.refresh_from_db()
    assert case.status == ApplicationStatus.SUBMITTED


@pytest.mark.parametrize("role", ["administrator", "bnsp"])
def test_roles_that_only_read_are_forbidden_to_judge(as_role, role):
    case = make_application(status="under_review")
    assert as_role(role).post(check_url(case), {}).status_code == 403


@pytest.mark.parametrize("act", ACTS)
def test_assessors_do_not_find_the_case(as_role, act):
    case = make_application()
    assert as_role("asesor").post(act_url(case, act)).status_code == 404


def test_candidates_are_asked_to_log_in(as_role):
    case = make_application()
    response = as_role("asesi").post(act_url(case, "take"))
    assert response.url.startswith("/admin/login/")


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("status", ["submitted", "under_review"])
def test_get_never_acts(desk, clerk, act, status):
    case = make_application(status=status, officer=clerk if status == "under_review" else None)
    before = ActivityEntry.objects.count()
    desk.get(act_url(case, act))
    desk.get(case_url(case))
    assert desk.get(check_url(case)).status_code == 405
    case.refresh_from_db()
    assert case.status == status
    assert ActivityEntry.objects.exclude(code="application.view").count() == before


@pytest.mark.parametrize("act", ["submit", "withdraw", "delete"])
def test_other_acts_do_not_exist_here(desk, act):
    assert desk.post(act_url(make_application(), act)).status_code == 404


def test_a_draft_is_not_found(desk):
    assert desk.get(case_url(make_application(status="ready"))).status_code == 404


def test_two_clerks_the_second_is_told_and_may_take_over(desk, clerk, sign_in):
    colleague = make_user(role="sekretariat", full_name="Bambang Irawan")
    case = make_application()
    take_application(application=case, by=colleague)
    page = desk.get(case_url(case)).content.decode()
    assert "sedang diperiksa oleh Bambang Irawan" in page
    response = desk.post(act_url(case, "reject"), {"reason": "Alasan yang sudah ditulis."})
    assert "sedang diperiksa oleh Bambang Irawan" in response.content.decode()
    assert "Alasan yang sudah ditulis." in response.content.decode()
    desk.post(act_url(case, "take_over"))
    case.refresh_from_db()
    assert case.officer == clerk
    ktp = requirement_row(case)
    late = sign_in(colleague).post(check_url(case), {f"verdict-{ktp.pk}": "memenuhi"})
    assert late.status_code == 422
    assert f"sedang diperiksa oleh {clerk.full_name}" in late.content.decode()
    assert not case.requirement_evidence.exclude(verdict="").exists()


# --- verdicts -----------------------------------------------------------------------------------------


def test_all_verdicts_are_saved_with_one_plain_post(desk, clerk):
    case = under_review(clerk)
    ktp = requirement_row(case)
    cv = requirement_row(case, "cv")
    response = desk.post(
        check_url(case),
        {
            f"verdict-{ktp.pk}": "memenuhi",
            f"note-{ktp.pk}": "",
            f"verdict-{cv.pk}": "tidak_ada",
            f"note-{cv.pk}": "Belum ada.",
        },
    )
    assert response.url == case_url(case)
    assert set(case.requirement_evidence.exclude(verdict="").values_list("requirement", "verdict", "note")) == {
        (ktp.pk, "memenuhi", ""),
        (cv.pk, "tidak_ada", "Belum ada."),
    }


def test_one_refused_verdict_keeps_none_and_brings_all_back(desk, clerk):
    case = under_review(clerk)
    ktp, cv = requirement_row(case), requirement_row(case, "cv")
    assert not case.requirement_evidence.filter(requirement=cv).exists()  # no file for the CV
    response = desk.post(
        check_url(case), {f"verdict-{ktp.pk}": "memenuhi", f"note-{ktp.pk}": "jelas", f"verdict-{cv.pk}": "memenuhi"}
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert "belum mengunggah buktinya" in page
    assert 'value="jelas"' in page
    assert not case.requirement_evidence.exclude(verdict="").exists()


def test_one_verdict_over_htmx_answers_with_its_state_and_the_acts(desk, clerk):
    case = under_review(clerk)
    ktp = requirement_row(case)
    response = desk.post(
        f"{check_url(case)}?persyaratan={ktp.pk}",
        {f"verdict-{ktp.pk}": "tidak_memenuhi", f"note-{ktp.pk}": "Buram."},
        headers={"HX-Request": "true"},
    )
    page = response.content.decode()
    assert f'id="keadaan-{ktp.pk}"' in page
    assert 'id="bo-acts"' in page
    assert "<html" not in page
    assert case.requirement_evidence.get(requirement=ktp).note == "Buram."


def test_all_verdicts_over_htmx_are_answered_like_a_plain_post(desk, clerk):
    """Only one requirement is answered as a fragment; asked for all of them that way, the page once broke."""
    case = under_review(clerk)
    ktp = requirement_row(case)
    response = desk.post(check_url(case), {f"note-{ktp.pk}": "Buram."}, headers={"HX-Request": "true"})
    assert response.status_code == 302
    assert case.requirement_evidence.get(requirement=ktp).note == "Buram."


def test_a_refused_verdict_over_htmx_puts_the_block_back(desk, clerk):
    case = under_review(clerk)
    cv = requirement_row(case, "cv")
    response = desk.post(
        f"{check_url(case)}?persyaratan={cv.pk}", {f"verdict-{cv.pk}": "memenuhi"}, headers={"HX-Request": "true"}
    )
    assert response["HX-Retarget"] == f"#syarat-{cv.pk}"
    assert "belum mengunggah buktinya" in response.content.decode()
    assert " checked" not in response.content.decode()


def test_enter_in_a_note_does_not_judge_the_rest(desk, clerk):
    assert pressed_by_enter(desk.get(case_url(under_review(clerk))), 'class="bo-check"') == ""


def test_shortcut_judges_what_nobody_needs_to_look_at(desk, clerk):
    """What has files meets; what may be left out and was left out is not there, and nothing to ask the candidate for."""
    case = under_review(clerk)
    ktp = requirement_row(case)
    desk.post(check_url(case), {f"verdict-{ktp.pk}": "tidak_memenuhi", f"note-{ktp.pk}": "Buram.", "semua": "memenuhi"})
    verdicts = dict(case.requirement_evidence.values_list("requirement", "verdict"))
    assert verdicts.pop(ktp.pk) == "tidak_memenuhi"
    assert verdicts.pop(requirement_row(case, "cv").pk) == "tidak_ada"
    assert set(verdicts.values()) == {"memenuhi", "tidak_ada"}
    dialog = desk.get(reverse("admin:core_application_act", args=[case.pk, "return"])).content.decode()
    assert "KTP: Buram." in dialog
    assert "Daftar riwayat hidup:" not in dialog


def test_saving_unchanged_verdicts_writes_nothing(desk, clerk):
    case = under_review(clerk)
    ktp = requirement_row(case)
    words = {f"verdict-{ktp.pk}": "memenuhi", f"note-{ktp.pk}": ""}
    desk.post(check_url(case), words)
    before = ActivityEntry.objects.count()
    desk.post(check_url(case), words)
    assert ActivityEntry.objects.count() == before


# --- what the page shows ------------------------------------------------------------------------------


def test_page_shows_the_frozen_form_not_the_profile_of_today(desk):
    case = make_application(full_name="Sari Wulandari")
    profile = case.candidate
    profile.home_address = "Alamat sesudah dikirim"
    profile.save()
    page = desk.get(case_url(case)).content.decode()
    assert "Jalan Pattimura 5" in page
    assert "Alamat sesudah dikirim" not in page


@pytest.mark.parametrize(("role", "sees"), [("sekretariat", True), ("administrator", False), ("bnsp", False)])
def test_nik_is_masked_except_for_the_secretariat(as_role, role, sees):
    case = make_application()
    page = as_role(role).get(case_url(case)).content.decode()
    assert str(FIELD_LABELS["nik"]) in page
    assert (case.candidate.nik in page) is sees
    assert (case.candidate.masked_nik in page) is not sees


@pytest.mark.parametrize("role", ["administrator", "bnsp"])
def test_readers_see_no_buttons_and_no_inputs(as_role, role):
    page = as_role(role).get(case_url(make_application(status="under_review"))).content.decode()
    assert "/tindakan/" not in page
    assert 'type="radio"' not in page


def test_acts_that_cannot_be_done_yet_are_shown_with_the_reason(desk, clerk):
    case = under_review(clerk)
    page = desk.get(case_url(case)).content.decode()
    assert "Belum dinilai" in page
    assert act_url(case, "accept") not in page  # a disabled button leads nowhere
    assert act_url(case, "return") in page
    assert act_url(case, "take_over") not in page


def test_resubmission_shows_what_changed_with_the_nik_masked(desk, as_role):
    from core.accounts.services import save_profile
    from core.applications.services import return_application, submit_application
    from tests.factories.accounts import make_nik

    officer = make_user(role="sekretariat")
    case = under_review(officer)
    person = case.candidate.user
    return_application(application=case, parts={"personal": "NIK keliru.", "address": "Alamat?"}, by=officer)
    new_nik = make_nik()
    save_profile(
        profile=person.candidate, values={"nik": new_nik, "home_address": "Jalan Baru 7"}, version=None, by=person
    )
    submit_application(application=case, by=person)
    page = desk.get(case_url(case)).content.decode()
    assert "Yang berubah" in page
    assert "Jalan Baru 7" in page
    assert new_nik in page
    reader = as_role("administrator").get(case_url(case)).content.decode()
    assert "Jalan Baru 7" in reader
    assert new_nik not in reader
