"""Anyone checks a signed paper or a certificate: what its code stands for, and nothing more."""

import base64
import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from core.certificates.credentials import issuer_profile, revocation_list
from core.certificates.models import Certificate, PastCertificate, SigningKey
from core.certificates.queries import find_public, public_view
from core.certificates.signing import jwk_of, public_jwks
from core.documents.models import Signature
from core.reports.papers import paper_of_signature
from public_site.limits import asks_too_often

#: Look-ups a minute from one address: an employer with a pile of papers, not a machine that tries numbers.
LIMIT = 30
_PARTS = Path(__file__).resolve().parents[1] / "templates" / "public_site" / "verifier"


def _clean(code: str) -> str:
    return "".join(c for c in code.upper() if c.isalnum())[:16]


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """By the code of a paper, or by the number of a certificate."""
    words = " ".join(request.GET.get("kode", "").split())[:80]
    if not words:
        return render(request, "public_site/verification.html", {"asked": False})
    if asks_too_often(request, "verification", limit=LIMIT):
        return _slow_down(request, words)
    certificate = find_public(words)
    if certificate is not None:
        return _certificate(request, certificate, words)
    return redirect("public_site:verification", _clean(words) or "-")


@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    if asks_too_often(request, "verification", limit=LIMIT):
        return _slow_down(request, _clean(code))
    certificate = Certificate.objects.filter(code=_clean(code)).select_related("scheme").first()
    if certificate is not None:
        return _certificate(request, certificate, _clean(code))
    signature = Signature.objects.filter(code=_clean(code)).first()
    paper = paper_of_signature(signature) if signature else None
    return render(
        request,
        "public_site/verification.html",
        {"asked": True, "signature": signature if paper else None, "paper": paper, "code": _clean(code)},
        status=200 if paper else 404,
    )


def _certificate(request: HttpRequest, certificate: Certificate | PastCertificate, words: str) -> HttpResponse:
    found = public_view(certificate)
    response = render(
        request,
        "public_site/verification.html",
        {"asked": True, "certificate": found, "tone": found["tone"], "code": words},
    )
    response["Cache-Control"] = "no-store"  # what counts is how it stands now
    response["X-Robots-Tag"] = "noindex"  # a page about one person, however masked
    return response


def _slow_down(request: HttpRequest, words: str) -> HttpResponse:
    response = render(request, "public_site/verification.html", {"too_often": True, "code": words}, status=429)
    response["Retry-After"] = "60"
    return response


# --- without a network ----------------------------------------------------------------------------------


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """One page that checks the signature in a QR code by itself, also saved to disk and without a network.

    All that it needs is inside; its policy allows exactly its own script and style.
    """
    script, style = _part("verifier.js"), _part("verifier.css")
    response = render(
        request,
        "public_site/verifier/page.html",
        {
            "script": script,
            "style": style,
            "keys": public_jwks()["keys"],
            "site": settings.SITE_URL,
            "lang": get_language(),
        },
    )
    response["Content-Security-Policy"] = (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; img-src data: blob:; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    )
    return response


@cache
def _part(name: str) -> str:
    return (_PARTS / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


# --- for programs ---------------------------------------------------------------------------------------


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """All public keys as a JSON Web Key Set."""
    return _open(JsonResponse(public_jwks()))


@require_safe
def key(request: HttpRequest, key_id: str) -> HttpResponse:
    return _open(JsonResponse(jwk_of(get_object_or_404(SigningKey, key_id=key_id))))


@require_safe
def issuer(request: HttpRequest) -> HttpResponse:
    """The LSP as the issuer of digital badges."""
    return _open(
        JsonResponse({"@context": "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", **issuer_profile()})
    )


@require_safe
def status(request: HttpRequest, code: str) -> HttpResponse:
    """Whether a badge still stands, for wallets and validators."""
    if asks_too_often(request, "status", limit=LIMIT):
        return JsonResponse({}, status=429)
    certificate = Certificate.objects.filter(code=_clean(code)).first()
    if certificate is None:
        raise Http404
    return _open(JsonResponse(revocation_list(certificate)))


def _open(response: HttpResponse) -> HttpResponse:
    """Readable from any website: a validator runs in somebody else's page."""
    response["Access-Control-Allow-Origin"] = "*"
    return response
