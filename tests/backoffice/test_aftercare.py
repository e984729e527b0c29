"""Suspending, withdrawing and surveillance at the desk: what one sees, presses, and is told."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.certificates.models import Renewal, Surveillance
from tests.backoffice.conftest import case_url, said
from tests.factories.applications import make_application
from tests.factories.certificates import lay_certificate, make_surveillance, more_certificates

pytestmark = pytest.mark.django_db

CERTIFICATES = "/admin/core/certificate/"
SURVEILLANCES = "/admin/core/surveillance/"


def page_of(certificate) -> str:
    return f"{CERTIFICATES}{certificate.pk}/change/"


def act_url(certificate, act: str) -> str:
    return f"{CERTIFICATES}{certificate.pk}/tindakan/{act}/"


def record_url(row) -> str:
    return f"{SURVEILLANCES}{row.pk}/catat/"


def test_the_page_tells_how_it_stands_and_offers_what_may_be_done(desk):
    certificate = lay_certificate(days_left=30)
    page = desk.get(page_of(certificate)).content.decode()
    assert "masih berlaku" in page
    assert act_url(certificate, "suspend") in page
    assert act_url(certificate, "withdraw") in page
    assert act_url(certificate, "reinstate") not in page


@pytest.mark.parametrize("role", ["administrator", "bnsp"])
def test_readers_see_the_same_page_without_acts(as_role, role):
    certificate = lay_certificate()
    make_surveillance(certificate=certificate)
    page = as_role(role).get(page_of(certificate)).content.decode()
    assert "berlaku sampai" in page
    assert "/tindakan/" not in page
    assert "/catat/" not in page


def test_suspending_in_the_dialog_leads_back_to_the_page(desk):
    certificate = lay_certificate()
    until = timezone.localdate() + timedelta(days=14)
    answer = desk.post(
        act_url(certificate, "suspend"), {"reason": "Diperiksa.", "until": f"{until}"}, headers={"HX-Request": "true"}
    )
    assert answer["HX-Redirect"] == page_of(certificate)
    certificate.refresh_from_db()
    assert (certificate.status, certificate.suspended_until) == ("dibekukan", until)
    page = desk.get(page_of(certificate)).content.decode()
    assert "Diperiksa." in page
    assert act_url(certificate, "reinstate") in page


def test_what_was_typed_stays_when_the_rules_refuse(desk):
    certificate = lay_certificate(days_left=20)
    far = timezone.localdate() + timedelta(days=60)
    answer = desk.post(act_url(certificate, "suspend"), {"reason": "Alasan saya", "until": f"{far}"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Alasan saya" in page
    assert f'value="{far}"' in page
    assert "Masa berlaku sertifikat berakhir pada" in page


@pytest.mark.parametrize("until", ["kemarin", "2026-13-45", "31-12-2026"])
def test_a_day_that_cannot_be_read_is_refused_and_never_taken_for_none(desk, until):
    certificate = lay_certificate()
    answer = desk.post(act_url(certificate, "suspend"), {"reason": "x", "until": until})
    assert answer.status_code == 422
    certificate.refresh_from_db()
    assert certificate.status == "aktif"


def test_an_unknown_act_does_not_exist_and_looking_never_acts(desk):
    certificate = lay_certificate()
    assert desk.get(act_url(certificate, "hapus")).status_code == 404
    assert desk.get(act_url(certificate, "withdraw")).status_code == 200
    certificate.refresh_from_db()
    assert certificate.status == "aktif"


def test_a_reason_is_shown_as_text(desk):
    certificate = lay_certificate()
    desk.post(act_url(certificate, "withdraw"), {"reason": "<script>x</script>"})
    page = desk.get(page_of(certificate)).content.decode()
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page


# --- surveillance -----------------------------------------------------------------------------------------


def keys(response) -> list[int]:
    return [row.pk for row in response.context["cl"].result_list]


def test_the_list_opens_with_what_is_to_be_done_the_longest_due_first(desk):
    certificate = lay_certificate()
    soon = make_surveillance(certificate=certificate, due_in=20)
    late = make_surveillance(certificate=certificate, due_in=-5)
    far = make_surveillance(certificate=certificate, due_in=200)
    done = Surveillance.objects.create(certificate=certificate, due_on=late.due_on, outcome="terpelihara")

    opened = desk.get(SURVEILLANCES)
    assert opened.status_code == 302

    page = desk.get(opened.url)
    assert keys(page) == [late.pk, soon.pk]
    assert "Terlambat 5 hari" in page.content.decode()
    code = certificate.scheme.code
    for query, rows in {
        "keadaan=terlambat": [late],
        "keadaan=direncanakan": [far],
        "keadaan=terpelihara": [done],
        f"keadaan=perlu&skema={code}": [late, soon],
        "keadaan=perlu&skema=kerja-relawan": [],
        f"keadaan=perlu&q={certificate.number[:14]}": [late, soon],
        "tampilan=semua": [done, far, late, soon],
    }.items():
        assert keys(desk.get(f"{SURVEILLANCES}?{query}")) == [row.pk for row in rows], query


def test_writing_down_that_all_is_well(desk, clerk):
    row = make_surveillance()
    answer = desk.post(record_url(row), {"outcome": "terpelihara", "done_on": f"{timezone.localdate()}"})
    assert answer.url == page_of(row.certificate)
    row.refresh_from_db()
    assert (row.outcome, row.recorded_by) == ("terpelihara", clerk)


def test_what_needs_action_leads_on_to_suspending(desk):
    row = make_surveillance()
    today = timezone.localdate()
    answer = desk.post(record_url(row), {"outcome": "tindakan", "note": "Tidak bertugas lagi.", "done_on": f"{today}"})
    assert answer.url == act_url(row.certificate, "suspend")
    assert "Bekukan sertifikat ini bila perlu" in said(answer)
    row.certificate.refresh_from_db()
    assert row.certificate.status == "aktif"  # offered, not done


def test_a_fault_keeps_what_was_typed(desk):
    row = make_surveillance()
    answer = desk.post(record_url(row), {"outcome": "tindakan", "note": "", "done_on": f"{timezone.localdate()}"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Tulis catatannya" in page
    assert 'value="tindakan" required checked' in page


def test_a_surveillance_is_looked_at_on_the_page_of_its_certificate(desk):
    row = make_surveillance()
    assert desk.get(f"{SURVEILLANCES}{row.pk}/change/").url == page_of(row.certificate)


# --- home and case ----------------------------------------------------------------------------------------


def test_the_home_tells_what_ends_and_each_number_is_that_of_its_list(desk):
    lay_certificate(days_left=60)
    lay_certificate(days_left=90, status="dicabut")
    make_surveillance(due_in=3, certificate=lay_certificate(days_left=91))

    home = desk.get("/admin/")

    lines = {str(line.title): line for line in home.context["work"]}
    for title in ("Sertifikat berakhir dalam 90 hari", "Surveilan jatuh tempo"):
        assert lines[title].figure == 1
        assert len(desk.get(lines[title].link).context["cl"].result_list) == 1
    chart = next(chart for chart in home.context["charts"] if chart.key == "akhir")
    assert len(chart.bars) == 6
    for bar in chart.bars:
        assert len(desk.get(bar.figure.link).context["cl"].result_list) == bar.figure.value, bar.name


def test_the_case_says_which_certificate_it_renews(desk):
    certificate = lay_certificate(days_left=30)
    case = make_application()
    assert "Perpanjangan dari sertifikat" not in desk.get(case_url(case)).content.decode()
    Renewal.objects.create(certificate=certificate, application=case)
    page = desk.get(case_url(case)).content.decode()
    assert "Perpanjangan dari sertifikat" in page
    assert certificate.number in page


def queries_of(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_lists_and_home_cost_the_same_for_few_and_many_rows(desk):
    certificate = lay_certificate(days_left=30)
    make_surveillance(certificate=certificate)
    addresses = [f"{CERTIFICATES}?keadaan=segera", f"{SURVEILLANCES}?keadaan=perlu", reverse("admin:index")]
    few = [queries_of(desk, address) for address in addresses]
    for more in more_certificates(certificate, 60):
        make_surveillance(certificate=more)
    assert [queries_of(desk, address) for address in addresses] == few
    assert max(few[:2]) <= 25


def test_the_page_of_a_certificate_costs_the_same_however_much_happened(desk):
    certificate = lay_certificate()
    make_surveillance(certificate=certificate)
    few = queries_of(desk, page_of(certificate))
    for days in range(20):
        make_surveillance(certificate=certificate, due_in=days)
    assert queries_of(desk, page_of(certificate)) == few <= 30
