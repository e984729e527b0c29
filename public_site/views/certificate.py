"""The holder fetches the certificate: as PDF, and as a digital badge."""

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from core.activity.services import record_activity
from core.certificates.credentials import build_credential, credential_jwt
from core.certificates.models import Certificate
from core.certificates.printing import ensure_pdf
from core.certificates.queries import certificates_for
from core.documents.serving import document_response, private
from public_site.access import application_or_404, candidate_required


@require_safe
@candidate_required
def pdf(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    certificate = _own(request, reference, pk)
    document = ensure_pdf(certificate)
    record_activity("certificate.download", by=request.user, subject=certificate)
    return document_response(document, request=request)


@require_safe
@candidate_required
def badge(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Signed (VC-JWT) for wallets; `bentuk=json` for reading. Only of the certificate that is in force."""
    certificate = _own(request, reference, pk)
    if not certificate.in_force:
        raise Http404
    record_activity("certificate.download", by=request.user, subject=certificate)
    name = f"lencana-{certificate.code}"
    if request.GET.get("bentuk") == "json":
        text = json.dumps(build_credential(certificate), ensure_ascii=False, indent=1)
        return _file(text, f"{name}.json", "application/json")
    return _file(credential_jwt(certificate), f"{name}.jwt", "application/vc+jwt")


def _own(request: HttpRequest, reference: str, pk: int) -> Certificate:
    application = application_or_404(request, reference)
    found = certificates_for(request.user).filter(application=application, pk=pk)
    certificate = found.select_related("document__document_type", "holder", "scheme").first()
    if certificate is None:
        raise Http404
    return certificate


def _file(text: str, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(text, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return private(response)
