"""Pages that exist in the demo only: the letters that would have been sent, and the style page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core.messaging.models import OutboxAttachment, OutboxMessage
from core.messaging.serving import attachment_response


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    return render(request, "public_site/demo/mailbox.html", {"letters": OutboxMessage.objects.order_by("-pk")[:50]})


@require_safe
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "public_site/demo/letter.html", {"letter": get_object_or_404(OutboxMessage, pk=pk)})


@require_safe
def attachment(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    return attachment_response(get_object_or_404(OutboxAttachment, pk=file, message=pk))


@require_safe
def style_page(request: HttpRequest) -> HttpResponse:
    return render(request, "public_site/style_page.html")
