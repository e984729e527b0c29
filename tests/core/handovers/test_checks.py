"""Nothing leaves with a fault: every one is found, all of them at once, with the place where it is mended."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.accounts.models import AssessorProfile
from core.assessments.models import Placement
from core.certificates.models import Certificate
from core.codelists.models import CodeListEntry
from core.content.models import OfficeData
from core.decisions.models import Decision
from core.documents.models import Document
from core.handovers.checks import Place, Weight, examine
from core.handovers.models import HandoverColumn, HandoverLayout, SessionCodes
from core.handovers.services import attach_letter, check_handover
from tests.core.helpers import refused
from tests.factories.accounts import make_user
from tests.factories.documents import text_pdf
from tests.factories.handovers import make_decided, make_handover

pytestmark = pytest.mark.django_db
LARGE = 6 * 1024 * 1024


class World:
    """A hand-over of one competent and one not yet competent case, both without a fault."""

    def __init__(self):
        self.clerk = make_user(role="sekretariat")
        self.competent = make_decided(by=self.clerk, full_name="Sari Wulandari")
        self.not_yet = make_decided(by=self.clerk, outcome="BK")
        self.handover = make_handover(self.competent, self.not_yet, by=self.clerk)
        self.profile = self.competent.application.candidate

    def found(self, weight=Weight.FAULT):
        self.handover.refresh_from_db()
        return [one for one in examine(self.handover).findings if one.weight == weight]


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _own_savepoint(world, db):
    """Each test's changes are undone by its own transaction."""


def profile(**values):
    def change(world):
        type(world.profile).objects.filter(pk=world.profile.pk).update(**values)

    return change


def codes(**values):
    return lambda world: SessionCodes.objects.filter(
        session__placements__application=world.competent.application
    ).update(**values)


def assessor(**values):
    return lambda world: AssessorProfile.objects.filter(pk=world.competent.record.assessor_id).update(**values)


def retired(code_list):
    return lambda world: CodeListEntry.objects.filter(code_list__code=code_list).update(is_active=False)


def minutes(**values):
    return lambda world: Document.objects.filter(pk=world.competent.plenary.document_id).update(**values)


def certificate(decision, **values):
    def change(world):
        of = getattr(world, decision)
        Certificate.objects.create(
            **{
                "number": "84234 5411 4 0000001 2026",
                "application": of.application,
                "decision": of,
                "scheme": of.application.scheme_version.scheme,
                "scheme_version": of.application.scheme_version,
                "holder": of.application.candidate.user,
                "holder_name": of.application.candidate.user.full_name,
                "issued_on": timezone.localdate(),
                "valid_until": timezone.localdate() + timedelta(days=1000),
                "content": "{}",
                "issued_by": world.clerk,
            }
            | values
        )

    return change


def rule(value, then=None):
    def change(world):
        HandoverLayout.objects.update(certificate_rule=value)
        if then:
            then(world)

    return change


def letter(**values):
    def change(world):
        attach_letter(handover=world.handover, stream=_stream(), file_name="surat.pdf", by=world.clerk)
        world.handover.refresh_from_db()
        Document.objects.filter(pk=world.handover.uploaded_letter_id).update(**values)

    return change


def _stream():
    import io

    return io.BytesIO(text_pdf("Surat pengantar"))


YESTERDAY = timedelta(days=1)
FAULTS = [
    ("NIK is missing", profile(nik=""), "NIK belum diisi.", Place.CANDIDATE),
    ("NIK is too short", profile(nik="817101"), "NIK harus 16 angka, yang diisi 6 angka.", Place.CANDIDATE),
    ("NIK names no province", profile(nik="0071011205900001"), "bukan kode wilayah yang dikenal", Place.CANDIDATE),
    ("birth place", profile(birth_place=""), "Tempat lahir belum diisi.", Place.CANDIDATE),
    ("birth date", profile(birth_date=None), "Tanggal lahir belum diisi.", Place.CANDIDATE),
    ("sex", profile(sex=""), "Jenis kelamin belum diisi.", Place.CANDIDATE),
    ("address", profile(home_address=""), "Tempat tinggal belum diisi.", Place.CANDIDATE),
    ("regency", profile(home_region=None), "Kode kabupaten/kota belum diisi.", Place.CANDIDATE),
    ("telephone", profile(phone_mobile=""), "Telp belum diisi.", Place.CANDIDATE),
    ("education", profile(education=None), "Kode pendidikan belum diisi.", Place.CANDIDATE),
    ("occupation", profile(occupation=None), "Kode pekerjaan belum diisi.", Place.CANDIDATE),
    ("code of the session", codes(code=""), "Kode jadwal belum diisi.", Place.SESSION),
    ("funding", codes(funding=None), "Kode sumber anggaran belum diisi.", Place.SESSION),
    ("ministry", codes(ministry=None), "Kode kementerian belum diisi.", Place.SESSION),
    ("unknown code", retired("pekerjaan"), "dalam daftar kode “Pekerjaan (BNSP)”", Place.CODE_LIST),
    ("unknown outcome", retired("hasil_uji"), "“Kompeten” tidak ada", Place.CODE_LIST),
    ("session", lambda world: Placement.objects.update(in_force=None), "Tidak tercatat pada jadwal", Place.CASE),
    ("registration", assessor(registration_number=""), "Nomor registrasi asesor belum diisi.", Place.ASSESSOR),
    ("assessor ended", assessor(certificate_expires_on="2020-01-31"), "berakhir 31 Januari 2020", Place.ASSESSOR),
    ("decision fell", lambda world: Decision.objects.update(in_force=None), "karena banding", Place.CASE),
    ("minutes destroyed", minutes(state="dimusnahkan"), "tidak dapat dibuka (dimusnahkan)", Place.PLENARY),
    ("minutes lost", minutes(file="aa/bb/tidak-ada"), "(berkasnya hilang)", Place.PLENARY),
    ("minutes too large", minutes(size=LARGE), "BNSP menerima paling besar 5 MB", Place.PLENARY),
    ("letter too large", letter(size=LARGE), "BNSP menerima paling besar 2 MB", Place.LETTER),
    ("letter in quarantine", letter(state="menunggu"), "Surat pengantar tidak dapat dibuka", Place.LETTER),
    ("nobody signs", lambda world: OfficeData.objects.update(leader_name=""), "Nama dan jabatan", Place.OFFICE),
    ("K without certificate", rule("sudah"), "Kompeten, tetapi sertifikatnya belum terbit.", Place.CASE),
    ("BK with certificate", certificate("not_yet"), "Belum kompeten, tetapi sertifikat", Place.CERTIFICATE),
    ("no columns", lambda world: HandoverColumn.objects.all().delete(), "belum mempunyai kolom", Place.LAYOUT),
]  # fmt: skip
WARNINGS = [
    ("NIK tells another birthday", profile(birth_date="1991-05-12"), "NIK menyebut tanggal lahir 12 Mei 1990."),
    ("NIK tells another sex", profile(sex="P"), "NIK menyebut jenis kelamin laki-laki."),
    ("number of another form", assessor(registration_number="REG 12"), "No. Reg. “REG 12” tidak seperti"),
    ("certificate first", rule("belum", certificate("competent")), "sudah terbit sebelum serah terima"),
    ("certificate withdrawn", certificate("competent", status="dicabut"), "berstatus “dicabut”"),
    ("another name", certificate("competent", holder_name="Sari W."), "“Sari W.”"),
]


def test_two_good_cases_have_nothing_to_mend(world):
    assert examine(world.handover).findings == []


@pytest.mark.parametrize(("what", "change", "words", "place"), FAULTS, ids=[row[0] for row in FAULTS])
def test_every_fault_is_told_with_the_place_where_it_is_mended(world, what, change, words, place):
    change(world)

    assert [(one.place, one.message) for one in world.found() if words in one.message and one.place == place]
    with refused("check.faults"):
        check_handover(handover=world.handover, acceptance="Sudah diperiksa dengan teliti.", by=world.clerk)


@pytest.mark.parametrize(("what", "change", "words"), WARNINGS, ids=[row[0] for row in WARNINGS])
def test_a_warning_is_accepted_with_a_reason(world, what, change, words):
    change(world)

    assert [one.message for one in world.found(Weight.WARNING) if words in one.message]
    assert world.found() == []
    with refused("handover.acceptance", field="acceptance"):
        check_handover(handover=world.handover, acceptance="ya", by=world.clerk)
    checked = check_handover(handover=world.handover, acceptance="Sudah dicocokkan dengan KTP.", by=world.clerk)
    assert (checked.status, checked.acceptance) == ("diperiksa", "Sudah dicocokkan dengan KTP.")


def test_all_faults_are_told_at_once_by_case_and_column(world):
    profile(nik="817101", occupation=None, phone_mobile="")(world)

    assert [(one.facts.case.application, one.column) for one in world.found()] == [
        (world.competent.application, column) for column in ("Telp", "Kode pekerjaan", "NIK")
    ]


def test_looking_costs_the_same_for_one_case_and_for_many(world):
    def queries():
        with CaptureQueriesContext(connection) as found:
            examine(world.handover)
        return len(found)

    many = queries()
    world.handover.cases.last().delete()
    assert queries() == many <= 14
