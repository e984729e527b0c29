"""Text that the server has not taken yet lies on the candidate's phone (portal.js): under which name, until when."""

from typing import Any

from django.http import HttpRequest

from core.applications.models import Application


def draft_key(user: Any, application: Application | None, key: str) -> str:
    """What a page's unsaved text is kept under on the phone: whose, which case, which page."""
    return f"{user.pk}-{application.code if application else 'profil'}-{key}"


def remember_saved(request: HttpRequest, application: Application | None, key: str) -> None:
    """The next page, whichever it is, tells portal.js to drop the text that the server now has."""
    saved = request.session.get("draft_saved", [])
    request.session["draft_saved"] = [*saved, draft_key(request.user, application, key)]
