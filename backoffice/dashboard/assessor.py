"""Home of an assessor: the cases that are assigned to them."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _


def home(request: HttpRequest) -> dict[str, Any]:
    return {
        "lead": _(
            "Belum ada permohonan yang ditugaskan kepada Anda. Permohonan tampil di sini setelah sekretariat "
            "menunjuk Anda sebagai asesor."
        )
    }
