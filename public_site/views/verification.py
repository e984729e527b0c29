"""Anyone checks a signed paper: what its code stands for, and nothing more."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from core.applications.queries import paper_of_signature
from core.documents.models import Signature


def _clean(code: str) -> str:
    return "".join(c for c in code.upper() if c.isalnum())[:16]


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    if code := _clean(request.GET.get("kode", "")):
        return redirect("public_site:verification", code)
    return render(request, "public_site/verification.html", {"asked": False})


@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    signature = Signature.objects.filter(code=_clean(code)).first()
    paper = paper_of_signature(signature) if signature else None
    return render(
        request,
        "public_site/verification.html",
        {"asked": True, "signature": signature if paper else None, "paper": paper, "code": _clean(code)},
        status=200 if paper else 404,
    )
