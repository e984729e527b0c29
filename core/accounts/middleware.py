"""At every request: is this log-in still open, and was everything shown that it takes?"""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from core.accounts.models import User, UserSession
from core.accounts.second_factor import open_step
from core.accounts.sessions import SESSION_KEY, is_over, touch
from core.policy.queries import system_policy


class OpenSessionMiddleware:
    """Whoever gave the password but not yet the second factor is nobody: every page treats them as a stranger.

    Sets on the request:
    `user_session`  the open log-in, or None
    `half_user`     the person who still owes a step, while `user` is anonymous; else None
    `ended_user`    whose log-in ended just now, while `user` is anonymous; else None
    `owed_step`     which step that is (`second_factor.VERIFY`, `.ENROL`), or None

    Only the pages of those steps look at `half_user`; there is no list of pages to keep shut.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.user_session = request.half_user = request.ended_user = request.owed_step = None
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            self.look(request, request.user)
        return self.get_response(request)

    def look(self, request: HttpRequest, user: User) -> None:
        session = (
            UserSession.objects.filter(pk=request.session.get(SESSION_KEY), user=user.pk)
            .annotate(has_factor=Exists(TOTPDevice.objects.filter(user=OuterRef("user"), confirmed=True)))
            .first()
        )
        policy = system_policy()
        if session is not None:
            session.user = user
        if session is None or is_over(session, policy):
            if session is not None:
                session.delete()
            request.session.flush()
            request.user, request.ended_user = AnonymousUser(), user
            messages.info(request, _("Sesi Anda di perangkat ini berakhir. Masuk lagi untuk melanjutkan."))
            return
        touch(session)
        request.user_session = session
        request.owed_step = open_step(session, has_factor=session.has_factor, policy=policy)
        if request.owed_step:
            request.half_user, request.user = user, AnonymousUser()
