"""What stands above every list, and what every list costs."""

import json
from datetime import date, timedelta
from itertools import count

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core import models
from core.activity.services import record_activity
from core.savedviews.services import choose_default_view, save_view
from core.schemes.queries import current_version
from tests.factories.accounts import make_candidate, make_user
from tests.factories.applications import make_application
from tests.factories.backups import make_backup, make_drill
from tests.factories.certificates import make_past_certificate
from tests.factories.content import make_announcement, make_question
from tests.factories.corridor import make_case, make_session
from tests.factories.documents import make_document
from tests.factories.form_definitions import make_form
from tests.factories.inquiries import make_ticket
from tests.factories.institutions import institution_values
from tests.factories.privacy import make_request
from tests.factories.schemes import make_scheme, make_unit
from tests.factories.timetable import make_scheduled_run

pytestmark = pytest.mark.django_db

CASES = "/admin/core/application/"
USERS = "/admin/core/user/"
_numbers = count(1)


# --- chips ------------------------------------------------------------------------------------------------


def test_what_narrows_a_list_is_said_and_taken_away_with_one_click(desk):
    page = desk.get(f"{CASES}?antrean=semua&provinsi=81&umur=7&submitted_at_from=01-11-2026")
    chips = {(chip.title, chip.text): chip.without for chip in page.context["chips"]}
    assert set(chips) == {("Provinsi", "Maluku"), ("Umur", "Lewat 7 hari"), ("Terakhir dikirim", "sejak 1 Nov 2026")}
    assert chips["Umur", "Lewat 7 hari"] == "?antrean=semua&provinsi=81&submitted_at_from=01-11-2026"
    assert page.context["clear_all"] == "?antrean=semua"
    assert "Bersihkan saringan" in page.content.decode()


def test_a_list_that_nothing_narrows_says_nothing(desk):
    assert desk.get(CASES).context["chips"] == []
    assert "bo-clear" not in desk.get(CASES).content.decode()


@pytest.mark.parametrize(
    ("address", "text"),
    [
        (f"{USERS}?peran=staf", "Semua staf"),
        (f"{USERS}?masuk=lama", "Lebih dari 90 hari lalu"),
        ("/admin/core/candidateprofile/?kelamin=P", "Perempuan"),
        ("/admin/core/candidateprofile/?institusi=BPBD", "BPBD"),
        ("/admin/core/document/?jenis=ktp", "KTP"),
        ("/admin/core/outboxmessage/?status__exact=gagal", "Gagal"),
    ],
)
def test_every_list_names_its_filters_in_words(desk, address, text):
    page = desk.get(address)
    assert page.status_code == 200
    assert text in page.context["chips"][0].text


def test_what_is_typed_into_a_filter_is_only_text(desk):
    page = desk.get("/admin/core/candidateprofile/", {"institusi": "<script>x</script>"}).content.decode()
    assert "<script>x" not in page


# --- filters of the other lists ---------------------------------------------------------------------------


def keys(response):
    return [row.pk for row in response.context["cl"].result_list]


def test_accounts_by_role_activity_confirmation_and_log_in(sign_in):
    me = make_user(role="administrator")
    quiet = make_user(role="asesor", is_active=False, email_confirmed_at=None)
    candidate = make_user(role="asesi")
    client = sign_in(me)
    for query, found in {
        "peran=staf": [quiet, me],
        "peran=asesor": [quiet],
        "peran=asesi": [candidate],
        "aktif=tidak": [quiet],
        "konfirmasi=belum": [quiet],
        "masuk=belum&peran=staf": [quiet],
        "masuk=minggu": [me],
    }.items():
        assert keys(client.get(f"{USERS}?{query}")) == [person.pk for person in found], query


def test_candidates_by_sex_institution_and_whether_they_applied(desk):
    applied = make_application().candidate
    idle = make_candidate(institution="BPBD Kota Padang")
    address = "/admin/core/candidateprofile/"
    for query, found in {
        "permohonan=ada": [applied],
        "permohonan=belum": [idle],
        "institusi=bpbd kota": [idle],
        "kelamin=L&provinsi=81": [idle, applied],
        "kabupaten=3171": [],
    }.items():
        assert keys(desk.get(f"{address}?{query}")) == [person.pk for person in found], query


def test_papers_by_kind_owner_and_case(desk):
    case = make_application()
    other = make_document(owner=make_user(role="asesi"), kind="ijazah")
    address = "/admin/core/document/"
    handed_in = set(case.requirement_evidence.values_list("documents", flat=True)) - {None}
    assert set(keys(desk.get(f"{address}?nomor={case.number}"))) == handed_in
    assert keys(desk.get(f"{address}?jenis=ijazah&pemilik={other.owner_id}")) == [other.pk]
    assert keys(desk.get(f"{address}?nomor=APL-0")) == []
    assert keys(desk.get(f"{address}?q={other.sha256[:12]}")) == [other.pk]
    assert keys(desk.get(address, {"q": other.owner.full_name})) == [other.pk]


def test_many_filters_fold_by_subject_and_what_is_chosen_stands_open(desk):
    """The everyday ones first; a subject with something chosen says how much. All of them stay in the form."""
    page = desk.get("/admin/core/application/?antrean=semua&usia=20&kelamin=P&umur=7").content.decode()
    sheet = page.split('id="filter-form"')[1].split("</form>")[0]
    everyday, *folded = sheet.split("<details")
    assert ">Asesi<" not in everyday
    assert [part.partition(">")[0].endswith(" open") for part in folded] == [False, False, False, True, False]
    assert '<span class="bo-count">2<' in folded[3]
    for name in ("status", "skema", "petugas", "umur", "provinsi", "submitted_at_from"):
        assert f'name="{name}"' in everyday
    cl = desk.get("/admin/core/application/?antrean=semua").context_data["cl"]
    assert sum(len(group.specs) for group in cl.filter_groups) == len(cl.filter_specs) == 28


# --- filters that search while one types ----------------------------------------------------------------------


def choices(client, source, term=""):
    return [
        row["text"] for row in client.get(reverse("admin:choices", args=[source]), {"term": term}).json()["results"]
    ]


def test_a_filter_finds_by_typing(desk):
    make_candidate(full_name="Yohana Tambunan", institution="BPBD Provinsi Maluku")
    assert choices(desk, "provinsi", "malu") == ["Maluku", "Maluku Utara"]
    assert any("Ambon" in text for text in choices(desk, "kabupaten", "ambon"))
    assert choices(desk, "institusi", "bpbd") == ["BPBD Provinsi Maluku"]
    assert choices(desk, "orang", "tamb")[0].startswith("Yohana Tambunan (")
    assert choices(desk, "petugas")[:2] == ["Saya", "Belum ada"]
    assert "Distribusi Bantuan" in choices(desk, "skema", "distribusi")
    assert choices(desk, "jenis-dokumen", "ktp")


def test_a_filter_never_answers_with_a_page_of_options(desk):
    assert len(choices(desk, "kabupaten")) == 20


def test_filters_about_people_are_for_those_who_see_people(as_role):
    make_candidate(full_name="Yohana Tambunan")
    for role, status in {"bnsp": 403, "asesor": 403, "administrator": 200}.items():
        answer = as_role(role).get(reverse("admin:choices", args=["orang"]), {"term": "yohana"})
        assert answer.status_code == status, role
    assert (
        "pemilik" not in as_role("bnsp").get("/admin/core/document/").content.decode().lower().split("filter-form")[-1]
    )


def test_whoever_sees_some_cases_finds_nothing_of_others_by_typing(as_role, sign_in):
    """Neither of people who never sent an application nor, as an assessor, of somebody else's cases."""
    make_candidate(institution="BPBD Tanpa Permohonan")
    own, other = make_case("scheduled"), make_case("scheduled")
    for case, name in ((own, "BPBD Punya Sendiri"), (other, "BPBD Orang Lain")):
        employer = models.Employer.objects.create(key=name.casefold(), name=name)
        case.application.employer = employer
        case.application.save()
        models.CandidateProfile.objects.filter(pk=case.application.candidate_id).update(institution=name)

    assessor, bnsp = sign_in(own.assessor.user), as_role("bnsp")

    for source in ("institusi", "tempat-kerja"):
        assert choices(assessor, source, "bpbd") == ["BPBD Punya Sendiri"], source
        assert choices(bnsp, source, "bpbd") == ["BPBD Orang Lain", "BPBD Punya Sendiri"], source
    assert choices(assessor, "jadwal", own.session.number[:4]) == [own.session.number]
    assert set(choices(bnsp, "jadwal", "JDW")) == {own.session.number, other.session.number}


def test_a_nik_finds_nobody_in_a_filter(desk):
    assert choices(desk, "orang", make_candidate().nik) == []


def test_an_unknown_source_is_not_found(desk):
    assert desk.get(reverse("admin:choices", args=["rahasia"])).status_code == 404


def test_a_filter_holds_only_what_was_chosen(desk):
    """Drawing the list must not load what could be chosen."""
    with CaptureQueriesContext(connection) as queries:
        page = desk.get(f"{CASES}?antrean=semua&kabupaten=8171")
    assert (
        page.content.decode().count("<option") < 100
    )  # code lists, kinds of documents, ages, not five hundred regions
    assert sum("core_region" in query["sql"] for query in queries) <= 3


# --- saved views ------------------------------------------------------------------------------------------


def test_a_view_is_kept_from_the_list_and_opens_it_again(desk, clerk):
    page = desk.get(f"{CASES}?antrean=semua&provinsi=81").content.decode()
    assert "Simpan tampilan ini" in page
    answer = desk.post(
        reverse("admin:save_view"),
        {"daftar": "application", "saringan": "antrean=semua&provinsi=81&q=siti", "judul": "Maluku", "bawaan": "1"},
    )
    assert answer.url == f"{CASES}?antrean=semua&provinsi=81"
    opened = desk.get(CASES)
    assert opened.url == answer.url  # the list opens with it
    text = desk.get(answer.url).content.decode()
    assert "Maluku" in text
    assert "Simpan tampilan ini" not in text
    assert desk.get(f"{CASES}?tampilan=semua").status_code == 200  # and the whole list stays one click away


def test_views_of_the_role_stand_above_the_list(desk, as_role):
    assert "Perlu dilengkapi, belum diingatkan" in desk.get(CASES).content.decode()
    assert "Perlu dilengkapi, belum diingatkan" not in as_role("bnsp").get(CASES).content.decode()
    assert "Surat gagal" in desk.get("/admin/core/outboxmessage/").content.decode()


@pytest.mark.parametrize("view", range(10))
def test_every_view_that_ships_opens(sign_in, view):
    view = models.SavedView.objects.order_by("pk")[view]
    client = sign_in(make_user(role=view.role))
    page = client.get(reverse(f"admin:core_{view.list}_changelist") + f"?{view.query}")
    assert page.status_code == 200
    assert [one.title for one in page.context["views_bar"]["views"] if one.is_open] == [view.title]
    assert page.context["chips"]


def test_what_was_typed_stays_when_the_name_is_refused(desk):
    answer = desk.post(reverse("admin:save_view"), {"daftar": "application", "saringan": "umur=7", "judul": " "})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Beri nama tampilan ini." in text
    assert "umur=7" in text


def test_renaming_default_and_deleting(desk, clerk):
    view = save_view(list_name="application", title="Lama", query="umur=7", known={"umur"}, by=clerk)
    address = reverse("admin:saved_view", args=[view.pk])
    assert "Hanya Anda yang melihat" in desk.get(address, headers={"HX-Request": "true"}).content.decode()
    desk.post(address, {"tindakan": "ganti-nama", "judul": "Baru"})
    desk.post(address, {"tindakan": "bawaan"})
    assert desk.get(CASES).url == f"{CASES}?umur=7"
    assert "Baru" in desk.get(f"{CASES}?umur=7").content.decode()
    desk.post(address, {"tindakan": "bukan-bawaan"})
    assert desk.get(CASES).status_code == 200
    desk.post(address, {"tindakan": "hapus"})
    assert desk.get(address).status_code == 404


def test_views_of_others_do_not_exist(desk, sign_in):
    other = make_user(role="sekretariat")
    view = save_view(list_name="application", title="Milik lain", query="umur=7", known={"umur"}, by=other)
    address = reverse("admin:saved_view", args=[view.pk])
    assert desk.get(address).status_code == 404
    assert desk.post(address, {"tindakan": "hapus"}).status_code == 404
    assert models.SavedView.objects.filter(pk=view.pk).exists()


def test_views_of_a_list_that_one_may_not_open_are_refused(as_role):
    bnsp = as_role("bnsp")
    for query, status in (("daftar=user", 403), ("daftar=tidakada", 404), ("", 404), ("daftar=application", 200)):
        assert bnsp.get(f"{reverse('admin:save_view')}?{query}").status_code == status, query


def test_a_default_view_does_not_stand_in_the_way_of_links(desk, clerk):
    view = save_view(list_name="application", title="Lama", query="umur=7", known={"umur"}, by=clerk)
    choose_default_view(view=view, is_default=True, by=clerk)
    assert desk.get(f"{CASES}?antrean=perbaikan").status_code == 200
    assert desk.get(f"{CASES}?umur=3").context["clear_all"] == "?tampilan=semua"


# --- what every list and form costs -----------------------------------------------------------------------


def sent_case():
    """A case that was sent, made by hand: the real way takes a second."""
    number = next(_numbers)
    return models.Application.objects.create(
        candidate=make_candidate(),
        scheme_version=current_version("distribusi-bantuan"),
        number=f"APL-UJI-{number:04}",
        status="submitted",
        submitted_at=timezone.now(),
        sendings=1,
    )


def appeal_against_a_decision():
    """Made by hand, too."""
    case = sent_case()
    assessor = models.AssessorProfile.objects.create(
        user=make_user(role="asesor"), registration_number=f"MET.{next(_numbers)}"
    )
    record = models.AssessmentRecord.objects.create(application=case, assessor=assessor, recommendation="BK")
    decision = models.Decision.objects.create(
        plenary=plenary_of_today(), application=case, record=record, in_force=None, outcome="BK"
    )
    return models.Appeal.objects.create(
        application=case, decision=decision, reason="Uji", deadline=timezone.localdate()
    )


def plenary_of_today():
    return models.Plenary.objects.create(title="Uji", held_on=timezone.localdate(), opened_by=make_user())


def certificate():
    """A certificate and the decision behind it, laid by hand."""
    number, case = next(_numbers), sent_case()
    clerk = make_user()
    plenary = models.Plenary.objects.create(title="Uji", held_on=timezone.localdate(), opened_by=clerk)
    record = models.AssessmentRecord.objects.create(
        application=case,
        assessor=models.AssessorProfile.objects.create(user=make_user(), registration_number=f"MET.{number}"),
    )
    content = {
        "holder": {"full_name": "Uji", "birth_place": "", "birth_date": ""},
        "scheme": {"number": ""},
        "units": [],
        "case": case.number,
        "plenary": {"number": ""},
        "signatory": {"name": "", "position": ""},
    }
    return models.Certificate.objects.create(
        number=f"84234 5411 4 {number:07} 2026",
        application=case,
        decision=models.Decision.objects.create(plenary=plenary, application=case, record=record),
        scheme=case.scheme_version.scheme,
        scheme_version=case.scheme_version,
        holder=case.candidate.user,
        holder_name="Uji",
        issued_on=timezone.localdate(),
        valid_until=timezone.localdate(),
        content=json.dumps(content),
        issued_by=clerk,
    )


def handover():
    """One in preparation, with a decided case, laid by hand."""
    number, case, plenary = next(_numbers), sent_case(), plenary_of_today()
    record = models.AssessmentRecord.objects.create(
        application=case,
        assessor=models.AssessorProfile.objects.create(user=make_user(), registration_number=f"MET.{number}"),
    )
    decision = models.Decision.objects.create(plenary=plenary, application=case, record=record, outcome="K")
    made = models.Handover.objects.create(title=f"Uji {number}", prepared_by=make_user())
    made.cases.create(decision=decision, application=case)
    return made


def destruction():
    """A proposal of somebody with one paper."""
    batch = models.DestructionBatch.objects.create(proposed_by=make_user())
    paper = make_document(owner=make_user(role="asesi"))
    models.DestructionItem.objects.create(batch=batch, document=paper, kind="KTP", sha256=paper.sha256, size=paper.size)
    return batch


def a_paper():
    return make_document(owner=make_user(), kind="unduhan-portal")


def run_with_a_finding():
    run = models.IntegrityRun.objects.create(outcome="bermasalah", missing=1)
    paper = make_document(owner=make_user(role="asesi"))
    run.findings.create(document=paper, file=paper.file.name, kind="hilang")
    return run


#: One more row of a model. A model without a maker here has few rows by nature (settings).
MAKERS = {
    "application": lambda: sent_case(),
    "document": lambda: make_document(owner=make_user(role="asesi")),
    "plenary": lambda: plenary_of_today(),
    "appeal": lambda: appeal_against_a_decision(),
    "candidateprofile": lambda: make_candidate(),
    "assessorprofile": lambda: models.AssessorProfile.objects.create(
        user=make_user(role="asesor"), registration_number=f"MET.{next(_numbers)}"
    ),
    "user": lambda: make_user(role="asesor"),
    "assessmentsession": lambda: make_session(scheme=models.Scheme.objects.get(code="distribusi-bantuan")),
    "scheme": lambda: make_scheme().scheme,
    "schemeversion": lambda: make_scheme(),
    "formdefinition": lambda: make_form(lines=3).definition,
    "formversion": lambda: make_form(),
    "competencyunit": lambda: make_unit(),
    "competencystandard": lambda: models.CompetencyStandard.objects.create(code=f"S{next(_numbers)}", title="Uji"),
    "outboxmessage": lambda: models.OutboxMessage.objects.create(
        recipient=make_user(), address="a@contoh.id", template_key="uji", subject="Uji", body="Uji", status="gagal"
    ),
    "documenttype": lambda: models.DocumentType.objects.create(code=f"jenis-{next(_numbers)}", title="Uji"),
    "expecteddocument": lambda: models.ExpectedDocument.objects.create(
        document_type=models.DocumentType.objects.create(code=f"jenis-{next(_numbers)}", title="Uji")
    ),
    "assessmentpurpose": lambda: models.AssessmentPurpose.objects.create(code=f"t-{next(_numbers)}", title="Uji"),
    "consenttext": lambda: models.ConsentText.objects.create(version=next(_numbers) + 50, title="Uji", body="Uji"),
    "codelist": lambda: models.CodeList.objects.create(code=f"daftar-{next(_numbers)}", title="Uji"),
    "region": lambda: models.Region.objects.create(code=f"Z{next(_numbers) % 1000:03}", name="Uji"),
    "activityentry": lambda: record_activity("account.log_in", by=make_user(), subject=None),
    "consent": lambda: make_user(role="asesi").consents.get(),
    "certificate": lambda: certificate(),
    "pastcertificate": lambda: make_past_certificate(nik="8171015204900001"),
    "handover": lambda: handover(),
    "question": lambda: make_question(),
    "announcement": lambda: make_announcement(),
    "holiday": lambda: models.Holiday.objects.create(day=date(2030, 1, 1) + timedelta(next(_numbers)), name="Uji"),
    "download": lambda: models.Download.objects.create(title=f"U{next(_numbers)}", document=a_paper()),
    "destructionbatch": lambda: destruction(),
    "legalhold": lambda: models.LegalHold.objects.create(
        person=make_user(role="asesi"), reason="Audit", placed_by=make_user()
    ),
    "privacyrequest": lambda: make_request(),
    "ticket": lambda: make_ticket(kind="pengaduan"),
    "answertemplate": lambda: models.AnswerTemplate.objects.create(title=f"Jawaban {next(_numbers)}", body="Uji"),
    "integrityrun": lambda: run_with_a_finding(),
    "scheduledrun": lambda: make_scheduled_run(),
    "backuprun": lambda: make_backup(),
    "restoredrill": lambda: make_drill(),
    "job": lambda: models.Job.objects.create(kind="hitung", title="Ekspor", by=make_user(role="bnsp")),
    "institution": lambda: models.Institution.objects.create(**institution_values()),
    "invitationbatch": lambda: batch_of_the_list(),
}


def batch_of_the_list():
    """Laid directly: an officer may not hand in a hundred files an hour."""
    institution = models.Institution.objects.first() or models.Institution.objects.create(**institution_values())
    officer = models.User.objects.filter(groups__name="instansi").first() or make_user(role="instansi")
    run = models.ImportRun.objects.create(
        kind="institution-people", by=officer, file_name="a.csv", size=1, sha256="0" * 64, outcome="diterapkan"
    )
    batch = models.InvitationBatch.objects.create(
        number=f"UND-{next(_numbers)}", institution=institution, run=run, sent_by=officer, people=1
    )
    batch.invitations.create(
        institution=institution,
        full_name="Budi",
        email=f"{batch.pk}@contoh.id",
        scheme=models.Scheme.objects.first(),
        expires_at=timezone.now(),
    )
    return batch


FEW, MANY = 10, 100
#: Lists that the secretariat does not see, or not all of.
READER = dict.fromkeys(
    ("user", "activityentry", "systempolicy", "job", "scheduledjob", "scheduledrun", "backuprun", "restoredrill"),
    "administrator",
)
REGISTERED = sorted(model._meta.model_name for model in admin.site._registry)


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        client.get(address)  # for the first time with these rows
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert answer.status_code in (200, 302), (address, answer.status_code)
    return len(queries)


@pytest.mark.parametrize("model", REGISTERED)
def test_a_list_costs_the_same_for_few_and_many_rows(sign_in, model):
    client = sign_in(make_user(role=READER.get(model, "sekretariat")))
    address = reverse(f"admin:core_{model}_changelist")
    address += "?antrean=semua" if model == "application" else ""
    make = MAKERS.get(model)
    if make is None:
        assert queries_of(client, address) <= 25
        return
    for _row in range(FEW):
        make()
    few = queries_of(client, address)
    for _row in range(MANY - FEW):
        make()
    assert queries_of(client, address) <= few <= 25


@pytest.mark.parametrize("model", sorted(set(REGISTERED) & set(MAKERS)))
def test_a_form_costs_the_same_however_many_rows_there_are(sign_in, model):
    client = sign_in(make_user(role=READER.get(model, "sekretariat")))
    row = make_application() if model == "application" else MAKERS[model]()
    address = reverse(f"admin:core_{model}_change", args=[row.pk])
    few = queries_of(client, address)
    for _row in range(FEW):
        MAKERS[model]()
    assert queries_of(client, address) == few <= 30


@pytest.mark.parametrize(
    ("asked", "is_shown"),
    [
        ("from=0001-01-01", True),
        ("from=01-01-0001", True),
        ("to=31-12-9999", True),
        ("from=31-12-9999", False),
        ("to=01-01-0001", False),
        ("from=x", True),  # no day at all is passed over
    ],
)
def test_the_first_and_the_last_day_of_the_calendar_are_days_like_others(desk, asked, is_shown):
    for model, field in (("application", "submitted_at"), ("certificate", "issued_on")):
        row = make_application(status="submitted") if model == "application" else MAKERS[model]()
        page = desk.get(f"{reverse(f'admin:core_{model}_changelist')}?{field}_{asked}")
        assert page.status_code == 200
        assert (row in page.context["cl"].result_list) is is_shown


@pytest.mark.parametrize(("role", "is_promised"), [("sekretariat", True), ("bnsp", False), ("asesor", False)])
def test_the_search_box_promises_a_nik_only_to_those_who_may_search_by_it(as_role, role, is_promised):
    page = as_role(role).get(CASES).content.decode()
    assert ("NIK lengkap" in page) is is_promised
    assert ("Cari nomor atau nama" in page) is not is_promised


def test_a_tick_that_is_no_row_is_refused_and_does_not_break_the_list(as_role):
    client = as_role("administrator")
    address = reverse("admin:core_outboxmessage_changelist")
    for key in ("1082-10-02", "9" * 30):
        assert client.post(address, {"action": "resend", "_selected_action": key, "index": "0"}).status_code == 400


def test_a_row_that_is_none_is_refused_in_lists_that_are_filled_in_where_they_stand(as_role):
    client = as_role("administrator")
    address = reverse("admin:core_menuitem_changelist")
    formset = client.get(address).context_data["cl"].formset
    sent = {f"form-{key}": value for key, value in formset.management_form.initial.items()}
    for number, form in enumerate(formset.forms):
        sent |= {f"form-{number}-id": form.instance.pk, f"form-{number}-position": form.instance.position}
    assert client.post(address, sent | {"_save": ""}).status_code == 302
    assert client.post(address, sent | {"_save": "", "form-0-id": "132935907619373875200"}).status_code == 400
