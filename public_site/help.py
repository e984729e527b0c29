"""Which page of the manual explains which page of the portal: “Bantuan” in the strip at the top leads there."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from core.applications.enums import ApplicationStatus as S
from core.applications.models import Application
from core.institutions.rules import is_officer

#: Address name → page, whose name begins with the role in whose manual it stands.
PAGE_OF_ADDRESS = {
    # for everybody
    "scheme_list": "asesi-skema",
    "scheme_detail": "asesi-skema",
    "institution": "instansi-mendaftar",
    "verification_search": "asesi-keaslian",
    "verification": "asesi-keaslian",
    "certificate_register": "asesi-keaslian",
    "certificate_register_year": "asesi-keaslian",
    "contact": "asesi-bertanya",
    "ticket_sent": "asesi-bertanya",
    "complaint": "asesi-bertanya",
    "conversation": "asesi-bertanya",
    # accounts
    "register": "asesi-mendaftar",
    "registered": "asesi-mendaftar",
    "confirm": "asesi-mendaftar",
    "login": "asesi-lupa-sandi",
    "forgot_password": "asesi-lupa-sandi",
    "new_password": "asesi-lupa-sandi",
    "verify_code": "asesi-keamanan",
    "consent": "asesi-data-pribadi",
    # the candidate's desk
    "desk": "asesi-mengikuti",
    "security": "asesi-keamanan",
    "second_factor": "asesi-keamanan",
    "recovery_codes": "asesi-keamanan",
    "second_factor_remove": "asesi-keamanan",
    "messages": "asesi-bertanya",
    "own_ticket": "asesi-bertanya",
    "letter": "asesi-bertanya",
    "own_data": "asesi-data-pribadi",
    "own_name": "instansi-data",
    "own_data_download": "asesi-data-pribadi",
    "privacy_request_new": "asesi-data-pribadi",
    "privacy_request": "asesi-data-pribadi",
    "own_profile": "asesi-apl-01",
    "renew": "asesi-perpanjangan",
    "offline": "asesi-sambungan",
    # an institution and the people it registers
    "institution_register": "instansi-mendaftar",
    "institution_desk": "instansi-rombongan",
    "institution_data": "instansi-data",
    "institution_colleague": "instansi-data",
    "institution_upload": "instansi-orang",
    "institution_file": "instansi-orang",
    "institution_batch": "instansi-rombongan",
    "institution_invitation": "instansi-rombongan",
    "invited": "asesi-undangan",
    # an application
    "start": "asesi-skema",
    "case": "asesi-mengikuti",
    "case_file": "asesi-mengikuti",
    "profile_section": "asesi-apl-01",
    "purpose": "asesi-apl-01",
    "evidence": "asesi-bukti",
    "evidence_slot": "asesi-bukti",
    "unit": "asesi-apl-02",
    "check_answers": "asesi-kirim",
    "submitted": "asesi-kirim",
    "withdraw": "asesi-mundur",
    "appeal": "asesi-hasil",
    "withdraw_appeal": "asesi-hasil",
    "paper": "asesi-hari-uji",
    "paper_sign": "asesi-hari-uji",
}
#: The page of a case is another one in each part of its journey.
PAGE_OF_STATUS = {
    S.DRAFT: "asesi-apl-01",
    S.RETURNED: "asesi-memperbaiki",
    S.SCHEDULED: "asesi-jadwal",
    S.COMPETENT: "asesi-hasil",
    S.NOT_YET_COMPETENT: "asesi-hasil",
    S.APPEALED: "asesi-hasil",
    S.CERTIFIED: "asesi-sertifikat",
}
#: What officers of institutions have in common with candidates, and read about in their own manual.
OFFICERS_OWN = frozenset(
    {"security", "second_factor", "recovery_codes", "second_factor_remove", "messages", "own_ticket", "letter"}
    | {"own_data", "own_data_download", "privacy_request_new", "privacy_request"}
)


def page_of(name: str, *, user: Any = None, case: Application | None = None) -> str:
    """The page about the address of that name, for that person, on that case; "" where there is none."""
    if name in OFFICERS_OWN and user is not None and is_officer(user):
        return "instansi-data"
    if name == "case" and case is not None and case.status in PAGE_OF_STATUS:
        return PAGE_OF_STATUS[S(case.status)]
    return PAGE_OF_ADDRESS.get(name, "")


def help_address(slug: str) -> str:
    """Where a page of the manual is read; without one, all manuals."""
    if not slug:
        return reverse("public_site:manual_front")
    return reverse("public_site:manual_page", args=[slug.partition("-")[0], slug])


def name_of(request: HttpRequest | None) -> str:
    """The name of the address under way; "" where there is none, as on a page that does not exist."""
    match = request.resolver_match if request is not None else None
    return (match.url_name if match else "") or ""
