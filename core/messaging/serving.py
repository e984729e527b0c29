"""Sending a file of a letter to a browser. The caller has already checked who asks."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from core.messaging.models import OutboxAttachment
from core.messaging.services import Attachment


def attachment_response(file: OutboxAttachment | Attachment) -> HttpResponse:
    """To be saved or handed to the calendar, never shown in place nor kept by a cache."""
    response = HttpResponse(bytes(file.content), content_type=file.content_type)
    response["Content-Disposition"] = content_disposition_header(True, file.file_name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
