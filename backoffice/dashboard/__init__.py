"""The home page of each role: what waits, oldest first, one click away; and the figures that people compare.

One module per role gives what its home shows, in the words of templates/admin/index.html; every
figure comes from `core.reports.queries` and leads to the list that shows the same number.
"""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from backoffice.dashboard import administrator, assessor, bnsp, secretariat
from core.accounts.rules import role_of

HOMES = {
    "sekretariat": secretariat.home,
    "administrator": administrator.home,
    "bnsp": bnsp.home,
    "asesor": assessor.home,
}


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Unfold asks for the home page with this."""
    home = HOMES.get(role_of(request.user) or "")
    return context | {"title": _("Beranda"), **(home(request) if home else {})}
