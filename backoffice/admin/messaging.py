"""Letters: the words of each kind, and what went out."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import action, display

from backoffice.base import LongListAdmin, ReadOnlyMixin, VersionedAdmin, go
from backoffice.displays import OUTBOX_TONES
from backoffice.filters import DayRangeFilter
from core.messaging import services
from core.messaging.models import MessageTemplate, OutboxMessage, OutboxStatus


def sample_values(template: MessageTemplate) -> dict[str, Any]:
    """What stands in for a placeholder in the preview; one without a sample shows its own name."""
    known = {
        "nama": "Sari Wulandari",
        "nomor": "APL-2026-000123",
        "skema": "Kerja Relawan",
        "tautan": f"{settings.SITE_URL}/permohonan/APL-2026-000123/",
        "bagian": "- Bukti persyaratan: foto KTP buram\n- Alamat dan kontak: kode pos keliru",
        "catatan": "-",
    }
    return {name: known.get(name, f"‹{name}›") for name in template.placeholders}


class MessageTemplateAdmin(VersionedAdmin):
    """The words of the letters. A placeholder that the letter does not know is refused when saving."""

    list_display = ("title", "subject")
    search_fields = ("title", "subject", "body")
    fields = ("title", "subject", "body", "known", "preview")
    text_rows = 14
    readonly_fields = ("known", "preview")

    @display(description=_("Isian yang dikenal"))
    def known(self, obj: MessageTemplate) -> str:
        return " ".join(f"{{{{ {name} }}}}" for name in obj.placeholders)

    @display(description=_("Pratinjau (seperti tersimpan)"))
    def preview(self, obj: MessageTemplate) -> SafeString:
        values = sample_values(obj)
        return format_html(
            '<div class="bo-preview"><strong>{}</strong>\n\n{}</div>',
            services.render(obj.subject, values),
            services.render(obj.body, values),
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # a letter that no act sends would never go out

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class OutboxMessageAdmin(ReadOnlyMixin, LongListAdmin):
    """What was queued, sent, or failed. A body with a secret link is never shown."""

    list_display = ("created_at", "status_column", "recipient_column", "subject", "attempts")
    list_filter = (("status", ChoicesDropdownFilter), ("created_at", DayRangeFilter))
    search_fields = ("^address", "recipient__full_name")
    search_help_text = _("Cari alamat atau nama penerima")
    sortable_by = ("created_at",)
    fields = (
        "status",
        "recipient_column",
        "address",
        "subject",
        "body_field",
        "attempts",
        "next_attempt_at",
        "last_error",
        "created_at",
        "sent_at",
    )
    readonly_fields = fields
    actions_detail = ("resend",)

    @display(description=_("Status"), label=OUTBOX_TONES)
    def status_column(self, obj: OutboxMessage) -> tuple[str, str]:
        return obj.status, obj.get_status_display()

    @display(description=_("Penerima"))
    def recipient_column(self, obj: OutboxMessage) -> str:
        return obj.recipient.full_name if obj.recipient else obj.address

    @display(description=_("Isi"))
    def body_field(self, obj: OutboxMessage) -> SafeString:
        text = _t("(isi tidak ditampilkan karena memuat tautan rahasia)") if obj.is_secret else obj.body
        return format_html('<div class="bo-preview">{}</div>', text)

    @action(
        description=_("Kirim ulang"),
        icon="send",
        permissions=["resend"],
        dialog={"title": _("Kirim ulang pesan ini?"), "form_submit_text": _("Kirim ulang")},
    )
    def resend(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        message = self.get_object(request, object_id)
        self.attempt(request, services.resend_message, _t("Pesan masuk antrean lagi."), message=message)
        return go(request, self.change_url(message))

    def has_resend_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return (
            request.user.has_perm("core.resend_outboxmessage")
            and OutboxMessage.objects.filter(pk=object_id, status=OutboxStatus.FAILED).exists()
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("recipient")
