"""The secretariat's side: what waits, the decision with its reason, batches, and the cases that came of them."""

import pytest
from django.urls import reverse

from core.activity.models import ActivityEntry
from core.institutions.models import Institution
from core.messaging.models import OutboxMessage
from tests.backoffice.conftest import said
from tests.core.institutions.test_answers import accept
from tests.factories.applications import fill_in, make_application
from tests.factories.institutions import institution_values, make_batch, make_officer, person_row

pytestmark = pytest.mark.django_db

LIST = reverse("admin:core_institution_changelist")


def page_of(row) -> str:
    return reverse(f"admin:core_{row._meta.model_name}_change", args=[row.pk])


def act_of(row, act: str) -> str:
    return reverse("admin:core_institution_act", args=[row.pk, act])


@pytest.fixture
def waiting(db) -> Institution:
    return make_officer(status="menunggu").officer.institution


def keys(response) -> list[int]:
    return [row.pk for row in response.context["cl"].result_list]


def test_what_waits_stands_first_and_is_counted_in_the_sidebar(desk, waiting):
    approved = make_officer().officer.institution

    page = desk.get(LIST)

    assert keys(page) == [waiting.pk, approved.pk]
    assert keys(desk.get(f"{LIST}?status__exact=disetujui")) == [approved.pk]
    assert keys(desk.get(LIST, {"q": approved.name})) == [approved.pk]
    badges = {
        item["title"]: item.get("badge") for group in page.context["sidebar_navigation"] for item in group["items"]
    }
    assert badges["Instansi"] == "1"


def test_approving_is_one_press_and_sends_a_letter(desk, waiting):
    assert "Setujui instansi" in desk.get(page_of(waiting)).content.decode()

    answer = desk.post(act_of(waiting, "approve"))

    assert "Instansi disetujui" in said(answer)
    waiting.refresh_from_db()
    assert waiting.status == "disetujui"
    assert OutboxMessage.objects.filter(template_key="institution-approved").count() == 1


def test_refusing_needs_a_reason(desk, waiting):
    without = desk.post(act_of(waiting, "refuse"), {"reason": " "})
    assert without.status_code == 422
    assert "Tulis alasannya" in without.content.decode()

    desk.post(act_of(waiting, "refuse"), {"reason": "Bukan e-mail kantor."})

    waiting.refresh_from_db()
    assert (waiting.status, waiting.reason) == ("ditolak", "Bukan e-mail kantor.")
    assert "Bukan e-mail kantor." in desk.get(page_of(waiting)).content.decode()


def test_an_unconfirmed_officer_blocks_the_approval_with_a_reason(desk):
    institution = make_officer(status="menunggu", email_confirmed_at=None).officer.institution

    page = desk.get(page_of(institution)).content.decode()
    answer = desk.post(act_of(institution, "approve"))

    assert "belum mengonfirmasi alamat e-mailnya" in page
    assert answer.status_code == 422
    institution.refresh_from_db()
    assert institution.status == "menunggu"


def test_looking_is_recorded_and_only_the_secretariat_decides(as_role, waiting):
    administrator = as_role("administrator")

    page = administrator.get(page_of(waiting)).content.decode()

    assert "Setujui instansi" not in page
    assert administrator.post(act_of(waiting, "approve")).status_code == 403
    assert ActivityEntry.objects.filter(code="institution.view").count() == 1
    assert as_role("bnsp").get(page_of(waiting)).status_code == 403


def test_a_batch_tells_who_when_how_many_and_how_far(desk):
    batch = make_batch(person_row("Budi"), person_row("Citra"))
    draft = accept(batch.invitations.get(full_name="Budi"))

    listed = desk.get(reverse("admin:core_invitationbatch_changelist")).content.decode()
    page = desk.get(page_of(batch)).content.decode()

    assert "1 diundang, 1 sedang mengisi" in listed
    assert batch.institution.name in listed
    assert "Citra" in page
    assert "bo-table bo-people" not in page  # the dress of a list to choose from: it takes headings off their columns
    assert draft.candidate.applications.get().code not in page  # a draft is nobody's business
    assert ActivityEntry.objects.filter(code="institution.view_people").count() == 1


def test_cases_are_found_by_institution_and_by_batch(desk):
    from core.accounts.services import save_profile
    from core.applications.services import submit_application
    from core.codelists.models import CodeListEntry, Region
    from tests.factories.accounts import make_nik

    batch = make_batch(person_row())
    person = accept(batch.invitations.get())
    values = {
        "nik": make_nik(), "birth_place": "Ambon", "home_address": "Jalan 1", "phone_mobile": "+6281234567890",
        "home_region": Region.objects.get(code="8171"),
        "education": CodeListEntry.objects.filter(code_list__code="pendidikan").first(),
        "occupation": CodeListEntry.objects.filter(code_list__code="pekerjaan").first(),
    }  # fmt: skip
    save_profile(profile=person.candidate, values=values, version=None, by=person)
    case = person.candidate.applications.get()
    fill_in(case)
    submit_application(application=case, by=person)
    make_application()  # of nobody's institution
    cases = reverse("admin:core_application_changelist")

    for query in (f"instansi={batch.institution_id}", f"rombongan={batch.pk}"):
        assert keys(desk.get(f"{cases}?antrean=semua&{query}")) == [case.pk], query
    assert keys(desk.get(f"{cases}?antrean=semua&instansi=0")) == []
    case.refresh_from_db()
    assert case.number in desk.get(page_of(batch)).content.decode()


def test_institutions_and_batches_are_found_by_typing(desk):
    institution = Institution.objects.create(**institution_values(name="PMI Kota Ambon"))
    batch = make_batch()

    def choices(source: str, term: str) -> list[str]:
        answer = desk.get(reverse("admin:choices", args=[source]), {"term": term})
        return [row["id"] for row in answer.json()["results"]]

    assert choices("instansi", "ambon") == [str(institution.pk)]
    assert choices("rombongan", batch.number) == [str(batch.pk)]


def test_an_officers_account_is_found_among_users_and_keeps_its_role(as_role):
    officer = make_officer()
    administrator = as_role("administrator")
    users = reverse("admin:core_user_changelist")

    assert keys(administrator.get(f"{users}?peran=instansi")) == [officer.pk]
    assert officer.pk not in keys(administrator.get(f"{users}?peran=asesi"))
    page = administrator.get(page_of(officer)).content.decode()
    assert '<option value="instansi" selected>' in page
    assert '<option value="sekretariat"' not in page
    assert '<option value="instansi"' not in administrator.get(reverse("admin:core_user_add")).content.decode()
