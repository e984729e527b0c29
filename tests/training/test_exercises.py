"""The exercises begin as they say, and lead to the results that they promise."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice
from reversion.models import Version

from core.accounts import second_factor
from core.accounts.models import AssessorProfile, User, UserSession
from core.accounts.queries import current_consent_text
from core.accounts.services import deactivate_account, invite_user
from core.activity.models import ActivityEntry
from core.activity.versions import restore_version
from core.applications.models import Application
from core.applications.queries import latest_submission
from core.applications.services import (
    accept_application,
    check_requirement,
    return_application,
    take_application,
    take_over_application,
)
from core.assessments.enums import Attendance
from core.assessments.queries import assignment_in_force, record_in_force
from core.assessments.seats import seat_of
from core.assessments.services import (
    announce_session,
    assign_assessor,
    cancel_session,
    continue_application,
    correct_results,
    create_session,
    discontinue_application,
    open_record,
    place_applications,
    record_attendance,
    save_results,
    save_reviews,
    sign_results,
)
from core.assessments.services.papers import upload_scan
from core.assessments.vatm import elements_of, review_rows
from core.certificates.models import Certificate
from core.certificates.services import issue_certificate, reinstate_certificate, suspend_certificate
from core.certificates.standing import status_now
from core.common.exceptions import DomainError, StaleVersion
from core.decisions.services import (
    Seat,
    add_cases,
    confirm_plenary,
    create_plenary,
    follow_recommendations,
    record_plenary,
    save_members,
)
from core.demo.training import DOMAIN, TRAINERS
from core.demo.training.files import practice_files
from core.documents.integrity import open_findings, verify_documents
from core.documents.models import DocumentType
from core.handovers.models import Handover
from core.imports.models import ImportRun
from core.institutions.models import Invitation
from core.institutions.services import accept_invitation, check_upload, correct_invitation, send_invitations
from core.journey import Incoming, take_in_papers
from core.messaging.models import OutboxMessage
from core.schemes.queries import units_in_order
from tests.backoffice.test_exports import RESOURCES, text_of
from tests.training.conftest import PARTICIPANTS
from tests.training.starts import STARTS, case, person, venue

pytestmark = pytest.mark.django_db

FILES = dict(practice_files(PARTICIPANTS))
UNREADABLE = "Jenis berkas ini tidak dapat dibaca. Unggah PDF, atau foto JPG, PNG, atau WEBP."


@pytest.fixture(autouse=True)
def begun(course):
    """Every exercise here is the first participant's."""


def refused(act, *args, **kwargs) -> str:
    with pytest.raises(DomainError) as caught:
        act(*args, **kwargs)
    return caught.value.message


def letters_to(user: User) -> int:
    return OutboxMessage.objects.filter(recipient=user).count()


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def clerk() -> User:
    return person("sekretariat", 1)


@pytest.fixture
def assessor() -> User:
    return person("asesor", 1)


@pytest.fixture
def administrator() -> User:
    return person("administrator", 1)


@pytest.mark.parametrize("code", STARTS)
def test_it_begins_as_it_says(code):
    assert [STARTS[code](number) for number in range(1, PARTICIPANTS + 1)] == [True] * PARTICIPANTS


# --- secretariat ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["sekretariat", "asesor", "administrator"])
def test_s01_a01_t01_a_recovery_code_opens_once_and_nine_are_left(role):
    user = person(role, 1)
    device = second_factor.begin_enrolment(user=user)
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits)
    codes = second_factor.confirm_enrolment(user=user, code=f"{totp.token():06d}", session=None)
    session = UserSession.objects.create(user=user)

    second_factor.use_recovery_code(user=user, code=codes[0], session=session)

    assert second_factor.recovery_codes_left(user) == 9
    refused(second_factor.use_recovery_code, user=user, code=codes[0], session=session)


def judge(one: Application, by: User, *, bad: str = "") -> None:
    evidence = {row.requirement_id: row for row in one.requirement_evidence.all()}
    for requirement in one.scheme_version.requirements.select_related("document_type"):
        verdict = "memenuhi" if requirement.pk in evidence else "tidak_ada"
        verdict = "tidak_memenuhi" if requirement.document_type.code == bad else verdict
        check_requirement(application=one, requirement=requirement, verdict=verdict, note="", by=by)


def test_s02_six_judged_then_accepted_and_told(clerk):
    ani = take_application(application=case("Ani", 1), by=clerk)
    before = letters_to(ani.candidate.user)
    judge(ani, clerk)

    accept_application(application=ani, by=clerk)

    assert case("Ani", 1).status == "accepted"
    assert ani.scheme_version.requirements.count() == 6
    assert letters_to(ani.candidate.user) == before + 1


def test_s03_the_wrong_paper_stops_acceptance_and_the_case_goes_back(clerk):
    budi = take_application(application=case("Budi", 1), by=clerk)
    judge(budi, clerk, bad="ktp")

    said = refused(accept_application, application=budi, by=clerk)
    return_application(application=budi, parts={"requirements": "Unggah KTP."}, by=clerk)

    assert said == "Persyaratan wajib yang belum memenuhi: KTP. Kembalikan atau tolak permohonan ini."
    assert case("Budi", 1).status == "returned"


def test_s04_a_colleague_has_it_until_it_is_taken_over(clerk):
    citra = case("Citra", 1)
    requirement = citra.scheme_version.requirements.first()
    page = browser(clerk).get(reverse("admin:core_application_change", args=[citra.pk])).content.decode()

    assert "Permohonan ini sedang diperiksa oleh Pelatih Sekretariat. Pakai “Ambil alih”" in page
    take_over_application(application=citra, by=clerk)
    for verdict in ("memenuhi", "tidak_memenuhi"):
        check_requirement(application=citra, requirement=requirement, verdict=verdict, note="", by=clerk)
    assert case("Citra", 1).officer == clerk
    assert citra.requirement_evidence.get(requirement=requirement).verdict == "tidak_memenuhi"


def test_s05_whose_certificate_ended_cannot_be_chosen(clerk):
    lapsed, fit = (AssessorProfile.objects.get(user=person(name, 1)) for name in ("lewat", "pendamping"))

    said = refused(assign_assessor, application=case("Dedi", 1), assessor=lapsed, by=clerk)
    assign_assessor(application=case("Dedi", 1), assessor=fit, by=clerk)

    assert said.startswith("Sertifikat asesor berakhir pada ")
    assert assignment_in_force(case("Dedi", 1)).assessor == fit


def test_s06_too_many_seats_are_refused_and_both_are_invited(clerk):
    from datetime import timedelta

    from django.utils import timezone

    place, start = venue("TUK Latihan S01"), timezone.now() + timedelta(days=14)
    values = {"scheme": case("Eka", 1).scheme_version.scheme, "venue": place, "starts_at": start}
    values["ends_at"] = start + timedelta(hours=8)

    said = refused(create_session, quota=25, by=clerk, **values)
    session = create_session(quota=2, by=clerk, **values)
    both = [case("Eka", 1), case("Fitri", 1)]
    place_applications(session=session, applications=both, by=clerk)
    announce_session(session=session, by=clerk)

    assert said.startswith("Daya tampung TUK Latihan S01 20 asesi, kurang dari kuotanya.")
    assert {case(one, 1).status for one in ("Eka", "Fitri")} == {"scheduled"}
    assert session.letters.count() == 1


def test_s07_whoever_was_invited_waits_for_a_schedule_again(clerk):
    gilang = case("Gilang", 1)
    before = letters_to(gilang.candidate.user)

    cancel_session(session=seat_of(gilang).session, reason="Gedung dipakai.", by=clerk)

    assert case("Gilang", 1).status == "preassessed"
    assert letters_to(gilang.candidate.user) == before + 1
    assert "Gedung dipakai." in OutboxMessage.objects.filter(recipient=gilang.candidate.user).latest("pk").body


def test_s08_a_broken_file_is_refused_and_the_one_before_comes_back(clerk):
    from core.applications.case_file import take_out_of_file

    hana, ktp = case("Hana", 1), DocumentType.objects.get(code="ktp")

    def put(name: str) -> list:
        paper = Incoming(io.BytesIO(FILES[name]), name, ktp)
        return take_in_papers(application=hana, papers=[paper], by=clerk)

    [good], [broken], [cat] = put("ktp-hana.jpg"), put("rusak.pdf"), put("foto-kucing.jpg")
    assert (good.kind, good.is_new, broken.refusal, cat.is_new) == ("KTP", True, UNREADABLE, True)

    def current() -> list[str]:
        rows = hana.case_documents.filter(is_current=True, document__document_type=ktp)
        return list(rows.values_list("document__file_name", flat=True))

    assert current() == ["foto-kucing.jpg"]
    row = hana.case_documents.get(is_current=True, document__file_name="foto-kucing.jpg")
    take_out_of_file(application=hana, document=row.document, by=clerk)
    assert current() == ["ktp-hana.jpg"]


def test_s09_whoever_writes_it_down_does_not_confirm_it(clerk):
    plenary = create_plenary(title="Pleno S01", held_on=case("Indra", 1).created_at.date(), place="", by=clerk)
    colleague = person("sekretariat", 2)
    seats = [Seat(user=colleague.pk, office="", role="ketua"), Seat(user=clerk.pk, office="")]
    save_members(plenary=plenary, seats=seats, by=clerk)
    add_cases(plenary=plenary, applications=[case("Indra", 1), case("Joko", 1)], by=clerk)
    follow_recommendations(plenary=plenary, by=clerk)
    plenary = record_plenary(plenary=plenary, by=clerk)

    said = refused(confirm_plenary, plenary=plenary, by=clerk)
    confirm_plenary(plenary=plenary, by=colleague)

    assert said == "Anda mencatat keputusan ini; pengesahan dilakukan oleh orang kedua."
    assert (case("Indra", 1).status, case("Joko", 1).status) == ("competent", "not_yet_competent")


def test_s10_issued_checked_by_anybody_suspended_and_valid_again(clerk):
    certificate = issue_certificate(application=case("Kartika", 1), by=clerk)
    lukman = Certificate.objects.get(application=case("Lukman", 1))

    def told(one: Certificate) -> str:
        return Client().get("/verifikasi/", {"kode": one.number}, follow=True).content.decode()

    assert case("Kartika", 1).status == "certified"
    assert "Berlaku" in told(certificate)
    assert certificate.holder_name not in told(certificate)
    lukman = suspend_certificate(certificate=lukman, reason="Ada keluhan.", by=clerk)
    assert "Dibekukan" in told(lukman)
    lukman = reinstate_certificate(certificate=lukman, reason="Tidak terbukti.", by=clerk)
    assert status_now(lukman).holds


def test_s11_the_word_finds_twelve_and_the_export_holds_twelve(clerk):
    desk = browser(clerk)
    page = desk.get(reverse("admin:core_application_changelist"), {"q": "S01"})
    assert "12 baris" in re.sub(r"<[^>]+>", "", page.content.decode())

    names = [column for column in RESOURCES["application"].columns() if column != "nik"]
    answer = desk.post(reverse("admin:core_application_export_rows") + "?q=S01", {"format": "csv", "columns": names})

    head, *rows = text_of(answer).splitlines()
    assert (len(rows), "NIK" in head) == (12, False)
    assert ActivityEntry.objects.filter(code="export.run", actor=clerk).exists()


@pytest.mark.parametrize(("letter", "role"), [("S", "sekretariat"), ("T", "administrator")])
def test_s12_t08_the_version_before_the_mistake_comes_back(letter, role):
    place = venue(f"TUK Keliru {letter}01")
    spoilt, first = Version.objects.get_for_object(place)

    restore_version(version=first, by=person(role, 1), reason="Latihan")

    place.refresh_from_db()
    assert (place.capacity, place.address) == (20, "Jalan Latihan 1, Sentul")
    assert (spoilt.revision.user.full_name, spoilt.revision.comment) == (
        "Pelatih Sekretariat",
        "Diubah saat latihan: keliru.",
    )
    assert Version.objects.get_for_object(place).count() == 3


# --- assessors -----------------------------------------------------------------------------------------------


def test_a02_the_home_page_groups_the_work(assessor):
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", browser(assessor).get("/admin/").content.decode()))

    assert "Isi hasil 4" in page
    assert "Pra-asesmen 2" in page
    assert "Selesai 1" in page
    other = case("Mira", 2)
    assert browser(assessor).get(reverse("admin:core_application_change", args=[other.pk])).status_code == 404


def review(one: Application, by: User, lack: list[str]) -> int:
    rows = [row for row in elements_of(review_rows(latest_submission(one), None)) if row.evidence]
    save_reviews(application=one, reviews={row.pk: (lack, "") for row in rows}, by=by)
    return len(rows)


def test_a03_four_elements_then_it_waits_for_a_schedule(assessor):
    assert review(case("Mira", 1), assessor, []) == 4

    continue_application(application=case("Mira", 1), by=assessor)

    assert case("Mira", 1).status == "preassessed"


def test_a04_it_ends_with_a_note_and_not_without(assessor):
    nanda = case("Nanda", 1)
    review(nanda, assessor, ["is_authentic"])

    said = refused(discontinue_application, application=nanda, by=assessor)
    save_reviews(application=nanda, reviews={}, note="Laporan ini atas nama orang lain.", by=assessor)
    discontinue_application(application=nanda, by=assessor)

    assert said == "Tulis mengapa asesmen tidak dapat dilanjutkan; asesi akan membacanya."
    assert case("Nanda", 1).status == "not_continued"


def test_a05_absence_is_corrected_and_stops_the_signature(assessor):
    session = seat_of(case("Umi", 1)).session
    seats = {first: seat_of(case(first, 1)).pk for first in ("Oki", "Putri", "Rudi", "Umi")}
    record_attendance(session=session, attendance={seats["Umi"]: Attendance.ABSENT}, by=assessor)
    present = {pk: Attendance.PRESENT for first, pk in seats.items() if first != "Putri"}

    record_attendance(session=session, attendance={**present, seats["Putri"]: Attendance.ABSENT}, by=assessor)

    assert seat_of(case("Umi", 1)).attendance == Attendance.PRESENT
    assert "Asesi tercatat tidak hadir pada" in refused(fill, case("Putri", 1), assessor, "K")
    theirs = seat_of(case("Umi", 2)).pk
    assert refused(record_attendance, session=session, attendance={theirs: Attendance.PRESENT}, by=assessor)


def fill(one: Application, by: User, outcome: str, methods: tuple[str, ...] = ("observasi",), **more) -> None:
    record = open_record(application=one, by=by)
    results = {unit.pk: (outcome, list(methods), "") for unit in units_in_order(one.scheme_version)}
    sign_results(record=save_results(record=record, results=results, by=by, **more), by=by)


def test_a06_a07_no_signature_without_a_method_and_k_and_bk_wait_for_the_meeting(assessor):
    assert refused(fill, case("Oki", 1), assessor, "K", ()).startswith("Pilih sedikitnya satu metode untuk unit ")

    fill(case("Oki", 1), assessor, "K")
    fill(case("Rudi", 1), assessor, "BK", follow_up="Berlatih melapor.")

    assert [record_in_force(case(one, 1)).recommendation for one in ("Oki", "Rudi")] == ["K", "BK"]
    assert {case(one, 1).status for one in ("Oki", "Rudi")} == {"assessed"}


def test_a08_the_second_tab_is_told_and_nothing_is_overwritten(assessor):
    umi = case("Umi", 1)
    record = open_record(application=umi, by=assessor)
    [unit] = units_in_order(umi.scheme_version)
    save_results(record=record, results={unit.pk: ("K", ["observasi"], "")}, edit=record.edit, by=assessor)

    with pytest.raises(StaleVersion) as caught:
        save_results(record=record, results={unit.pk: ("BK", ["observasi"], "")}, edit=record.edit, by=assessor)

    assert caught.value.message == (
        "Hasil ini sudah disimpan dari tab atau perangkat lain. Bandingkan isiannya, lalu simpan lagi."
    )


def test_a09_the_correction_counts_and_what_was_signed_before_stays(assessor):
    sari = case("Sari", 1)
    old = record_in_force(sari)
    record = correct_results(application=sari, reason="Tertukar.", by=assessor)
    assert record_in_force(sari) == old
    results = {unit.pk: ("BK", ["observasi"], "") for unit in units_in_order(sari.scheme_version)}

    sign_results(record=save_results(record=record, results=results, by=assessor), by=assessor)

    assert record_in_force(case("Sari", 1)).recommendation == "BK"
    assert record_in_force(case("Sari", 1)).corrects == old


def test_a10_a_broken_scan_is_refused_and_a_good_one_closes_the_form(assessor):
    form = case("Umi", 1).filled_forms.get(definition__code="fr-ia-01", in_force=True)

    said = refused(upload_scan, form=form, stream=io.BytesIO(FILES["rusak.pdf"]), file_name="rusak.pdf", by=assessor)
    form = upload_scan(form=form, stream=io.BytesIO(FILES["fr-ia-01.jpg"]), file_name="fr-ia-01.jpg", by=assessor)

    assert said == UNREADABLE
    assert form.get_status_display() == "Pindaian bertanda tangan"


# --- technical administrators ---------------------------------------------------------------------------------


def test_t02_one_address_is_one_account(administrator):
    colleague = {"full_name": "Rekan Latihan T01", "email": f"rekan01@{DOMAIN}", "role": "asesor", "by": administrator}
    user = invite_user(**colleague)

    assert refused(invite_user, **colleague) == "Alamat ini sudah mempunyai akun."
    assert not user.has_usable_password()


def test_t03_the_lost_factor_goes_with_a_reason_and_its_owner_is_told(administrator):
    vera = person("vera", 1)
    assert refused(second_factor.reset_second_factor, user=vera, reason=" ", by=administrator) == "Tulis alasannya."

    second_factor.reset_second_factor(user=vera, reason="Ponsel hilang.", by=administrator)

    assert not TOTPDevice.objects.filter(user=vera).exists()
    assert "Ponsel hilang." in OutboxMessage.objects.filter(recipient=vera).latest("pk").body


def test_t04_whoever_leaves_is_out_at_once(administrator):
    wawan = person("wawan", 1)
    theirs = browser(wawan)
    assert theirs.get("/admin/").status_code == 200

    deactivate_account(user=wawan, by=administrator)

    assert theirs.get("/admin/").status_code == 302


def test_t05_t12_the_whole_check_finds_one_changed_file_for_each_participant():
    verify_documents()

    found = {(row.get_kind_display(), row.document.title) for row in open_findings()}
    assert found == {("Isi berubah", f"Surat keterangan T{number:02d}") for number in range(1, PARTICIPANTS + 1)}


def test_t09_looking_is_recorded(administrator):
    yani = case("Yani", 1)
    browser(administrator).get(reverse("admin:core_application_change", args=[yani.pk]))

    codes = set(ActivityEntry.objects.filter(actor=administrator).values_list("code", flat=True))
    assert "application.view" in codes


def test_t10_one_fault_nothing_written_then_three_new(administrator):
    desk, bad = browser(administrator), FILES["tuk-01.csv"]

    def hand_in(content: bytes) -> ImportRun:
        upload = SimpleUploadedFile("tuk-01.csv", content)
        desk.post(reverse("admin:core_venue_import_rows"), {"file": upload})
        return ImportRun.objects.latest("pk")

    faulty = hand_in(bad)
    assert [(fault["row"], fault["column"]) for fault in faulty.report["faults"]] == [(3, "Verifikasi berlaku sampai")]
    run = hand_in(bad.replace(b"31-31-2027", b"31-12-2027"))
    desk.post(reverse("admin:core_importrun_apply", args=[run.pk]))

    run.refresh_from_db()
    assert run.counts["baru"] == 3
    assert venue("TUK Impor T01 nomor 2").capacity == 20


# --- BNSP and institutions -------------------------------------------------------------------------------------


def test_b01_a_case_is_read_without_the_person_in_it():
    lukman = case("Lukman", 1)
    reader = browser(person("bnsp", 1))
    page = reader.get(reverse("admin:core_application_change", args=[lukman.pk])).content.decode()
    queue = reverse("admin:core_application_changelist")

    assert "disamarkan" in page
    assert lukman.candidate.nik not in page
    assert lukman.candidate.user.email not in page
    assert lukman.number in reader.get(queue, {"q": "Lukman S01"}).content.decode()
    assert lukman.number not in reader.get(queue, {"q": lukman.candidate.user.email}).content.decode()


def test_b02_twenty_cases_for_each_participant():
    assert Application.objects.exclude(registered_on=None).count() == 20 * PARTICIPANTS


def test_b03_one_hand_over_with_one_row_for_each_participant():
    [handover] = Handover.objects.all()

    assert (handover.reference, handover.cases.count()) == ("BNSP-CONTOH-0001", PARTICIPANTS)


def test_b04_one_s_own_looks_are_found_and_their_export_names_nobody():
    reader, lukman, handover = person("bnsp", 1), case("Lukman", 1), Handover.objects.get()
    desk = browser(reader)
    desk.get(reverse("admin:core_application_change", args=[lukman.pk]))
    b"".join(desk.post(reverse("admin:core_handover_download", args=[handover.pk])))
    log = reverse("admin:core_activityentry_changelist")

    mine = re.search(r'href="([^"]+)"[^>]*>\s*Tindakan saya', desk.get(log).content.decode())[1]
    told = desk.get(log + mine).content.decode()
    export = desk.get(reverse("admin:core_activityentry_export", args=["csv"]) + mine)
    rows = b"".join(export.streaming_content).decode()

    for page in (told, rows):
        assert "membuka permohonan" in page
        assert lukman.number in page
        assert "mengunduh serah terima" in page
    assert "127.0.0.1" not in rows
    assert lukman.candidate.user.full_name not in rows


def batch_page(number: int) -> str:
    """What the officer of a participant's institution sees of its first batch."""
    officer = person("instansi", number)
    [batch] = officer.officer.institution.batches.all()
    return browser(officer).get(reverse("public_site:institution_batch", args=[batch.pk])).content.decode()


def progress(page: str, first: str) -> str:
    """The words of that person's row."""
    row = next(row for row in re.findall(r"<tr.*?</tr>", page, re.DOTALL) if f"{first} Latihan" in row)
    return " ".join(re.sub(r"<[^>]*>", " ", row).split())


def test_i01_one_has_opened_the_letter_and_nobody_s_form_can_be_read_here():
    page = batch_page(1)

    assert [first for first in ("Wati", "Xaver", "Zaki") if "Tautan dibuka" in progress(page, first)] == ["Wati"]
    assert [first for first in ("Wati", "Xaver", "Zaki") if "Diundang" in progress(page, first)] == ["Xaver", "Zaki"]
    assert "/permohonan/" not in page


def test_i02_one_address_for_two_people_is_refused_and_three_are_invited_then():
    officer = person("instansi", 1)
    institution, bad = officer.officer.institution, FILES["orang-01.csv"]

    run = check_upload(institution=institution, content=bad, file_name="orang-01.csv", by=officer)
    assert "Alamat ini sudah dipakai orang lain pada baris" in str(run.report["faults"])
    good = bad[::-1].replace(b"dua01"[::-1], b"tiga01"[::-1], 1)[::-1]
    run = check_upload(institution=institution, content=good, file_name="orang-01.csv", by=officer)
    batch = send_invitations(run=run, leaves_out_faults=False, by=officer)

    assert batch.invitations.count() == 3


def test_i03_the_right_address_gets_the_letter():
    zaki = Invitation.objects.get(email="zaki01@latihn.contoh.id")

    correct_invitation(invitation=zaki, email=f"zaki01@{DOMAIN}", by=person("instansi", 1))

    assert OutboxMessage.objects.filter(address=f"zaki01@{DOMAIN}").exists()


def test_i04_who_accepts_is_shown_as_filling_in_with_a_password_of_their_own():
    wati = Invitation.objects.get(email=f"wati01@{DOMAIN}")

    account, application = accept_invitation(
        invitation=wati,
        full_name=wati.full_name,
        password="jembatan-hujan-27",
        consent_text=current_consent_text(),
        shares_result=False,
    )

    assert application.status == "draft"
    assert account.check_password("jembatan-hujan-27")
    assert "Sedang mengisi" in progress(batch_page(1), "Wati")


def test_the_trainers_act_where_an_exercise_needs_a_colleague():
    for role, (address, name) in TRAINERS.items():
        trainer = User.objects.get(email=address)
        assert (trainer.full_name, trainer.groups.get().name) == (name, role)
