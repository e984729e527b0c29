"""Every address of the product with a row behind it, and the people to whom it answers.

The names come from the resolver, the rows from the matrix of addresses and roles: a new page is fuzzed from its first
day, and one that nobody has given a row fails here as it fails there.
"""

import re
from dataclasses import dataclass

from django.contrib.auth.tokens import default_token_generator
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django_otp.plugins.otp_totp.models import TOTPDevice

from core import models
from core.accounts.services import confirmation_tokens
from core.activity.queries import versions_of
from core.activity.versions import keep_version
from core.assessments.services.papers import lay_in_paper
from tests.factories.accounts import make_user
from tests.factories.applications import make_application
from tests.factories.certificates import make_certificate
from tests.factories.corridor import make_case
from tests.factories.forms import FEEDBACK, make_form_definition
from tests.factories.handovers import make_decided, make_handover
from tests.factories.institutions import link_of, make_invitation, make_upload, person_row
from tests.factories.schemes import make_unit
from tests.security import test_url_matrix as matrix
from tests.security import world as rows

#: Who tries each address: those it is for and one it is not for, as far as it answers them at all.
PEOPLE = ("administrator", "sekretariat", "asesor", "owner", "officer", "anonymous")
#: The pages that a list of the back office has.
STANDARD = ("changelist", "add", "change", "delete", "history", *rows.VERSION_PAGES)


#: Django's own, with what stands in their address.
HELPERS = {"app_list": ["core"], "view_on_site": [1, 1], "autocomplete": []}


@dataclass(frozen=True)
class Target:
    """An address, and whose case its owner is; `shown_on` are other pages whose forms lead to it."""

    name: str
    address: str
    case: models.Application
    shown_on: tuple[str, ...] = ()


def names() -> list[str]:
    """`namespace:name` of every address, in an order that stays."""
    found = matrix.all_addresses()
    return sorted(f"{space}:{name}" for space, under in found.items() for name in under if name)


def is_known(name: str) -> bool:
    """Whether somebody said which row stands behind the address."""
    space, page = name.split(":")
    if space == "public_site":
        return page in matrix.PORTAL
    model, _line, kind = page.removeprefix("core_").partition("_")
    is_standard = model in matrix.ADMIN_MODELS and kind in STANDARD
    return is_standard or page in HELPERS or page in matrix.ADMIN_PAGES or page in matrix.ADMIN_ACTS


def target_of(name: str, world: dict) -> Target:
    """Lay the rows that the address needs; NoReverseMatch when nobody said which."""
    space, page = name.split(":")
    if lay := DEEPER.get(name) or DEEPER.get(page):
        return Target(name, *lay(world))
    if space == "public_site":
        return _portal(page, world)
    return Target(name, address := _back_office(page, world), world["sent"], _editor_of(address))


def _editor_of(address: str) -> tuple[str, ...]:
    """What an editor of schemes and forms sends by itself is typed into its one page."""
    part = re.fullmatch(r"(/admin/core/(?:scheme|formdefinition)/\d+/)versi/(\d+)/\w+/", address)
    return (f"{part[1]}change/?versi={part[2]}",) if part else ()


def _portal(page: str, world: dict) -> Target:
    case = world["sent"] if page in rows.OF_SENT_CASES else world["draft"]
    case = make_certificate().application if page in rows.CERTIFICATE_PAGES else case
    if page in rows.OF_AN_INSTITUTION:
        address = rows.address_of_institution(page, world["batch"])
    else:
        address = rows.portal_address(page, case)
    return Target(f"public_site:{page}", address, case)


def _back_office(page: str, world: dict) -> str:
    if page in HELPERS:
        return reverse(f"admin:{page}", args=HELPERS[page])
    if page in matrix.ADMIN_ACTS:
        return reverse(f"admin:{page}", args=[rows.row_for_act(page, world).pk])
    if page in matrix.ADMIN_PAGES:
        return rows.admin_page_address(page, world)
    model, _line, kind = page.removeprefix("core_").partition("_")
    if kind not in STANDARD:
        raise NoReverseMatch(f"no row is known for {page}: state it in the matrix of addresses")
    if kind in ("changelist", "add", "recoverlist"):
        return reverse(f"admin:{page}")
    row = rows.row_of(model, world)
    if kind != "revision":
        return reverse(f"admin:{page}", args=[row.pk])
    keep_version(row=row, by=None)
    return reverse(f"admin:{page}", args=[row.pk, versions_of(type(row), row.pk).last().pk])


def _profile(world: dict) -> models.AssessorProfile:
    return models.AssessorProfile.objects.create(user=world["people"]["asesor"], registration_number="MET.000.009999")


def _assessed_by_the_assessor(page: str, status: str):
    """A page that only the assessor of the case sees, in the state in which it can be filled in."""

    def lay(world: dict) -> tuple[str, models.Application]:
        profile = _profile(world)
        if status == "accepted":
            case = make_application(status="accepted")
            models.Assignment.objects.create(
                application=case, assessor=profile, assigned_by=world["people"]["sekretariat"]
            )
        else:
            case = make_case(status, assessor=profile).application
        return reverse(f"admin:{page}", args=[case.pk]), case

    return lay


def _paper_of_the_assessor(page: str):
    def lay(world: dict) -> tuple[str, models.Application]:
        profile = _profile(world)
        case = make_case("scheduled", assessor=profile).application
        definition = make_form_definition(*FEEDBACK, filled_by="asesor", stage="sesudah", kind="fr-ak-05")
        paper = lay_in_paper(application=case, definition=definition, by=None)
        return reverse(f"admin:{page}", args=[paper.pk]), case

    return lay


def _of_a_decided_case(page: str, status: str):
    def lay(world: dict) -> tuple[str, models.Application]:
        case = make_case(status).application
        return reverse(f"public_site:{page}", args=[case.reference]), case

    return lay


def _codes_of_a_session(world: dict) -> tuple[str, models.Application]:
    decision = make_decided(by=world["people"]["sekretariat"])
    handover = make_handover(decision, by=world["people"]["sekretariat"])
    case = decision.application
    session = case.placements.get(in_force=True).session_id
    return reverse("admin:core_handover_session", args=[handover.pk, session]), case


def _acts_on_a_handover(world: dict) -> tuple:
    """Handed over, which is withdrawn with a reason; and one that was checked, of which is told how it went out."""
    clerk = world["people"]["sekretariat"]
    checked = make_handover(by=clerk, status="diperiksa")
    done = rows.delivered(clerk)
    asks = reverse("admin:core_handover_act", args=[checked.pk, "hand_over"])
    return reverse("admin:core_handover_act", args=[done.pk, "withdraw"]), world["sent"], (asks,)


def _from_a_letter(page: str):
    """Behind a link that was sent: it is right, so that the form behind it is reached."""

    def lay(world: dict) -> tuple[str, models.Application]:
        person = make_user(role="asesi", **({"email_confirmed_at": None} if page == "confirm" else {}))
        tokens = confirmation_tokens if page == "confirm" else default_token_generator
        key = urlsafe_base64_encode(force_bytes(person.pk))
        return reverse(f"public_site:{page}", args=[key, tokens.make_token(person)]), world["sent"]

    return lay


def _owing_the_code(page: str, role: str):
    """For somebody who gave the password and has a phone: asked for its code, or for one that was written down."""

    def lay(world: dict) -> tuple:
        person = world["draft"].candidate.user if role == "owner" else world["people"][role]
        TOTPDevice.objects.create(user=person)  # by hand: to enrol one would end the log-in that is tried
        address = reverse(page)
        return address, world["draft"], (f"{address}?cara=pemulihan",)

    return lay


def _invitations(world: dict) -> tuple:
    """One to somebody who has no account yet, and one to a candidate, who answers while logged in."""
    owner = world["draft"].candidate.user
    to_owner = link_of(make_invitation(email=owner.email))
    return link_of(make_invitation()), world["draft"], (to_owner,)


def _file_that_waits(world: dict) -> tuple[str, models.Application]:
    """Checked, with one line at fault, and not sent yet: one that was sent leads to the people."""
    run = make_upload(person_row(), person_row(email="x@"), officer=world["people"]["officer"])
    return reverse("public_site:institution_file", args=[run.pk]), world["draft"]


def _sections_of_the_profile(world: dict) -> tuple:
    others = [reverse("public_site:own_profile", args=[key]) for key in ("data-pribadi", "pekerjaan")]
    return reverse("public_site:own_profile", args=["alamat"]), world["draft"], tuple(others)


def _unit_that_no_scheme_prints(world: dict) -> tuple[str, models.Application]:
    """Its elements are edited as lines; the text of one in force is compared on a page of its own."""
    return reverse("admin:core_competencyunit_change", args=[make_unit().pk]), world["sent"]


#: Where the row of the matrix only shows who is refused, and nobody would get behind the door. With its namespace where
#: both faces have a page of that name.
DEEPER = {
    "core_application_preassessment": _assessed_by_the_assessor("core_application_preassessment", "accepted"),
    "core_application_results": _assessed_by_the_assessor("core_application_results", "scheduled"),
    "core_application_sign_results": _assessed_by_the_assessor("core_application_sign_results", "scheduled"),
    "core_application_correct_results": _assessed_by_the_assessor("core_application_correct_results", "assessed"),
    "appeal": _of_a_decided_case("appeal", "not_yet_competent"),
    "withdraw_appeal": _of_a_decided_case("withdraw_appeal", "appealed"),
    "core_handover_session": _codes_of_a_session,
    "core_handover_act": _acts_on_a_handover,
    "confirm": _from_a_letter("confirm"),
    "new_password": _from_a_letter("new_password"),
    "verify_code": _owing_the_code("public_site:verify_code", "owner"),
    "admin:second_factor": _owing_the_code("admin:second_factor", "asesor"),
    "invited": _invitations,
    "institution_file": _file_that_waits,
    "own_profile": _sections_of_the_profile,
    "core_competencyunit_change": _unit_that_no_scheme_prints,
}


def client_of(target: Target, role: str, world: dict) -> Client:
    return rows.client_of(world, role, target.case)
