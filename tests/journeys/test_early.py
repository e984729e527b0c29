"""What the office does before the scripts of a page came, on a slow link, is kept as well."""

import pytest
from playwright.sync_api import Page, expect

from core.assessments.queries import record_in_progress
from tests.factories.accounts import make_user
from tests.factories.applications import make_application
from tests.factories.assessments import make_assessor
from tests.factories.corridor import make_case
from tests.journeys.steps import logged_in, script_that_takes_its_time

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

#: Unfold shows a page once its own script is there; ours come after it.
SCRIPTS = "**/backoffice/{early,case,results}*.js"


def test_a_verdict_on_a_requirement(desktop: Page, live_server):
    clerk = make_user(role="sekretariat")
    case = make_application(status="under_review", officer=clerk)
    logged_in(desktop.context, live_server, clerk)

    with script_that_takes_its_time(desktop, SCRIPTS):
        desktop.goto(f"/admin/core/application/{case.pk}/change/", wait_until="commit")
        row = desktop.locator(".bo-req").first
        row.get_by_text("Tidak memenuhi syarat", exact=True).click()
        row.locator("input[type=text]").fill("Foto buram.")
    expect(row.locator(".bo-state strong")).to_have_text("Tidak memenuhi syarat")
    review = case.requirement_evidence.get(verdict="tidak_memenuhi")
    assert review.note == "Foto buram."


def test_a_result_of_a_unit(phone: Page, live_server):
    assessor = make_assessor()
    case = make_case("scheduled", assessor=assessor).application
    logged_in(phone.context, live_server, assessor.user)

    with script_that_takes_its_time(phone, SCRIPTS):
        phone.goto(f"/admin/core/application/{case.pk}/hasil/", wait_until="commit")
        phone.locator(".bo-kbk-big [data-k=K]").first.click()
    expect(phone.locator("#hasil-ringkas strong")).to_have_text("1")
    expect(phone.locator("#hasil-keadaan")).to_contain_text("Tersimpan")
    assert record_in_progress(case, assessor).results.filter(outcome="K").count() == 1
