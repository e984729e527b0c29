"""What search engines and messengers read of a page: its address, its picture, and facts in schema.org's words."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

from core.common.languages import ENGLISH, INDONESIAN, Bilingual
from core.content.models import OfficeData
from core.manual.books import OUTSIDE
from core.schemes.models import SchemeVersion
from public_site.languages import english_address, indonesian_address, language_of

#: Public pages that no search engine should list: drafts, what was checked about somebody, what one person was told.
NOT_LISTED = frozenset(
    f"public_site:{name}"
    for name in ("preview", "preview_row", "verification", "certificate_register_year", "ticket_sent", "conversation")
)
#: Pages in Indonesian only that it should.
LISTED_TOO = frozenset({"public_site:register", "public_site:manual_front"})
#: Pages of the manuals, of those for people outside.
_OF_A_MANUAL = frozenset({"public_site:manual_book", "public_site:manual_page"})
#: Names under which views hand over the row that the page is about.
SUBJECTS = ("text", "scheme", "row")
PARENT = "Badan Nasional Penanggulangan Bencana (BNPB)"
PICTURE_SIZE = (1200, 630)
LOCALES = {INDONESIAN: "id_ID", ENGLISH: "en_US"}


def absolute(address: str) -> str:
    return f"{settings.SITE_URL}{address}"


def is_listed(request: HttpRequest) -> bool:
    """Whether the page is for everybody and worth finding."""
    match = request.resolver_match
    name = match.view_name if match else ""
    if match and name in _OF_A_MANUAL:
        return match.kwargs["role"] in OUTSIDE
    return name in LISTED_TOO or (name not in NOT_LISTED and bool(english_address(indonesian_address(request.path))))


def links(request: HttpRequest, subject: Any = None) -> dict[str, Any]:
    """{canonical, id, en}: the address that counts, and those of the page in both languages ("" where there is none).

    A page whose text was never put into English is under /en/ the Indonesian page once more: that one counts.
    """
    indonesian = indonesian_address(request.path)
    english = english_address(indonesian)
    if isinstance(subject, Bilingual) and not subject.has_english:
        return {"canonical": absolute(indonesian), "id": "", "en": ""}
    canonical = english if language_of(request.path) == ENGLISH else indonesian
    pair = {"id": absolute(indonesian), "en": absolute(english)} if english else {"id": "", "en": ""}
    return {"canonical": absolute(canonical), **pair}


def picture(language: str) -> str:
    """The picture that messengers show beside a link; scripts/sharing_picture.py draws it."""
    return absolute(static(f"public_site/img/sharing-{language}.png"))


# --- facts ------------------------------------------------------------------------------------------


def organization(office: OfficeData) -> dict[str, Any]:
    """The LSP: a body of the state that certifies people."""
    address = " ".join(office.address.split())
    facts = {
        "@context": "https://schema.org",
        "@type": ["GovernmentOrganization", "EducationalOrganization"],
        "@id": absolute("/#lsp"),
        "name": office.name,
        "url": absolute("/"),
        "logo": absolute(office.logo_url) if office.logo else picture(INDONESIAN),
        "parentOrganization": {"@type": "GovernmentOrganization", "name": PARENT},
        "address": {"@type": "PostalAddress", "streetAddress": address, "addressCountry": "ID"} if address else None,
        "telephone": office.phone,
        "email": office.email,
        "sameAs": office.website,
    }
    return {name: value for name, value in facts.items() if value}


def trail(*steps: tuple[str, str]) -> dict[str, Any]:
    """Where a page hangs, from the front page down: (title, address) each."""
    all_steps = [(_("Halaman muka"), reverse("public_site:home")), *steps]
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": title, "item": absolute(address)}
            for place, (title, address) in enumerate(all_steps, start=1)
        ],
    }


def credential(version: SchemeVersion, units: list) -> dict[str, Any]:
    """What a certificate of this scheme is worth to an employer."""
    scheme = version.scheme
    return {
        "@context": "https://schema.org",
        "@type": "EducationalOccupationalCredential",
        "name": scheme.said("title"),
        "alternateName": scheme.title,
        "description": scheme.said("summary"),
        "url": absolute(reverse("public_site:scheme_detail", args=[scheme.code])),
        "credentialCategory": {"@type": "DefinedTerm", "name": _("Sertifikat kompetensi")},
        "recognizedBy": {"@type": "GovernmentOrganization", "name": "Badan Nasional Sertifikasi Profesi (BNSP)"},
        "validIn": {"@type": "Country", "name": "Indonesia"},
        "validFor": f"P{version.validity_months}M",
        "competencyRequired": [
            {"@type": "DefinedTerm", "termCode": unit.code, "name": unit.title, "inDefinedTermSet": unit.standard.code}
            for unit in units
        ],
        "author": {"@id": absolute("/#lsp")},
    }
