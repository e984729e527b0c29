"""Pages: a draft is nobody's business, an edition is what readers see, time publishes by itself."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from core.activity.models import ActivityEntry
from core.content.models import BUILT_IN, Page, PageEdition
from core.content.queries import live_text, page_state, with_state
from core.content.services import discard_draft, publish_page, unschedule_page, withdraw_page
from tests.core.helpers import at_once, refused
from tests.factories.accounts import make_user
from tests.factories.content import make_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return make_user(role="sekretariat")


def write(page: Page, body: str) -> Page:
    page.body = body
    page.save()
    return page


def test_a_draft_is_not_seen_until_it_is_published(clerk):
    page = make_page(slug="jadwal", body="Tanggal 3")
    assert live_text("jadwal") is None

    publish_page(page=page, by=clerk)

    assert live_text("jadwal").body == "Tanggal 3"
    entry = ActivityEntry.objects.latest("pk")
    assert (entry.code, entry.actor, entry.subject_label) == ("page.publish", clerk, page.title)


def test_the_published_text_stays_while_a_draft_is_written(clerk):
    page = make_page(slug="jadwal", body="Lama", published=True)

    write(page, "Baru")

    assert live_text("jadwal").body == "Lama"
    assert page_state(page)["has_changes"]
    publish_page(page=page, by=clerk)
    assert live_text("jadwal").body == "Baru"
    assert not page_state(page)["has_changes"]


def test_a_planned_edition_appears_at_its_moment_without_any_job(clerk, time_machine):
    time_machine.move_to("2026-11-24T08:00:00Z", tick=False)
    page = make_page(slug="jadwal", body="Lama", published=True)
    write(page, "Baru")
    publish_page(page=page, by=clerk, live_from=timezone.now() + timedelta(hours=2))

    time_machine.move_to("2026-11-24T09:59:59Z", tick=False)
    assert live_text("jadwal").body == "Lama"

    time_machine.move_to("2026-11-24T10:00:00Z", tick=False)
    assert live_text("jadwal").body == "Baru"


def test_a_moment_in_the_past_is_refused_beside_its_field(clerk):
    page = make_page()
    with refused("publish_page.past", field="live_from"):
        publish_page(page=page, by=clerk, live_from=timezone.now() - timedelta(minutes=1))
    assert not page.editions.exists()


def test_only_one_edition_waits(clerk):
    page = make_page()
    for days in (3, 2):
        publish_page(page=page, by=clerk, live_from=timezone.now() + timedelta(days=days))

    assert page.editions.count() == 1

    publish_page(page=page, by=clerk)
    assert page_state(page)["planned"] is None


def test_a_plan_can_be_taken_back(clerk):
    page = make_page(slug="jadwal", body="Lama", published=True)
    write(page, "Baru")
    publish_page(page=page, by=clerk, live_from=timezone.now() + timedelta(days=1))

    unschedule_page(page=page, by=clerk)

    assert (page_state(page)["planned"], live_text("jadwal").body) == (None, "Lama")
    with refused("unschedule_page.none"):
        unschedule_page(page=page, by=clerk)


def test_publishing_twice_makes_one_edition(clerk):
    page = make_page()
    publish_page(page=page, by=clerk)
    with refused("publish_page.unchanged"):
        publish_page(page=page, by=clerk)
    assert page.editions.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_once_make_one_edition():
    clerk, page = make_user(role="sekretariat"), make_page()

    at_once(*[lambda: publish_page(page=page, by=clerk)] * 4)

    assert page.editions.count() == 1


def test_a_page_is_withdrawn_and_comes_back_only_with_a_new_edition(clerk):
    page = make_page(slug="jadwal", published=True)

    withdraw_page(page=page, by=clerk)

    assert live_text("jadwal") is None
    with refused("withdraw_page.not_live"):
        withdraw_page(page=page, by=clerk)
    publish_page(page=page, by=clerk)
    assert live_text("jadwal") is not None


def test_texts_of_the_portal_itself_cannot_be_withdrawn(clerk):
    for slug in BUILT_IN:
        with refused("withdraw_page.built_in"):
            withdraw_page(page=Page.objects.get(slug=slug), by=clerk)


def test_a_draft_can_be_thrown_away(clerk):
    page = write(make_page(body="Lama", published=True), "Baru")

    discard_draft(page=page, by=clerk)

    page.refresh_from_db()
    assert page.body == "Lama"
    with refused("discard_draft.unchanged"):
        discard_draft(page=page, by=clerk)


def test_a_draft_that_slipped_in_with_a_fault_is_not_published(clerk):
    page = make_page()
    Page.objects.filter(pk=page.pk).update(body="<script>alert(1)</script>")
    with refused("publish_page.faulty"):
        publish_page(page=page, by=clerk)


@pytest.mark.parametrize("slug", ["masuk", "daftar", "admin", "verifikasi", "akun", "sehat"])
def test_the_name_of_an_address_of_the_portal_is_refused(slug):
    with pytest.raises(ValidationError) as refusal:
        Page(title="X", slug=slug, body="x").full_clean()
    assert "sudah menjadi alamat portal" in refusal.value.message_dict["slug"][0]


def test_a_name_is_taken_once():
    make_page(slug="jadwal")
    with pytest.raises(ValidationError) as refusal:
        Page(title="X", slug="jadwal", body="x").full_clean()
    assert list(refusal.value.message_dict) == ["slug"]


def test_an_empty_page_is_refused():
    with pytest.raises(ValidationError) as refusal:
        Page(title="X", slug="kosong", body="  ").full_clean()
    assert list(refusal.value.message_dict) == ["body"]


def test_the_state_of_a_list_costs_two_queries(django_assert_num_queries):
    for number in range(6):
        make_page(slug=f"halaman-{number}", published=number % 2 == 0)

    with django_assert_num_queries(2):
        states = [page_state(page) for page in with_state(Page.objects.all())]

    assert sum(1 for state in states if state["live"]) == 3 + len(BUILT_IN)


def test_every_text_of_the_portal_is_published_from_the_start():
    assert set(PageEdition.objects.values_list("page__slug", flat=True)) == set(BUILT_IN)
    for page in Page.objects.all():
        page.full_clean()
        assert not page_state(page)["has_changes"]
