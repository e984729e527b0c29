"""Small definitions of papers that have every kind of line and every repeat, and papers laid into cases."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from django.utils import timezone

from core.accounts.models import User
from core.assessments.models import FilledForm, FormDefinition, FormLine, FormVersion
from core.assessments.papers.layout import Question, layout
from core.assessments.papers.queries import with_all
from core.assessments.services.papers import lay_in_paper, lay_in_papers, lay_in_session_papers, save_answers, sign_form
from core.documents.models import DocumentType
from tests.factories.corridor import Case, make_case

_numbers = count(1)

#: (kind, label, more fields); keys are counted unless given.
EVERY_LINE = (
    ("petunjuk", "Petunjuk sebelum bagian pertama", {}),
    ("bagian", "Umum", {"help_text": "Diisi sekali"}),
    ("petunjuk", "Bacalah dahulu", {}),
    ("teks", "Nama peralatan", {"key": "alat"}),
    ("teks-panjang", "Uraian pengamatan", {"key": "uraian", "is_required": False}),
    ("ya-tidak", "Peralatan tersedia", {"key": "tersedia"}),
    ("ya-tidak", "Peralatan aman", {"key": "aman"}),
    ("k-bk", "Kesan umum", {"key": "kesan"}),
    ("pilihan", "Tempat", {"key": "tempat", "options": "Lapangan\nRuang kelas"}),
    ("centang", "Bukti", {"key": "bukti", "options": "Observasi\nLisan\nTertulis"}),
    ("skala", "Kelancaran", {"key": "lancar", "options": "1\n2\n3"}),
    ("tanggal", "Tanggal pengamatan", {"key": "hari"}),
    ("bagian", "Per unit", {"repeat": "unit"}),
    ("petunjuk", "Nilai setiap unit", {}),
    ("k-bk", "Hasil", {"key": "hasil"}),
    (
        "centang",
        "Metode",
        {"key": "metode", "options": "Observasi demonstrasi\nPertanyaan lisan", "is_required": False},
    ),
    ("bagian", "Per elemen", {"repeat": "elemen"}),
    ("teks", "Acuan", {"key": "acuan", "is_required": False}),
    ("bagian", "Per KUK", {"repeat": "kuk"}),
    ("ya-tidak", "Tampak dilakukan", {"key": "tampak"}),
    ("teks", "Penilaian lanjut", {"key": "lanjut", "is_required": False}),
)
CHECKLIST = (
    ("bagian", "Pengamatan", {"repeat": "kuk"}),
    ("ya-tidak", "Pencapaian", {"key": "tampak"}),
    ("teks", "Penilaian lanjut", {"key": "lanjut", "is_required": False}),
)
AGREEMENT = (
    ("bagian", "Persetujuan", {}),
    ("petunjuk", "Bukti dipakai hanya untuk asesmen ini.", {}),
    ("centang", "Bukti yang dikumpulkan", {"key": "bukti", "options": "Observasi\nPortofolio", "filled_by": "asesor"}),
)
FEEDBACK = (
    ("bagian", "Umpan balik", {}),
    ("ya-tidak", "Saya mendapat penjelasan yang cukup", {"key": "penjelasan"}),
    ("teks-panjang", "Catatan lain", {"key": "catatan-asesi", "is_required": False}),
)
#: As FR.AK.03 has it: a row of its own for each question, with room for a comment.
RATED = (
    ("bagian", "Umpan balik", {}),
    ("ya-tidak", "Penjelasan cukup", {"key": "penjelasan", "asks_comment": True}),
    ("ya-tidak", "Asesor menggali bukti", {"key": "bukti", "asks_comment": True}),
    ("ya-tidak", "Bersedia dihubungi", {"key": "bersedia"}),
)
REPORT = (
    ("bagian", "Laporan", {}),
    ("teks", "Jumlah kompeten", {"key": "jumlah-kompeten"}),
    ("teks-panjang", "Aspek positif", {"key": "aspek"}),
)


@dataclass(frozen=True)
class Needed:
    definition: FormDefinition
    is_required: bool = True


def make_form_definition(
    *lines: tuple, filled_by: str = "asesor", stage: str = "selama", kind: str = "fr-ia-01", **fields
) -> FormDefinition:
    """A form whose first version is published; of every kind of line unless told otherwise."""
    number = next(_numbers)
    values = {"code": f"fr-uji-{number}", "title": f"FR.UJI.{number:02d} Formulir uji", "position": number}
    definition = FormDefinition.objects.create(
        **values | fields, stage=stage, filled_by=filled_by, document_type=DocumentType.objects.get(code=kind)
    )
    version = FormVersion.objects.create(
        definition=definition, number=1, status="terbit", published_at=timezone.now() - timedelta(days=1)
    )
    FormLine.objects.bulk_create(
        FormLine(version=version, position=n, kind=kind, label=label, **{"key": f"baris-{n}"} | more)
        for n, (kind, label, more) in enumerate(lines or EVERY_LINE, start=1)
    )
    return definition


def lay_in(case: Case, *definitions: FormDefinition) -> list[FilledForm]:
    lay_in_papers(application=case.application, needed=[Needed(d) for d in definitions], by=case.clerk)
    papers = with_all(FilledForm.objects.filter(application=case.application, definition__in=definitions))
    return list(papers.order_by("definition__position"))


def make_paper(*lines: tuple, status: str = "scheduled", case: Case | None = None, **definition) -> FilledForm:
    """A paper of a case that waits to be filled in; the assessor who has the case fills it in unless told otherwise."""
    case = case or make_case(status)
    made = make_form_definition(*lines, **definition)
    lay_in_paper(application=case.application, definition=made, by=case.clerk)
    return fresh(FilledForm.objects.get(application=case.application, definition=made))


def make_report(case: Case, *lines: tuple) -> FilledForm:
    """The report of a case's assessor about its session."""
    made = make_form_definition(*(lines or REPORT), subject="jadwal", stage="sesudah", kind="fr-ak-05")
    papers = lay_in_session_papers(session=case.session, needed=[Needed(made)], by=case.clerk)
    return fresh(next(paper for paper in papers if paper.assessor_id == case.assessor.pk))


def fresh(paper: FilledForm) -> FilledForm:
    return with_all(FilledForm.objects.filter(pk=paper.pk)).get()


def assessor_of(paper: FilledForm) -> User:
    return paper.application.assignments.get(in_force=True).assessor.user


def some_answer(question: Question) -> str | list[str]:
    """An answer that fits."""
    line = question.line
    return {
        "teks": f"Isi {question.name}",
        "teks-panjang": f"Panjang {question.name}",
        "ya-tidak": "ya",
        "k-bk": "K",
        "pilihan": (line.choices or [""])[0],
        "centang": line.choices[:1],
        "skala": (line.choices or [""])[-1],
        "tanggal": "2026-03-31",
    }[line.kind]


def all_answers(paper: FilledForm, party: str = "asesor") -> dict[str, str | list[str]]:
    return {question.name: some_answer(question) for question in layout(fresh(paper)).questions(party)}


def fill_in_paper(paper: FilledForm, *, by: User | None = None, party: str = "asesor") -> FilledForm:
    by = by or assessor_of(paper)
    save_answers(form=paper, answers=all_answers(paper, party), edit=fresh(paper).edit, by=by)
    return fresh(paper)


def make_agreement(case: Case) -> FilledForm:
    """FR.AK.01 with both signatures."""
    paper = make_signed_paper(*AGREEMENT, case=case, kind="fr-ak-01", filled_by="keduanya")
    sign_form(form=paper, by=case.application.candidate.user)
    return fresh(paper)


def make_signed_paper(*lines: tuple, case: Case | None = None, **definition) -> FilledForm:
    paper = fill_in_paper(make_paper(*lines, case=case, **definition))
    sign_form(form=paper, by=assessor_of(paper))
    return fresh(paper)
