"""What a candidate may do about a decision: appeal against it, in time and once, and take the appeal back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.applications.models import Application
from core.common.exceptions import DomainError, StaleVersion
from core.decisions import services
from core.decisions.queries import appeal_questions, decision_of
from core.decisions.rules import last_day_to_appeal
from core.decisions.transitions import WORKFLOW
from public_site.access import application_or_404, candidate_required, kept_offline
from public_site.autosave import not_kept, wants_json
from public_site.forms.appeal import AppealForm
from public_site.forms.base import add_domain_error, posted
from public_site.unsent import Unsent


@require_http_methods(["GET", "POST"])
@candidate_required
@kept_offline
def appeal(request: HttpRequest, reference: str) -> HttpResponse:
    application = application_or_404(request, reference)
    if reason := WORKFLOW["appeal"].refusal(application, request.user):
        if wants_json(request):
            return not_kept(reason, status=410)
        if request.method == "POST":
            messages.error(request, reason)
        return redirect("public_site:case", application.reference)
    unsent = Unsent(
        request,
        "banding",
        application=application,
        title=_("Ajukan banding"),
        after=reverse("public_site:case", args=[application.reference]),
    )
    form = AppealForm(posted(request), questions=appeal_questions(), initial=unsent.answers)
    if unsent.is_typing:
        return unsent.keep(form)
    if request.method == "POST" and form.is_valid():
        try:
            answer = unsent.send(lambda: _file(application, form, request.user))
        except StaleVersion as error:
            return unsent.conflict(form, error)
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, _("Banding Anda kami terima. Sekretariat menunjuk asesor lain."))
            return answer
    return render(
        request,
        "public_site/application/appeal.html",
        {"application": application, "form": form, "last_day": last_day_to_appeal(decision_of(application))}
        | unsent.context,
    )


def _file(application: Application, form: AppealForm, by: Any) -> None:
    services.file_appeal(application=application, reason=form.cleaned_data["reason"], answers=form.answers, by=by)


@require_http_methods(["GET", "POST"])
@candidate_required
def withdraw_appeal(request: HttpRequest, reference: str) -> HttpResponse:
    """Asked once more, then done."""
    application = application_or_404(request, reference)
    if request.method == "POST":
        try:
            services.withdraw_appeal(application=application, by=request.user)
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("Banding Anda sudah dicabut. Keputusan sebelumnya berlaku."))
        return redirect("public_site:case", application.reference)
    if reason := WORKFLOW["withdraw_appeal"].refusal(application, request.user):
        messages.error(request, reason)
        return redirect("public_site:case", application.reference)
    return render(request, "public_site/application/withdraw_appeal.html", {"application": application})
