"""Headers that every answer bears, whoever gives it: a page, a file, an error, a style sheet.

Content-Security-Policy is django-csp's, the others are Django's own; these two neither knows.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

#: What a page may ask of the device. Photographs are taken by the phone's own camera through a file field, and codes
#: are pasted by hand: the product needs none of it, so a script that got in could not switch it on either.
DENIED = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture",
    "encrypted-media", "geolocation", "gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer", "microphone",
    "midi", "payment", "picture-in-picture", "publickey-credentials-create", "publickey-credentials-get",
    "screen-wake-lock", "serial", "usb", "window-management", "xr-spatial-tracking",
)  # fmt: skip
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in DENIED)


class HeadersMiddleware:
    """Permissions-Policy and Cross-Origin-Resource-Policy, where the view has not said its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        # Nobody else's page can draw in a picture, a paper or a script of ours, with the visitor's cookies.
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response
