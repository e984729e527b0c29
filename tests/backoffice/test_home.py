"""The home page of each role: what waits, figures that equal their lists, and what is not there."""

import re
from datetime import timedelta
from html import unescape

import pytest
from axes.models import AccessAttempt
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.accounts.models import AssessorProfile, User
from core.applications.models import Application
from core.codelists.models import Region
from core.decisions.models import Plenary
from core.messaging.models import OutboxMessage
from core.reports.tally import fold_tallies
from core.schemes.queries import current_version
from tests.backoffice.conftest import case_url, said
from tests.factories.accounts import make_user
from tests.factories.applications import make_application

pytestmark = pytest.mark.django_db

TAKE_NEXT = "/admin/core/application/ambil-berikutnya/"


def age(case: Application, days: int) -> Application:
    """As if it had been sent so many days ago."""
    case.submitted_at = timezone.now() - timedelta(days=days)
    case.registered_on = timezone.localdate(case.submitted_at)
    case.save()
    return case


def live(case: Application, code: str) -> Application:
    case.province = Region.objects.get(code=code)
    case.save()
    return case


def lines(response) -> dict:
    return {line.title: (line.figure, line.link) for line in response.context["work"]}


def shown(client, link: str) -> int:
    return len(client.get(link).context["cl"].result_list)


# --- figures ------------------------------------------------------------------------------------------


def test_every_number_leads_to_a_list_with_so_many_cases(desk):
    """Walked over all bars and all cells of all tables, folded and unfolded."""
    make_application(status="accepted")
    age(make_application(status="accepted"), 40)
    fold_tallies()
    live(age(make_application(status="returned", scheme=current_version("kerja-relawan")), 200), "31")
    live(make_application(status="withdrawn"), "11")
    age(make_application(), 420)  # before the twelve months
    make_application(status="ready")

    page = desk.get("/admin/")

    walked = 0
    for chart in page.context["charts"]:
        figures = [bar.figure for bar in chart.bars] + [cell for _title, cells in chart.rows for cell in cells]
        for figure in {figure.link: figure for figure in (*figures, *chart.foot) if figure.link}.values():
            assert shown(desk, figure.link) == figure.value, figure.link
            walked += 1
    assert walked > 50
    months, funnel, schemes, provinces, _ends = page.context["charts"]
    assert sum(bar.figure.value for bar in months.bars) == 4 == funnel.bars[1].figure.value
    assert (funnel.bars[0].label, funnel.bars[0].figure.value, funnel.bars[0].figure.link) == ("Draf", 1, "")
    assert [bar.figure.value for bar in schemes.bars] == [3, 1]
    assert {bar.label: bar.figure.value for bar in provinces.bars} == {
        "Maluku": 2,
        "Aceh": 1,
        "Daerah Khusus Ibukota Jakarta": 1,
    }


def test_links_of_the_page_itself_are_those_of_the_figures(desk):
    make_application()
    html = unescape(desk.get("/admin/").content.decode())
    links = set(re.findall(r'href="(/admin/core/application/\?antrean=semua[^"]+)"', html))
    assert links
    assert all(shown(desk, link) in (0, 1) for link in links)
    assert "<details" in html
    assert "keadaan" in html


def test_provinces_beyond_ten_share_a_bar_and_all_stand_in_the_table(desk):
    case = make_application()
    codes = list(Region.objects.filter(province=None).values_list("code", flat=True)[:13])
    for code in codes:
        copy = Application(candidate=case.candidate, scheme_version=case.scheme_version, status="accepted")
        copy.number, copy.registered_on, copy.province_id = f"UJI-{code}", timezone.localdate(), code
        copy.save()

    chart = desk.get("/admin/").context["charts"][3]

    assert len(chart.bars) == 11
    assert chart.bars[-1].label == "4 provinsi lainnya"
    assert sum(bar.figure.value for bar in chart.bars) == 14
    assert len(chart.rows) == 14


# --- secretariat --------------------------------------------------------------------------------------


def test_what_waits_for_me_oldest_first_with_its_age(desk, clerk):
    new, old = make_application(), age(make_application(full_name="Yohana Tambunan"), 9)
    mine = age(make_application(status="under_review", officer=clerk), 5)
    make_application(status="under_review")  # a colleague's
    make_application(status="returned")

    response = desk.get("/admin/")

    assert [row["case"] for row in response.context["waiting"]] == [old, mine, new]
    html = response.content.decode()
    assert "9 hari" in html
    assert "sedang Anda periksa" in html
    assert f'href="{case_url(old)}"' in html


def test_take_next_takes_the_oldest_and_opens_it_even_when_pressed_twice(desk, clerk):
    new, old = make_application(), age(make_application(), 9)
    offered = {"ditawarkan": desk.get("/admin/").context["next_case"].pk}

    for _press in range(2):
        assert desk.post(TAKE_NEXT, offered).url == case_url(old)

    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.officer, old.status, new.status) == (clerk, "under_review", "submitted")


def test_take_next_passes_over_what_a_colleague_took_meanwhile(desk, sign_in):
    new, old = make_application(), age(make_application(), 9)
    offered = {"ditawarkan": old.pk}
    colleague = sign_in(make_user(role="sekretariat"))
    assert colleague.post(TAKE_NEXT, offered).url == case_url(old)
    assert desk.post(TAKE_NEXT, offered).url == case_url(new)
    response = desk.post(TAKE_NEXT, {"ditawarkan": "salah"})
    assert response.url == "/admin/"
    assert "Tidak ada permohonan yang menunggu" in said(response)


def test_only_those_who_verify_take_next(as_role):
    case = make_application()
    for role in ("administrator", "bnsp", "asesor"):
        client = as_role(role)
        assert client.post(TAKE_NEXT).status_code == 403
        assert "Ambil berikutnya" not in client.get("/admin/").content.decode()
    case.refresh_from_db()
    assert case.status == "submitted"


def test_other_work_has_its_count_and_its_list(desk, clerk):
    OutboxMessage.objects.create(address="a@contoh.id", template_key="uji", subject="Uji", body="Uji", status="gagal")
    today = timezone.localdate()
    for number, days in enumerate((-10, 90, 91)):
        AssessorProfile.objects.create(
            user=make_user(role="asesor"),
            registration_number=f"MET {number}",
            certificate_expires_on=today + timedelta(days),
        )
    gone = make_user(role="asesor", is_active=False)
    AssessorProfile.objects.create(user=gone, registration_number="MET lama", certificate_expires_on=today)
    for recorded_by in (clerk, make_user(role="sekretariat")):
        Plenary.objects.create(
            title="Rapat", held_on=today, status="tercatat", opened_by=recorded_by, recorded_by=recorded_by
        )

    response = desk.get("/admin/")

    found = lines(response)
    assert found["Surat yang gagal dikirim"][0] == 1
    assert found["Sertifikat asesor berakhir dalam 90 hari"][0] == 2
    assert found["Rapat pleno yang menunggu pengesahan Anda"][0] == 1
    assert found["Skema menunggu konfirmasi LSP"][0] > 0
    for title, (figure, link) in found.items():
        assert shown(desk, link) == figure, title
    badges = [item.get("badge") for group in response.context["sidebar_navigation"] for item in group["items"]]
    assert "1" in badges


def test_what_does_not_wait_is_not_mentioned(desk):
    assert "Surat yang gagal dikirim" not in lines(desk.get("/admin/"))


# --- the others ---------------------------------------------------------------------------------------


def test_administrator_reads_how_the_system_does(as_role):
    client = as_role("administrator")
    late = OutboxMessage.objects.create(address="a@contoh.id", template_key="uji", subject="Uji", body="Uji")
    OutboxMessage.objects.exclude(pk=late.pk).update(status="terkirim")
    OutboxMessage.objects.filter(pk=late.pk).update(created_at=timezone.now() - timedelta(hours=2))
    make_user(role="asesor", email_confirmed_at=None, is_staff=True)
    make_user(role="asesi", email_confirmed_at=None)
    AccessAttempt.objects.create(username="tamu@contoh.id", ip_address="10.0.0.1", failures_since_start=6)
    AccessAttempt.objects.create(username="lain@contoh.id", ip_address="10.0.0.1", failures_since_start=2)

    response = client.get("/admin/")

    assert {title: figure for title, (figure, _link) in lines(response).items()} == {
        "Surat menunggu dikirim": "1",
        "Surat gagal": "0",
        "Diundang, belum mengonfirmasi e-mail": "1",
        "Pintu masuk terkunci sementara": "1",
        "Pekerjaan terjadwal bermasalah": "0",
        "Temuan keutuhan berkas": "0",
        "Masalah cadangan": "0",
        "Berkas menunggu pemindai virus": "0",
        "Pindaian menunggu dibaca": "0",
        "Usulan pemusnahan menunggu keputusan": 0,
    }
    for title, (figure, link) in lines(response).items():
        if "/core/" in link:  # the page of backups is no list
            assert shown(client, link) == int(figure), title
    html = response.content.decode()
    assert "sudah menunggu 2\xa0jam" in html
    assert "tamu@contoh.id" in html
    assert "lain@contoh.id" not in html
    assert len(response.context["acts"]) > 0
    assert response.context.get("waiting") is None


def test_bnsp_reads_the_recap_without_names(as_role):
    case = make_application(full_name="Yohana Tambunan")
    client = as_role("bnsp")
    response = client.get("/admin/")
    html = response.content.decode()
    assert len(response.context["charts"]) == 4
    assert "tanpa dapat mengubah" in html
    for word in ("Yohana", case.number, "Sedang saya periksa", "Keadaan sistem", "gagal"):
        assert word not in html, word
    for card in response.context["cards"]:
        assert shown(client, card["link"]) == card["figure"]


def test_assessor_sees_no_figures_of_everybody(as_role):
    make_application()
    response = as_role("asesor").get("/admin/")
    assert response.context.get("charts") is None
    assert response.context.get("cards") is None


@pytest.mark.parametrize("role", ["sekretariat", "administrator", "bnsp", "asesor"])
def test_queries_do_not_grow_with_the_cases(as_role, role):
    client = as_role(role)

    def count() -> int:
        User.objects.first()
        with CaptureQueriesContext(connection) as queries:
            client.get("/admin/")
        return len(queries)

    for _i in range(2):
        make_application()
    few = count()
    for _i in range(5):
        live(make_application(), "31")
    assert count() == few <= 25
