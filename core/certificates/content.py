"""Everything that a certificate prints, frozen when it is issued."""

import json
from datetime import date

from django.utils.formats import date_format

from core.applications.models import Application
from core.applications.queries import latest_submission
from core.certificates.models import Certificate
from core.content.queries import letterhead, signatory
from core.decisions.models import Decision
from core.schemes.queries import units_in_order

FORMAT = 1


def content_for(application: Application, decision: Decision) -> dict:
    """What is known before the number is given; dates are ISO text, absent values "".

    The holder is written as on the form that was sent and verified, not as the profile reads today.
    """
    personal = latest_submission(application).snapshot["sections"]["personal"]
    version = application.scheme_version
    return {
        "format": FORMAT,
        "case": application.number,
        "holder": {name: personal.get(name, "") for name in ("full_name", "birth_place", "birth_date")},
        "scheme": {
            "code": version.scheme.code,
            "number": version.scheme.number,
            "title": version.scheme.title,
            "kind": version.scheme.kind,
            "version": version.number,
        },
        "units": [
            {"code": unit.code, "title": unit.title, "standard": unit.standard.code} for unit in units_in_order(version)
        ],
        "lsp": letterhead(),
        "signatory": signatory(),
        "plenary": {"number": decision.plenary.number or "", "held_on": decision.plenary.held_on.isoformat()},
        "replaces": "",
    }


def content_of(certificate: Certificate) -> dict:
    return json.loads(certificate.content)


def long_day(iso: str) -> str:
    return date_format(date.fromisoformat(iso), "j F Y") if iso else ""


def birth_line(content: dict) -> str:
    """“Ambon, 12 Mei 1990”; what is not known is left out."""
    holder = content["holder"]
    return ", ".join(filter(None, (holder["birth_place"], long_day(holder["birth_date"]))))
