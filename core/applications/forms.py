"""FR.APL-01 and FR.APL-02 as PDF: what they print, and where the finished file is kept."""

import logging
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.accounts.enums import Sex
from core.accounts.rules import can_see_identifiers
from core.applications.enums import FormCode, FormEdition, Verdict
from core.applications.filing import file_document, file_only_one_of_its_kind
from core.applications.models import FormDocument, Review, Submission
from core.applications.privacy import masked_review, masked_snapshot
from core.applications.privacy import notice as privacy_notice
from core.applications.queries import latest_submission
from core.content.queries import logo_data_uri
from core.documents.models import Document, DocumentType, Signature
from core.documents.rendering import RenderedPdf, render_pdf
from core.documents.services import store_rendered
from core.documents.signatures import signature_block, verify_address
from core.schemes.enums import RequirementSection, SchemeKind, StandardKind

logger = logging.getLogger(__name__)

TEMPLATES = {FormCode.APL_01: "core/documents/fr_apl_01.html", FormCode.APL_02: "core/documents/fr_apl_02.html"}


# --- what the forms print ---------------------------------------------------------------------------


def render_form(
    form: FormCode,
    *,
    snapshot: dict,
    signature: Signature,
    verify_url: str,
    review: Review | None = None,
    assessor_review: Mapping[str, Any] | None = None,
    notice: str = "",
    is_sample: bool = False,
) -> RenderedPdf:
    """The PDF of one form, made of nothing but the arguments: equal arguments, equal bytes.

    `assessor_review` is the foot of FR.APL-02: signature, registration_number, advice, note, judged
    and to_probe (numbers of elements). `notice` stands in the foot of every page, such as that the
    copy is masked; a sample says on every page that it is none.
    """
    sections = snapshot["sections"]
    context = {
        "form": FormCode(form).label,
        "notice": notice,
        "snapshot": snapshot,
        "lsp": snapshot["lsp"],
        "logo": logo_data_uri(snapshot["lsp"].get("logo", "")),  # forms sent before there was one have no such key
        "scheme": snapshot["scheme"],
        "scheme_kinds": [(kind.label, kind == snapshot["scheme"]["kind"]) for kind in SchemeKind],
        "name": sections["personal"]["full_name"],
        "signature": signature_block(signature, verify_url),
        "is_sample": is_sample,
    }
    if form == FormCode.APL_01:
        context |= _application_form(snapshot, review, verify_url.replace(signature.code, "%s"))
    else:
        context |= _self_assessment(snapshot)
        if assessor_review:
            last = assessor_review["signature"]
            context["assessor_review"] = dict(assessor_review) | {
                "signed": signature_block(last, verify_url.replace(signature.code, last.code))
            }
            signature = last
    made_at = review.signature.signed_at if review else signature.signed_at
    return render_pdf(TEMPLATES[FormCode(form)], context, made_at=timezone.localtime(made_at))


def _application_form(snapshot: dict, review: Review | None, verify_url: str) -> dict:
    sections = snapshot["sections"]
    personal, purpose = sections["personal"], sections["purpose"]
    birth = [personal["birth_place"], _long_date(personal["birth_date"])]
    verdicts = review.verdicts if review else {}
    rows = [
        _requirement_row(row, snapshot["evidence"], verdicts.get(str(row["id"]), {}))
        for row in sections["requirements"]
    ]
    return {
        "personal": personal
        | {"birth": ", ".join(part for part in birth if part), "sex": dict(Sex.choices).get(personal["sex"], "")},
        "address": sections["address"],
        "employment": sections["employment"],
        "purposes": [
            {
                "title": p["title"],
                "chosen": p["code"] == purpose["code"],
                "explanation": purpose["explanation"] if p["code"] == purpose["code"] else "",
            }
            for p in snapshot["purposes"]
        ],
        "units": [unit | {"standard_label": _standard(unit)} for unit in _units(sections)],
        "requirement_tables": [
            (section.label, [row for row in rows if row["section"] == section]) for section in RequirementSection
        ],
        "evidence": [
            {
                "key": key,
                "title": item["title"],
                "file_name": item["file_name"],
                "size": _size(item["size"]),
                "sha256": item["sha256"][:16],
            }
            for key, item in _by_number(snapshot["evidence"])
        ],
        "review": review,
        "review_signature": (signature_block(review.signature, verify_url % review.signature.code) if review else None),
    }


def _self_assessment(snapshot: dict) -> dict:
    def with_files(element: dict) -> dict:
        return element | {"files": _files(element["evidence"], snapshot["evidence"], "title")}

    return {
        "units": [
            unit | {"elements": [with_files(element) for element in unit["elements"]]}
            for unit in _units(snapshot["sections"])
        ]
    }


def _units(sections: Mapping[str, Any]) -> list[dict]:
    """In the order of the scheme; a section's key says nothing about its place."""
    return sorted((s for key, s in sections.items() if key.startswith("unit-")), key=lambda unit: unit["position"])


def _files(keys: list[str], evidence: dict, shown: str) -> list[tuple[str, str]]:
    return [(key, evidence[key][shown]) for key in keys if key in evidence]


def _requirement_row(row: dict, evidence: dict, found: dict) -> dict:
    verdict = found.get("verdict", "")
    return row | {
        "files": _files(row["evidence"], evidence, "file_name"),
        "note": found.get("note", ""),
        "is_checked": bool(verdict),
        "meets": verdict == Verdict.MEETS,
        "fails": verdict == Verdict.FAILS,
        "absent": verdict == Verdict.ABSENT,
    }


def _standard(unit: dict) -> str:
    """“SKKNI 401/2014”, without saying SKKNI twice."""
    label = str(dict(StandardKind.choices).get(unit["standard_kind"], ""))
    return unit["standard"] if unit["standard"].lower().startswith(label.lower()) else f"{label} {unit['standard']}"


def _by_number(evidence: dict) -> list[tuple[str, dict]]:
    return sorted(evidence.items(), key=lambda item: int(item[0][1:]))


def _long_date(iso: str) -> str:
    """In words; a masked copy knows the year only (see privacy.year_only)."""
    return date_format(date.fromisoformat(iso), "j F Y") if len(iso) > 4 else iso


def _size(size: int) -> str:
    """In KB below a megabyte, else in MB with one decimal, as files are spoken of."""
    if size < 1_000_000:
        return _("%(size)d KB") % {"size": max(1, round(size / 1000))}
    return _("%(size)s MB") % {"size": f"{size / 1_000_000:.1f}".replace(".", ",")}


# --- keeping them -------------------------------------------------------------------------------------


def edition_of(submission: Submission, form: FormCode, *, masked: bool = False) -> FormEdition:
    """FR.APL-01 is printed anew when the LSP has given its recommendation; FR.APL-02 stays as it was sent."""
    edition = FormEdition.SUBMITTED
    if form == FormCode.APL_01 and Review.objects.filter(submission=submission).exists():
        edition = FormEdition.REVIEWED
    return edition.masked if masked else edition


def form_for(*, submission: Submission, form: FormCode, viewer: Any) -> Document:
    """The PDF that this person may see: the paper itself, or its copy without personal identifiers."""
    masked = not can_see_identifiers(viewer, submission.application.candidate)
    return ensure_form(submission=submission, form=form, masked=masked)


def ensure_form(*, submission: Submission, form: FormCode, masked: bool = False) -> Document:
    """The stored PDF of a form, rendered now if this is the first time it is asked for.

    Two who ask at once both render, but only one row is kept; the other gets that one.
    """
    edition = edition_of(submission, form, masked=masked)
    key = {"submission": submission, "form": form, "edition": edition}
    if found := _stored(key) or _gone(submission, form):
        return found
    review = submission.review if edition in (FormEdition.REVIEWED, FormEdition.REVIEWED_MASKED) else None
    if review and masked:
        review = masked_review(review)
    rendered = render_form(
        form,
        snapshot=masked_snapshot(submission.snapshot) if masked else submission.snapshot,
        signature=submission.signature,
        verify_url=verify_address(submission.signature.code),
        review=review,
        notice=privacy_notice() if masked else "",
    )
    title = f"{FormCode(form).label} {submission.snapshot['number']}"
    if masked:
        title = _("%(title)s (disamarkan)") % {"title": title}
    try:
        with transaction.atomic():
            document = store_rendered(
                content=rendered.content,
                file_name=f"{title}.pdf",
                title=title,
                pages=rendered.pages,
                document_type=DocumentType.objects.get(code=FormCode(form).value),
                owner=submission.application.candidate.user,
            )
            FormDocument.objects.create(**key, document=document)
            if not masked:
                _file(submission, document)
    except IntegrityError:
        if found := _stored(key):
            return found
        raise
    return document


def _file(submission: Submission, document: Document) -> None:
    """The newest sending's forms are those in force; one that is printed late for an earlier sending lies behind."""
    application = submission.application
    if latest_submission(application) == submission:
        file_only_one_of_its_kind(application=application, document=document)
    else:
        file_document(application=application, document=document, is_current=False)


def _stored(key: dict) -> Document | None:
    row = FormDocument.objects.filter(**key).select_related("document").first()
    return row.document if row else None


def _gone(submission: Submission, form: FormCode) -> Document | None:
    """A form whose content was erased is not printed anew: whoever asks is led to an edition that was destroyed."""
    if submission.erased_at is None:
        return None
    row = FormDocument.objects.filter(submission=submission, form=form).select_related("document").first()
    return row.document if row else None


def pending_forms(limit: int | None = None) -> list[tuple[Submission, FormCode]]:
    """Which forms have no PDF yet, oldest submission first."""

    def has(form: FormCode, edition: FormEdition) -> Exists:
        return Exists(FormDocument.objects.filter(submission=OuterRef("pk"), form=form, edition=edition))

    is_reviewed = Exists(Review.objects.filter(submission=OuterRef("pk")))
    submissions = (
        Submission.objects.annotate(
            lacks_01=(is_reviewed & ~has(FormCode.APL_01, FormEdition.REVIEWED))
            | (~is_reviewed & ~has(FormCode.APL_01, FormEdition.SUBMITTED)),
            lacks_02=~has(FormCode.APL_02, FormEdition.SUBMITTED),
        )
        .filter(Q(lacks_01=True) | Q(lacks_02=True), erased_at=None)
        .select_related("signature", "application__candidate__user")
        .defer("content")  # decrypted only when its turn comes
        .order_by("pk")
    )
    pairs = [
        (submission, form)
        for submission in submissions[:limit]
        for form, lacks in ((FormCode.APL_01, submission.lacks_01), (FormCode.APL_02, submission.lacks_02))
        if lacks
    ]
    return pairs[:limit]


def render_pending(limit: int = 20) -> int:
    """Render forms ahead of the first reader; returns how many. One that fails does not stop the others."""
    made = 0
    for submission, form in pending_forms(limit * 5):  # beyond the limit, in case some fail
        if made >= limit:
            break
        try:
            ensure_form(submission=submission, form=form)
        except Exception:
            logger.exception("%s of submission %s could not be rendered", form, submission.pk)
        else:
            made += 1
    return made
