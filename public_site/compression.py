"""Pages go out compressed, on the real server and in the demo alike, whatever stands in front.

Static files of the real server lie there compressed already (WhiteNoise). Papers and exports are left alone: they are
compressed formats, and a browser must be able to ask for a part of them.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

#: What is made of words.
KINDS = frozenset({
    "text/html", "text/css", "text/plain", "text/javascript", "application/javascript", "application/json",
    "application/xml", "application/manifest+json", "image/svg+xml",
})  # fmt: skip


class CompressionMiddleware(GZipMiddleware):
    """Django's own, which hides the length of secrets, for words only."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.get("Content-Type", "").partition(";")[0] not in KINDS or response.has_header("Content-Encoding"):
            return response
        if response.streaming:
            if response.status_code != 200 or not request.path.startswith(settings.STATIC_URL):
                return response
            response = _whole(response)
        return super().process_response(request, response)


def _whole(response: HttpResponseBase) -> HttpResponse:
    """A static file as an answer that can be compressed: in the demo, where none lies there compressed."""
    whole = HttpResponse(b"".join(response.streaming_content), headers=dict(response.items()))
    response.file_to_stream.close()  # only the file: closing the answer would end the request
    return whole
