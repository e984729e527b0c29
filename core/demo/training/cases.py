"""Walk the cases of the training as far as their stories say, by the real services; only days are moved afterwards."""

import io
import random
from collections.abc import Iterable
from datetime import timedelta
from functools import cache

from django.utils import timezone

from core.accounts.models import AssessorProfile, CandidateProfile, Consent, User
from core.accounts.queries import current_consent_text
from core.accounts.services import save_profile
from core.applications.models import Application
from core.applications.queries import latest_submission
from core.applications.services import (
    accept_application,
    attach_evidence,
    check_requirement,
    open_draft,
    save_purpose,
    save_unit_answers,
    submit_application,
    take_application,
)
from core.assessments.services import assign_assessor, continue_application, save_reviews
from core.assessments.vatm import elements_of, review_rows
from core.codelists.models import CodeListEntry, Region
from core.demo.cases import make_nik, paper
from core.demo.training.people import address_of, make_user, name_of
from core.demo.training.stories import OTHER_PERSON, WRONG_PAPER, Stage, Story
from core.documents.models import DocumentType
from core.documents.services import store_upload
from core.schemes.models import SchemeVersion
from core.schemes.queries import units_in_order

#: One unit only, so that a participant judges it within minutes.
SCHEME = "pelayanan-pertolongan-pertama"
#: What stands on a paper that is not what it should be.
WRONG_TITLE, WRONG_NAME = "Kartu anggota perpustakaan", "Orang Lain"
REGION = "3508"
#: Days that the cases have waited, by how far they are.
WAITED = 2


def make_case(
    story: Story, number: int, *, version: SchemeVersion, clerk: User, assessor: AssessorProfile
) -> Application:
    """As far as PREASSESSED; what needs a session, a meeting or a certificate is done for all together."""
    case = _send(story, number, version)
    if story.stage >= Stage.TAKEN:
        take_application(application=case, by=clerk)
    if story.stage >= Stage.ACCEPTED:
        for requirement in version.requirements.all():
            verdict = "memenuhi" if requirement.is_required else "tidak_ada"
            check_requirement(application=case, requirement=requirement, verdict=verdict, note="", by=clerk)
        accept_application(application=case, note="", by=clerk)
    if story.stage >= Stage.ASSIGNED:
        assign_assessor(application=case, assessor=assessor, by=clerk)
    if story.stage >= Stage.PREASSESSED:
        rows = elements_of(review_rows(latest_submission(case), None))
        reviews = {row.pk: ([], "") for row in rows if row.evidence}
        save_reviews(application=case, reviews=reviews, by=assessor.user)
        continue_application(application=case, by=assessor.user)
    case.refresh_from_db()
    return case


def _send(story: Story, number: int, version: SchemeVersion) -> Application:
    user = make_user(
        address_of(f"{story.first.lower()}{number:02d}"), name_of(story.first, story.letter, number), "asesi"
    )
    profile = CandidateProfile.objects.create(user=user)
    Consent.objects.create(user=user, text=current_consent_text())
    values = _personal_data(_serial(story, number))
    save_profile(profile=profile, by=user, version=None, values=values)
    case = open_draft(scheme_version=version, by=user)
    save_purpose(
        application=case, purpose=version.purposes.get(code="sertifikasi"), explanation="", version=None, by=user
    )
    for requirement in version.requirements.filter(is_required=True).select_related("document_type"):
        kind = requirement.document_type
        document = _store(kind, _title_on(story, kind), _whose(story), user)
        attach_evidence(application=case, requirement=requirement, documents=[document], by=user)
    holder = WRONG_NAME if story.flaw == OTHER_PERSON else _whose(story)
    work = _store(DocumentType.objects.get(code="bukti-kerja"), "Laporan kegiatan", holder, user)
    for unit in units_in_order(version):
        answers = {element.pk: ("K", [work]) for element in unit.elements.all()}
        save_unit_answers(application=case, unit=unit, version=None, by=user, answers=answers)
    submit_application(application=case, by=user)
    case.refresh_from_db()
    case.submitted_at = timezone.now() - timedelta(days=WAITED)
    case.registered_on = timezone.localdate(case.submitted_at)
    case.save(update_fields=["submitted_at", "registered_on", "updated_at"])
    return case


def _personal_data(serial: int) -> dict:
    luck = random.Random(serial)  # noqa: S311 - invented data, repeatable on purpose
    return {
        "nik": make_nik(luck, REGION, serial),
        "birth_place": "Lumajang",
        "education": CodeListEntry.objects.filter(code_list__code="pendidikan")[4],
        "home_address": f"Jalan Latihan {serial}",
        "home_region": Region.objects.get(code=REGION),
        "home_postal_code": "67311",
        "phone_mobile": f"+6281290{serial:06d}",
        "occupation": CodeListEntry.objects.filter(code_list__code="pekerjaan", title__icontains="swasta").first(),
        "institution": "BPBD Contoh",
        "job_title": "Relawan",
    }


def _title_on(story: Story, kind: DocumentType) -> str:
    return WRONG_TITLE if story.flaw == WRONG_PAPER and kind.code == "ktp" else kind.title


def _whose(story: Story) -> str:
    """All participants look at the same papers, so that each is drawn and stored once."""
    return f"{story.first} Latihan"


def _store(kind: DocumentType, title: str, name: str, owner: User):
    return store_upload(
        stream=io.BytesIO(_picture(title, name)),
        file_name=f"{kind.code}.jpg",
        document_type=kind,
        owner=owner,
        by=owner,
        title=kind.title,
    )


@cache
def _picture(title: str, name: str) -> bytes:
    return paper(title, name).getvalue()


def _serial(story: Story, number: int) -> int:
    """No two people of the training share the end of their NIK."""
    return number * 26 + ord(story.first[0]) - ord("A")


def of(cases: dict[tuple[str, int], Application], firsts: Iterable[str]) -> list[Application]:
    """The cases of these first names, of all participants, in order."""
    wanted = set(firsts)
    return [case for (first, _number), case in cases.items() if first in wanted]
