"""Invented people and cases, made by the product's own services."""

import io
from datetime import timedelta

from django.utils import timezone
from PIL import Image, ImageDraw, ImageFont
from reportlab.pdfgen.canvas import Canvas

from core.accounts.models import CandidateProfile, User
from core.accounts.services import assign_role, save_profile
from core.applications import services
from core.applications.models import Application
from core.codelists.models import CodeListEntry, Region
from core.documents.models import Document, DocumentType
from core.documents.services import store_upload
from core.schemes.models import SchemeVersion
from core.schemes.queries import units_in_order

PASSWORD = "contoh-lsp-bnpb"  # noqa: S105 - the published password of the demo


def make_user(email: str, full_name: str, role: str) -> User:
    user = User.objects.create_user(email=email, password=PASSWORD, full_name=full_name, email_confirmed_at=timezone.now())
    assign_role(user=user, role=role, by=user)
    return User.objects.get(pk=user.pk)


def make_candidate(number: int = 1, full_name: str = "Sari Wulandari") -> User:
    """A candidate with a filled-in profile; `number` keeps e-mail and NIK apart."""
    user = make_user(f"asesi{number}@contoh.id", full_name, "asesi")
    profile = CandidateProfile.objects.create(user=user)
    save_profile(profile=profile, version=None, by=user, values={
        "nik": f"317405{41 + number % 28:02d}0390{number:04d}", "birth_place": "Jakarta", "nationality": "Indonesia",
        "education": CodeListEntry.objects.get(code_list__code="pendidikan", title="S1"),
        "home_address": "Jalan Pramuka Nomor 38, RT 004/RW 007", "home_region": Region.objects.get(code="3174"),
        "home_postal_code": "13120", "phone_mobile": "+6281234567890",
        "occupation": CodeListEntry.objects.filter(code_list__code="pekerjaan").order_by("pk").first(),
        "institution": "BPBD Provinsi DKI Jakarta", "job_title": "Analis kebencanaan",
    })
    return User.objects.get(pk=user.pk)


def picture(text: str, size: tuple[int, int] = (900, 600)) -> io.BytesIO:
    image = Image.new("RGB", size, "#dfe9f5")
    drawing = ImageDraw.Draw(image)
    drawing.rectangle([20, 20, size[0] - 20, size[1] - 20], outline="#2d5f9a", width=6)
    drawing.text((60, 60), text, fill="#123", font=ImageFont.load_default(48))
    stream = io.BytesIO()
    image.save(stream, "JPEG")
    stream.seek(0)
    return stream


def pdf(text: str) -> io.BytesIO:
    stream = io.BytesIO()
    canvas = Canvas(stream, invariant=1)
    for page in (1, 2):
        canvas.setFont("Helvetica", 28)
        canvas.drawString(80, 700, text)
        canvas.drawString(80, 640, f"Halaman {page}")
        canvas.showPage()
    canvas.save()
    stream.seek(0)
    return stream


def upload(owner: User, kind: str, *, as_pdf: bool = False, text: str = "") -> Document:
    text = text or f"{kind} {owner.full_name}"
    return store_upload(
        stream=pdf(text) if as_pdf else picture(text), file_name=f"{kind}-{owner.pk}.{'pdf' if as_pdf else 'jpg'}",
        document_type=DocumentType.objects.get(code=kind), owner=owner, by=owner,
    )


def fill_in(case: Application, *, not_yet: int = 0) -> None:
    """Evidence for every requirement and an answer to every element, the first `not_yet` of them BK."""
    owner = case.candidate.user
    version = case.scheme_version
    services.save_purpose(
        application=case, purpose=version.purposes.get(code="sertifikasi"), explanation="", version=None, by=owner
    )
    proof = None
    for requirement in version.requirements.all():
        kind = requirement.document_type.code
        proof = upload(owner, kind, as_pdf=kind in {"cv", "surat-tugas", "ijazah"})
        services.attach_evidence(application=case, requirement=requirement, documents=[proof], by=owner)
    for unit in units_in_order(version):
        answers = {}
        for element in unit.elements.all():
            answers[element.pk] = ("BK", []) if not_yet > 0 else ("K", [proof])
            not_yet -= 1
        services.save_unit_answers(application=case, unit=unit, answers=answers, version=None, by=owner)


def submitted_case(owner: User, scheme: str = "kerja-relawan", *, days_ago: int = 0, not_yet: int = 0) -> Application:
    version = SchemeVersion.objects.get(scheme__code=scheme, status="terbit")
    case = services.open_draft(scheme_version=version, by=owner)
    fill_in(case, not_yet=not_yet)
    case.refresh_from_db()
    services.submit_application(application=case, by=owner)
    Application.objects.filter(pk=case.pk).update(submitted_at=timezone.now() - timedelta(days=days_ago))
    return Application.objects.get(pk=case.pk)


def judge(case: Application, by: User, verdict: str = "memenuhi", note: str = "") -> None:
    for requirement in case.scheme_version.requirements.all():
        services.check_requirement(application=case, requirement=requirement, verdict=verdict, note=note, by=by)
