"""Questions and complaints at the desk."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from backoffice.resources.inquiries import TicketResource
from core.inquiries.models import AnswerTemplate, Ticket
from core.inquiries.queries import last_line
from core.messaging.models import OutboxMessage
from tests.backoffice.conftest import said
from tests.factories.accounts import make_candidate, make_user
from tests.factories.applications import make_application
from tests.factories.inquiries import make_answer, make_ticket

pytestmark = pytest.mark.django_db

LIST = "/admin/core/ticket/"


def url(ticket: Ticket, *act: str) -> str:
    page = {0: "change", 1: "answer" if act == ("answer",) else "act"}[len(act)]
    return reverse(f"admin:core_ticket_{page}", args=[ticket.pk, *([] if page == "answer" else act)])


def text_of(response) -> str:
    return response.getvalue().decode()


def filled(ticket: Ticket, **fields) -> dict:
    """The page's form as it stands, with what is typed into it."""
    return {"seen": last_line(ticket), "submission": "", "text": "", "note": "", "reason": "", "about": ""} | fields


def numbers(response) -> list[str]:
    return [row.number for row in response.context["cl"].result_list]


# --- the list ---------------------------------------------------------------------------------------------


def test_the_list_opens_with_what_waits_longest(desk, clerk):
    young, old, answered = make_ticket(), make_ticket(), make_ticket()
    make_answer(answered, by=clerk)
    Ticket.objects.filter(pk=old.pk).update(
        waiting_since=timezone.now() - timedelta(days=9), due_on=timezone.localdate() - timedelta(days=2)
    )
    assert desk.get(LIST).url == f"{LIST}?keadaan=terbuka"
    page = desk.get(LIST, follow=True)
    assert numbers(page) == [old.number, young.number]
    assert "lewat 2 hari" in text_of(page)
    assert numbers(desk.get(f"{LIST}?keadaan=lewat")) == [old.number]
    assert numbers(desk.get(f"{LIST}?umur=7")) == [old.number]
    assert numbers(desk.get(f"{LIST}?keadaan=dijawab&petugas=saya")) == [answered.number]
    assert numbers(desk.get(f"{LIST}?tampilan=semua")) == [answered.number, old.number, young.number]


def test_the_list_is_narrowed_by_kind_and_topic_and_searched_by_whom_it_is_from(desk):
    question, complaint = make_ticket(name="Siti Rahmawati", email="siti@contoh.id"), make_ticket(kind="pengaduan")
    assert numbers(desk.get(f"{LIST}?kind__exact=pengaduan")) == [complaint.number]
    assert numbers(desk.get(f"{LIST}?topik={question.topic_id}")) == [question.number]
    for words in ("rahma", "siti@", question.number.lower()):
        assert numbers(desk.get(LIST, {"q": words})) == [question.number], words


def test_the_home_says_what_waits_and_what_is_late(desk):
    make_ticket()
    assert "Pesan masuk yang menunggu jawaban" in text_of(desk.get("/admin/"))
    Ticket.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    assert "1 lewat batas jawaban." in text_of(desk.get("/admin/"))


# --- answering --------------------------------------------------------------------------------------------


def test_a_question_is_answered_and_its_sender_told(desk):
    ticket = make_ticket(text="<b>Apakah</b> http://contoh.example boleh?")
    page = text_of(desk.get(url(ticket)))
    assert "&lt;b&gt;Apakah&lt;/b&gt; http://contoh.example boleh?" in page  # neither a sign nor a link of theirs
    assert 'href="http://contoh' not in page

    answer = desk.post(url(ticket, "answer"), filled(ticket, text="Boleh.", kirim="1"))

    assert answer.url == url(ticket)
    assert said(answer) == "Jawaban terkirim kepada pengirim."
    assert "Boleh." in OutboxMessage.objects.get(template_key="ticket-answered").body
    ticket.refresh_from_db()
    assert ticket.status == "dijawab"


def test_sending_and_closing_is_one_press(desk):
    ticket = make_ticket()
    desk.post(url(ticket, "answer"), filled(ticket, text="Boleh.", selesai="1"))
    ticket.refresh_from_db()
    assert ticket.status == "ditutup"
    assert "Buka kembali" in text_of(desk.get(url(ticket)))


def test_a_ready_answer_is_added_to_what_was_typed(desk):
    ticket, ready = make_ticket(), AnswerTemplate.objects.first()
    answer = desk.post(url(ticket, "answer"), filled(ticket, text="Terima kasih.", note="Catat", pakai=ready.pk))
    assert answer.context["typed"]["text"] == f"Terima kasih.\n\n{ready.body}"
    assert answer.context["typed"]["note"] == "Catat"
    assert ticket.messages.count() == 1


def test_the_second_clerk_sees_what_the_first_wrote_and_loses_nothing(desk, sign_in):
    ticket, first = make_ticket(), make_user(role="sekretariat", full_name="Agus Salim")
    page = filled(ticket, text="Tidak boleh.", note="Tanya Pak Budi")
    make_answer(ticket, by=first, text="Boleh saja.")

    refused = desk.post(url(ticket, "answer"), page)

    assert refused.status_code == 422
    shown = text_of(refused)
    assert "Belum terkirim: selama Anda menulis, ada pesan baru" in shown
    assert "Tidak boleh.</textarea>" in shown
    assert "Tanya Pak Budi</textarea>" in shown
    assert [(line["who"], line["is_new"]) for line in refused.context["lines"]][-1] == ("Agus Salim", True)
    again = desk.post(url(ticket, "answer"), page | {"seen": refused.context["seen"], "note": ""})
    assert again.status_code == 302
    assert OutboxMessage.objects.filter(template_key="ticket-answered").count() == 2


def test_one_act_does_not_lose_what_was_typed_for_another(desk):
    ticket = make_ticket()
    answer = desk.post(url(ticket, "note"), filled(ticket, note="Sudah ditelepon.", text="Yth. Ibu, kami"))
    assert answer.status_code == 200
    assert answer.context["typed"]["text"] == "Yth. Ibu, kami"
    assert "note" not in answer.context["typed"]
    assert "Sudah ditelepon." in text_of(answer)
    assert not any(line["is_new"] for line in answer.context["lines"])


def test_every_other_act_of_the_page(desk, clerk):
    ticket, colleague, case = make_ticket(), make_user(role="sekretariat"), make_application(status="submitted")
    for act, fields, message in (
        ("take", {}, "Pesan ini sekarang tugas Anda."),
        ("assign", {"assignee": colleague.pk}, "Penugasan disimpan."),
        ("link", {"about": case.number}, "Nomor yang disebut disimpan."),
        ("close", {"reason": "Salah kirim"}, "Pesan selesai."),
        ("reopen", {}, "Pesan dibuka kembali."),
    ):
        assert said(desk.post(url(ticket, act), filled(ticket, **fields))).endswith(message)
    ticket.refresh_from_db()
    assert (ticket.assignee, ticket.application, ticket.status) == (colleague, case, "terbuka")
    assert f"/admin/core/application/{case.pk}/change/" in text_of(desk.get(url(ticket)))


@pytest.mark.parametrize(
    ("act", "fields", "why"),
    [
        ("note", {}, "Tulis pesannya dahulu."),
        ("link", {"about": "APL-0"}, "Tidak ada permohonan atau sertifikat dengan nomor ini."),
        ("close", {}, "Pesan ini belum dijawab."),
        ("assign", {"assignee": "999999"}, None),
        ("reopen", {}, "tidak dapat dilakukan pada status"),
    ],
)
def test_a_refusal_is_told_on_the_page_with_all_that_was_typed(desk, act, fields, why):
    ticket = make_ticket()
    answer = desk.post(url(ticket, act), filled(ticket, text="Setengah jalan", **fields))
    if why is None:  # nobody of that key: as if nobody was chosen
        assert answer.status_code == 200
        return
    assert answer.status_code == 422
    assert why in text_of(answer)
    assert "Setengah jalan</textarea>" in text_of(answer)


def test_the_account_behind_an_address_is_named(desk):
    person = make_candidate(full_name="Siti Rahmawati").user
    page = text_of(desk.get(url(make_ticket(email=person.email))))
    assert "Alamat ini milik akun asesi:" in page
    assert "Siti Rahmawati" in page
    assert "Masuk sebagai asesi:" in text_of(desk.get(url(make_ticket(by=person))))


# --- overseers --------------------------------------------------------------------------------------------


def test_bnsp_reads_complaints_without_the_sender(as_role, clerk):
    complaint = make_ticket(
        kind="pengaduan",
        name="Yohana Tambunan",
        email="yohana@contoh.id",
        phone="0812 3456 7890",
        text="Saya Yohana, ruang uji bocor.",
    )
    make_answer(complaint, by=clerk, text="Sudah diperbaiki, Bu Yohana.")
    question, bnsp = make_ticket(), as_role("bnsp")
    listed = bnsp.get(LIST)
    assert numbers(listed) == [complaint.number]
    page = bnsp.get(url(complaint))
    exported = bnsp.post(f"{LIST}ekspor/", {"format": "csv", "columns": list(TicketResource.columns())})
    assert complaint.number in text_of(exported)
    for shown in (text_of(listed), text_of(page), text_of(exported)):
        for secret in ("Yohana", "Tambunan", "yohana@", "0812", "+62812"):
            assert secret not in shown
    assert "ruang uji bocor." in text_of(page)
    assert "Kirim jawaban" not in text_of(page)
    assert bnsp.get(url(question)).status_code == 404
    assert numbers(bnsp.get(LIST, {"q": "yohana"})) == []


def test_the_link_of_a_conversation_is_not_shown_in_the_outbox(desk):
    ticket = make_ticket()
    letter = OutboxMessage.objects.get()
    shown = text_of(desk.get(reverse("admin:core_outboxmessage_change", args=[letter.pk])))
    assert ticket.number in shown
    assert ticket.link_key not in shown
