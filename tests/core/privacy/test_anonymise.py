"""An anonymised copy: nobody can be found in it any more, and its figures are what they were."""

import hashlib
import itertools
import json
import uuid
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.db.models import QuerySet
from django.utils import timezone

from core.accounts.models import CandidateProfile, User
from core.accounts.nik import nik_hash, parse_nik
from core.activity.enums import CheckOutcome
from core.activity.verification import check_activity, seal_leftovers
from core.applications.models import Application
from core.applications.snapshot import content_hash
from core.certificates.signing import check_token, qr_text
from core.codelists.models import Region
from core.common.fields import EncryptedTextField
from core.documents.integrity import verify_documents
from core.documents.models import Document
from core.documents.storage import document_storage
from core.privacy.anonymous.copying import _Anonymiser, anonymise, why_not
from core.privacy.anonymous.leftovers import leftovers, originals
from core.privacy.anonymous.pseudonyms import Pseudonyms
from core.privacy.inventory import HOLDINGS, Treatment
from core.reports.tally import differences
from core.timetable.models import ScheduledJob
from tests.core.helpers import everything_in_the_database
from tests.factories.accounts import make_candidate, make_user
from tests.factories.certificates import make_certificate

pytestmark = pytest.mark.django_db

#: One invented person, planted wherever something about a person can stand.
NAME, WORD = "Zainuddin Qodratullah", "Qodratullah"
NIK, PHONE, NETWORK, BORN = "8171011205900077", "+6281234500077", "203.0.113.77", date(1990, 5, 12)
EMAIL = "qodratullah@rahasia.example"
GIVEN_AWAY_BY = ("qodratullah", NIK, "81234500077", NETWORK, BORN.isoformat())
T = Treatment
CONTENT = {
    "full_name": NAME,
    "nik": NIK,
    "birth_date": BORN.isoformat(),
    "birth_place": WORD,
    "phone_mobile": PHONE,
    "institution": WORD,
    "code": WORD,
    EMAIL: [{"whatever": NAME}, {"status": EMAIL}, [f"Saya {NAME}, {PHONE}"], int(NIK)],
}
#: What the checks of these tables ask for beside what may not be empty.
NEEDED = {
    "LegalHold": {"person": "core.User"},
    "FilledForm": {"application": "core.Application"},
    "ExportProfile": {"owner": "core.User"},
    "SavedView": {"owner": "core.User"},
}
_numbers = itertools.count(1)


# --- planting ---------------------------------------------------------------------------------------------


def planted(column: models.Field, how: Treatment):
    """What a personal column holds before; the same person everywhere."""
    if column.model._meta.label == "reversion.Version" and column.name == "serialized_data":
        fields = {"registration_number": WORD, "institution": NAME, "user": 1}
        return json.dumps([{"model": "core.assessorprofile", "pk": 1, "fields": fields}])
    if isinstance(column, models.JSONField):
        return CONTENT
    if how == T.CONTENT:
        return json.dumps(CONTENT)
    special = {T.NIK: NIK, T.NIK_HASH: nik_hash(NIK), T.PHONE: PHONE, T.NETWORK: NETWORK, T.BIRTH: BORN, T.EMAIL: EMAIL}
    if how in special:
        return special[how]
    if isinstance(column, models.GenericIPAddressField):
        return NETWORK
    if isinstance(column, models.IntegerField):
        return 7
    if isinstance(column, models.UUIDField):
        return None
    if isinstance(column, models.BinaryField):
        return NAME.encode()
    room = column.max_length or 500
    return next(words for words in (f"Kata {NAME} {EMAIL} {PHONE}", NAME, WORD, WORD[:room]) if len(words) <= room)


def bare(model: type[models.Model]):
    """The first row of a model, or a new one with as little as the tables let through, and the person planted."""
    if row := QuerySet(model).order_by("pk").first():
        return row
    fields = next((holding.fields for holding in HOLDINGS if holding.model == model._meta.label), {})
    values = {}
    for column in model._meta.concrete_fields:
        how = fields.get(column.name)
        if column.remote_field is not None:
            if column.primary_key or not column.null or model.__name__ in ("Certificate", "Submission"):
                related = column.related_model
                values[column.name] = None if related is model else bare(related)
        elif column.primary_key and not isinstance(column, models.AutoField):
            values[column.name] = 1 if isinstance(column, models.IntegerField) else f"{WORD}{next(_numbers)}"
        elif how is not None and how not in (T.KEPT, T.DIGEST, T.FILE):
            value = planted(column, how)
            if value is not None:
                values[column.name] = value
        elif isinstance(column, models.DateTimeField):
            values[column.name] = timezone.now()
        elif isinstance(column, models.DateField):
            values[column.name] = timezone.localdate()
        elif column.has_default() or column.null or column.primary_key:
            continue
        elif isinstance(column, models.IntegerField | models.BooleanField):
            values[column.name] = 1
        elif isinstance(column, models.UUIDField):
            values[column.name] = uuid.uuid4()
        elif isinstance(column, models.JSONField):
            values[column.name] = []
    for name, needed in NEEDED.get(model.__name__, {}).items():
        values[name] = bare(apps.get_model(needed))
    [row] = QuerySet(model).bulk_create([model(**values)])
    return QuerySet(model).get(pk=row.pk)


@pytest.fixture
def person_everywhere():
    """A row in every table that holds something about people, and a file of theirs in every folder."""
    paper = f"%PDF-1.4 {NAME} {NIK}".encode()
    sha256 = hashlib.sha256(paper).hexdigest()
    place = document_storage().save(f"{sha256[:2]}/{sha256[2:4]}/{sha256}", ContentFile(paper))
    for holding in HOLDINGS:
        model = apps.get_model(holding.model)
        row = bare(model)
        words = [
            name
            for name, how in holding.fields.items()
            if how in (T.NAME, T.WORDS, T.PHONE, T.EMAIL, T.LABEL, T.EMPTY, T.NETWORK)
        ]
        values = {name: planted(model._meta.get_field(name), holding.fields[name]) for name in words}
        if values:  # the row may have been there before, as the LSP's own data are
            QuerySet(model).filter(pk=row.pk).update(**values)
    QuerySet(Document).update(sha256=sha256, file=place, content_type="application/pdf", pages=2, state="bersih")
    return place


def everything_else() -> str:
    """What is encrypted, as it reads, and every file."""
    words = []
    for model in apps.get_models():
        for column in model._meta.concrete_fields:
            if isinstance(column, EncryptedTextField):
                words += QuerySet(model).values_list(column.name, flat=True)
    for folder in (settings.DOCUMENT_ROOT, settings.IMPORT_ROOT, settings.JOB_ROOT, settings.PIECES_ROOT):
        words += [path.read_bytes().decode("latin-1") for path in Path(folder).rglob("*") if path.is_file()]
    return "\n".join(map(str, words))


def given_away() -> set[str]:
    whole = f"{everything_in_the_database()}\n{everything_else()}".lower()
    return {word for word in GIVEN_AWAY_BY if word in whole}


def test_a_person_planted_in_every_column_and_file_is_nowhere_afterwards(person_everywhere):
    assert given_away() == set(GIVEN_AWAY_BY)
    known = originals()

    anonymise()

    assert given_away() == set()
    assert leftovers(known) == ([], [])
    assert not document_storage().exists(person_everywhere)


@pytest.mark.parametrize("spared", ["core.Review.note", "core.Submission.content", "core.OutboxMessage.body"])
def test_a_column_that_was_spared_is_noticed_by_the_test_and_by_the_command(person_everywhere, spared, monkeypatch):
    model, _dot, name = spared.rpartition(".")
    holding = next(one for one in HOLDINGS if one.model == model)
    monkeypatch.setitem(holding.fields, name, T.KEPT)
    known = originals()

    anonymise()

    assert "qodratullah" in given_away()
    table = apps.get_model(model)._meta.db_table
    assert [place.split(" ")[0] for place in leftovers(known)[0]] == [f"{table}.{name}"]


# --- what stays as it was ---------------------------------------------------------------------------------


@pytest.fixture
def certificate():
    return make_certificate()


def figures() -> list:
    """All tables of figures, and what cases are counted by."""
    tallies = [model for model in apps.get_models() if model.__name__.endswith(("Tally", "Move", "Standing", "Lack"))]
    rows = [sorted(map(str, model.objects.values_list())) for model in tallies]
    columns = ("status", "sex", "age_band", "province", "employer", "scheme_version", "registered_on", "days_taken")
    return [*rows, sorted(map(str, Application.objects.values_list(*columns)))]


def test_the_figures_are_what_they_were(certificate):
    before = figures()

    anonymise()

    assert figures() == before
    assert differences() == {}


def test_hashes_files_signatures_and_the_log_fit_together_again(certificate):
    seal_leftovers()
    number, name = certificate.number, certificate.holder_name

    anonymise()

    certificate.refresh_from_db()
    told = check_token(qr_text(certificate))
    assert (told.number, told.name) == (certificate.number, certificate.holder_name)
    assert (certificate.number, certificate.holder_name) != (number, name)
    assert certificate.sha256 == content_hash(certificate.content)
    submission = certificate.application.submissions.first()
    assert submission.sha256 == content_hash(submission.content) == submission.signature.content_sha256
    personal = submission.snapshot["sections"]["personal"]
    assert personal["full_name"] == certificate.holder.full_name
    assert personal["nik"] == certificate.application.candidate.nik
    assert verify_documents().outcome == "utuh"
    assert check_activity()[0].outcome == CheckOutcome.INTACT


def test_a_nik_keeps_province_year_and_sex_and_belongs_to_nobody():
    profile = make_candidate(nik="3204015505910003", birth_date=date(1991, 5, 15), sex="P")

    anonymise()

    profile = CandidateProfile.objects.get(pk=profile.pk)
    read = parse_nik(profile.nik)
    assert (read.province_code, read.birth_date.year, read.sex) == ("32", 1991, "P")
    assert read.birth_date == profile.birth_date != date(1991, 5, 15)
    assert profile.nik[4:6] == "99"
    assert not Region.objects.filter(code=profile.nik[:6]).exists()
    assert CandidateProfile.objects.get(nik_hash=nik_hash(profile.nik)) == profile


def test_people_log_in_with_the_one_password_that_was_asked_for():
    user = make_user(role="sekretariat", password="sandi-lama-yang-panjang")

    anonymise(password="sandi-contoh-bersama")

    user.refresh_from_db()
    assert user.check_password("sandi-contoh-bersama")
    assert user.email.endswith("@anonim.invalid")
    assert not user.check_password("sandi-lama-yang-panjang")


def test_the_same_name_gets_the_same_invention_and_another_copy_another_one():
    one, other = Pseudonyms(b"1" * 32), Pseudonyms(b"2" * 32)

    assert one.name(NAME) == one.name(f" {NAME.upper()} ")
    assert one.email(EMAIL) == one.email(EMAIL.upper())
    assert one.email(EMAIL) != other.email(EMAIL)
    assert one.birth(BORN) == one.birth(BORN) != BORN
    assert all(
        one.birth(day).year == day.year and one.birth(day) != day
        for day in (BORN, date(2000, 1, 1), date(1999, 12, 31))
    )


# --- where it must not run --------------------------------------------------------------------------------


def here(**instead: str) -> dict[str, str]:
    return {"database": str(connection.settings_dict["NAME"]), "documents": str(settings.DOCUMENT_ROOT)} | instead


def test_here_it_may_run():
    assert why_not(**here()) == ""


def test_never_in_production(settings):
    settings.ENVIRONMENT = "production"
    user = make_user()

    with pytest.raises(CommandError, match="produksi"):
        call_command("anonymise_copy", **here())

    assert User.objects.get(pk=user.pk).email == user.email


@pytest.mark.parametrize("wrong", [{"database": "lsp"}, {"documents": "/var/lib/lsp/documents"}])
def test_whoever_types_another_place_than_this_one_is_refused(wrong):
    with pytest.raises(CommandError, match="tidak sama"):
        call_command("anonymise_copy", **here(**wrong))


def test_a_database_that_is_in_use_is_refused():
    ScheduledJob.objects.update(looked_at=timezone.now() - timedelta(minutes=3))
    assert "cron" in why_not(**here())

    ScheduledJob.objects.update(looked_at=timezone.now() - timedelta(minutes=11))
    assert why_not(**here()) == ""


def test_the_command_says_that_it_is_done_only_when_nothing_is_left(certificate, capsys):
    call_command("anonymise_copy", **here())

    assert "tidak ditemukan satu pun data asli" in capsys.readouterr().out


def test_a_second_run_does_not_call_a_copy_clean_that_the_first_one_did_not(person_everywhere, monkeypatch):
    """It knows only the inventions of the first: what that one left could not be found any more."""
    holding = next(one for one in HOLDINGS if one.model == "core.Review")
    monkeypatch.setitem(holding.fields, "note", T.KEPT)
    with pytest.raises(CommandError, match="masih memuat data asli"):
        call_command("anonymise_copy", **here())

    with pytest.raises(CommandError, match="Pulihkan cadangan"):
        call_command("anonymise_copy", **here())

    assert "qodratullah" in given_away()


def test_a_run_that_was_cut_off_begins_with_the_backup_again(certificate, monkeypatch):
    monkeypatch.setattr(_Anonymiser, "walk", lambda self, holding: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        anonymise()

    assert "Pulihkan cadangan" in why_not(**here())
