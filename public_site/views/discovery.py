"""What programs ask for: which pages there are, which search engines should leave alone, whom to tell of a weakness."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from core.content.queries import office
from public_site.languages import PREFIX
from public_site.sharing import absolute
from public_site.sitemap import entries

#: Seconds that a copy may be used.
FRESH_FOR = 3600
#: The address is read anew each time, so it holds for as long as the office's data does; the standard wants a date.
VALID_FOR = timedelta(days=90)
#: Addresses where a search engine finds nothing for everybody. Papers and certificates that somebody checked are not
#: among them: their pages say "noindex" themselves, which only who may read them sees.
CLOSED = (
    "/admin/", "/akun/", "/permohonan/", "/persetujuan/", "/masuk/", "/keluar/", "/lupa-sandi/", "/sandi-baru/",
    "/konfirmasi/", "/pratinjau/", f"{PREFIX}/pratinjau/", "/demo/", "/sehat/", "/metrik/",
)  # fmt: skip


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), "", f"Sitemap: {absolute('/sitemap.xml')}", ""]
    return _kept(HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8"))


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    pages = [
        {"address": address, "changed": entry.changed, "id": entry.address, "en": entry.english}
        for entry in entries()
        for address in filter(None, (entry.address, entry.english))
    ]
    context = {"pages": pages, "site": absolute("")}
    return _kept(render(request, "public_site/sitemap.xml", context, content_type="application/xml; charset=utf-8"))


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a weakness (RFC 9116): the office's address, which the secretariat sets, and the contact page."""
    address, page = office().email, absolute("/kontak/")
    lines = [
        *([f"Contact: mailto:{address}"] if address else []),
        f"Contact: {page}",
        f"Expires: {(timezone.now() + VALID_FOR).isoformat(timespec='seconds')}",
        f"Preferred-Languages: {', '.join(code for code, _name in settings.LANGUAGES)}",
        f"Canonical: {absolute(request.path)}",
        "",
    ]
    return _kept(HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8"))


def _kept(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, public=True, max_age=FRESH_FOR)
    return response
