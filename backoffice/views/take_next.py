""" "Ambil berikutnya": the longest waiting case becomes the clerk's, and opens."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from backoffice.views.case_page import address
from core.applications.services import take_next_application
from core.common.exceptions import DomainError
from core.common.text import is_number


@require_POST
def take_next_view(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("core.verify_application"):
        raise PermissionDenied
    offered = request.POST.get("ditawarkan", "")
    try:
        case = take_next_application(offered=int(offered) if is_number(offered) else None, by=request.user)
    except DomainError as refusal:
        messages.info(request, refusal.message)
        return redirect("admin:index")
    return redirect(address(case))
