"""The course of a case in the words of the candidate: every status, kindly, with what to do next."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.applications.enums import EDITABLE_STATUSES, ApplicationStatus
from public_site.tracker import timeline, waits
from tests.factories.applications import make_application
from tests.factories.corridor import make_case

pytestmark = pytest.mark.django_db

SENT = [status for status in ApplicationStatus.values if status not in EDITABLE_STATUSES]
#: Status → the step that is under way, and words that it says; None: nothing is under way any more.
CURRENT = {
    "submitted": ("Verifikasi persyaratan oleh sekretariat", "Menunggu giliran"),
    "under_review": ("Verifikasi persyaratan oleh sekretariat", "Sedang diperiksa"),
    "accepted": ("Pra-asesmen oleh asesor", "Asesor membahas"),
    "rejected": ("Tidak diterima", "Belum memenuhi syarat."),
    "preassessed": ("Jadwal uji", "Sekretariat menyiapkan jadwalnya"),
    "not_continued": ("Asesmen belum dapat dilanjutkan", "ajukan permohonan baru"),
    "scheduled": ("Uji kompetensi", "Bawa kartu identitas"),
    "assessed": ("Keputusan rapat pleno", "menunggu keputusan"),
    "competent": ("Sertifikat", "Selamat"),
    "not_yet_competent": ("Belum kompeten", "banding dapat diajukan sampai"),
    "appealed": ("Keputusan rapat pleno", "Banding Anda sedang diperiksa"),
    "certified": None,
    "withdrawn": ("Dibatalkan", "permohonan baru dapat dimulai kapan saja"),
}


@pytest.mark.parametrize("status", SENT)
def test_every_status_has_its_place_and_says_what_comes_next(client, status):
    case = make_application(status=status)

    items = timeline(case)

    current = [item for item in items if item["state"] in ("current", "ended")]
    ends = status in ("rejected", "not_continued", "not_yet_competent", "withdrawn")
    assert [item["state"] for item in current] == ["ended"] * ends + ["current"] * (not ends and len(current))
    if CURRENT[status] is None:
        assert {item["state"] for item in items} == {"done"}
    else:
        title, words = CURRENT[status]
        assert [item["title"] for item in current] == [title]
        assert words in current[0]["text"]
    order = [("done", "current", "ended", "upcoming").index(item["state"]) for item in items]
    assert order == sorted(order)
    client.force_login(case.candidate.user)
    page = client.get(f"/permohonan/{case.number}/").content.decode()
    again = status in ("rejected", "withdrawn", "not_continued", "not_yet_competent")
    assert ("Ajukan permohonan baru" in page) == again


def test_a_session_that_is_not_announced_yet_is_not_told():
    case = make_case("scheduled")
    case.session.status = "rencana"
    case.session.save()
    words = " ".join(item["text"] for item in timeline(case.application))
    assert "Jadwal Anda sedang disiapkan" in words
    assert case.session.venue.name not in words


def test_the_way_on_does_not_change_length_until_the_case_ends():
    whole = [item["title"] for item in timeline(make_application(status="submitted"))]
    assert [item["title"] for item in timeline(make_case("assessed").application)] == whole


def test_the_steps_that_are_done_say_when():
    items = timeline(make_case("competent").application)
    assert [item["title"] for item in items if item["state"] == "done" and not item["time"]] == [
        "Diterima sebagai peserta sertifikasi"
    ]


@pytest.mark.parametrize(
    "status", [status for status in ApplicationStatus.values if status not in ("certified", "withdrawn")]
)
def test_the_desk_says_of_every_case_where_it_is(client, status):
    case = make_application(status=status)
    client.force_login(case.candidate.user)
    page = client.get("/akun/").content.decode()
    words = waits([case])[case.pk]
    assert words
    assert words in page or status == "scheduled"  # then the card says when and where


def test_the_desk_names_the_last_day_to_appeal_while_there_is_one(client):
    case = make_case("not_yet_competent")
    assert "banding dapat diajukan sampai" in waits([case.application])[case.application.pk]
    case.decision.decided_at -= timedelta(days=60)
    case.decision.save()
    assert waits([case.application])[case.application.pk] == "Anda boleh mengajukan permohonan baru kapan saja."


def test_the_desk_tells_of_no_session_before_it_is_announced_and_waits_for_results_after_it(client):
    case = make_case("scheduled")
    client.force_login(case.application.candidate.user)
    case.session.status = "rencana"
    case.session.save()
    page = client.get("/akun/").content.decode()
    assert "Jadwal uji Anda sedang disiapkan" in page
    assert case.session.venue.name not in page
    case.session.status, case.session.ends_at = "diumumkan", timezone.now() - timedelta(minutes=1)
    case.session.save()
    assert "Menunggu hasil asesmen" in client.get("/akun/").content.decode()
