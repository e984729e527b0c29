"""The activity log: only ever added to, readable for people, and from the address that is really the client's."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.test import RequestFactory

from core.activity.context import RequestContextMiddleware, client_address, current_ip_address
from core.activity.labels import LABELS, act, sentence
from core.activity.models import ActivityEntry, ActivitySeal
from core.activity.queries import acts_from_here, timeline_of
from core.activity.sealing import seal_waiting
from core.activity.services import record_activity
from tests.core.helpers import from_address
from tests.factories.accounts import make_user
from tests.factories.applications import make_application

# --- append-only ------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    "tamper",
    [
        lambda entry: entry.save(),
        lambda entry: entry.save(update_fields=["code"]),
        lambda entry: entry.delete(),
        lambda entry: ActivityEntry.objects.all().delete(),
        lambda entry: ActivityEntry.objects.filter(pk=entry.pk).update(code="x"),
        lambda entry: ActivityEntry.objects.bulk_update([entry], ["code"]),
        lambda entry: ActivityEntry.objects.update_or_create(pk=entry.pk, defaults={"code": "x"}),
        lambda entry: ActivityEntry.objects.bulk_create([ActivityEntry(code="x")]),
        lambda entry: ActivityEntry.objects.bulk_create([entry], ignore_conflicts=True),
        lambda entry: ActivityEntry._base_manager.all().delete(),
        lambda entry: ActivityEntry._base_manager.filter(pk=entry.pk)._raw_delete("default"),
        lambda entry: ActivityEntry.objects.filter(pk=entry.pk)._update([]),
        lambda entry: ActivityEntry.objects.raw("SELECT * FROM core_activityentry")[0].delete(),
        lambda entry: ActivityEntry(pk=entry.pk, code="x").save(force_insert=True),
        lambda entry: entry.seal.delete(),
        lambda entry: entry.seal.save(),
        lambda entry: ActivitySeal.objects.update(digest=""),
        lambda entry: ActivitySeal.objects.all().delete(),
        lambda entry: ActivitySeal.objects.create(sequence=99, entry=entry, digest=""),
        lambda entry: ActivitySeal.objects.bulk_create([ActivitySeal(sequence=99, entry=entry)]),
    ],
)
def test_what_is_written_can_be_neither_changed_nor_taken_out(tamper):
    entry = record_activity("account.log_in", by=make_user())
    seal_waiting()
    entry.code = "x"

    with pytest.raises(TypeError, match="append-only"), transaction.atomic():
        tamper(entry)

    assert ActivityEntry.objects.get(pk=entry.pk).code == "account.log_in"


@pytest.mark.django_db
def test_an_act_that_is_rolled_back_was_never_logged():
    with transaction.atomic():
        record_activity("account.log_in")
        transaction.set_rollback(True)

    assert not ActivityEntry.objects.exists()


@pytest.mark.django_db
def test_somebody_who_acted_cannot_be_deleted_from_under_the_log():
    person = make_user()
    record_activity("account.log_in", by=person)

    with pytest.raises(Exception, match="protected"):
        person.delete()


# --- reading ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_entry_tells_who_did_what_to_which_case():
    case = make_application(status="submitted", full_name="Siti Rahmawati")

    entry = timeline_of(case).first()

    assert sentence(entry) == (f"Siti Rahmawati menandatangani dan mengirim permohonan (pengiriman ke-1) {case.number}")
    assert [e.code for e in timeline_of(case)] == ["application.submit", "application.open_draft"]


@pytest.mark.django_db
def test_what_nobody_did_was_done_by_the_system():
    assert sentence(record_activity("account.request_reset")) == "Sistem meminta sandi baru"


@pytest.mark.django_db
def test_an_unknown_code_or_missing_fact_still_gives_something_to_read():
    assert act(record_activity("future.act")) == "future.act"
    assert act(record_activity("account.assign_role")) == "memberi peran %(role)s"
    assert (
        act(record_activity("application.check_requirement", verdict="tidak_ada"))
        == "menilai satu persyaratan: tidak ada"
    )


def codes_in_the_program() -> set[str]:
    """Every code that the program hands to the log; `{…}` stands for what is only known when it runs."""
    found = set()
    for package in ("core", "backoffice", "public_site", "cron"):
        for path in Path(django_settings.BASE_DIR, package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"record_activity", "record_view"}:
                    if isinstance(node.args[0], ast.Name):  # record_view hands on what it was given
                        continue
                    found.add(ast.unparse(node.args[0]).removeprefix("f").strip("'\""))
    return found


def test_every_code_the_program_records_has_words():
    codes = codes_in_the_program()

    written_out = {code for code in codes if "{" not in code}
    assert len(written_out) >= 20
    assert written_out <= set(LABELS)
    assert codes - written_out <= {
        "application.{act}",
        "certificate.{code}",
        "institution.{act}",
        "past_certificate.{code}",
        "privacy.{act}",
    }
    assert {"application.accept", "application.reject"} <= set(LABELS)
    assert {"privacy.answer", "privacy.refuse"} <= set(LABELS)
    assert {f"institution.{act}" for act in ("approve", "refuse", "close", "reopen")} <= set(LABELS)
    for register in ("certificate", "past_certificate"):
        assert {f"{register}.{act}" for act in ("suspend", "reinstate", "withdraw")} <= set(LABELS)


# --- where from ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "", "10.0.0.1"),
        (0, "203.0.113.7", "10.0.0.1"),  # anybody can write this header
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "6.6.6.6, 203.0.113.7", "203.0.113.7"),  # the client pretended to be 6.6.6.6
        (1, "6.6.6.6,5.5.5.5 , 203.0.113.7", "203.0.113.7"),
        (2, "6.6.6.6, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        (2, "203.0.113.7", "10.0.0.1"),  # did not come through both proxies
        (1, "", "10.0.0.1"),
        (1, " , ", "10.0.0.1"),
        (1, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_the_address_is_read_behind_exactly_our_own_proxies(settings, proxies, forwarded, address):
    settings.TRUSTED_PROXIES = proxies

    assert client_address({"HTTP_X_FORWARDED_FOR": forwarded, "REMOTE_ADDR": "10.0.0.1"}) == address


def test_without_an_address_there_is_none():
    assert client_address({"REMOTE_ADDR": ""}) is None
    assert current_ip_address() is None


@pytest.mark.django_db
def test_an_entry_keeps_the_address_of_its_request():
    entry = from_address("203.0.113.7", lambda: record_activity("account.log_in"))

    assert ActivityEntry.objects.get(pk=entry.pk).ip_address == "203.0.113.7"
    assert record_activity("account.log_out").ip_address is None  # the request is over


def test_a_request_that_fails_does_not_leave_its_address_to_the_next():
    def fails(request):
        raise ValueError(current_ip_address())

    with pytest.raises(ValueError, match=r"203\.0\.113\.7"):
        RequestContextMiddleware(fails)(RequestFactory().get("/", REMOTE_ADDR="203.0.113.7"))

    assert current_ip_address() is None


@pytest.mark.django_db
def test_acts_are_counted_by_kind_address_and_time(time_machine):
    time_machine.move_to("2026-06-01T08:00:00Z", tick=False)
    for address, code in (
        ("203.0.113.7", "a.b"),
        ("203.0.113.7", "a.b"),
        ("203.0.113.8", "a.b"),
        ("203.0.113.7", "a.c"),
    ):
        from_address(address, lambda code=code: record_activity(code))
    hour = timedelta(hours=1)

    assert from_address("203.0.113.7", lambda: acts_from_here("a.b", hour)) == 2
    assert acts_from_here("a.b", hour) == 0  # no request under way
    time_machine.shift(hour)
    assert from_address("203.0.113.7", lambda: acts_from_here("a.b", hour)) == 0
