"""Home of BNSP: the recap, without names and without anything to do."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from backoffice.dashboard.charts import charts
from backoffice.dashboard.parts import status_cards


def home(request: HttpRequest) -> dict[str, Any]:
    return {
        "lead": _("Anda melihat tanpa dapat mengubah. Setiap dokumen yang Anda buka tercatat."),
        "cards": status_cards(request),
        **charts(),
    }
