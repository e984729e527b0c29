"""The LSP's own data: its logo, and the number that papers go on after."""

import io

import pytest
from PIL import Image

from core.activity.models import ActivityEntry
from core.applications.forms import ensure_form, render_form
from core.applications.queries import latest_submission
from core.common.models import NumberingRule
from core.common.numbering import coming_numbers, last_given
from core.content.models import OfficeData
from core.content.queries import logo_data_uri
from core.content.services import raise_last_number, remove_logo, set_logo
from tests.core.common.test_numbering import take_number
from tests.core.helpers import refused
from tests.factories.accounts import make_user
from tests.factories.applications import make_application
from tests.factories.content import png_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return make_user(role="sekretariat")


def upload(content: bytes, by) -> OfficeData:
    set_logo(office=OfficeData.objects.get(), stream=io.BytesIO(content), by=by)
    return OfficeData.objects.get()


def test_a_logo_is_kept_small_under_the_name_of_its_content(clerk):
    office = upload(png_bytes(size=(2000, 1500)), clerk)

    with office.logo.open() as file:
        picture = Image.open(file)
        assert (picture.format, picture.size) == ("PNG", (320, 240))
    assert office.logo_url.startswith("/logo/")
    assert ActivityEntry.objects.latest("pk").code == "office.set_logo"


def test_the_same_logo_again_is_no_act(clerk):
    upload(png_bytes(), clerk)
    acts = ActivityEntry.objects.count()
    upload(png_bytes(), clerk)
    assert ActivityEntry.objects.count() == acts


def test_a_removed_logo_stays_for_the_forms_that_bear_it(clerk):
    office = upload(png_bytes(), clerk)
    name = office.logo.name

    remove_logo(office=office, by=clerk)

    assert not OfficeData.objects.get().logo
    assert logo_data_uri(name).startswith("data:image/png;base64,")


def test_forms_bear_the_logo_of_the_day_they_were_sent(clerk):
    plain = latest_submission(make_application(status="submitted"))
    upload(png_bytes(color="red"), clerk)
    marked = latest_submission(make_application(status="submitted"))
    upload(png_bytes(color="blue"), clerk)

    assert "logo" in marked.snapshot["lsp"]
    assert (plain.snapshot["lsp"]["logo"], bool(marked.snapshot["lsp"]["logo"])) == ("", True)
    red = logo_data_uri(marked.snapshot["lsp"]["logo"])
    assert red != logo_data_uri(OfficeData.objects.get().logo.name)
    with_logo, without = (ensure_form(submission=sent, form="fr-apl-02").size for sent in (marked, plain))
    assert with_logo > without


def test_a_form_sent_before_there_were_logos_still_prints():
    submission = latest_submission(make_application(status="submitted"))
    snapshot = submission.snapshot
    del snapshot["lsp"]["logo"]
    assert render_form("fr-apl-01", snapshot=snapshot, signature=submission.signature, verify_url="https://x").pages


# --- the last number given ------------------------------------------------------------------------------


def rule() -> NumberingRule:
    return NumberingRule.objects.get(key="application")


def test_the_last_number_is_raised_and_numbers_go_on_after_it(clerk, time_machine):
    time_machine.move_to("2026-06-01", tick=False)
    take_number()

    raise_last_number(rule=rule(), last=57, by=clerk)

    assert (last_given(rule()), take_number()) == (57, "APL-2026-000058")
    assert ActivityEntry.objects.filter(code="numbering.raise", data__last=57).exists()


def test_it_is_never_lowered(clerk, time_machine):
    time_machine.move_to("2026-06-01", tick=False)
    raise_last_number(rule=rule(), last=57, by=clerk)
    with refused("raise_last_number.lower", field="last"):
        raise_last_number(rule=rule(), last=56, by=clerk)
    assert take_number() == "APL-2026-000058"


@pytest.mark.parametrize("switches", [(), (False,), (False, True), (False, True, False)])
def test_the_numbers_shown_are_the_ones_that_come(time_machine, switches):
    time_machine.move_to("2026-06-01", tick=False)
    take_number()
    for restarts in switches:
        NumberingRule.objects.filter(key="application").update(restarts_yearly=restarts)
        shown = coming_numbers(rule())
        assert [take_number(), take_number(), take_number()] == shown


def test_a_new_year_shows_a_new_count(time_machine):
    time_machine.move_to("2026-12-31T10:00:00Z", tick=False)
    take_number()
    time_machine.move_to("2027-01-05T10:00:00Z", tick=False)
    assert coming_numbers(rule(), count=1) == ["APL-2027-000001"]
