"""History, comparing, turning back and deleted records at the desk; two people at one form."""

import re
from datetime import date

import pytest
from django.contrib import admin
from django.urls import reverse
from reversion.models import Version

from backoffice.base import RoomAdmin
from backoffice.conflicts import with_vanished_lines_as_new
from backoffice.history import marked
from core.accounts.models import ConsentText
from core.accounts.services import publish_consent_text
from core.activity.models import ActivityEntry, DeletedRecord
from core.activity.queries import versions_of
from core.activity.records import levels_of, stored_record
from core.activity.versions import keep_version, kept
from core.assessments.models import Venue
from core.codelists.models import CodeList, CodeListEntry
from core.documents.models import DocumentType
from core.schemes.models import CompetencyUnit, Element, PerformanceCriterion
from tests.backoffice.conftest import said
from tests.backoffice.test_setup import change, form_data
from tests.core.helpers import at_once
from tests.factories.accounts import make_candidate, make_user
from tests.factories.schemes import make_scheme, make_unit

pytestmark = pytest.mark.django_db


def page(model: str, name: str, *args) -> str:
    return reverse(f"admin:core_{model}_{name}", args=args)


def text_of(response) -> str:
    """What a person reads, without mark-up; screens for eyes only keep their captions."""
    plain = re.sub(r"<script.*?</script>|<style.*?</style>|<[^>]+>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", plain)


def save(client, row, **typed):
    """Open the form, type, press save."""
    address = change(row._meta.model_name, row.pk)
    return client.post(address, form_data(client.get(address)) | typed)


# --- history and comparing ----------------------------------------------------------------------------


def test_history_tells_who_when_what_and_why(desk, clerk):
    unit = make_unit()
    save(desk, unit, title="Judul baru", _reason="Salinan keputusan yang lengkap")

    read = text_of(desk.get(page("competencyunit", "history", unit.pk)))

    assert "Ratna Puspita" in read
    assert "judul unit" in read
    assert "“Salinan keputusan yang lengkap”" in read
    assert "“Keadaan awal”" in read
    assert "sama dengan sekarang" in read


def test_lines_are_kept_at_the_places_where_they_were_dragged_to(desk):
    codes = CodeList.objects.create(code="uji", title="Daftar uji")
    for position, code in enumerate("ABC", start=1):
        CodeListEntry.objects.create(code_list=codes, code=code, title=f"Butir {code}", position=position)
    save(desk, codes, **{"entries-0-position": "2", "entries-1-position": "0", "entries-2-position": "1"})
    newest = versions_of(CodeList, codes.pk).first()
    lines = Version.objects.filter(revision=newest.revision, content_type__model="codelistentry")
    assert sorted(line.field_dict["position"] for line in lines) == [1, 2, 3]
    read = text_of(desk.get(page("codelist", "history", codes.pk)))
    assert "kode: 1 dipindahkan" in read


def test_comparison_shows_values_as_people_read_them(desk, clerk):
    version = make_scheme(units=1, published=False)
    kind = DocumentType.objects.get(code="cv")
    with kept(version, by=clerk):
        version.registration_opens_on, version.is_confirmed = date(2027, 1, 5), True
        version.save()
        version.requirements.filter(pk=version.requirements.first().pk).update(document_type=kind, section="dasar")

    read = text_of(desk.get(page("schemeversion", "compare", version.pk)))

    assert "5 Januari 2027" in read
    assert "Tidak" in read
    assert "Ya" in read
    assert kind.title in read
    assert "Bukti persyaratan dasar" in read
    assert "diubah" in read


def test_words_that_changed_in_a_long_text_are_marked_and_escaped():
    before, after = marked("Siapkan alat <sesuai> daftar", "Siapkan alat <menurut> daftar")
    assert before == "Siapkan alat &lt;<del>sesuai</del>&gt; daftar"
    assert after == "Siapkan alat &lt;<ins>menurut</ins>&gt; daftar"


def test_two_versions_are_compared_older_left_whichever_was_picked_first(desk):
    unit = make_unit()
    save(desk, unit, title="Pertama")
    save(desk, unit, title="Kedua")
    newest, middle, _oldest = versions_of(CompetencyUnit, unit.pk)
    response = desk.get(page("competencyunit", "compare", unit.pk), {"a": newest.pk, "b": middle.pk})
    (row,) = response.context["groups"][0].rows
    assert (row.fields[0].before, row.fields[0].after) == ("<del>Pertama</del>", "<ins>Kedua</ins>")


@pytest.mark.parametrize("wrong", ["x", "0", "99999999999999999999", "-1"])
def test_a_version_that_is_not_of_this_record_is_not_found(desk, wrong):
    unit = make_unit()
    save(desk, unit, title="Lain")
    assert desk.get(page("competencyunit", "compare", unit.pk), {"a": wrong}).status_code == 404


def test_a_record_without_versions_says_so(desk):
    unit = make_unit()
    assert "Belum ada versi" in text_of(desk.get(page("competencyunit", "history", unit.pk)))
    assert desk.get(page("competencyunit", "compare", unit.pk)).url == page("competencyunit", "history", unit.pk)


def test_history_and_comparison_take_the_same_queries_however_much_there_is(desk, django_assert_max_num_queries):
    small, large = make_unit(elements=1, criteria=1), make_unit(elements=5, criteria=6)
    for unit, times in ((small, 2), (large, 30)):
        keep_version(row=unit, by=None)
        for number in range(times):
            Element.objects.filter(unit=unit).update(title=f"Elemen {number}")
            keep_version(row=unit, by=make_user(), reason=str(number))
    for unit in (small, large):
        with django_assert_max_num_queries(25):
            assert desk.get(page("competencyunit", "history", unit.pk)).status_code == 200
        with django_assert_max_num_queries(25):
            assert desk.get(page("competencyunit", "compare", unit.pk)).status_code == 200


def test_older_versions_stand_on_the_next_page(desk):
    unit = make_unit()
    for number in range(25):
        keep_version(row=unit, by=None, reason=f"alasan-{number}")
    first = text_of(desk.get(page("competencyunit", "history", unit.pk)))
    second = text_of(desk.get(page("competencyunit", "history", unit.pk), {"p": "2"}))
    assert ("alasan-24" in first, "alasan-4" in first, "Lebih lama" in first) == (True, False, True)
    assert ("alasan-4" in second, "alasan-0" in second, "Lebih baru" in second) == (True, True, True)


def test_reason_that_is_too_long_is_refused_and_nothing_typed_is_lost(desk):
    unit = make_unit()
    response = save(desk, unit, title="Judul baru", _reason="x" * 201)
    assert "paling banyak 200 karakter" in response.content.decode()
    assert "Judul baru" in response.content.decode()
    assert "x" * 201 in response.content.decode()


# --- turning back -------------------------------------------------------------------------------------


def test_yesterdays_version_comes_back_after_a_look_and_one_press(desk):
    unit = make_unit()
    save(desk, unit, title="Salah ketik")
    old = versions_of(CompetencyUnit, unit.pk).last()
    address = page("competencyunit", "revision", unit.pk, old.pk)

    looked = desk.get(address)
    assert "Salah ketik" in text_of(looked)
    assert CompetencyUnit.objects.get(pk=unit.pk).title == "Salah ketik"

    response = desk.post(address, {"_drawn": looked.context["drawn"], "_reason": "Keliru"})
    assert "judul unit" in said(response)
    assert CompetencyUnit.objects.get(pk=unit.pk).title == unit.title
    assert versions_of(CompetencyUnit, unit.pk).first().revision.comment == "Keliru"

    assert desk.post(address, {"_drawn": looked.context["drawn"]}).status_code in (200, 302)  # sent twice
    assert ActivityEntry.objects.filter(code="record.restore").count() == 1


def test_turning_back_stops_when_the_record_changed_under_the_confirmation(desk):
    unit = make_unit()
    save(desk, unit, title="Salah ketik")
    address = page("competencyunit", "revision", unit.pk, versions_of(CompetencyUnit, unit.pk).last().pk)
    drawn = desk.get(address).context["drawn"]
    save(desk, unit, title="Judul rekan")
    response = desk.post(address, {"_drawn": drawn})
    assert "berubah sementara halaman ini terbuka" in text_of(response)
    assert CompetencyUnit.objects.get(pk=unit.pk).title == "Judul rekan"


def test_what_stays_is_told_before_turning_back(desk):
    unit = make_unit()
    save(desk, unit, title="Lain", code="X.777777.001.01")
    address = page("competencyunit", "revision", unit.pk, versions_of(CompetencyUnit, unit.pk).last().pk)
    assert "dokumen: kode unit" in text_of(desk.get(address))


# --- deleted records ----------------------------------------------------------------------------------


def test_a_deleted_record_is_found_in_the_list_and_brought_back(desk):
    kind = DocumentType.objects.create(code="surat-sehat", title="Surat sehat", help_text="Dari puskesmas")
    desk.post(page("documenttype", "delete", kind.pk), {"post": "yes"})
    assert not DocumentType.objects.filter(code="surat-sehat").exists()

    listed = desk.get(desk.get(page("documenttype", "recoverlist")).url)
    assert "Surat sehat" in text_of(listed)
    deleted = DeletedRecord.objects.get()
    assert "Dari puskesmas" in text_of(desk.get(page("deletedrecord", "change", deleted.pk)))

    response = desk.post(page("deletedrecord", "recover", deleted.pk))
    assert response.url == change("documenttype", kind.pk)
    assert DocumentType.objects.get(code="surat-sehat").pk == kind.pk
    again = desk.post(page("deletedrecord", "recover", deleted.pk))
    assert "sudah dipulihkan" in said(again)


def test_a_code_taken_meanwhile_is_told_plainly(desk):
    kind = DocumentType.objects.create(code="surat-sehat", title="Surat sehat")
    desk.post(page("documenttype", "delete", kind.pk), {"post": "yes"})
    DocumentType.objects.create(code="surat-sehat", title="Pengganti")
    response = desk.post(page("deletedrecord", "recover", DeletedRecord.objects.get().pk))
    assert "Kunci" in said(response)
    assert DocumentType.objects.filter(code="surat-sehat").count() == 1


def test_deleted_list_shows_only_kinds_that_one_may_look_at(as_role, desk):
    kind = DocumentType.objects.create(code="surat-sehat", title="Surat sehat")
    desk.post(page("documenttype", "delete", kind.pk), {"post": "yes"})
    deleted = DeletedRecord.objects.get()
    DeletedRecord.objects.filter(pk=deleted.pk).update(model="officedata", label="Data rahasia")
    bnsp = as_role("bnsp")  # sees no office data
    assert "Data rahasia" not in text_of(bnsp.get(page("deletedrecord", "changelist")))
    assert bnsp.get(page("deletedrecord", "change", deleted.pk)).status_code == 404


@pytest.mark.parametrize(("role", "is_shown"), [("sekretariat", True), ("asesor", True), ("bnsp", False)])
def test_whom_to_telephone_at_a_venue_is_not_shown_to_bnsp(as_role, desk, role, is_shown):
    venue = Venue.objects.create(code="tuk", name="TUK Sentul", kind="mandiri", contact_phone="0811000111")
    save(desk, venue, contact_name="Pak Budi", contact_phone="0812000222")
    reader = as_role(role)
    read = text_of(reader.get(page("venue", "compare", venue.pk)))
    read += reader.get(change("venue", venue.pk)).content.decode()
    assert "TUK Sentul" in read
    assert [word in read for word in ("Pak Budi", "0811000111", "0812000222")] == [is_shown] * 3


def test_a_deleted_venue_does_not_tell_bnsp_whom_to_telephone(as_role, desk):
    venue = Venue.objects.create(code="tuk", name="TUK Sentul", kind="mandiri", contact_phone="0811000111")
    desk.post(page("venue", "delete", venue.pk), {"post": "yes"})
    address = page("deletedrecord", "change", DeletedRecord.objects.get().pk)
    assert "0811000111" in text_of(desk.get(address))
    read = text_of(as_role("bnsp").get(address))
    assert "TUK Sentul" in read
    assert "0811000111" not in read


# --- two people at one form ---------------------------------------------------------------------------


@pytest.fixture
def kind() -> DocumentType:
    return DocumentType.objects.create(code="surat-sehat", title="Surat sehat")


def test_the_second_is_told_sees_both_and_loses_nothing(desk, as_role, kind):
    address = change("documenttype", kind.pk)
    mine = form_data(desk.get(address))
    save(as_role("administrator"), kind, help_text="Petunjuk rekan", _reason="Koreksi")

    response = desk.post(address, mine | {"help_text": "Petunjuk saya", "title": "Nama saya"})

    read = text_of(response)
    assert "Data ini berubah sementara Anda menyunting" in read
    assert DocumentType.objects.get(pk=kind.pk).help_text == "Petunjuk rekan"  # nothing was overwritten
    conflict = response.context["conflict"]
    assert [(one.label, one.stored, one.typed) for one in conflict.fields] == [
        ("Nama", "Surat sehat", "Nama saya"),
        ("Petunjuk untuk asesi", "Petunjuk rekan", "Petunjuk saya"),
    ]
    assert conflict.who.startswith("Orang")
    assert form_data(response)["help_text"] == "Petunjuk saya"

    assert desk.post(address, form_data(response)).status_code == 302  # "Simpan isian saya"
    assert DocumentType.objects.get(pk=kind.pk).help_text == "Petunjuk saya"


def test_in_long_texts_the_words_that_differ_are_marked(desk, as_role, kind):
    text = "Surat ini menyatakan bahwa relawan {} di lapangan selama masa tanggap darurat bencana."
    address = change("documenttype", kind.pk)
    mine = form_data(desk.get(address)) | {"help_text": text.format("bekerja")}
    save(as_role("administrator"), kind, help_text=text.format("<bertugas>"))
    html = desk.post(address, mine).content.decode()
    assert "relawan <del>&lt;bertugas&gt;</del> di lapangan" in html
    assert "relawan <ins>bekerja</ins> di lapangan" in html


def test_quicker_once_more_is_told_once_more(desk, as_role, kind):
    address = change("documenttype", kind.pk)
    mine = form_data(desk.get(address)) | {"help_text": "Saya"}
    other = as_role("administrator")
    save(other, kind, help_text="Rekan 1")
    again = form_data(desk.post(address, mine))
    save(other, kind, help_text="Rekan 2")
    assert desk.post(address, again).context["conflict"].fields[0].stored == "Rekan 2"
    assert DocumentType.objects.get(pk=kind.pk).help_text == "Rekan 2"


def test_nobody_is_told_of_a_conflict_where_there_is_none(desk, kind):
    assert save(desk, kind, help_text="Satu").status_code == 302
    assert save(desk, kind, help_text="Dua").status_code == 302


def test_lines_that_changed_were_added_or_deleted_by_a_colleague(desk):
    unit = make_unit(elements=2, criteria=2)
    first, second = unit.elements.order_by("number")
    address = change("competencyunit", unit.pk)
    mine = form_data(desk.get(address))
    one = first.criteria.first()
    PerformanceCriterion.objects.filter(pk=one.pk).update(text="Teks rekan")
    PerformanceCriterion.objects.create(element=first, position=3, number="1.3", text="Tambahan rekan")
    second_pk = second.pk
    Element.objects.filter(pk=second.pk).delete()

    typed = {"elements-0-criteria-0-text": "Teks saya", "elements-1-criteria-0-text": "Kriteria saya"}
    response = desk.post(address, mine | typed)

    read = text_of(response)
    assert "Teks rekan" in read
    assert "Teks saya" in read
    assert "Kriteria saya" in read
    assert "Tambahan rekan" in read
    assert PerformanceCriterion.objects.get(pk=one.pk).text == "Teks rekan"

    saved = desk.post(address, form_data(response))
    assert saved.status_code == 302, saved.context["errors"]
    lines = list(first.criteria.order_by("position").values_list("position", "text"))
    assert lines == [(1, "Teks saya"), (2, "Kriteria 2"), (3, "Tambahan rekan")]
    again = Element.objects.get(unit=unit, number=2)  # what was typed in it is not lost
    assert again.pk != second_pk
    assert list(again.criteria.order_by("position").values_list("text", flat=True)) == ["Kriteria saya", "Kriteria 2"]


def test_what_was_typed_in_a_text_that_was_published_meanwhile_is_shown(desk, clerk):
    draft = ConsentText.objects.create(version=9, title="Draf", body="Isi")
    address = change("consenttext", draft.pk)
    mine = form_data(desk.get(address))
    publish_consent_text(text=draft, by=clerk)

    response = desk.post(address, mine | {"title": "Judul saya", "body": "Isi saya"})

    read = text_of(response)
    assert response.status_code == 409
    assert "Rekan menerbitkan atau menutup data ini" in read
    assert "Judul saya" in read
    assert "Isi saya" in read
    assert ConsentText.objects.get(pk=draft.pk).title == "Draf"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_press_save_at_the_same_moment_one_is_told(sign_in, kind):
    address = change("documenttype", kind.pk)
    desks = [sign_in(make_user(role="sekretariat")) for _person in range(2)]
    drawn = [form_data(client.get(address)) for client in desks]

    answers = at_once(
        *(
            lambda client=client, data=data, text=text: client.post(address, data | {"help_text": text})
            for client, data, text in zip(desks, drawn, ("Satu", "Dua"), strict=True)
        )
    )

    assert sorted(answer.status_code for answer in answers) == [200, 302]
    told = next(answer for answer in answers if answer.status_code == 200)
    stored = DocumentType.objects.get(pk=kind.pk).help_text
    assert [one.stored for one in told.context["conflict"].fields] == [stored]


def test_a_record_deleted_meanwhile_shows_what_was_typed(desk, as_role):
    kind = DocumentType.objects.create(code="surat-sehat", title="Surat sehat")
    address = change("documenttype", kind.pk)
    mine = form_data(desk.get(address)) | {"title": "Surat sehat jasmani"}
    as_role("administrator").post(page("documenttype", "delete", kind.pk), {"post": "yes"})
    response = desk.post(address, mine)
    assert response.status_code == 409
    assert "Surat sehat jasmani" in text_of(response)
    assert "dihapus sementara Anda menyunting" in text_of(response)


def test_lines_typed_in_a_record_deleted_meanwhile_are_shown_by_their_names(desk, as_role):
    unit = make_unit(elements=1, criteria=1)
    address = change("competencyunit", unit.pk)
    mine = form_data(desk.get(address)) | {"elements-0-criteria-0-text": "Kriteria yang saya ketik"}
    as_role("administrator").post(page("competencyunit", "delete", unit.pk), {"post": "yes"})
    read = text_of(desk.post(address, mine))
    assert "Kriteria unjuk kerja 1: kriteria unjuk kerja Kriteria yang saya ketik" in read
    assert "Buka Data terhapus" in read


def test_candidate_who_saved_meanwhile_is_noticed_too(desk):
    profile = make_candidate()
    address = change("candidateprofile", profile.pk)
    mine = form_data(desk.get(address)) | {"institution": "BPBD saya"}
    profile.institution, profile.version = "BPBD asesi", profile.version + 1
    profile.save()
    response = desk.post(address, mine)
    assert [(one.stored, one.typed) for one in response.context["conflict"].fields] == [("BPBD asesi", "BPBD saya")]
    assert desk.post(address, form_data(response)).status_code == 302
    profile.refresh_from_db()
    assert profile.institution == "BPBD saya"


def test_the_fingerprint_tells_nothing_of_a_nik(desk):
    profile = make_candidate()
    drawn = desk.get(change("candidateprofile", profile.pk)).context["drawn"]
    assert profile.nik not in drawn
    assert len(drawn) == 64


def test_logging_in_is_no_change_of_an_account(as_role, sign_in):
    user = make_user(role="asesor")
    administrator = as_role("administrator")
    address = change("user", user.pk)
    mine = form_data(administrator.get(address)) | {"full_name": "Nama Baru"}
    sign_in(user)
    assert administrator.post(address, mine).status_code == 302


def test_every_line_of_every_form_is_watched():
    """A new inline must be a followed line of its model, or a colleague's change of it goes unnoticed."""
    unwatched = []
    for model, model_admin in admin.site._registry.items():
        watched = {line for line, _key in levels_of(model)}

        def inlines(owner):
            for inline in owner.inlines or ():
                yield inline
                yield from inlines(inline) if hasattr(inline, "inlines") else ()

        unwatched += [inline for inline in inlines(model_admin) if inline.model not in watched]
        assert isinstance(model_admin, RoomAdmin), model
    assert unwatched == []


def test_reordering_posted_lines_keeps_every_word(rf):
    unit = make_unit(elements=3, criteria=1)
    record = stored_record(CompetencyUnit, unit.pk)
    first, second, third = unit.elements.order_by("number")
    record.lines = [row for row in record.lines if row.pk != str(second.pk) or row.model is not Element]
    data = {"elements-TOTAL_FORMS": "4", "elements-INITIAL_FORMS": "3"}
    for place, (element, title) in enumerate([(first, "satu"), (second, "dua"), (third, "tiga"), (None, "baru")]):
        data |= {f"elements-{place}-title": title, f"elements-{place}-id": str(element.pk) if element else ""}
    posted = rf.post("/", data).POST
    kept = with_vanished_lines_as_new(posted, record)
    assert [kept[f"elements-{place}-title"] for place in range(4)] == ["satu", "tiga", "dua", "baru"]
    assert [kept[f"elements-{place}-id"] for place in range(4)] == [str(first.pk), str(third.pk), "", ""]
    assert kept["elements-INITIAL_FORMS"] == "2"
