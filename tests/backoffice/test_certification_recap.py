"""“Rekap sertifikasi”: recap, home, list and export tell one number; who sees it; and what is taken out."""

import csv
import io
from datetime import datetime, time, timedelta
from urllib.parse import urlsplit

import pytest
from django.contrib import admin
from django.test import RequestFactory
from django.urls import resolve, reverse
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from backoffice.dashboard.certification_charts import Change, Mean, Percent, certificate_tables, main_table
from backoffice.dashboard.charts import Chart, Figure, certificate_ends, charts
from backoffice.dashboard.drawings import line_of, province_map, tiles
from core.activity.models import ActivityEntry
from core.applications.enums import AgeBand
from core.applications.models import Application
from core.assessments.models import Assignment
from core.certificates.register import register_figures
from core.codelists.models import Region
from core.reports.certification_recap import DIMENSIONS, certification_recap, period_of, scope_for
from core.reports.certification_recap import cases as counting
from core.reports.models import SavedRecap
from core.reports.recount import renew_recap
from core.reports.saved_recaps import save_recap, schedule_recap
from core.reports.tally import fold_tallies
from core.schemes.models import Scheme
from tests.factories.accounts import make_user
from tests.factories.assessments import make_assessor
from tests.factories.certificates import make_past_certificate
from tests.factories.corridor import make_case, make_session
from tests.factories.recap import add_certificate, lay_case

pytestmark = pytest.mark.django_db

PAGE = "/admin/rekap-sertifikasi/"
FILE = f"{PAGE}ekspor/"
CERTIFICATES = "/admin/core/certificate/"
#: The day on which the suite began; for these tests it lasts, however long the suite takes.
TODAY = timezone.localdate()
BEFORE = TODAY.replace(day=1) - timedelta(days=1)


@pytest.fixture(autouse=True)
def _it_is_still_today(time_machine):
    time_machine.move_to(datetime.combine(TODAY, time(12), timezone.get_current_timezone()))


@pytest.fixture
def office(db):
    """Cases that differ in all that is counted, some folded and some not, and certificates in several states."""
    case, assessor = make_case("certified", full_name="Siti Rahmawati"), make_assessor()
    person = case.application.candidate
    seat = {"assessor": assessor, "session": make_session(scheme=Scheme.objects.get(code="distribusi-bantuan"))}
    lay_case(candidate=person, on=TODAY, sex="L", age=AgeBand.FORTIES, **seat)
    lay_case(candidate=person, on=BEFORE, status="rejected", scheme="kerja-relawan", province="31", employer="PMI")
    lay_case(candidate=person, on=BEFORE, status="not_yet_competent", province="", employer="", sex="", age=0)
    fold_tallies()
    lay_case(candidate=person, on=BEFORE, status="certified", **seat)
    make_past_certificate(days_left=20)
    make_past_certificate(days_left=-20)
    for days, status in ((-1, "aktif"), (30, "aktif"), (400, "aktif"), (400, "dicabut")):
        add_certificate(
            case.application,
            issued_on=BEFORE,
            valid_until=TODAY + timedelta(days=days),
            decision=case.decision,
            status=status,
            in_force=None,
        )
    renew_recap()
    return case


def rows_behind(viewer, link: str) -> int:
    """How many rows the list shows at this address: asked of the list itself, without drawing it."""
    address = urlsplit(link)
    request = RequestFactory().get(f"{address.path}?{address.query}")
    request.user = viewer
    name = resolve(address.path).url_name.split("_")[1]
    model_admin = next(one for model, one in admin.site._registry.items() if model._meta.model_name == name)
    return model_admin.get_changelist_instance(request).queryset.count()


def tables_of(client, query: str = "") -> list[Chart]:
    page = client.get(f"{PAGE}{query}")
    assert page.status_code == 200
    return page.context["tables"]


def linked(table: Chart) -> list[tuple[str, Figure]]:
    rows = [*table.rows, ("Jumlah", table.foot)]
    return [(title, figure) for title, figures in rows for figure in figures if figure.link and figure.value]


def counted(viewer, dimension: str, cut: str = "tahap", **more) -> list[Chart]:
    """The tables of twelve months, without the screen around them."""
    since, until = period_of("12-bulan")
    found = certification_recap(scope_for(viewer, since=since, until=until, dimension=dimension, **more))
    return [main_table(found, cut), *certificate_tables(found)]


def test_recap_and_list_tell_one_number_whatever_is_asked(office, clerk):
    scheme, province = Scheme.objects.get(code="distribusi-bantuan"), Region.objects.get(pk="81")
    narrowings = (
        {},
        {"scheme": scheme, "province": province, "certificates": "terbit"},
        {"scheme": scheme, "cut": "status", "near": "1"},
        {"province": province, "near": "12"},
    )
    looked_at: dict[str, int] = {}
    for dimension in DIMENSIONS:
        for narrowed in narrowings:
            tables = counted(clerk, dimension, **narrowed)
            figures = [pair for table in tables for pair in linked(table)]
            assert len(figures) > 2
            for title, figure in figures:
                if figure.link not in looked_at:
                    looked_at[figure.link] = rows_behind(clerk, figure.link)
                assert looked_at[figure.link] == figure.value, (dimension, narrowed, title, figure)
        main, certificates, past = counted(clerk, dimension)
        assert (main.foot[0].value, linked(certificates)[0][1].value, linked(past)[0][1].value) == (5, 4, 2)
        if dimension != "status":
            for _title, row in [*main.rows, ("", main.foot)]:
                assert row[0].value == sum(figure.value for figure in row[1:7]), dimension
        if dimension != "unit":
            assert main.foot[0].value == sum(row[0].value for _title, row in main.rows), dimension


def test_home_and_export_tell_the_same(office, clerk, desk):
    home = {chart.key: chart for chart in charts()["charts"]}
    for dimension in ("bulan", "skema", "provinsi"):
        main = counted(clerk, dimension)[0]
        of_home = {title: row[0].value for title, row in home[dimension].rows if title and row[0].value}
        assert of_home == {title: row[0].value for title, row in main.rows if title != "Tidak diisi" and row[0].value}
        assert home[dimension].foot[0].value == main.foot[0].value
        for _title, figure in linked(main)[:2]:
            sheet = desk.post(
                f"{reverse('admin:core_application_export_rows')}?{urlsplit(figure.link).query}",
                {"format": "csv", "columns": ["number"]},
            )
            assert len(b"".join(sheet.streaming_content).decode("utf-8-sig").splitlines()) - 1 == figure.value
    for dimension in DIMENSIONS:
        assert desk.get(f"{PAGE}?baris={dimension}&jangka=tahun-ini&kolom=status&sertifikat=terbit").status_code == 200


def test_home_recap_list_and_register_agree_on_certificates(office, desk, clerk):
    """The same days are near on the home page, in the list and in the recap that nobody chose anything in."""
    add_certificate(
        office.application, issued_on=BEFORE, valid_until=TODAY + timedelta(days=89), decision=office.decision,
        status="dibekukan", suspended_until=TODAY - timedelta(days=1), in_force=None,
    )  # fmt: skip
    page = desk.get(PAGE)
    told = {title: (figure, link) for title, figure, link in page.context["cards"]}
    ending, link = told["Sertifikat berakhir dalam 90 hari"]
    of_home, _chart = certificate_ends()
    assert int(ending) == of_home == rows_behind(clerk, link) == 2
    assert rows_behind(clerk, f"{CERTIFICATES}?keadaan=segera") == 2
    in_use, link = told["Sertifikat berlaku"]
    past = page.context["found"].past
    assert int(in_use) == rows_behind(clerk, link) == 3
    assert int(in_use) + past.total.in_use == sum(scheme.total for scheme in register_figures(TODAY)) == 4
    assert desk.get(f"{PAGE}?akhir=1").context["cards"][5][0] == "Sertifikat berakhir dalam 30 hari"


def test_two_periods_side_by_side(office, desk):
    main, *_others = tables_of(desk, "?baris=skema&jangka=bulan-ini&banding=sebelumnya")
    row = dict(main.rows)[Scheme.objects.get(code="distribusi-bantuan").title]
    numbers = dict(zip(main.head[1:], row, strict=True))
    assert numbers["Terdaftar"].value == numbers["Terdaftar dahulu"].value == 2
    assert (numbers["Selisih"].shown, numbers["Selisih %"].shown) == ("0", "0,0 %")
    assert [Change(-3).shown, Change(1200).shown, Percent(None).shown, Percent(-12.5).shown, Mean(None).shown] == [
        "−3", "+1.200", "–", "−12,5 %", "–",
    ]  # fmt: skip


def test_bnsp_counts_everything_and_reads_no_candidate(office, as_role):
    client = as_role("bnsp")
    for dimension in ("institusi", "tuk", "provinsi", "asesor"):
        page = client.get(f"{PAGE}?baris={dimension}")
        assert page.context["found"].total.registered == 5
        assert office.application.candidate.user.full_name not in page.content.decode()
        assert office.application.candidate.nik not in page.content.decode()


def test_an_assessor_counts_and_opens_their_own_cases(office, sign_in):
    assessor = Assignment.objects.exclude(assessor=office.assessor).first().assessor.user
    client = sign_in(assessor)
    [main] = tables_of(client, "?baris=skema")
    assert main.foot[0].value == 2
    for _title, figure in linked(main):
        assert rows_behind(assessor, figure.link) == figure.value
    assert "Yang dihitung hanya permohonan yang ditugaskan kepada Anda." in client.get(PAGE).content.decode()


def test_files_hold_the_figures_of_the_screen_and_are_told(office, desk):
    main, certificates, past = tables_of(desk, "?baris=provinsi&banding=tahun-lalu")

    answer = desk.get(f"{FILE}csv/?baris=provinsi&banding=tahun-lalu")
    lines = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")), delimiter=";"))
    book = load_workbook(io.BytesIO(b"".join(desk.get(f"{FILE}xlsx/?baris=provinsi").streaming_content)))

    assert len(lines) - 1 == sum(len(row) for table in (main, certificates, past) for _title, row in table.rows)
    assert book.sheetnames == [main.title[:31], certificates.title[:31], past.title[:31]]
    assert book.worksheets[0]["B2"].value == main.rows[0][1][0].value
    pdf = desk.get(f"{FILE}pdf/?baris=provinsi&kolom=status&banding=tahun-lalu")
    page = PdfReader(io.BytesIO(pdf.content)).pages[0]
    assert page.mediabox.width > page.mediabox.height
    words = " ".join(page.extract_text().split())
    assert f"{main.rows[0][0]} {main.rows[0][1][0].shown} " in words
    assert f"[{main.key}]" not in words
    assert desk.get(f"{FILE}pdf2/").status_code == 404
    assert ActivityEntry.objects.filter(code="export.run", data__kind="certification-recap").count() == 3


@pytest.mark.parametrize(
    "query", ["?baris=x&kolom=y&jangka=z&banding=q&skema=x&provinsi=99", "?jangka=bebas&dari=9999-99&sampai=abc"]
)
def test_nonsense_in_the_address_is_left_out(office, desk, query):
    assert desk.get(PAGE + query).status_code == 200


def test_too_many_to_count_is_said_and_the_sums_still_stand(office, desk, monkeypatch):
    monkeypatch.setattr(counting, "MOST_ROWS", 1)
    page = desk.get(f"{PAGE}?baris=kelamin&skema=distribusi-bantuan").content.decode()
    assert "Pilihan ini mencakup 4 permohonan" in page
    assert "Terdaftar" in page


def test_the_map_has_a_tile_for_every_province_and_no_two_in_one_place(office, desk):
    current = set(Region.objects.filter(province=None, is_current=True).values_list("pk", flat=True))
    assert set(tiles()) == current
    assert len({place[:2] for place in tiles().values()}) == len(current) == 38
    drawn = province_map({"81": ("Maluku", Figure(7, "/x")), "31": ("DKI Jakarta", Figure(1, "/y"))}, {})
    assert {tile.label: tile.tint for tile in drawn.tiles if tile.tint} == {"Maluku": 4, "Jakarta": 1}
    assert [words for _tint, words in drawn.legend] == ["0", "1–2", "3–4", "5–6", "7"]
    page = desk.get(f"{PAGE}?baris=provinsi").content.decode()
    assert "bo-map" in page
    assert "provinsi=81" in page


def test_many_months_are_drawn_as_a_line(office, desk):
    page = desk.get(f"{PAGE}?jangka=bebas&dari={TODAY.year - 4}-01&sampai={TODAY:%Y-%m}&banding=tahun-lalu")
    assert "bo-line" in page.content.decode()
    drawn = line_of([("Januari", "Jan", Figure(0), 4), ("Februari", "Feb", Figure(2, "/x"), 0)])
    assert drawn.points[0].y > drawn.points[1].y
    assert [words for _height, words in drawn.steps] == ["0", "2", "4"]


def test_who_may_not_count_is_kept_out(office, as_role, client):
    assert client.get(PAGE).status_code == 302
    assert Application.objects.count() == 5
    assert make_user(role="instansi").has_perm("core.view_applicationtally") is False


def test_a_recap_is_kept_scheduled_and_taken_away_on_its_screens(office, desk, clerk):
    asked = desk.get(f"{PAGE}simpan/?pilihan=baris%3Dskema%26banding%3Dtahun-lalu")
    assert "baris=skema&amp;banding=tahun-lalu" in asked.content.decode()
    assert desk.post(f"{PAGE}simpan/", {"nama": " ", "pilihan": "baris=skema"}).status_code == 422
    kept = desk.post(f"{PAGE}simpan/", {"nama": "Tahunan", "pilihan": "baris=skema&banding=tahun-lalu"}, follow=True)
    assert "Tahunan" in kept.content.decode()
    recap = SavedRecap.objects.get()
    address = f"{PAGE}tersimpan/{recap.pk}/"

    assert desk.post(address, {"tindakan": "jadwalkan", "tanggal": "5"}).status_code == 422
    done = desk.post(address, {"tindakan": "jadwalkan", "tanggal": "5", "penerima": [clerk.pk]}, follow=True)
    assert "Rekap ini dikirim setiap tanggal 5." in done.content.decode()
    assert "tiap tanggal 5" in desk.get(PAGE).content.decode()
    assert desk.post(address, {"tindakan": "apa"}).status_code == 404
    assert desk.post(address, {"tindakan": "hapus"}).status_code == 302
    assert desk.get(address).status_code == 404


def test_the_letters_of_a_colleague_who_left_are_ended_on_their_page(sign_in, clerk):
    left, stranger = make_user(role="administrator"), make_user(role="sekretariat")
    recap = save_recap(name="Bulanan", query="baris=skema", by=left)
    schedule_recap(recap=recap, day=5, recipients=[clerk.pk], by=left)
    page = reverse("admin:saved_recap", args=[recap.pk])
    assert "Hapus rekap ini" not in sign_in(clerk).get(page).content.decode()
    left.is_active = False
    left.save()

    assert sign_in(stranger).get(page).status_code == 404
    assert "Hapus rekap ini" in sign_in(clerk).get(page).content.decode()
    assert sign_in(clerk).post(page, {"tindakan": "hapus"}).status_code == 302
    assert not SavedRecap.objects.filter(pk=recap.pk).exists()
