"""The assessor's screen of pre-assessment, with and without JavaScript."""

import pytest
from django.urls import reverse

from core.applications.models import Application
from core.assessments.queries import signed_preassessment
from tests.backoffice.conftest import case_url, pressed_by_enter, said
from tests.core.assessments.test_preassessment import case_with_evidence, judge_all, rows
from tests.factories.accounts import make_user
from tests.factories.assessments import make_assessor

pytestmark = pytest.mark.django_db


@pytest.fixture
def work(client):
    """A case of four elements with evidence but for the last, and its assessor at the screen."""
    case, assessor = case_with_evidence(units=2, without=1)
    client.force_login(assessor.user)
    return case, client


def screen(case: Application) -> str:
    return reverse("admin:core_application_preassessment", args=[case.pk])


def words(case: Application, **answers) -> dict[str, str]:
    """What the untouched page posts, with some answers given."""
    posted = {f"was-{row.pk}": "||" for row in rows(case) if row.evidence}
    return posted | answers


def test_the_case_leads_its_assessor_there_and_the_page_shows_claim_and_evidence(work):
    case, client = work
    assert screen(case) in client.get(case_url(case)).content.decode()

    page = client.get(screen(case)).content.decode()

    assert "0 dari 3 elemen dinilai" in page
    assert "Tanpa bukti; digali saat asesmen." in page
    assert page.count("data-evidence") >= 3


def test_without_javascript_one_press_keeps_all_and_one_signs(work):
    case, client = work
    first, second, third, _bare = rows(case)
    answers = {f"element-{row.pk}": "terpenuhi" for row in (first, second)}
    answers |= {f"element-{third.pk}": "kurang", f"lack-{third.pk}": "is_current", f"note-{third.pk}": "Tahun 2012."}

    kept = client.post(screen(case), words(case, **answers, save="1"))
    assert "Penilaian bukti disimpan" in said(kept)
    assert "3 dari 3 elemen dinilai" in client.get(screen(case)).content.decode()

    signed = client.post(screen(case), words(case, **answers, advice="lanjut", note="Jelas.", sign="1"))

    agreement = case.filled_forms.get(definition__code="fr-ak-01")
    assert signed.url == reverse("admin:paper_sign", args=[agreement.pk])  # it came filled in
    assert signed_preassessment(case).advice == "lanjut"
    page = client.get(case_url(case)).content.decode()
    assert "Asesmen dapat dilanjutkan" in page
    assert "Tahun 2012." in page


def test_what_is_refused_at_the_foot_leads_down_to_it(work):
    """The sentence stands at the top of a page that is many screens long on a phone."""
    case, client = work
    met = {f"element-{row.pk}": "terpenuhi" for row in rows(case) if row.evidence}

    for answers, told in (({}, "Pilih rekomendasi dahulu."), ({"advice": "tidak-lanjut"}, "asesi akan membacanya.")):
        refused = client.post(screen(case), words(case, **met, **answers, sign="1"))
        assert refused.status_code == 422
        assert f'{told} <a class="bo-link" href="#rekomendasi">' in refused.content.decode()


def test_the_rest_of_a_unit_is_judged_as_met_in_one_press(work):
    case, client = work
    first, second, *_more = rows(case)
    unit = case.scheme_version.scheme_units.order_by("position").first().unit_id
    answers = {f"element-{first.pk}": "kurang", f"lack-{first.pk}": "is_valid"}

    client.post(screen(case), words(case, **answers, semua=str(unit)))

    found = {row.pk: row for row in rows(case, case.preassessments.get())}
    assert found[first.pk].lacking == ["is_valid"]
    assert (found[second.pk].is_judged, found[second.pk].lacking) == (True, [])
    assert sum(row.is_judged for row in found.values()) == 2


def test_enter_in_a_note_saves_and_does_not_judge_the_rest(work):
    case, client = work
    assert pressed_by_enter(client.get(screen(case)), 'id="pra"') == "save"


def test_the_rest_of_every_unit_is_judged_as_met_in_one_press(work):
    case, client = work
    first, *others = [row for row in rows(case) if row.evidence]
    answers = {f"element-{first.pk}": "kurang", f"lack-{first.pk}": "is_valid"}

    assert "Sisanya terpenuhi, semua unit" in client.get(screen(case)).content.decode()
    kept = client.post(screen(case), words(case, **answers, semua="seluruhnya"))

    assert kept.url.endswith("#rekomendasi")
    found = {row.pk: row for row in rows(case, case.preassessments.get())}
    assert found[first.pk].lacking == ["is_valid"]
    assert all(found[row.pk].is_judged and not found[row.pk].lacking for row in others)


def test_lacking_without_saying_what_keeps_the_page_and_names_the_element(work):
    case, client = work
    first = rows(case)[0]

    answer = client.post(
        screen(case), words(case, **{f"element-{first.pk}": "kurang", f"note-{first.pk}": "Buram."}, save="1")
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Tandai sedikitnya satu yang kurang" in page
    assert "Buram." in page
    assert f'href="#elemen-{first.pk}"' in page


def test_signing_too_early_keeps_what_was_typed(work):
    case, client = work

    answer = client.post(screen(case), words(case, advice="lanjut", note="Lengkap.", sign="1"))

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "3 elemen belum Anda nilai" in page
    assert "Lengkap." in page


def test_an_older_tab_does_not_undo_what_a_newer_one_judged(work):
    case, client = work
    first, second, *_more = rows(case)
    client.post(screen(case), words(case, **{f"element-{first.pk}": "terpenuhi"}, save="1"))

    client.post(screen(case), words(case, **{f"element-{second.pk}": "terpenuhi"}, save="1"))

    found = rows(case, case.preassessments.get())
    assert [row.is_judged for row in found[:2]] == [True, True]


def test_a_touched_element_is_kept_at_once(work):
    case, client = work
    first = rows(case)[0]

    answer = client.post(
        f"{screen(case)}?elemen={first.pk}",
        {f"was-{first.pk}": "||", f"element-{first.pk}": "terpenuhi"},
        headers={"HX-Request": "true"},
    )

    page = answer.content.decode()
    assert "1 dari 3 elemen dinilai" in page
    assert "Tersimpan" in page
    assert "<html" not in page


@pytest.mark.parametrize("role", ["sekretariat", "administrator", "bnsp"])
def test_others_read_what_was_signed_and_cannot_open_the_screen(work, client, role):
    case, _client = work
    assessor = case.assignments.get(in_force=True).assessor
    judge_all(case, assessor.user)
    client.force_login(make_user(role=role))

    assert client.get(screen(case)).status_code == 403
    assert screen(case) not in client.get(case_url(case)).content.decode()


def test_another_assessor_does_not_even_find_it(work, client):
    case, _client = work
    client.force_login(make_assessor().user)

    assert client.get(screen(case)).status_code == 404


def test_as_many_queries_for_many_elements(client, django_assert_max_num_queries):
    case, assessor = case_with_evidence(units=3)
    client.force_login(assessor.user)
    client.get(screen(case))

    with django_assert_max_num_queries(30):
        client.get(screen(case))
