"""One act on many rows: asked first, told afterwards, harmless twice."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from backoffice import bulk
from core.applications.models import Application
from core.applications.services import take_application
from core.assessments.queries import assignment_in_force
from core.messaging.models import OutboxMessage
from tests.factories.accounts import make_user
from tests.factories.applications import make_application
from tests.factories.assessments import make_assessor
from tests.factories.corridor import make_case

pytestmark = pytest.mark.django_db

LIST = "/admin/core/application/"


def tick(client, address, act, rows, **more):
    """Ticks rows and chooses an act: the page that asks."""
    keys = [str(getattr(row, "pk", row)) for row in rows]
    return client.post(address, {"action": act, "_selected_action": keys, "index": "0", **more})


def run(client, model, act, rows):
    """Says yes on that page."""
    keys = [str(getattr(row, "pk", row)) for row in rows]
    return client.post(reverse(f"admin:core_{model}_bulk", args=[act]), {"_selected_action": keys})


def statuses(*cases):
    return [Application.objects.get(pk=case.pk).status for case in cases]


def test_the_first_page_says_what_will_happen_to_how_many_and_changes_nothing(desk, clerk):
    new, other = make_application(full_name="Yohana Tambunan"), make_application()
    taken = make_application(status="under_review")

    page = tick(desk, f"{LIST}?antrean=semua", "take", [new, other, taken]).content.decode()

    assert "2 dari 3" in page
    assert "2 permohonan menjadi tugas Anda" in page
    assert f"{new.number} · Yohana Tambunan" in page
    assert "Tindakan “Ambil untuk diperiksa” tidak dapat dilakukan pada status “Sedang diverifikasi”." in page
    assert "Ambil untuk diperiksa (2)" in page
    assert statuses(new, other, taken) == ["submitted", "submitted", "under_review"]


def test_then_it_happens_row_by_row_and_is_told_with_links(desk, clerk):
    new, other = make_application(), make_application()
    page = run(desk, "application", "take", [new, other]).content.decode()
    assert "2 permohonan kini Anda periksa." in page
    assert reverse("admin:core_application_change", args=[new.pk]) in page
    assert statuses(new, other) == ["under_review", "under_review"]
    assert set(Application.objects.values_list("officer", flat=True)) == {clerk.pk}


def test_what_changed_between_the_two_pages_is_refused_by_the_rule_and_told(desk, clerk):
    """A colleague was quicker; the case has left the tab by then, and still does not vanish without a word."""
    mine, theirs = make_application(), make_application()
    colleague = make_user(role="sekretariat")
    take_application(application=theirs, by=colleague)
    page = run(desk, "application", "take", [mine, theirs]).content.decode()
    assert "1 permohonan kini Anda periksa." in page
    assert "tidak dapat dilakukan pada status “Sedang diverifikasi”" in page
    assert theirs.number in page
    assert Application.objects.get(pk=theirs.pk).officer == colleague


def test_the_same_page_sent_twice_does_no_harm(desk, clerk):
    case = make_application(status="returned", officer=clerk)
    assert "1 surat pengingat dikirim." in run(desk, "application", "remind", [case]).content.decode()
    again = run(desk, "application", "remind", [case]).content.decode()
    assert "0 surat pengingat dikirim." in again
    assert "sudah diingatkan hari ini" in again
    assert OutboxMessage.objects.filter(template_key="application-reminder").count() == 1


def test_rows_that_are_gone_or_not_to_be_seen_are_told(desk):
    draft = make_application(status="ready")
    for page in (tick(desk, LIST, "take", [draft, 999_999]), run(desk, "application", "take", [draft, 999_999])):
        text = page.content.decode()
        assert "Tidak ditemukan lagi, atau tidak boleh Anda lihat." in text
        assert draft.candidate.user.full_name not in text
    assert statuses(draft) == ["draft"]


def test_more_than_the_limit_is_refused_plainly(desk):
    keys = range(1, bulk.MAX_ROWS + 2)
    for page in (tick(desk, LIST, "take", keys), run(desk, "application", "take", keys)):
        assert "Paling banyak 500 baris sekaligus" in page.content.decode()


def test_all_that_match_can_be_chosen(desk, monkeypatch):
    cases = [make_application() for _number in range(3)]
    accepted = make_application(status="accepted")
    page = tick(desk, LIST, "take", cases[:1], select_across="1").content.decode()
    assert "3 dari 3" in page
    assert accepted.number not in page
    monkeypatch.setattr(bulk, "MAX_ROWS", 2)
    assert "Paling banyak 2 baris" in tick(desk, LIST, "take", cases[:1], select_across="1").content.decode()


def test_keys_that_are_none_are_dropped(desk):
    case = make_application()
    page = run(desk, "application", "take", [case, case, "1 OR 1=1", "", "-1", "²"]).content.decode()
    assert "1 permohonan kini Anda periksa." in page
    assert run(desk, "application", "take", ["x"]).status_code == 302  # nothing was ticked


@pytest.mark.parametrize("role", ["administrator", "bnsp", "asesor"])
def test_acts_are_offered_to_and_run_by_those_who_may(as_role, role):
    case = make_application()
    client = as_role(role)
    assert "action-toggle" not in client.get(f"{LIST}?antrean=semua").content.decode()
    assert run(client, "application", "take", [case]).status_code == 403
    assert statuses(case) == ["submitted"]


def test_an_unknown_act_is_not_found(desk):
    assert run(desk, "application", "accept", [make_application()]).status_code == 404  # needs judgement: one by one


def test_taking_over_leaves_out_ones_own(desk, clerk):
    mine, theirs = make_application(status="under_review", officer=clerk), make_application(status="under_review")
    page = tick(desk, f"{LIST}?antrean=semua", "take_over", [mine, theirs]).content.decode()
    assert "1 dari 2" in page
    assert "Permohonan ini sudah Anda periksa." in page
    run(desk, "application", "take_over", [mine, theirs])
    assert Application.objects.get(pk=theirs.pk).officer == clerk


def test_letters_that_failed_go_out_again(desk):
    def letter(status):
        return OutboxMessage.objects.create(
            address="a@contoh.id", template_key="uji", subject="Uji", body="Uji", status=status
        )

    failed, sent = letter("gagal"), letter("terkirim")
    page = tick(desk, reverse("admin:core_outboxmessage_changelist"), "resend", [failed, sent]).content.decode()
    assert "1 dari 2" in page
    assert "Hanya pesan yang gagal dapat dikirim ulang." in page
    run(desk, "outboxmessage", "resend", [failed, sent])
    assert {m.status for m in OutboxMessage.objects.filter(subject="Uji")} == {"menunggu", "terkirim"}


def test_accounts_are_put_out_of_use_but_never_ones_own(sign_in):
    admin, leaver = make_user(role="administrator"), make_user(role="asesor")
    page = run(sign_in(admin), "user", "deactivate", [admin, leaver]).content.decode()
    assert "1 akun dinonaktifkan." in page
    assert "akun Anda sendiri" in page
    admin.refresh_from_db()
    leaver.refresh_from_db()
    assert (admin.is_active, leaver.is_active) == (True, False)


def test_asking_costs_the_same_for_few_and_many(desk):
    cases = [make_application() for _number in range(6)]

    def count(rows):
        with CaptureQueriesContext(connection) as queries:
            assert tick(desk, LIST, "take", rows).status_code == 200
        return len(queries)

    assert count(cases[:2]) == count(cases) <= 25


# --- an assessor for many -------------------------------------------------------------------------------


def test_ten_accepted_cases_get_their_assessor_in_one_act(desk, clerk):
    cases = [make_application(status="accepted") for _number in range(10)]
    held = make_case("accepted").application
    fit, ended = (
        make_assessor(full_name="Yohana Latuconsina"),
        make_assessor(expires=timezone.localdate() - timedelta(days=1)),
    )

    page = tick(desk, f"{LIST}?antrean=semua", "assign", [*cases, held]).content.decode()
    assert "10 dari 11" in page
    assert "Sudah mempunyai asesor" in page
    assert f'name="assessor" value="{fit.pk}" required>' in page
    assert f'name="assessor" value="{ended.pk}" required disabled>' in page

    address = reverse("admin:core_application_bulk", args=["assign"])
    keys = [str(case.pk) for case in cases]
    for _press in range(2):
        answer = desk.post(address, {"_selected_action": keys, "assessor": fit.pk}).content.decode()
    assert "0 permohonan kini mempunyai asesor." in answer  # the second press finds every one done
    assert {assignment_in_force(case).assessor for case in cases} == {fit}
    assert assignment_in_force(held).assessor != fit
    letter = OutboxMessage.objects.get(recipient=fit.user)  # one for the act, not one for each case
    assert letter.subject == "Anda ditunjuk sebagai asesor untuk 10 permohonan"
    assert all(f"- {case.number}, {case.scheme_version.scheme.title}\n" in letter.body for case in cases)


def test_without_a_choice_nobody_is_assigned(desk):
    case = make_application(status="accepted")
    answer = desk.post(reverse("admin:core_application_bulk", args=["assign"]), {"_selected_action": [str(case.pk)]})
    assert "Pilih satu asesor." in answer.content.decode()
    assert assignment_in_force(case) is None
