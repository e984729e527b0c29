"""Certificates, issued through the real services."""

from core.accounts.models import User
from core.applications.models import Application
from core.certificates.models import Certificate
from core.certificates.services import issue_certificate
from core.schemes.models import Scheme
from tests.factories.accounts import make_user
from tests.factories.corridor import make_case

KBLI, KBJI, KKNI = "84234", "5411", 4


def fill_in_codes(scheme: Scheme) -> None:
    """What the number of a certificate takes from the scheme."""
    scheme.kbli_code, scheme.kbji_code, scheme.kkni_level = KBLI, KBJI, KKNI
    scheme.save(update_fields=["kbli_code", "kbji_code", "kkni_level"])


def make_competent(*, full_name: str = "", **more) -> Application:
    """A case that waits for its certificate, in a scheme that has all codes."""
    application = make_case("competent", full_name=full_name, **more).application
    fill_in_codes(application.scheme_version.scheme)
    return application


def make_certificate(*, full_name: str = "", by: User | None = None, **more) -> Certificate:
    application = make_competent(full_name=full_name, **more)
    return issue_certificate(application=application, by=by or make_user(role="sekretariat"))
