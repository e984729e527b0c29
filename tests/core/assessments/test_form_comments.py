"""A question that is answered with a tick may ask for a few words about it, as each row of BNSP's FR.AK.03 does."""

import json

import pytest

from core.assessments.enums import FilledFormStatus
from core.assessments.form_differences import form_differences
from core.assessments.models import FilledForm, FormDefinition, FormLine, FormVersion
from core.assessments.papers.answers import MAX_LINE, AnswersRefused
from core.assessments.papers.content import content_of, in_words
from core.assessments.papers.layout import layout
from core.assessments.papers.printing import paper_context, render_paper, stored_paper
from core.assessments.papers.sample import sample_paper
from core.assessments.services import definitions
from core.assessments.services.definitions import line_state
from core.assessments.services.papers import lay_in_paper, save_answers, sign_form
from core.reference import load_reference
from tests.core.assessments.test_paper_printing import plain, text_of
from tests.core.helpers import refused
from tests.factories.accounts import make_user
from tests.factories.corridor import make_case
from tests.factories.form_definitions import LINE, make_form
from tests.factories.forms import RATED, fresh, make_paper

pytestmark = pytest.mark.django_db

ANSWERS = {"penjelasan": "tidak", "penjelasan:catatan": "Terlalu singkat", "bukti": "ya", "bersedia": "ya"}


@pytest.fixture
def feedback():
    return make_paper(*RATED, filled_by="asesi", stage="sesudah", kind="fr-ak-03")


def candidate_of(paper):
    return paper.application.candidate.user


def save(paper, answers=ANSWERS):
    return save_answers(form=paper, answers=answers, edit=fresh(paper).edit, by=candidate_of(paper))


def rows_of(paper, *, by_hand: bool = False) -> list[dict]:
    [section] = paper_context(content_of(paper), paper.definition, by_hand=by_hand)["sections"]
    [table] = section["blocks"]
    return [{"label": row["label"], "comment": row["comment"]} for row in table["rows"]]


# --- filling in ---------------------------------------------------------------------------------------


def test_a_comment_is_asked_right_after_its_question_and_is_never_needed(feedback):
    questions = list(layout(feedback).questions())

    assert [question.name for question in questions] == [
        "penjelasan", "penjelasan:catatan", "bukti", "bukti:catatan", "bersedia",
    ]  # fmt: skip
    assert [q.line.label for q in layout(feedback).missing()] == [
        "Penjelasan cukup", "Asesor menggali bukti", "Bersedia dihubungi",
    ]  # fmt: skip
    assert questions[1].title == "Catatan atas “Penjelasan cukup”"


def test_comments_are_kept_beside_the_answers_and_taken_into_a_correction(feedback):
    save(feedback)

    assert json.loads(fresh(feedback).answers) == ANSWERS
    assert {q.name: q.value for q in layout(fresh(feedback)).questions()} == {**ANSWERS, "bukti:catatan": ""}


def test_a_comment_that_is_too_long_is_refused_beside_it_and_nothing_is_kept(feedback):
    with pytest.raises(AnswersRefused) as refusal:
        save(feedback, ANSWERS | {"bukti:catatan": "a" * (MAX_LINE + 1)})

    assert list(refusal.value.errors) == ["bukti:catatan"]
    assert not fresh(feedback).answers


def test_a_question_without_room_for_a_comment_takes_none(feedback):
    with refused("paper.unknown_answer"):
        save(feedback, {"bersedia:catatan": "Ya, kapan saja"})


def test_in_a_section_that_repeats_each_unit_has_its_comment():
    lines = (("bagian", "Per unit", {"repeat": "unit"}), ("k-bk", "Hasil", {"key": "hasil", "asks_comment": True}))
    paper = make_paper(*lines)
    first, second, *_rest = [q.instance for q in layout(paper).questions() if q.is_comment]
    by = paper.application.assignments.get().assessor.user

    save_answers(form=paper, answers={f"hasil.{first}": "BK", f"hasil:catatan.{first}": "Diulang"}, edit=0, by=by)

    values = {q.name: q.value for q in layout(fresh(paper)).questions()}
    assert (values[f"hasil:catatan.{first}"], values[f"hasil:catatan.{second}"]) == ("Diulang", "")
    printed = text_of(render_paper(fresh(paper)).content)
    assert "Catatan/komentar" in printed
    assert "Diulang" in printed


# --- reading and printing -----------------------------------------------------------------------------


def test_before_signing_a_comment_stands_below_its_answer_and_none_is_not_mentioned(feedback):
    save(feedback)

    [section] = in_words(content_of(fresh(feedback)))

    assert section["groups"][0]["rows"] == [
        {"key": "Penjelasan cukup", "value": "Tidak\nCatatan/komentar: Terlalu singkat"},
        {"key": "Asesor menggali bukti", "value": "Ya"},
        {"key": "Bersedia dihubungi", "value": "Ya"},
    ]


def test_on_paper_comments_are_a_column_of_the_one_table(feedback):
    save(feedback)

    assert rows_of(fresh(feedback)) == [
        {"label": "Penjelasan cukup", "comment": "Terlalu singkat"},
        {"label": "Asesor menggali bukti", "comment": ""},
        {"label": "Bersedia dihubungi", "comment": ""},
    ]
    printed = text_of(render_paper(fresh(feedback)).content)
    assert "Catatan/komentar" in printed
    assert "Terlalu singkat" in printed
    assert "Terlalu singkat" not in text_of(render_paper(fresh(feedback), empty=True).content)


def test_a_question_alone_has_its_comment_in_the_row_below():
    lines = (("bagian", "Penutup", {}), ("skala", "Kesan", {"key": "kesan", "options": "1\n2", "asks_comment": True}))
    paper = make_paper(*lines, filled_by="asesi", stage="sesudah")
    save(paper, {"kesan": "2", "kesan:catatan": "Ramah"})

    [section] = paper_context(content_of(fresh(paper)), paper.definition, by_hand=False)["sections"]

    assert [row["label"] for row in section["blocks"][0]["rows"]] == ["Kesan", "Catatan/komentar"]
    assert section["blocks"][0]["rows"][1]["text"] == "Ramah"


def test_readers_from_outside_see_comments_without_numbers_that_point_at_a_person(feedback):
    save(feedback, ANSWERS | {"penjelasan:catatan": "Hubungi 081234567890 pukul 10"})

    printed = text_of(render_paper(fresh(feedback), masked=True).content)

    assert "081234567890" not in printed
    assert "pukul 10" in printed


# --- definitions --------------------------------------------------------------------------------------


def test_only_a_line_that_is_ticked_once_asks_for_a_comment():
    clerk, draft = make_user(role="sekretariat"), make_form(published=False)

    asking = {
        kind: definitions.add_line(
            version=draft,
            values=LINE | {"kind": kind, "label": kind, "options": "A\nB", "asks_comment": True},
            by=clerk,
        ).asks_comment
        for kind in ("ya-tidak", "k-bk", "pilihan", "skala", "centang", "teks", "tanggal", "petunjuk", "bagian")
    }

    assert [kind for kind, asks in asking.items() if asks] == ["ya-tidak", "k-bk", "pilihan", "skala"]


def test_the_comparison_of_versions_tells_where_a_comment_came():
    clerk, first = make_user(role="sekretariat"), make_form()
    FormLine.objects.filter(version=first, key="isian-1").update(kind="ya-tidak")
    draft = definitions.draft_next_version(version=first, by=clerk)
    line = draft.lines.get(key="isian-1")
    values = {name: getattr(line, name) for name in LINE} | {"asks_comment": True}
    definitions.change_line(line=line, seen=line_state(line), values=values, by=clerk)

    assert [row.detail for row in form_differences(first, draft)] == ["catatan di sebelahnya: – → diminta"]


def test_the_blank_sample_shows_the_column():
    printed = plain(
        text_of(sample_paper(FormVersion.objects.get(definition__code="fr-ak-03", status="terbit")).content)
    )

    assert printed.count("Catatan/komentar") == 2  # the column, and the line for everything else


# --- the FR.AK.03 that ships --------------------------------------------------------------------------


@pytest.fixture
def installed():
    """An installation of before: FR.AK.03 in its first version, with one field for all comments."""
    form = FormDefinition.objects.get(code="fr-ak-03")
    form.versions.update(number=1)
    version = form.versions.get()
    version.lines.update(asks_comment=False)
    FormLine.objects.create(
        version=version, position=99, key="komentar-komponen", kind="teks-panjang", label="Catatan di atas",
        is_required=False,
    )  # fmt: skip
    return version


def test_the_feedback_that_ships_asks_for_a_comment_in_every_row():
    version = FormVersion.objects.get(definition__code="fr-ak-03", status="terbit")

    assert version.number == 2
    assert list(version.lines.filter(kind="ya-tidak").values_list("asks_comment", flat=True)) == [True] * 10


def test_the_new_version_replaces_the_shipped_one_once_and_filled_in_papers_stay_as_they_are(installed):
    case = make_case("assessed")
    lay_in_paper(application=case.application, definition=installed.definition, by=case.clerk)
    paper = fresh(FilledForm.objects.get(definition=installed.definition))
    answers = {q.name: "ya" if q.line.kind == "ya-tidak" else "Sudah baik" for q in layout(paper).questions()}
    paper = save_answers(form=paper, answers=answers, edit=0, by=candidate_of(paper))
    paper = sign_form(form=paper, by=candidate_of(paper))
    before, printed = (paper.content, paper.sha256), render_paper(fresh(paper)).content

    load_reference()
    load_reference()

    versions = FormVersion.objects.filter(definition=installed.definition).order_by("number")
    assert list(versions.values_list("number", "status")) == [(1, "ditutup"), (2, "terbit")]
    paper = fresh(paper)
    assert (paper.version, paper.status) == (installed, FilledFormStatus.SIGNED)
    assert (paper.content, paper.sha256) == before
    assert render_paper(paper).content == printed
    assert "Catatan di atas" in text_of(printed)
    with stored_paper(paper).file.open("rb") as file:
        assert file.read() == printed


@pytest.mark.parametrize("how", ["confirmed", "next_version"])
def test_a_form_that_the_lsp_made_its_own_is_not_replaced(installed, how):
    if how == "confirmed":
        FormVersion.objects.filter(pk=installed.pk).update(is_confirmed=True)
    else:
        definitions.draft_next_version(version=installed, by=make_user(role="sekretariat"))

    load_reference()

    assert FormVersion.objects.get(definition=installed.definition, status="terbit") == installed
    assert not FormLine.objects.filter(version__definition=installed.definition, asks_comment=True).exists()
