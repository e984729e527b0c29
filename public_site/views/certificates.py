"""Renewing a certificate: asked once in plain words, then an ordinary application that is filled in already."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from core.certificates.aftercare_queries import certificates_of
from core.certificates.services import start_renewal
from core.common.exceptions import DomainError
from public_site.access import candidate_required
from public_site.tracker import certificate_cards


@require_http_methods(["GET", "POST"])
@candidate_required
def renew(request: HttpRequest, code: str) -> HttpResponse:
    certificate = get_object_or_404(certificates_of(request.user), code=code)
    if request.method == "GET":
        card = certificate_cards([certificate], request.user)[0]
        return render(request, "public_site/certificates/renew.html", {"card": card})
    try:
        application = start_renewal(certificate=certificate, by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("public_site:desk")
    return redirect("public_site:case", application.reference)
