"""FR.APL-02: one page per unit."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.applications import rules
from core.applications.enums import Outcome
from core.applications.queries import reusable_documents
from core.applications.sections import unit_key
from core.applications.services import save_unit_answers
from core.common.exceptions import DomainError, StaleVersion
from core.common.text import is_number
from core.documents.models import Document, DocumentType
from core.schemes.models import CompetencyUnit
from core.schemes.queries import units_in_order
from public_site.access import application_or_404, candidate_required, kept_offline
from public_site.autosave import keep, kept, not_kept, sending_of, wants_json
from public_site.comparing import Difference, conflict, settle
from public_site.drafts import remember_saved
from public_site.presenters import unit_card
from public_site.uploads import received_files, store_files
from public_site.views.application import after_saving, section_closed, section_context, section_version

WORK_EVIDENCE = "bukti-kerja"


@require_http_methods(["GET", "POST"])
@candidate_required
@kept_offline
def unit(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """K or BK per element with its evidence. Saved by the button, and by itself while somebody answers."""
    application = application_or_404(request, reference)
    unit = next((u for u in units_in_order(application.scheme_version) if u.pk == pk), None)
    if unit is None:
        raise Http404
    key = unit_key(unit)
    if not rules.can_write_section(application, key, request.user):
        return section_closed(request, application)
    state = _stored_state(application, unit)
    errors: list[dict] = []
    if request.method == "POST":
        settle(request, lambda: _as_posted(state))
        state, errors = _posted_state(request, unit)
        answers = {pk: (answer["outcome"], answer["documents"]) for pk, answer in state.items()}
        try:
            taken = keep(
                lambda version: save_unit_answers(
                    application=application,
                    unit=unit,
                    answers=answers,
                    version=version,
                    writer=sending_of(request).page,
                    by=request.user,
                ),
                request,
            )
        except StaleVersion as error:
            return conflict(
                request,
                error,
                application=application,
                title=unit.title,
                version=section_version(application, key),
                differences=lambda: _differences(unit, state, _stored_state(application, unit)),
            )
        except DomainError as error:
            if wants_json(request):
                return not_kept(error.message)
            errors.append({"text": error.message})
        else:
            if wants_json(request):
                return kept(taken)
        if not errors:
            if "copy" in request.POST or "upload" in request.POST or request.FILES:
                remember_saved(request, application, key)  # else the phone puts back the ticks from before
                return redirect("public_site:unit", application.reference, unit.pk)
            if "to_list" not in request.POST and (unanswered := _unanswered(unit, state)):
                errors += unanswered
            else:
                return after_saving(request, application, key)
    documents = list(reusable_documents(request.user)[:40])
    return render(
        request,
        "public_site/application/unit.html",
        section_context(request, application, key)
        | {"errors": errors, "has_errors": bool(errors), "card": unit_card(unit, state, documents, errors)},
    )


def _as_posted(state: dict[int, dict]) -> dict[str, list[str]]:
    """Answers and ticked files as the page sends them."""
    return {
        name: values
        for pk, answer in state.items()
        for name, values in (
            (f"outcome-{pk}", [answer["outcome"]] if answer["outcome"] else []),
            (f"evidence-{pk}", sorted(str(document.pk) for document in answer["documents"])),
        )
    }


def _differences(unit: CompetencyUnit, typed: dict[int, dict], stored: dict[int, dict]) -> list[Difference]:
    """Where another tab saved something else than this page says: the answer, or its files."""
    here, there = _as_posted(typed), _as_posted(stored)
    words = {"": "", **{value: f"{value} ({label})" for value, label in Outcome.choices}}
    rows = []
    for element in unit.elements.all():
        title = f"{element.number}. {element.title}"
        outcome, evidence = f"outcome-{element.pk}", f"evidence-{element.pk}"
        states = (stored[element.pk], typed[element.pk])
        if here[outcome] != there[outcome]:
            shown = [words[state["outcome"]] for state in states]
            rows.append(Difference(outcome, title, there[outcome], here[outcome], *shown))
        if here[evidence] != there[evidence]:
            shown = ["\n".join(document.file_name for document in state["documents"]) for state in states]
            label = _("Bukti untuk %(element)s") % {"element": title}
            rows.append(Difference(evidence, label, there[evidence], here[evidence], *shown))
    return rows


def _stored_state(application, unit: CompetencyUnit) -> dict[int, dict]:
    answers = {a.element_id: a for a in application.answers.filter(element__unit=unit).prefetch_related("documents")}
    return {
        element.pk: {
            "outcome": answers[element.pk].outcome if element.pk in answers else "",
            "documents": list(answers[element.pk].documents.all()) if element.pk in answers else [],
        }
        for element in unit.elements.all()
    }


def _posted_state(request: HttpRequest, unit: CompetencyUnit) -> tuple[dict[int, dict], list[dict]]:
    """What the page says: answers, ticked files, "use for all", and a new file (attached to every element)."""
    errors: list[dict] = []
    uploaded: list[Document] = []
    if files := received_files(request, "file"):
        kind = DocumentType.objects.get(code=WORK_EVIDENCE)
        uploaded, refusals = store_files(files, kind, by=request.user, titled_by_name=True)
        errors = [{"text": refusal, "target": "unit-file"} for refusal in refusals]
    elements = list(unit.elements.all())
    ticked = {e.pk: {pk for pk in request.POST.getlist(f"evidence-{e.pk}") if is_number(pk)} for e in elements}
    copy = request.POST.get("copy", "")
    if is_number(copy) and int(copy) in ticked:
        ticked = dict.fromkeys(ticked, ticked[int(copy)])
    wanted = {pk for pks in ticked.values() for pk in pks}
    own = {str(d.pk): d for d in Document.objects.filter(owner=request.user, pk__in=wanted)}
    for_all = request.POST.get("set_all", "")
    state = {}
    for element in elements:
        outcome = request.POST.get(f"outcome-{element.pk}", "")
        if not outcome and for_all in Outcome.values:
            outcome = for_all
        state[element.pk] = {
            "outcome": outcome if outcome in Outcome.values else "",
            "documents": [own[pk] for pk in sorted(ticked[element.pk], key=int) if pk in own] + uploaded,
        }
    return state, errors


def _unanswered(unit: CompetencyUnit, state: dict[int, dict]) -> list[dict]:
    """A sentence for each element without an answer, leading to its first choice."""
    return [
        {
            "text": _("Jawab elemen %(number)d dengan K atau BK. Jawaban lain sudah tersimpan.")
            % {"number": element.number},
            "target": f"element-{element.pk}-k",
            "element": element.pk,
        }
        for element in unit.elements.all()
        if not state[element.pk]["outcome"]
    ]
