"""`seed_demo --training`: an installation of training as on its first day, and no other installation ever touched."""

import io

import pytest
from django.core.management import CommandError, call_command

from core.accounts.models import User
from core.activity.models import ActivityEntry
from core.activity.services import record_activity
from core.activity.verification import check_whole_log
from core.applications.models import Application
from core.assessments.models import AssessmentSession, Venue
from core.demo.cases import paper
from core.demo.training import DOMAIN, STORIES
from core.documents.models import Document, DocumentType
from core.documents.services import store_upload
from core.documents.storage import document_storage
from tests.factories.accounts import make_user


def train(*options: str) -> str:
    out = io.StringIO()
    call_command("seed_demo", "--training", *options, stdout=out)
    return out.getvalue()


def told() -> dict:
    """Everything that an exercise can name; keys of rows and times of the clock left out."""
    cases = Application.objects.order_by("number").select_related("candidate__user")
    return {
        "accounts": sorted(User.objects.values_list("email", "full_name", "is_active")),
        "cases": [(c.number, c.candidate.user.full_name, c.candidate.nik, c.status) for c in cases],
        "places": sorted(Venue.objects.values_list("code", "name", "capacity", "address")),
        "sessions": sorted(AssessmentSession.objects.values_list("number", "venue__name", "status", "quota")),
        # printed ones bear the moment at which they were signed
        "papers": sorted(Document.objects.exclude(uploaded_by=None).values_list("file_name", "sha256")),
        "logged": ActivityEntry.objects.exclude(code__startswith="document.").count(),
    }


@pytest.mark.django_db(transaction=True)
def test_a_former_course_leaves_nothing_and_the_next_begins_the_same(settings, mailoutbox):
    settings.DEMO = settings.OUTBOX_SEND_ON_COMMIT = True
    first = train("--participants", "1")
    before = told()
    leftover = make_user(email=f"rekan01@{DOMAIN}", role="asesor")
    record_activity("account.change", by=leftover, subject=leftover)
    left_file = store_upload(
        stream=paper("Sisa pelatihan yang lalu", "Rekan"),
        file_name="sisa.jpg",
        document_type=DocumentType.objects.get(code="bukti-kerja"),
        owner=leftover,
        by=leftover,
    )
    real = make_user(email="budi@bpbd.example", role="asesi")  # somebody who registered during the course
    assert document_storage().exists(left_file.file.name)

    second = train("--participants", "1")

    assert told() == before
    assert not document_storage().exists(left_file.file.name)
    assert not User.objects.filter(email__in=[leftover.email, real.email]).exists()
    assert f"1 peserta, {len(STORIES)} permohonan" in first
    assert "Dikosongkan: semua baris, termasuk catatan aktivitas dan versi, dan" in second
    assert f"sekretariat01@{DOMAIN}" in second
    assert check_whole_log().value == "utuh"
    assert mailoutbox == []


@pytest.mark.django_db
def test_whoever_registers_with_the_trainers_address_does_not_make_it_an_installation_of_training(settings):
    """Anybody can, in production too; the address is nobody's, so that it is never confirmed."""
    settings.DEMO = True
    make_user(email="rina@bpbd.example", role="asesi")
    make_user(email=f"pelatih@{DOMAIN}", role="asesi", email_confirmed_at=None)

    with pytest.raises(CommandError, match="bukan karangan"):
        train()

    assert User.objects.filter(email="rina@bpbd.example").exists()


@pytest.mark.django_db
def test_outside_the_demo_nothing_is_emptied():
    somebody = make_user()

    with pytest.raises(CommandError, match="DEMO=1"):
        train()

    assert User.objects.get() == somebody


@pytest.mark.django_db
def test_a_production_environment_refuses_even_with_the_demo_on(settings):
    settings.DEMO, settings.ENVIRONMENT = True, "production"
    somebody = make_user(email="asesi@contoh.id")

    with pytest.raises(CommandError, match="ENVIRONMENT=production"):
        train()

    assert User.objects.get() == somebody


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["dewi@bnpb.example", "dewi@bukancontoh.id", "dewi@contoh.id.example"])
def test_a_database_with_real_people_is_left_alone(settings, address):
    """Whoever points the demo at the wrong database by mistake."""
    settings.DEMO = True
    make_user(email="asesi@contoh.id")
    make_user(email=address)

    with pytest.raises(CommandError, match="memuat 1 akun yang bukan karangan"):
        train()

    assert User.objects.count() == 2


@pytest.mark.parametrize("number", ["0", "41", "dua"])
def test_more_participants_than_numbers_are_refused(settings, number):
    settings.DEMO = True

    with pytest.raises(CommandError, match="1 sampai 40"):
        train("--participants", number)
