"""The back office itself: who gets in, which policy its pages carry, and its own addresses."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.decorators import csp
from django.apps import apps
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.db.models import CharField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite

from backoffice.help import help_address
from backoffice.policy import DIRECTIVES
from backoffice.views.palette import PaletteMixin
from backoffice.views.steps import step_of
from core.common.text import is_number

DEMO_PASSWORD = "contoh-lsp-bnpb"  # noqa: S105 - published: it works only where DEMO is on
DEMO_ACCOUNTS = (
    ("sekretariat@contoh.id", _("Sekretariat")),
    ("sekretariat2@contoh.id", _("Sekretariat kedua")),
    ("admin@contoh.id", _("Administrator teknis")),
    ("bnsp@contoh.id", _("BNSP")),
    ("asesor@contoh.id", _("Asesor")),
)

#: A paper that a view sends has a stricter policy of its own, which stays.
_with_policy = csp(DIRECTIVES)


def _of_a_row(view: Callable) -> Callable:
    """Pages that come with the admin take any words in their address and ask the database for a row of that number."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if (wanted := kwargs.get("object_id")) and not _may_be_a_key(request, str(wanted)):
            raise Http404
        return view(request, *args, **kwargs)

    return wrapped


def _may_be_a_key(request: HttpRequest, wanted: str) -> bool:
    match = request.resolver_match
    name = (match.url_name if match else None) or ""  # core_region_change
    model = apps.all_models["core"].get(name.partition("_")[2].partition("_")[0])
    has_words = model is not None and isinstance(model._meta.pk, CharField)  # codes of regions
    return has_words or is_number(wanted)


class BackofficeSite(PaletteMixin, UnfoldAdminSite):
    """Opens for active staff; everybody else is asked to log in."""

    index_title = _("Beranda")
    empty_value_display = "–"
    enable_nav_sidebar = True

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only our own models: groups, log-in attempts and the like have no list (roles are given by a service)."""
        models = model_or_iterable if isinstance(model_or_iterable, (list, tuple)) else [model_or_iterable]
        ours = [model for model in models if model._meta.app_label == "core"]
        if ours:
            super().register(ours, admin_class, **options)

    def extra_urls(self) -> list:
        from backoffice.views import certification_recap as certification
        from backoffice.views import saved_recaps, security
        from backoffice.views.backups import overview
        from backoffice.views.choices import choices_view
        from backoffice.views.document_recap import export_view, recap_view
        from backoffice.views.documents import document_view
        from backoffice.views.health import health_view, runbook_view
        from backoffice.views.papers import paper_urls
        from backoffice.views.saved_views import save_view_view, saved_view_view
        from backoffice.views.setup import setup_home

        return [
            path("dokumen/<uuid:public_id>/", self.admin_view(document_view), name="document"),
            path("rekap-dokumen/", self.admin_view(recap_view), name="document_recap"),
            path("rekap-dokumen/ekspor/<slug:kind>/", self.admin_view(export_view), name="document_recap_export"),
            path("rekap-sertifikasi/", self.admin_view(certification.recap_view), name="certification_recap"),
            path(
                "rekap-sertifikasi/ekspor/<slug:kind>/",
                self.admin_view(certification.export_view),
                name="certification_recap_export",
            ),
            path("rekap-sertifikasi/simpan/", self.admin_view(saved_recaps.save_view), name="save_recap"),
            path("rekap-sertifikasi/tersimpan/<int:pk>/", self.admin_view(saved_recaps.saved_view), name="saved_recap"),
            path("pilihan/<slug:source>/", self.admin_view(choices_view), name="choices"),
            path("tampilan/simpan/", self.admin_view(save_view_view), name="save_view"),
            path("tampilan/<int:pk>/", self.admin_view(saved_view_view), name="saved_view"),
            # Open to those who gave the password only, and to nobody else without it.
            path("masuk/kode/", _with_policy(security.verify), name="second_factor"),
            path("masuk/faktor-kedua/", _with_policy(security.enrol), name="second_factor_enrol"),
            # One's own account.
            path("keamanan/", self.admin_view(security.account_security), name="security"),
            path("keamanan/kode-pemulihan/", self.admin_view(security.recovery_codes), name="recovery_codes"),
            path("keamanan/lepas/", self.admin_view(security.remove), name="second_factor_remove"),
            path("keamanan/sesi/", self.admin_view(security.end_sessions), name="end_sessions"),
            path("keamanan/perangkat/", self.admin_view(security.forget), name="forget_devices"),
            path("kesehatan/", self.admin_view(health_view), name="system_health"),
            path("kesehatan/panduan/", self.admin_view(runbook_view), name="runbook_front"),
            path("kesehatan/panduan/<slug:slug>/", self.admin_view(runbook_view), name="runbook"),
            path("cadangan/", self.admin_view(overview), name="backups"),
            path("pengaturan/", self.admin_view(setup_home), name="setup"),
            *paper_urls(self),
        ]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """None: the sidebar says what there is, and Django's own list of all models, made anew for every page and
        shown on none, would cost a good part of each page's time."""
        return []

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """With the “?” in the head of every page, which leads to the manual's page about that screen."""
        context = super().each_context(request)
        context["colors"] = None  # Unfold would write them into each page as a <style>; they stand in backoffice.css
        if self.has_permission(request):
            context["help_address"] = help_address(request)
        return context

    def admin_view(self, view: Callable, cacheable: bool = False) -> Callable:
        return _with_policy(self._leading_to_the_door(super().admin_view(_of_a_row(view), cacheable)))

    def _leading_to_the_door(self, view: Callable) -> Callable:
        """HTMX would draw the log-in page into the middle of the page: it is told to open it instead."""

        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.htmx or self.has_permission(request):
                return view(request, *args, **kwargs)
            back = request.htmx.current_url_abs_path or reverse("admin:index")
            return HttpResponse(
                status=401, headers={"HX-Redirect": redirect_to_login(back, reverse("admin:login")).url}
            )

        return wrapped

    def app_index(
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """There is one app; what it holds stands in the sidebar."""
        return redirect("admin:index")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Through the service: the owner gets a letter, and other log-ins and remembered devices end."""
        from backoffice.views.security import PasswordChange

        request.current_app = self.name
        return PasswordChange.as_view(
            success_url=reverse("admin:password_change_done"),
            extra_context={**self.each_context(request), **(extra_context or {})},
        )(request)

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Nothing stays in the browser of a shared computer: no answers of a paper that did not arrive (papers.js)."""
        response = super().logout(request, extra_context)
        response["Clear-Site-Data"] = '"cache", "storage"'
        return response

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Leads home unless another page was asked for: Unfold's form carries no address to go on to.

        Whoever has given the password already goes on to the step that is owed.
        """
        if request.method == "GET" and request.half_user is not None and request.half_user.is_staff:
            return step_of(request)
        if request.method == "GET" and REDIRECT_FIELD_NAME not in request.GET:
            return redirect_to_login(reverse("admin:index"), request.path)
        context = {"title": _("Masuk"), **(extra_context or {})}
        if settings.DEMO:
            context |= {"demo_accounts": DEMO_ACCOUNTS, "demo_password": DEMO_PASSWORD}
        return _with_policy(super().login)(request, context)
