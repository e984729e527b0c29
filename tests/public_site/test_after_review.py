"""What a critical reader of the portal found once, and must not come back."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core.accounts.services import save_profile
from core.applications.models import Application
from core.applications.queries import last_return_request
from core.applications.services import accept_application, check_requirement, return_application, submit_application
from core.common.exceptions import DomainError
from core.schemes.services import draft_next_version, publish_scheme_version, retire_scheme_version
from tests.factories.accounts import make_user
from tests.factories.applications import judge_all, make_application
from tests.factories.documents import jpeg_bytes

pytestmark = pytest.mark.django_db


def test_a_correction_is_judged_by_its_open_parts_only():
    returned = make_application(status="returned")
    save_profile(profile=returned.candidate, values={"birth_place": ""}, version=None, by=returned.candidate.user)

    submit_application(application=returned, by=returned.candidate.user)

    assert returned.submissions.last().snapshot["sections"]["personal"]["birth_place"] == "Ambon"


def test_what_was_asked_stays_readable_after_the_correction(client):
    returned = make_application(status="returned")
    submit_application(application=returned, by=returned.candidate.user)
    client.force_login(make_user(role="sekretariat"))

    page = client.get(f"/admin/core/application/{returned.pk}/change/").content.decode()

    assert last_return_request(returned).parts[0]["note"] == "Foto KTP buram."
    assert "Yang diminta untuk diperbaiki" in page


def test_a_new_version_of_the_scheme_does_not_strand_a_draft_but_closing_it_does():
    ready, late = make_application(status="ready"), make_application(status="ready")
    clerk = make_user(role="sekretariat")
    newer = draft_next_version(version=ready.scheme_version, by=clerk)
    publish_scheme_version(version=newer, by=clerk)

    submit_application(application=ready, by=ready.candidate.user)
    retire_scheme_version(version=newer, by=clerk)

    with pytest.raises(DomainError, match="sudah ditutup"):
        submit_application(application=late, by=late.candidate.user)


def test_what_changed_in_another_tab_is_not_signed_unseen(client):
    ready = make_application(status="ready")
    client.force_login(ready.candidate.user)
    shown = client.get(f"/permohonan/{ready.code}/periksa/").context["shown"]
    save_profile(profile=ready.candidate, values={"birth_place": "Masohi"}, version=None, by=ready.candidate.user)

    page = client.post(f"/permohonan/{ready.code}/periksa/", {"agreed": "on", "shown": shown})

    assert "Isian berubah dari tab atau perangkat lain" in page.content.decode()
    assert not ready.submissions.exists()


def test_answering_the_rest_with_k_leaves_an_honest_bk_alone(client):
    draft = make_application(status="draft")
    client.force_login(draft.candidate.user)
    unit = draft.scheme_version.units.first()
    first, *rest = unit.elements.all()

    client.post(
        f"/permohonan/{draft.code}/unit/{unit.pk}/",
        {f"outcome-{first.pk}": "BK", "set_all": "K", "version": 0, "writer": "a"},
    )

    answers = dict(draft.answers.values_list("element_id", "outcome"))
    assert answers == {first.pk: "BK", **{element.pk: "K" for element in rest}}


def test_odd_digits_are_no_numbers_and_no_failure(client):
    draft = make_application(status="draft")
    client.force_login(draft.candidate.user)

    answer = client.post(f"/permohonan/{draft.code}/tujuan/", {"version": "²", "writer": "a"})

    assert answer.status_code == 200


def test_a_note_of_ten_thousand_characters_is_refused_not_cut():
    clerk = make_user(role="sekretariat")
    case = make_application(status="under_review", officer=clerk)
    judge_all(case, by=clerk)

    with pytest.raises(DomainError, match="Paling banyak 1000 karakter, yang diisi 10000"):
        accept_application(application=case, note="x" * 10_000, by=clerk)

    assert Application.objects.get(pk=case.pk).status == "under_review"


def test_capitals_make_no_new_guess(client):
    make_user(role="sekretariat", email="ada@contoh.id", password="sandi-yang-benar")
    for name in ("ada@contoh.id", "ADA@contoh.id", "Ada@contoh.id", "aDa@contoh.id", "adA@contoh.id", "AdA@contoh.id"):
        client.post("/admin/login/", {"username": name, "password": "salah"})

    answer = client.post("/admin/login/", {"username": "ada@CONTOH.id", "password": "sandi-yang-benar"})

    assert answer.status_code == 429


def test_the_next_page_tells_the_phone_which_text_arrived_and_whose_phone_it_is():
    draft = make_application(status="draft")
    client = Client()
    client.force_login(draft.candidate.user)
    purpose = draft.scheme_version.purposes.get(code="sertifikasi")

    page = client.post(
        f"/permohonan/{draft.code}/tujuan/", {"purpose": purpose.pk, "version": 0, "writer": "a"}, follow=True
    ).content.decode()

    assert f'<meta name="draft-saved" content="{draft.candidate.user.pk}-{draft.code}-purpose">' in page
    assert f'<meta name="draft-owner" content="{draft.candidate.user.pk}">' in page
    assert "data-no-draft" in client.get(f"/permohonan/{draft.code}/profil/data-pribadi/").content.decode()


def test_the_task_list_of_a_correction_offers_sending_although_the_profile_lost_a_field(client):
    returned = make_application(status="returned")
    save_profile(profile=returned.candidate, values={"birth_place": ""}, version=None, by=returned.candidate.user)
    client.force_login(returned.candidate.user)

    page = client.get(f"/permohonan/{returned.number}/").content.decode()

    assert "Siap dikirim" in page
    assert "Lengkapi bagian lain dahulu" not in page


def test_what_was_returned_is_the_first_thing_to_press(client):
    returned = make_application(status="returned")
    client.force_login(returned.candidate.user)
    page = client.get(reverse("public_site:case", args=[returned.reference])).content.decode()
    mend = reverse("public_site:evidence", args=[returned.reference])
    assert f'<a class="btn" href="{mend}">Perbaiki sekarang</a>' in page
    assert page.count("Periksa dan kirim") == 1

    draft = make_application(status="draft")
    client.force_login(draft.candidate.user)
    page = client.get(reverse("public_site:case", args=[draft.reference])).content.decode()
    assert "Perbaiki sekarang" not in page


def test_evidence_that_was_found_wanting_is_marked_until_another_comes(client):
    """Also where the clerk wrote no note; the other boxes say what they hold."""
    sent = make_application(status="under_review")
    [ktp] = sent.requirement_evidence.filter(requirement__title="KTP")
    check_requirement(application=sent, requirement=ktp.requirement, verdict="tidak_memenuhi", note="", by=sent.officer)
    return_application(
        application=sent, parts={"requirements": "KTP: tidak memenuhi syarat"}, reason="", by=sent.officer
    )
    client.force_login(sent.candidate.user)
    address = f"/permohonan/{sent.number}/bukti/"

    def tags():
        slots = client.get(address).context["slots"]
        return {slot["title"]: slot["status"] for slot in slots if slot["files"] and slot["status"] != "Ada"}

    assert tags() == {"KTP": "Tidak memenuhi syarat"}
    client.post(address, {f"file-{ktp.requirement_id}": SimpleUploadedFile("ktp.jpg", jpeg_bytes()), "stay": "1"})
    assert tags() == {}


def test_the_task_list_says_closed_only_when_sending_would_be_refused(client):
    ready = make_application(status="ready")
    client.force_login(ready.candidate.user)
    clerk = make_user(role="sekretariat")
    newer = draft_next_version(version=ready.scheme_version, by=clerk)
    publish_scheme_version(version=newer, by=clerk)

    still_open = client.get(f"/permohonan/{ready.code}/").content.decode()
    retire_scheme_version(version=newer, by=clerk)
    closed = client.get(f"/permohonan/{ready.code}/").content.decode()

    assert "Pendaftaran skema ini sudah ditutup" not in still_open
    assert "Pendaftaran skema ini sudah ditutup" in closed
