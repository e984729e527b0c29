"""Letters: the words of each kind, and what went out."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from backoffice.base import LongListAdmin, ReadOnlyMixin, VersionedAdmin, found_people, go
from backoffice.bulk import BulkAct
from backoffice.displays import OUTBOX_TONES
from backoffice.filters import DayRangeFilter, OutboxStatusFilter, TemplateFilter
from core.messaging import services
from core.messaging.models import MessageTemplate, OutboxMessage, OutboxStatus
from core.messaging.rules import why_not_resend


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


RESEND = BulkAct(
    name="resend",
    label=_("Kirim ulang"),
    right="resend_outboxmessage",
    refusal=why_not_resend,
    run=lambda message, by: services.resend_message(message=message, by=by),
    what=_("%(count)d pesan masuk antrean lagi dan dikirim dalam beberapa menit."),
    done=_("%(count)d pesan masuk antrean lagi."),
    row_name=lambda message: f"{message.subject} → {message.address}",
)


class OutboxMessageAdmin(ReadOnlyMixin, LongListAdmin):
    """What was queued, sent, or failed. A body with a secret link is never shown."""

    list_display = ("created_at", "status_column", "recipient_column", "subject", "attempts", "act_column")
    list_filter = (("status", OutboxStatusFilter), TemplateFilter, ("created_at", DayRangeFilter))
    search_fields = ("address",)  # what is searched and how says get_search_results
    search_help_text = _("Cari nama penerima, alamat e-mail, atau nomor HP")
    sortable_by = ()
    bulk_acts = (RESEND,)
    list_disable_select_all = False
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

    @display(description=_("Tindakan"))
    def act_column(self, obj: OutboxMessage) -> SafeString | str:
        """Sending again, where the rule allows it to this person; the dialog is that of the message itself."""
        if why_not_resend(obj, obj.viewer):
            return ""
        return format_html(
            '<a class="bo-button bo-small" href="{0}" hx-get="{0}" hx-target="#modal-content" hx-select="#dialog" '
            'x-on:htmx:after-on-load="openModal = true">{1}</a>',
            reverse("admin:core_outboxmessage_resend", args=[obj.pk]),
            _t("Kirim ulang"),
        )

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """By the address a letter went to, also one that is nobody's account any more; else by the person."""
        words = search_term.strip()
        if "@" in words:
            return queryset.filter(address__istartswith=words), False
        return (queryset.filter(recipient_id__in=found_people(request, words)) if words else queryset), False

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
