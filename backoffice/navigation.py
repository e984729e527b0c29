"""The sidebar, in the order of a case's journey; each person sees what their role may open."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.applications.queries import desk_counts


@dataclass(frozen=True)
class Item:
    """One line of the sidebar: a list (`model`) that needs the permission to view it."""

    title: Any
    icon: str
    model: str

    def link(self) -> str:
        return reverse(f"admin:core_{self.model}_changelist")


GROUPS: tuple[tuple[Any, tuple[Item, ...]], ...] = (
    (
        _("Permohonan"),
        (Item(_("Antrean permohonan"), "inbox", "application"), Item(_("Dokumen"), "folder_open", "document")),
    ),
    (
        _("Orang"),
        (
            Item(_("Asesi"), "badge", "candidateprofile"),
            Item(_("Asesor"), "school", "assessorprofile"),
            Item(_("Pengguna dan peran"), "group", "user"),
        ),
    ),
    (
        _("Skema"),
        (
            Item(_("Skema sertifikasi"), "workspace_premium", "scheme"),
            Item(_("Versi skema"), "layers", "schemeversion"),
            Item(_("Unit kompetensi"), "menu_book", "competencyunit"),
            Item(_("Standar kompetensi"), "gavel", "competencystandard"),
        ),
    ),
    (
        _("Pesan"),
        (Item(_("Pesan keluar"), "outbox", "outboxmessage"), Item(_("Templat pesan"), "draft", "messagetemplate")),
    ),
    (
        _("Pengaturan"),
        (
            Item(_("Data LSP"), "apartment", "officedata"),
            Item(_("Jenis dokumen"), "description", "documenttype"),
            Item(_("Tujuan asesmen"), "flag", "assessmentpurpose"),
            Item(_("Pola nomor"), "tag", "numberingrule"),
            Item(_("Teks persetujuan"), "handshake", "consenttext"),
            Item(_("Daftar kode"), "list_alt", "codelist"),
            Item(_("Wilayah"), "map", "region"),
        ),
    ),
    (
        _("Pengawasan"),
        (
            Item(_("Catatan aktivitas"), "history", "activityentry"),
            Item(_("Persetujuan yang diberikan"), "fact_check", "consent"),
            Item(_("Riwayat impor"), "upload_file", "importrun"),
        ),
    ),
)


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """Unfold's navigation; the badge on the queue counts what nobody has taken yet."""
    groups: list[dict[str, Any]] = [
        {"items": [{"title": _("Beranda"), "icon": "home", "link": reverse("admin:index")}]}
    ]
    for title, items in GROUPS:
        lines = []
        for item in items:
            if not request.user.has_perm(f"core.view_{item.model}"):
                continue
            line = {"title": item.title, "icon": item.icon, "link": item.link()}
            if item.model == "application" and request.user.has_perm("core.verify_application"):
                line |= {"badge": str(counts(request)["submitted"] or ""), "badge_variant": "primary"}
            lines.append(line)
        if lines:
            groups.append({"title": title, "separator": True, "items": lines})
    return groups


def counts(request: HttpRequest) -> dict[str, int]:
    """Counted once per request: the badge, the tabs and the cards tell the same."""
    if not hasattr(request, "_desk_counts"):
        request._desk_counts = desk_counts(request.user)  # type: ignore[attr-defined]
    return request._desk_counts  # type: ignore[attr-defined]


def environment(request: HttpRequest) -> list[str] | None:
    """The label at the top right: nobody mistakes a demonstration for the real thing."""
    return ["DEMO", "warning"] if settings.DEMO else None


def favicon(request: HttpRequest) -> str:
    return static("backoffice/favicon.svg")


def stylesheet(request: HttpRequest) -> str:
    return static("backoffice/backoffice.css")
