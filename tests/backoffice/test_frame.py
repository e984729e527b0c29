"""What every screen of the back office has in common: its frame, its empty lists, its words."""

import re

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from core.applications.models import ExpectedDocument
from core.codelists.models import Region
from tests.factories.corridor import make_case
from tests.factories.documents import make_document

pytestmark = pytest.mark.django_db


def test_a_keyboard_reaches_the_page_past_the_menu(desk):
    page = desk.get(reverse("admin:core_application_changelist")).content.decode()

    assert page.index("Lompat ke isi halaman") < page.index('id="nav-sidebar"')
    assert page.count("<main") == page.count('id="content"') == 1


def test_an_empty_list_says_where_its_rows_come_from(desk):
    page = desk.get(reverse("admin:core_appeal_changelist")).content.decode()

    assert "Daftar ini masih kosong" in page
    assert "Banding diajukan asesi dari portal" in page


def test_a_list_that_a_filter_emptied_offers_to_take_the_filter_away(desk):
    page = desk.get(reverse("admin:core_appeal_changelist"), {"status__exact": "diajukan"}).content.decode()

    assert "Tidak ada yang cocok" in page
    assert "Daftar ini masih kosong" not in page


def test_a_list_of_one_page_has_nothing_to_turn_and_says_how_long_it_is(desk):
    make_case("assessed")
    page = desk.get(reverse("admin:core_application_changelist"), {"antrean": "semua"}).content.decode()

    assert "1 baris" in page
    assert "Berikutnya</a>" not in page


def test_a_chosen_act_of_the_log_is_told_in_words(as_role):
    address = reverse("admin:core_activityentry_changelist")
    page = as_role("administrator").get(address, {"tindakan": "document.view"}).content.decode()

    assert "Lepas saringan Tindakan Melihat dokumen" in page


def test_the_whole_log_can_be_taken_out(as_role):
    administrator = as_role("administrator")
    page = administrator.get(reverse("admin:core_activityentry_changelist"), {"tampilan": "semua"}).content.decode()
    address = reverse("admin:core_activityentry_export", args=["csv"])

    assert f'{address}?"' in page
    assert administrator.get(address).status_code == 200


def test_a_document_tells_its_state_in_words_and_keeps_quiet_of_what_it_has_not(desk):
    document = make_document(owner=make_case("accepted").application.candidate.user)
    page = desk.get(reverse("admin:core_document_change", args=[document.pk])).content.decode()

    assert "Dapat dibuka" in page
    assert "&#x27;bersih&#x27;" not in page
    assert "Virus yang ditemukan" not in page


def test_a_new_plenary_is_filled_in_as_it_mostly_is(desk):
    make_case("competent").decision.plenary.__class__.objects.update(place="Ruang rapat LSP")
    form = desk.get(reverse("admin:core_plenary_add")).context["form"]

    assert form["held_on"].value() == timezone.localdate()
    assert form["place"].value() == "Ruang rapat LSP"
    assert form["title"].value().startswith("Rapat pleno ")


def test_what_closes_a_dialog_is_called_the_same_everywhere():
    """“Batal” leaves everything as it was, “Tutup” closes what only tells; “Kembali …” is a way to another page."""
    closing = []
    for path in (settings.BASE_DIR / "backoffice" / "templates").rglob("*.html"):
        closing += re.findall(r"data-close-dialog>(.*?)</a>", path.read_text(encoding="utf-8"))
    said = {word for words in closing for word in re.findall(r"translate [\"']([^\"']+)", words)}
    assert said == {"Batal", "Tutup"}


def test_a_row_is_asked_for_by_its_number_and_a_region_by_its_code(as_role):
    client = as_role("administrator")
    region = Region.objects.exclude(code__regex=r"^\d+$").first() or Region.objects.first()
    assert client.get(reverse("admin:core_region_change", args=[region.pk])).status_code == 200
    for words in ("zzq", "1.5", "٣", "9" * 30):
        assert client.get(f"/admin/core/user/{words}/change/").status_code == 404
        assert client.post(f"/admin/core/user/{words}/end_sessions/").status_code == 404


def test_words_where_a_row_is_chosen_are_refused_also_on_a_page_that_somebody_else_saved_meanwhile(as_role):
    """Both versions are shown side by side then, and what was sent names no row that could be shown."""
    line = ExpectedDocument.objects.order_by("pk").first()
    sent = {"document_type": line.document_type_id, "scheme": "zzq", "from_status": "submitted", "_drawn": "lama"}

    answer = as_role("administrator").post(reverse("admin:core_expecteddocument_change", args=[line.pk]), sent)

    assert answer.status_code == 200
    assert "zzq" in answer.content.decode()
