"""Certificates at the desk: issued together, written on blanks, replaced, and looked at."""

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.urls import reverse

from backoffice.views import certificates
from core.applications.models import Application
from core.certificates.models import Certificate
from core.certificates.services import issue_certificate
from core.certificates.transitions import WORKFLOW, refusals_of_issue
from core.content.models import OfficeData
from core.decisions.models import Decision
from tests.backoffice.conftest import said
from tests.factories.accounts import make_user
from tests.factories.certificates import make_certificate, make_competent
from tests.factories.corridor import make_case

pytestmark = pytest.mark.django_db

ISSUE = "/admin/core/certificate/terbitkan/"
LIST = "/admin/core/certificate/"


def act_url(certificate, act):
    return reverse("admin:core_certificate_act", args=[certificate.pk, act])


def page_url(certificate):
    return reverse("admin:core_certificate_change", args=[certificate.pk])


# --- issuing --------------------------------------------------------------------------------------------


def test_the_home_counts_who_waits_and_leads_to_the_page_that_issues(desk):
    make_competent()

    home = desk.get("/admin/").content.decode()

    assert "Kompeten, menunggu sertifikat" in home
    assert ISSUE in home


def test_before_issuing_the_page_says_how_many_and_what_stops_the_others(desk, clerk):
    ready, own = make_competent(), make_competent()
    Decision.objects.filter(application=own).update(decided_at=None)

    page = desk.get(ISSUE)

    assert page.context["keys"] == [str(ready.pk)]
    assert "1 dari 2" in page.content.decode()
    assert "Belum ada keputusan kompeten yang disahkan" in page.content.decode()
    assert not Certificate.objects.exists()


def test_a_scheme_that_lacks_a_code_is_named_before_anybody_presses(desk):
    application = make_competent()
    scheme = application.scheme_version.scheme
    scheme.kbli_code = ""
    scheme.save()

    page = desk.get(ISSUE)

    assert page.context["keys"] == []
    assert "belum mempunyai kode KBLI" in page.content.decode()


def test_who_signs_is_named_and_where_nobody_does_the_page_leads_to_the_data(desk):
    make_competent()
    assert "Dr. Agus Hartono, M.Si., Direktur LSP BNPB" in desk.get(ISSUE).content.decode()

    OfficeData.objects.update(leader_name="")
    page = desk.get(ISSUE)

    assert page.context["keys"] == []
    assert "Penanda tangan sertifikat belum ada" in page.content.decode()
    assert page.context["office_url"] in page.content.decode()


def test_blanks_named_at_the_start_are_written_down_at_the_end(desk, monkeypatch):
    monkeypatch.setattr(certificates, "STEP", 2)
    keys = [str(make_competent().pk) for _each in range(3)]
    words = {"terbitkan": "1", "first": "B0098", "spoiled": "B0099"}

    first = desk.post(ISSUE, words | {"kasus": keys})
    last = desk.post(ISSUE, words | {"kasus": first.context["rest"], "selesai": first.context["done"]})

    blanks = Certificate.objects.order_by("pk").values_list("blank_number", flat=True)
    assert list(blanks) == ["B0098", "B0100", "B0101"]
    assert "Nomor blanko dicatat: B0098 sampai B0101" in last.content.decode()


def test_a_used_blank_is_refused_before_anything_is_issued(desk):
    used = make_certificate()
    Certificate.objects.filter(pk=used.pk).update(blank_number="B7")
    waiting = make_competent()

    page = desk.post(ISSUE, {"terbitkan": "1", "kasus": [str(waiting.pk)], "first": "b7"})

    assert page.status_code == 422
    assert "Blanko B7 sudah dipakai" in page.content.decode()
    assert 'value="b7"' in page.content.decode()
    assert Certificate.objects.count() == 1


def test_a_confirmed_plenary_leads_to_its_certificates(desk):
    application = make_competent()
    plenary = Decision.objects.get(application=application).plenary

    page = desk.get(reverse("admin:core_plenary_change", args=[plenary.pk])).content.decode()

    assert f"{ISSUE}?pleno={plenary.pk}" in page
    assert "1 asesi kompeten menunggu sertifikat" in page


def test_the_case_shows_its_certificate_and_what_may_be_done_to_it(desk, as_role):
    application = make_competent()
    address = reverse("admin:core_application_change", args=[application.pk])
    assert f"{ISSUE}?kasus={application.pk}" in desk.get(address).content.decode()

    certificate = issue_certificate(application=application, by=make_user(role="sekretariat"))
    page, watched = desk.get(address).content.decode(), as_role("bnsp").get(address).content.decode()

    for words in (certificate.number, page_url(certificate), act_url(certificate, "suspend"), "Unduh sertifikat (PDF)"):
        assert words in page, words
    assert certificate.number in watched
    assert act_url(certificate, "suspend") not in watched
    assert "Unduh sertifikat (PDF)" not in watched


@pytest.mark.parametrize("what", ["number", "registration_number", "blank", "case", "name", "paper name"])
def test_a_certificate_is_found_by_each_of_its_numbers_and_by_its_holder(desk, what):
    certificate, other = make_certificate(full_name="Siti Rahmawati"), make_certificate(full_name="Budi Santoso")
    Certificate.objects.filter(pk=certificate.pk).update(blank_number="X77", holder_name="Zahra Rahmawati")
    words = {
        "number": certificate.number,
        "registration_number": certificate.registration_number,
        "blank": "x77",
        "case": certificate.application.number,
        "name": "rahma siti",
        "paper name": "zahra",
    }[what]

    found = desk.get(LIST, {"q": words}).context["cl"].result_list

    assert [row.pk for row in found] == [certificate.pk]
    assert other.pk


def test_a_nik_finds_the_certificates_of_its_holder_and_stands_in_no_address(desk, as_role):
    certificate = make_certificate(full_name="Siti Rahmawati")
    make_certificate()
    nik = certificate.application.candidate.nik
    for page in (LIST, "/admin/core/surveillance/"):
        answer = desk.post(page, {"cari": nik})
        assert nik not in answer["Location"]
        rows = desk.get(answer["Location"]).context["cl"].result_list
        assert {getattr(row, "certificate_id", row.pk) for row in rows} == {certificate.pk}, page
    assert "NIK" not in as_role("bnsp").get(LIST).context["cl"].search_help_text


def test_a_plenary_is_issued_step_by_step_and_the_account_names_every_number(desk, monkeypatch):
    monkeypatch.setattr(certificates, "STEP", 2)
    applications = [make_competent() for _each in range(3)]
    plenary = Decision.objects.get(application=applications[0]).plenary
    Decision.objects.update(plenary=plenary)

    asked = desk.get(ISSUE, {"pleno": plenary.pk})
    first = desk.post(ISSUE, {"terbitkan": "1", "kasus": asked.context["keys"]})
    last = desk.post(
        ISSUE,
        {
            "terbitkan": "1",
            "kasus": first.context["rest"],
            "selesai": first.context["done"],
            "gagal": first.context["failed"],
        },
    )

    assert (first.context["finished"], first.context["total"]) == (2, 3)
    assert "data-goes-on" in first.content.decode()
    assert "3 sertifikat terbit." in last.content.decode()
    for number in Certificate.objects.values_list("number", flat=True):
        assert number in last.content.decode()


def test_the_same_step_sent_twice_issues_nothing_twice(desk):
    application = make_competent()
    desk.post(ISSUE, {"terbitkan": "1", "kasus": [application.pk]})

    again = desk.post(ISSUE, {"terbitkan": "1", "kasus": [application.pk]})

    assert "sudah terbit untuk permohonan ini" in again.content.decode()
    assert Certificate.objects.count() == 1


def test_cases_ticked_in_the_list_lead_to_the_same_page(desk):
    application, other = make_competent(), make_case("assessed").application

    page = desk.post(
        "/admin/core/application/?antrean=semua", {"action": "issue", ACTION_CHECKBOX_NAME: [application.pk, other.pk]}
    )

    assert page.context["keys"] == [str(application.pk)]
    assert "tidak dapat dilakukan pada status “Menunggu keputusan”" in page.content.decode()


def test_many_cases_are_judged_together_as_each_one_is_by_the_table(clerk, django_assert_max_num_queries):
    cases = [make_competent(), make_competent(), make_case("assessed").application, make_certificate().application]
    Decision.objects.filter(application=cases[1]).update(in_force=None)
    cases = list(
        Application.objects.filter(pk__in=[case.pk for case in cases])
        .order_by("pk")
        .prefetch_related("candidate__user", "scheme_version__scheme")
    )

    with django_assert_max_num_queries(11):
        together = refusals_of_issue(cases, clerk)

    assert together[cases[0].pk] == WORKFLOW["issue"].refusal(cases[0], clerk) == ""
    for case in cases[1:3]:
        assert together[case.pk] == WORKFLOW["issue"].refusal(case, clerk) != ""
    assert "sudah terbit" in together[cases[3].pk]


# --- the list -------------------------------------------------------------------------------------------


def test_the_list_finds_by_number_or_name_and_narrows(desk):
    siti, budi = make_certificate(full_name="Siti Rahmawati"), make_certificate(full_name="Budi Santoso")
    Certificate.objects.filter(pk=budi.pk).update(valid_until="2020-01-01", blank_number="0001")

    def found(**query) -> set:
        return {row.pk for row in desk.get(LIST, query).context["cl"].result_list}

    assert found(q=siti.number) == {siti.pk}
    assert found(q="siti") == {siti.pk}
    assert found(q="rahmawati") == {siti.pk}
    assert found(q="rahmat") == set()
    assert found(keadaan="berlaku") == {siti.pk}
    assert found(keadaan="kedaluwarsa") == {budi.pk}
    assert found(blanko="belum") == {siti.pk}
    assert found(blanko="sudah") == {budi.pk}
    assert found(skema=siti.scheme.code) == {siti.pk, budi.pk}
    assert found(issued_on_to="01-01-2020") == set()


# --- blanks ---------------------------------------------------------------------------------------------


def test_sheets_in_a_row_are_written_down_for_ticked_certificates(desk):
    rows = [make_certificate() for _each in range(2)]
    asked = desk.post(LIST, {"action": "record_blanks", ACTION_CHECKBOX_NAME: [row.pk for row in rows]})
    refused = desk.post(
        reverse("admin:core_certificate_blanks"), {ACTION_CHECKBOX_NAME: asked.context["keys"], "first": "LEMBAR"}
    )
    done = desk.post(
        reverse("admin:core_certificate_blanks"),
        {ACTION_CHECKBOX_NAME: asked.context["keys"], "first": "0009", "spoiled": "0010"},
    )

    assert refused.status_code == 422
    assert "harus berakhir dengan angka" in refused.content.decode()
    assert "2 nomor blanko dicatat: 0009 sampai 0011." in said(done)
    assert list(Certificate.objects.order_by("pk").values_list("blank_number", flat=True)) == ["0009", "0011"]


def test_what_can_get_no_sheet_is_named_before_anything_is_typed(desk):
    free, numbered, gone = make_certificate(), make_certificate(), make_certificate()
    Certificate.objects.filter(pk=numbered.pk).update(blank_number="0001")
    Certificate.objects.filter(pk=gone.pk).update(status="dicabut")

    asked = desk.post(LIST, {"action": "record_blanks", ACTION_CHECKBOX_NAME: [free.pk, numbered.pk, gone.pk]})
    none = desk.post(LIST, {"action": "record_blanks", ACTION_CHECKBOX_NAME: [gone.pk]}).content.decode()

    page = asked.content.decode()
    assert asked.context["keys"] == [str(free.pk)]
    assert "Sudah mempunyai nomor blanko" in page
    assert "Sertifikat ini tidak berlaku lagi (Dicabut)" in page
    assert "Tidak satu pun yang dipilih dapat mendapat nomor blanko." in none
    assert "Nomor lembar pertama" not in none


def test_a_spoiled_sheet_stays_named_when_another_one_takes_its_place(desk):
    certificate = make_certificate()
    for number in ("0007", "0008"):
        desk.post(act_url(certificate, "blanko"), {"blank_number": number})
    assert "mengganti nomor blanko 0007 dengan 0008" in desk.get(page_url(certificate)).content.decode()


def test_one_sheet_is_named_once(desk):
    certificate = make_certificate()
    done = desk.post(
        reverse("admin:core_certificate_blanks"), {ACTION_CHECKBOX_NAME: [certificate.pk], "first": "0009"}
    )
    assert "1 nomor blanko dicatat: 0009." in said(done)


def test_one_blank_is_written_down_on_the_page(desk):
    certificate = make_certificate()

    desk.post(act_url(certificate, "blanko"), {"blank_number": "0007"})

    certificate.refresh_from_db()
    assert certificate.blank_number == "0007"
    assert "0007" in desk.get(page_url(certificate)).content.decode()


# --- one certificate --------------------------------------------------------------------------------------


def test_the_page_tells_everything_and_draws_its_buttons_from_the_table(desk):
    certificate = make_certificate(full_name="Siti Rahmawati")

    page = desk.get(page_url(certificate)).content.decode()

    for words in (certificate.number, "Siti Rahmawati", certificate.code, certificate.registration_number, "Ambon"):
        assert words in page, words
    assert act_url(certificate, "replace") in page


def test_a_wrong_name_is_replaced_from_the_page(desk):
    certificate = make_certificate(full_name="Siti Rahmawti")
    form = desk.get(act_url(certificate, "replace"))
    values = {line["question"].name: line["value"] for line in form.context["fields"]}

    unchanged = desk.post(act_url(certificate, "replace"), values | {"reason": "Salah ketik"})
    done = desk.post(act_url(certificate, "replace"), values | {"full_name": "Siti Rahmawati", "reason": "Salah ketik"})

    new = Certificate.objects.get(replaces=certificate)
    assert unchanged.status_code == 422
    assert "Tidak ada yang berbeda" in unchanged.content.decode()
    assert done.url == page_url(new)
    assert new.number in desk.get(page_url(certificate)).content.decode()
    assert act_url(certificate, "replace") not in desk.get(page_url(certificate)).content.decode()


def test_readers_from_outside_see_no_birth_and_no_paper(as_role):
    certificate = make_certificate(full_name="Siti Rahmawati")
    bnsp = as_role("bnsp")

    page = bnsp.get(page_url(certificate)).content.decode()

    assert "Siti Rahmawati" in page
    assert "Ambon" not in page
    assert bnsp.get(reverse("admin:core_certificate_pdf", args=[certificate.pk])).status_code == 403
    assert "Catat nomor blanko" not in page


def test_who_assessed_is_told_so_before_pressing(sign_in):
    case = make_case("competent")
    both = make_user(role="sekretariat")
    case.record.assessor.user = both
    case.record.assessor.save()

    page = sign_in(both).get(ISSUE)

    assert "Anda menilai asesi ini; sertifikatnya diterbitkan oleh orang lain." in page.content.decode()
    assert page.context["keys"] == []
