"""From where an act comes: the address of the request under way, kept for the activity log."""

from contextvars import ContextVar

from django.conf import settings

_ip_address: ContextVar[str | None] = ContextVar("ip_address", default=None)


def current_ip_address() -> str | None:
    """The address of the request under way; None in commands and cron jobs."""
    return _ip_address.get()


def client_address(meta: dict) -> str | None:
    """The client's address behind exactly TRUSTED_PROXIES proxies.

    Only the entries that our own proxies appended to X-Forwarded-For are believed; what a client
    writes into the header itself stands further left and is never read.
    """
    hops = settings.TRUSTED_PROXIES
    if hops:
        forwarded = [part.strip() for part in meta.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
        if len(forwarded) >= hops:
            return forwarded[-hops]
    return meta.get("REMOTE_ADDR") or None


def request_address(request) -> str | None:
    """The same for a request object; django-axes asks with this."""
    return client_address(request.META)


class RequestContextMiddleware:
    """Remembers the client's address for the length of the request."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        token = _ip_address.set(client_address(request.META))
        try:
            return self.get_response(request)
        finally:
            _ip_address.reset(token)
