"""Whoever changes the log in the database, past the product, is found out: by `verify_activity` and on /sehat/."""

import json
import resource
import uuid
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from core.activity.checkpoints import append_checkpoint, read_checkpoints
from core.activity.models import ActivityCheck, ActivityEntry, ActivityHead, ActivitySeal
from core.activity.sealing import seal_waiting
from core.activity.services import record_activity
from core.activity.verification import seal_leftovers
from tests.core.helpers import at_once, from_address
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def checkpoints(settings, tmp_path):
    """A file of checkpoints of this test alone."""
    settings.ACTIVITY_CHECKPOINTS = tmp_path / "checkpoints.jsonl"
    return settings.ACTIVITY_CHECKPOINTS


def verify(*arguments: str) -> tuple[int, str]:
    """(exit code, what the command says)"""
    said = StringIO()
    try:
        call_command("verify_activity", *arguments, stdout=said)
    except CommandError as error:
        return error.returncode, f"{said.getvalue()}{error}"
    return 0, said.getvalue()


def sql(words: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(words, values)


def sealed_log(entries: int = 6) -> list[ActivityEntry]:
    person = make_user(role="sekretariat")
    for number in range(entries):
        from_address("203.0.113.7", lambda n=number: record_activity("document.view", by=person, subject=person, n=n))
    seal_waiting()
    return list(ActivityEntry.objects.order_by("pk"))


# --- what is whole --------------------------------------------------------------------------------------


def test_a_log_that_nobody_touched_is_whole_and_sets_a_checkpoint(checkpoints, client):
    rows = sealed_log()

    code, words = verify()

    assert code == 0
    assert f"Utuh: {len(rows)} catatan" in words
    check = ActivityCheck.objects.get()
    assert (check.outcome, check.rows, check.faults) == ("utuh", len(rows), 0)
    assert json.loads(checkpoints.read_text())["sequence"] == len(rows)
    assert client.get("/sehat/").json()["activity_log"] == "ok"


def test_an_empty_log_is_whole():
    assert verify()[0] == 0


def test_every_kind_of_content_is_read_as_it_was_signed():
    person = make_user(full_name="Ni Luh Éka")
    for data in ({"a": (1, 2), "b": {"z": None, "ä": 1.5}}, {}, {"teks": "“kutip” \\ \n 😀", 3: True}):
        from_address("2001:DB8:0::1", lambda d=data: record_activity("document.view", subject=person, **_named(d)))
    record_activity("account.log_in")
    seal_waiting()

    assert verify()[0] == 0


def _named(data: dict) -> dict:
    return {str(key): value for key, value in data.items()}


def test_moments_are_kept_to_the_microsecond(time_machine):
    time_machine.move_to("2026-11-24T03:04:05.678901Z", tick=False)
    entry = record_activity("account.log_in")

    assert ActivityEntry.objects.get(pk=entry.pk).at.microsecond == 678901


def test_entries_of_the_last_minute_may_still_be_unsealed():
    sealed_log()
    record_activity("account.log_in")

    assert verify()[0] == 0


def test_what_was_kept_from_being_sealed_for_an_hour_is_told(time_machine):
    sealed_log()
    record_activity("account.log_in")
    time_machine.move_to(timezone.now() + timedelta(hours=2))

    code, words = verify()

    assert code == 1
    assert "terlalu lama belum disegel" in words


# --- what was touched -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("code", "application.accept"),
        ("actor_id", None),
        ("subject_type", "application"),
        ("subject_id", "999"),
        ("subject_label", "APL-2026-000001"),
        ("ip_address", "198.51.100.1"),
        ("data", '{"n": 77}'),
        ("at", "2026-01-02 03:04:05.000006"),
        ("uid", None),
        ("mac", "0" * 64),
    ],
)
def test_a_changed_row_is_found(column, value, client):
    row = sealed_log()[2]
    sql(
        f"UPDATE core_activityentry SET {column} = %s WHERE id = %s",
        uuid.uuid4().hex if column == "uid" else value,
        row.pk,
    )

    code, words = verify()

    assert code == 1
    assert f"Catatan #{row.pk} (" in words
    assert "diubah setelah dicatat" in words
    assert "BERBEDA: 1 temuan" in words
    answer = client.get("/sehat/")
    assert (answer.status_code, answer.json()["activity_log"]) == (503, "gagal")


def test_a_removed_row_is_found():
    row = sealed_log()[2]
    sql("DELETE FROM core_activityentry WHERE id = %s", row.pk)

    code, words = verify()

    assert code == 1
    assert f"Catatan #{row.pk} (segel {ActivitySeal.objects.get(entry_id=row.pk).sequence}) dihapus" in words
    assert "1 temuan" in words


def test_a_row_removed_with_its_seal_is_found():
    row = sealed_log()[2]
    place = ActivitySeal.objects.get(entry_id=row.pk).sequence
    sql("DELETE FROM core_activityseal WHERE entry_id = %s", row.pk)
    sql("DELETE FROM core_activityentry WHERE id = %s", row.pk)

    code, words = verify()

    assert code == 1
    assert f"Segel {place} hilang bersama catatannya" in words


def test_closing_the_gap_by_renumbering_is_found():
    row = sealed_log()[2]
    place = ActivitySeal.objects.get(entry_id=row.pk).sequence
    last = ActivitySeal.objects.latest("sequence").sequence
    sql("DELETE FROM core_activityseal WHERE entry_id = %s", row.pk)
    sql("DELETE FROM core_activityentry WHERE id = %s", row.pk)
    for old in range(place + 1, last + 1):
        sql("UPDATE core_activityseal SET sequence = %s WHERE sequence = %s", old - 1, old)

    code, words = verify()

    assert code == 1
    assert "bukan yang disegel di tempat ini" in words


def insert_copy(row: ActivityEntry, **changes) -> None:
    values = ActivityEntry.objects.filter(pk=row.pk).values().get() | {"uid": uuid.uuid4()} | changes
    del values["id"]
    values["uid"], values["data"] = values["uid"].hex, json.dumps(values["data"])
    names = ", ".join(values)
    marks = ", ".join(["%s"] * len(values))
    sql(f"INSERT INTO core_activityentry ({names}) VALUES ({marks})", *values.values())


def test_an_inserted_row_is_found_and_never_sealed(client):
    rows = sealed_log()
    insert_copy(rows[1], code="application.accept")

    seal_leftovers()

    assert ActivitySeal.objects.count() == len(rows)
    assert client.get("/sehat/").json()["activity_log"] == "gagal"  # within a minute, before any verification
    code, words = verify()
    assert code == 1
    assert f"Catatan #{rows[-1].pk + 1} (" in words
    assert "disisipkan dari luar aplikasi" in words


def test_the_alarm_is_raised_once_not_each_minute():
    insert_copy(sealed_log()[1])

    seal_leftovers()
    seal_leftovers()

    assert ActivityCheck.objects.count() == 1


def test_a_forged_row_does_not_keep_others_from_being_sealed():
    insert_copy(sealed_log()[1])
    entry = record_activity("account.log_in")

    seal_leftovers()

    assert ActivitySeal.objects.filter(entry=entry).exists()


def test_two_rows_that_changed_places_are_found():
    first, second = sealed_log()[2:4]
    for old, new in ((first.pk, 900), (second.pk, first.pk), (900, second.pk)):
        sql("UPDATE core_activityentry SET id = %s WHERE id = %s", new, old)

    code, words = verify()

    assert code == 1
    assert "bukan yang disegel di tempat ini: urutan ditukar" in words
    assert "2 temuan" in words


def cut_tail(rows: int) -> None:
    for seal in ActivitySeal.objects.order_by("-sequence")[:rows]:
        sql("DELETE FROM core_activityentry WHERE id = %s", seal.entry_id)
        sql("DELETE FROM core_activityseal WHERE sequence = %s", seal.sequence)


def test_a_cut_tail_is_found_by_the_head(client):
    rows = sealed_log()
    cut_tail(2)

    code, words = verify()

    assert code == 1
    assert f"Segel {len(rows) - 1} sampai {len(rows)} hilang bersama catatannya" in words
    seal_leftovers()
    assert "Ujung rantai segel tidak sesuai" in ActivityCheck.objects.latest("pk").first_fault


def test_a_head_that_was_written_by_somebody_else_is_found():
    rows = sealed_log()
    cut_tail(2)
    end = ActivitySeal.objects.latest("sequence")
    sql("UPDATE core_activityhead SET sequence = %s, digest = %s", end.sequence, end.digest)

    code, words = verify()

    assert code == 1
    assert "Ujung rantai segel diubah dari luar aplikasi" in words
    assert len(rows) - 2 == end.sequence


def test_an_older_head_put_back_after_cutting_the_tail_is_found_by_the_checkpoint():
    sealed_log()
    older = ActivityHead.objects.values().get()
    for _time in range(3):
        record_activity("account.log_in")
    seal_waiting()
    assert verify()[0] == 0
    cut_tail(3)
    sql(
        "UPDATE core_activityhead SET sequence = %s, digest = %s, swept_to = %s, mac = %s",
        older["sequence"], older["digest"], older["swept_to"], older["mac"],
    )  # fmt: skip

    code, words = verify()

    assert code == 1
    assert "catatan terbaru dihapus atau basis data lama dipasang kembali" in words

    record_activity("application.reject")  # the product goes on and the chain grows past the checkpoint
    for _time in range(3):
        record_activity("account.log_in")
    seal_waiting()
    code, words = verify()
    assert code == 1
    assert "catatan lama ditulis ulang" in words


def test_a_head_taken_out_is_found_and_no_new_chain_begun():
    rows = sealed_log()
    sql("DELETE FROM core_activityhead")
    record_activity("account.log_in")

    seal_leftovers()

    assert ActivitySeal.objects.count() == len(rows)
    assert "Ujung rantai segel dihapus" in verify()[1]


def test_a_seal_put_behind_the_end_is_found():
    rows = sealed_log()
    sql(
        "INSERT INTO core_activityseal (sequence, entry_id, digest) VALUES (%s, %s, %s)",
        len(rows) + 1, rows[-1].pk + 50, "0" * 64,
    )  # fmt: skip

    assert "ditambahkan di belakang ujung rantai" in verify()[1]


def test_a_changed_line_and_a_lost_file_of_checkpoints_are_found(checkpoints):
    sealed_log()
    verify()
    whole = checkpoints.read_text()
    checkpoints.write_text(whole.replace('"sequence": 7', '"sequence": 1'))
    assert "baris 1 diubah atau rusak" in verify()[1]

    checkpoints.unlink()
    assert "Berkas titik periksa hilang" in verify()[1]


def test_a_disk_that_is_full_in_the_middle_of_a_checkpoint_is_no_forgery_afterwards(checkpoints):
    append_checkpoint(1, "a" * 64)
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (checkpoints.stat().st_size + 10, limit[1]))
    try:
        with pytest.raises(OSError, match="No space left"):
            append_checkpoint(2, "b" * 64)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)

    append_checkpoint(3, "c" * 64)

    found, bad_lines = read_checkpoints()
    assert ([point.sequence for point in found], bad_lines) == ([1, 3], [])


def test_after_a_restore_the_administrator_begins_a_new_file_which_the_log_tells(checkpoints):
    sealed_log()
    verify()
    checkpoints.write_text(checkpoints.read_text() + "rusak\n")

    assert verify("--new-checkpoints")[0] == 0

    assert ActivityEntry.objects.latest("pk").code == "activity.new_checkpoints"
    assert verify()[0] == 0


# --- the command -------------------------------------------------------------------------------------------


def test_since_begins_at_a_checkpoint_and_does_not_whitewash_an_older_fault(client, time_machine):
    time_machine.move_to("2026-11-01T03:00:00Z")
    first = sealed_log()[0]
    verify()
    time_machine.move_to("2026-11-03T03:00:00Z")
    record_activity("account.log_in")
    seal_waiting()
    sql("UPDATE core_activityentry SET code = 'x' WHERE id = %s", first.pk)

    assert verify()[0] == 1
    code, words = verify("--since", "2026-11-02")

    assert (code, "Utuh: 1 catatan" in words) == (0, True)
    assert client.get("/sehat/").json()["activity_log"] == "gagal"


def test_what_cannot_be_verified_is_told_apart(settings, tmp_path):
    sealed_log()
    settings.ACTIVITY_CHECKPOINTS = tmp_path  # a folder where the file should be

    code, words = verify()

    assert code == 2
    assert "Tidak dapat diperiksa" in words
    assert ActivityCheck.objects.latest("pk").outcome == "gagal"
    assert verify("--since", "kemarin")[0] == 2


# --- many at once ---------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_an_act_is_sealed_with_its_commit_and_what_was_rolled_back_leaves_no_gap():
    with transaction.atomic():
        kept = record_activity("account.log_in")
        try:
            with transaction.atomic():
                record_activity("account.log_out")
                raise ValueError
        except ValueError:
            pass
        last = record_activity("account.log_in")

    assert list(ActivitySeal.objects.values_list("sequence", "entry_id")) == [(1, kept.pk), (2, last.pk)]


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_make_one_chain_without_gap_or_fork():
    person = make_user()

    def twenty():
        for number in range(20):
            with transaction.atomic():
                record_activity("document.view", by=person, subject=person, n=number)
                record_activity("document.view", by=person, subject=person, n=-number)
        return 40

    assert sum(at_once(*[twenty] * 6, seal_leftovers, seal_leftovers)[:6]) == 240
    seal_leftovers()

    assert list(ActivitySeal.objects.values_list("sequence", flat=True)) == list(range(1, 241))
    assert set(ActivitySeal.objects.values_list("entry_id", flat=True)) == set(
        ActivityEntry.objects.values_list("pk", flat=True)
    )
    assert verify()[0] == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time")
def test_nobody_waits_for_whoever_seals():
    sealed_log()
    with transaction.atomic():
        ActivityHead.objects.select_for_update().get()
        [sealed] = at_once(lambda: record_activity("account.log_in") and seal_waiting())
    assert sealed == (0, [])
    assert seal_waiting() == (1, [])
