"""Who holds the ledger of a day of faults against what is there sees what is missing, and what is there twice."""

import pytest
from django.utils import timezone

from core.accounts.models import User
from core.messaging.models import OutboxMessage, OutboxStatus
from tests.factories.documents import make_document
from tests.load.scenes import candidates, judge

pytestmark = pytest.mark.django_db(transaction=True)

WHO, KEY = "asesi-uji-0@contoh.id", "00000000-0000-4000-8000-000000000001"


def test_what_was_told_and_is_not_there_is_named():
    candidates(1)
    told = judge(
        [
            [WHO, "draft", "entah"],
            [WHO, "submitted", "entah", "APL-2026-999999"],
            [WHO, "file", "bukti-0-0.pdf", "0" * 64],
            [WHO, "piece", KEY, 4096],
            [WHO, "job", 77],
            ["petugas-uji-0@contoh.id", "taken", 5],
        ],
        [["<satu@contoh.id>", WHO], ["<satu@contoh.id>", WHO]],
    )

    for words in (
        "draft entah of asesi-uji-0@contoh.id is lost", "submission APL-2026-999999 of asesi-uji-0@contoh.id is lost",
        "bukti-0-0.pdf of asesi-uji-0@contoh.id: 0 documents", f"upload {KEY}: 4096 bytes were acknowledged",
        "job 77 is lost", "taken of 5 was told 1 times and is there 0 times", "letter <satu@contoh.id> came 2 times",
    ):  # fmt: skip
        assert words in told["faults"]


def test_a_file_that_changed_and_a_letter_that_never_came_are_named():
    candidates(1)
    person = User.objects.get(email=WHO)
    document = make_document(owner=person)
    with open(document.file.path, "ab") as file:
        file.write(b"!")
    OutboxMessage.objects.create(
        recipient=person, address=WHO, template_key="application-submitted", subject="s", body="b",
        status=OutboxStatus.SENT, sent_at=timezone.now(),
    )  # fmt: skip

    faults = judge([], [])["faults"]

    assert f"the file of document {document.pk} is not what it was" in faults
    assert any("is told as sent and never came" in fault for fault in faults)
