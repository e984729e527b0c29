"""Templates of letters: half a placeholder, a missing link, a test to oneself, the way back."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from core.activity.models import ActivityEntry
from core.messaging.models import MessageTemplate, OutboxMessage
from core.messaging.samples import sample_values
from core.messaging.services import (
    MAX_SAME_PER_HOUR,
    MAX_TESTS_PER_HOUR,
    missing_placeholders,
    queue_message,
    reset_template,
    send_test,
)
from tests.core.helpers import at_once, refused
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return make_user(role="sekretariat", email="ratna@contoh.id")


def template(key: str = "application-returned") -> MessageTemplate:
    return MessageTemplate.objects.get(key=key)


def send(by, **words) -> OutboxMessage:
    words = {"subject": "Halo {{ nama }}", "body": "Buka {{ tautan }}", **words}
    return send_test(template=template(), by=by, **words)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("Yth. {{ nmaa }}", "Mungkin maksud Anda: nama"),
        ("Yth. {{ Nama }}", "Mungkin maksud Anda: nama"),
        ("Yth. {{ nama }", "tidak lengkap"),
        ("Yth. { nama }", "tidak lengkap"),
        ("Yth. nama }}", "tidak lengkap"),
        ("Yth. {{ nama|upper }}", "tidak lengkap"),
        ("Yth. {{ nama tautan }}", "tidak lengkap"),
    ],
)
def test_a_slip_of_the_pen_is_told(body, told):
    row = template()
    row.body = body
    with pytest.raises(ValidationError) as refusal:
        row.full_clean()
    assert told in refusal.value.message_dict["body"][0]


def test_braces_that_mean_nothing_are_left_alone():
    row = template()
    row.body = "Yth. {{ nama }}, kode {2026} dan {a b}"
    row.full_clean()


def test_a_letter_without_its_link_is_noticed():
    row = template("account-reset")
    assert missing_placeholders(row) == []
    row.body = "Yth. {{ nama }}"
    assert missing_placeholders(row) == ["tautan"]
    assert missing_placeholders(template("application-withdrawn")) == []  # shipped without one


def test_every_shipped_letter_tells_what_is_needed():
    for row in MessageTemplate.objects.all():
        assert missing_placeholders(row) == []
        assert all(str(value) and not str(value).startswith("‹") for value in sample_values(row).values()), row.key


def test_a_test_goes_to_oneself_and_says_so(clerk):
    message = send(clerk)

    assert (message.address, message.recipient) == ("ratna@contoh.id", clerk)
    assert message.subject == "[UJI] Halo Sari Wulandari"
    assert "http" in message.body
    entry = ActivityEntry.objects.latest("pk")
    assert (entry.code, entry.actor, entry.data) == ("template.send_test", clerk, {})


@pytest.mark.parametrize(("words", "code"), [({"body": "{{ salah }}"}, "faulty"), ({"subject": " "}, "empty")])
def test_a_faulty_wording_is_not_sent(clerk, words, code):
    with refused(f"send_test.{code}"):
        send(clerk, **words)
    assert not OutboxMessage.objects.exists()


def test_no_header_is_slipped_in_through_a_test(clerk):
    assert send(clerk, subject="Halo\r\nBcc: semua@contoh.id").subject == "[UJI] Halo Bcc: semua@contoh.id"


def test_tests_are_limited_by_the_hour_and_do_not_hold_up_real_letters(clerk, time_machine):
    time_machine.move_to("2026-06-01T08:00:00Z", tick=False)
    for _time in range(MAX_TESTS_PER_HOUR):
        send(clerk)
    with refused("send_test.too_many"):
        send(clerk)

    values = sample_values(template())
    assert queue_message("application-returned", recipient=clerk, values=values) is not None
    assert MAX_TESTS_PER_HOUR > MAX_SAME_PER_HOUR
    time_machine.shift(timedelta(hours=1, seconds=1))
    send(clerk)


@pytest.mark.django_db(transaction=True)
def test_the_limit_holds_for_many_presses_at_once():
    clerk = make_user(role="sekretariat")
    for _time in range(MAX_TESTS_PER_HOUR - 1):
        send(clerk)

    at_once(*[lambda: send(clerk)] * 4)

    assert OutboxMessage.objects.count() == MAX_TESTS_PER_HOUR


def test_the_shipped_wording_comes_back(clerk):
    row = template()
    shipped = (row.subject, row.body)
    row.subject, row.body = "Lain", "Lain {{ nama }}"
    row.save()

    reset_template(template=row, by=clerk)

    row.refresh_from_db()
    assert (row.subject, row.body) == shipped
    assert ActivityEntry.objects.latest("pk").code == "template.reset"
    with refused("reset_template.unchanged"):
        reset_template(template=row, by=clerk)


def test_a_template_of_unknown_origin_has_no_way_back(clerk):
    row = MessageTemplate.objects.create(key="lain", title="Lain", subject="x", body="y", placeholders=[])
    with refused("reset_template.none"):
        reset_template(template=row, by=clerk)
