"""The service worker, and pages that save themselves: what the server answers them."""

import json
import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from core.activity.models import ActivityEntry
from core.applications.models import Application
from tests.factories.accounts import make_user
from tests.factories.applications import make_application
from tests.factories.forms import FEEDBACK, fresh, make_paper

pytestmark = pytest.mark.django_db

BY_ITSELF = {"headers": {"accept": "application/json"}}


@pytest.fixture
def draft() -> Application:
    return make_application(status="draft")


@pytest.fixture
def candidate(client, draft) -> Client:
    client.force_login(draft.candidate.user)
    return client


def page(client: Client, address: str) -> dict[str, str]:
    """Open a page as one device does: its name and version, as the form carries them."""
    content = client.get(address).content.decode()
    return {name: re.search(rf'name="{name}" value="([^"]*)"', content)[1] for name in ("version", "writer")}


def personal(draft: Application) -> str:
    return f"/permohonan/{draft.code}/profil/data-pribadi/"


def whole(draft: Application, **values) -> dict:
    """Everything that the button of the page sends."""
    profile = draft.candidate
    kept = {"full_name": "Nur", "nik": profile.nik, "birth_place": "", "education": profile.education_id}
    return kept | {"nationality": profile.nationality} | values


def birth_place(draft: Application) -> str:
    draft.candidate.refresh_from_db()
    return draft.candidate.birth_place


# --- saving by itself -------------------------------------------------------------------------------------------


def test_a_page_saves_itself_by_the_same_form_and_service(candidate, draft):
    drawn = page(candidate, personal(draft))

    answer = candidate.post(personal(draft), drawn | {"birth_place": "Ambon", "sending": 1}, **BY_ITSELF)

    assert answer.json() == {"number": 1, "faults": []}
    assert birth_place(draft) == "Ambon"


def test_what_does_not_fit_yet_is_named_and_the_rest_is_kept(candidate, draft):
    drawn = page(candidate, personal(draft))

    answer = candidate.post(personal(draft), drawn | {"birth_place": "Tual", "nik": "8171", "sending": 1}, **BY_ITSELF)

    assert answer.json()["faults"] == ["NIK"]
    assert birth_place(draft) == "Tual"


def test_what_is_left_out_is_not_emptied(candidate, draft):
    """The NIK never lies on the phone: what is sent from there does not have it."""
    drawn = page(candidate, personal(draft))
    before = draft.candidate.nik

    candidate.post(personal(draft), drawn | {"birth_place": "Tual", "sending": 1}, **BY_ITSELF)

    draft.candidate.refresh_from_db()
    assert before
    assert draft.candidate.nik == before


def test_the_same_sending_twice_counts_once(candidate, draft):
    drawn = page(candidate, personal(draft))
    sent = drawn | {"birth_place": "Ambon", "sending": 1}
    candidate.post(personal(draft), sent, **BY_ITSELF)
    elsewhere = page(candidate, personal(draft))
    candidate.post(personal(draft), elsewhere | {"birth_place": "Masohi", "sending": 1}, **BY_ITSELF)

    again = candidate.post(personal(draft), sent, **BY_ITSELF)  # its answer was lost on the way

    assert again.status_code == 200
    assert birth_place(draft) == "Masohi"


def test_a_page_whose_answers_were_lost_is_not_in_conflict_with_itself(candidate, draft):
    drawn = page(candidate, personal(draft))

    answers = [
        candidate.post(personal(draft), drawn | {"birth_place": place, "sending": number}, **BY_ITSELF)
        for number, place in enumerate(["Ambon", "Tual", "Masohi"], 1)
    ]

    assert [answer.status_code for answer in answers] == [200] * 3
    assert birth_place(draft) == "Masohi"


def test_an_unchanged_page_writes_nothing(candidate, draft):
    drawn = page(candidate, personal(draft))
    before = ActivityEntry.objects.filter(code="account.save_profile").count()
    for number in (1, 2, 3):
        candidate.post(personal(draft), drawn | {"birth_place": "Tual", "sending": number}, **BY_ITSELF)

    assert ActivityEntry.objects.filter(code="account.save_profile").count() == before + 1


def test_another_device_is_told_and_nothing_is_written_over(candidate, draft):
    here, there = page(candidate, personal(draft)), page(candidate, personal(draft))
    candidate.post(personal(draft), there | {"birth_place": "Tual", "sending": 1}, **BY_ITSELF)

    answer = candidate.post(personal(draft), here | {"birth_place": "Masohi", "sending": 1}, **BY_ITSELF)

    assert answer.status_code == 409
    assert "perangkat lain" in answer.json()["message"]
    assert birth_place(draft) == "Tual"


def test_somebody_else_on_the_same_phone_does_not_send_what_was_kept_there(draft):
    other = Client()
    other.force_login(make_user(role="asesi"))
    address = "/akun/profil/data-pribadi/"

    answer = other.post(address, {"birth_place": "Ambon", "owner": draft.candidate.user.pk}, **BY_ITSELF)

    assert answer.status_code == 401


def test_a_part_that_is_closed_says_so(client):
    sent = make_application(status="submitted")
    client.force_login(sent.candidate.user)

    for part in ("profil/data-pribadi", "tujuan", f"unit/{sent.scheme_version.units.first().pk}"):
        answer = client.post(f"/permohonan/{sent.number}/{part}/", {}, **BY_ITSELF)

        assert answer.status_code == 410
        assert answer.json()["message"]


def test_the_purpose_and_a_unit_save_themselves(candidate, draft):
    purpose = draft.scheme_version.purposes.first()
    unit = draft.scheme_version.units.first()
    first = unit.elements.first()

    for address, values in (
        (f"/permohonan/{draft.code}/tujuan/", {"purpose": purpose.pk}),
        (f"/permohonan/{draft.code}/unit/{unit.pk}/", {f"outcome-{first.pk}": "BK"}),
    ):
        answer = candidate.post(address, page(candidate, address) | values | {"sending": 1}, **BY_ITSELF)
        assert answer.json() == {"number": 1, "faults": []}

    draft.refresh_from_db()
    assert draft.purpose == purpose
    assert draft.answers.get(element=first).outcome == "BK"


def test_a_paper_saves_itself_but_for_what_does_not_fit():
    paper = make_paper(*FEEDBACK, filled_by="asesi", stage="sesudah", kind="fr-ak-03")
    client = Client()
    client.force_login(paper.application.candidate.user)
    address = f"/permohonan/{paper.application.reference}/berkas/{paper.pk}/"
    drawn = page(client, address)

    values = {"penjelasan": "ya", "catatan-asesi": "x" * 5000, "sending": 1}
    answer = client.post(address, drawn | values, **BY_ITSELF)

    assert len(answer.json()["faults"]) == 1
    assert json.loads(fresh(paper).answers) == {"penjelasan": "ya"}


# --- two devices ------------------------------------------------------------------------------------------------


def test_both_answers_are_on_the_page_and_nothing_is_chosen_for_anybody(candidate, draft):
    here, there = page(candidate, personal(draft)), page(candidate, personal(draft))
    candidate.post(personal(draft), there | whole(draft, birth_place="Tual", full_name="Nur"))

    content = candidate.post(
        personal(draft), here | whole(draft, birth_place="Masohi", full_name="Nur")
    ).content.decode()

    assert "Bandingkan isian" in content
    assert re.findall(r'compare__value">([^<]*)<', content) == ["Tual", "Masohi"]
    assert "checked" not in content


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({"choose-birth_place": "here", "choose-full_name": "there"}, ("Masohi", "Nur Lain")),
        ({"choose-birth_place": "there", "choose-full_name": "here"}, ("Tual", "Nur Sini")),
        ({"all_here": "1"}, ("Masohi", "Nur Sini")),
        ({"all_there": "1"}, ("Tual", "Nur Lain")),
    ],
)
def test_the_candidate_chooses_answer_by_answer(candidate, draft, chosen, expected):
    here, there = page(candidate, personal(draft)), page(candidate, personal(draft))
    candidate.post(personal(draft), there | whole(draft, birth_place="Tual", full_name="Nur Lain"))
    content = candidate.post(
        personal(draft), here | whole(draft, birth_place="Masohi", full_name="Nur Sini")
    ).content.decode()

    answer = candidate.post(personal(draft), posted_by(content) | chosen)

    assert answer.status_code == 302
    draft.candidate.user.refresh_from_db()
    assert (birth_place(draft), draft.candidate.user.full_name) == expected


def posted_by(content: str) -> dict[str, list[str]]:
    """Every hidden field of the page's own form."""
    form = content[content.index("data-compare") :]
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form):
        fields.setdefault(name, []).append(value)
    return fields


def test_what_was_not_chosen_is_asked_again(candidate, draft):
    here, there = page(candidate, personal(draft)), page(candidate, personal(draft))
    candidate.post(personal(draft), there | whole(draft, birth_place="Tual", full_name="Nur Lain"))
    content = candidate.post(
        personal(draft), here | whole(draft, birth_place="Masohi", full_name="Nur Sini")
    ).content.decode()

    again = candidate.post(personal(draft), posted_by(content) | {"choose-birth_place": "here"}).content.decode()

    assert "Ada masalah" in again
    assert re.findall(r'compare__value">([^<]*)<', again) == ["Nur Lain", "Nur Sini", "Tual", "Masohi"]
    assert again.count(" checked") == 1
    assert birth_place(draft) == "Tual"


def test_a_third_device_in_between_is_noticed_too(candidate, draft):
    here, there = page(candidate, personal(draft)), page(candidate, personal(draft))
    candidate.post(personal(draft), there | whole(draft, birth_place="Tual"))
    content = candidate.post(
        personal(draft), here | whole(draft, birth_place="Masohi", full_name="Nur")
    ).content.decode()
    third = page(candidate, personal(draft))
    candidate.post(personal(draft), third | whole(draft, birth_place="Saumlaki", full_name="Nur"))

    again = candidate.post(personal(draft), posted_by(content) | {"choose-birth_place": "here"}).content.decode()

    assert re.findall(r'compare__value">([^<]*)<', again) == ["Saumlaki", "Masohi"]
    assert birth_place(draft) == "Saumlaki"


def test_answers_of_a_unit_and_a_paper_are_compared_alike(candidate, draft):
    unit = draft.scheme_version.units.first()
    first = unit.elements.first()
    address = f"/permohonan/{draft.code}/unit/{unit.pk}/"
    here, there = page(candidate, address), page(candidate, address)
    candidate.post(address, there | {f"outcome-{first.pk}": "K"}, **BY_ITSELF)

    content = candidate.post(address, here | {f"outcome-{first.pk}": "BK"}).content.decode()
    assert re.findall(r'compare__value">([^<]*)<', content)[:2] == ["K (Kompeten)", "BK (Belum kompeten)"]

    candidate.post(address, posted_by(content) | {f"choose-outcome-{first.pk}": "here"})
    assert draft.answers.get(element=first).outcome == "BK"

    paper = make_paper(*FEEDBACK, filled_by="asesi", stage="sesudah", kind="fr-ak-03")
    client = Client()
    client.force_login(paper.application.candidate.user)
    address = f"/permohonan/{paper.application.reference}/berkas/{paper.pk}/"
    here, there = page(client, address), page(client, address)
    client.post(address, there | {"penjelasan": "ya", "sending": 1}, **BY_ITSELF)

    content = client.post(address, here | {"penjelasan": "tidak"}).content.decode()
    assert re.findall(r'compare__value">([^<]*)<', content) == ["Ya", "Tidak"]
    client.post(address, posted_by(content) | {"choose-penjelasan": "there"})
    assert json.loads(fresh(paper).answers)["penjelasan"] == "ya"


def test_the_purpose_is_compared_too(candidate, draft):
    address = f"/permohonan/{draft.code}/tujuan/"
    first, second = draft.scheme_version.purposes.filter(needs_explanation=False)[:2]
    here, there = page(candidate, address), page(candidate, address)
    candidate.post(address, there | {"purpose": first.pk})

    content = candidate.post(address, here | {"purpose": second.pk}).content.decode()
    candidate.post(address, posted_by(content) | {"choose-purpose": "here"})

    draft.refresh_from_db()
    assert first.title in content
    assert draft.purpose == second


# --- what lies on the phone -------------------------------------------------------------------------------------


def test_form_pages_say_whose_they_are_and_others_are_not_kept(candidate, draft):
    unit = draft.scheme_version.units.first().pk
    kept = ["", "profil/data-pribadi/", "tujuan/", "bukti/", f"unit/{unit}/"]

    for part in kept:
        answer = candidate.get(f"/permohonan/{draft.code}/{part}")
        assert answer["Offline-Owner"] == str(draft.candidate.user.pk), part
    for address in (f"/permohonan/{draft.code}/periksa/", "/akun/", "/", "/akun/data/"):
        assert "Offline-Owner" not in candidate.get(address)


def test_a_case_that_was_sent_is_not_kept_on_the_phone(client):
    sent = make_application(status="submitted")
    client.force_login(sent.candidate.user)

    assert "Offline-Owner" not in client.get(f"/permohonan/{sent.number}/")


def test_logging_out_empties_the_phone_also_where_no_script_ran(candidate):
    assert candidate.post("/keluar/")["Clear-Site-Data"] == '"cache", "storage"'


def test_the_service_worker_is_one_script_at_the_root_that_names_what_pages_need(client):
    answer = client.get("/luring.js")
    facts = json.loads(re.match(r"self\.lspWorker = (\{.*\});", answer.content.decode())[1])

    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    assert "worker-src 'self'" in answer["Content-Security-Policy"]
    assert len(facts["VERSION"]) == 12
    assert all(finders.find(address.removeprefix("/static/")) for address in facts["ASSETS"])
    assert client.get(facts["FALLBACK"]).status_code == 200
    assert "Set-Cookie" not in answer


def test_the_page_for_no_network_is_drawn_for_nobody(candidate, draft):
    content = Client().get("/luring/").content.decode()

    assert "Tanpa jaringan" in content
    assert "draft-owner" not in content
