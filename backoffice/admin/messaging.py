"""Letters: the words of each kind, and what went out."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.db.models.functions import Length
from django.http import Http404, HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from backoffice.base import LongListAdmin, ReadOnlyMixin, VersionedAdmin, found_people, go
from backoffice.bulk import BulkAct
from backoffice.displays import OUTBOX_TONES, chips
from backoffice.filters import DayRangeFilter, OutboxStatusFilter, TemplateFilter
from backoffice.resources.messaging import OutboxResource
from backoffice.spreadsheets import SpreadsheetMixin
from backoffice.views import setup
from core.activity.versions import kept
from core.messaging import services
from core.messaging.models import MessageTemplate, OutboxAttachment, OutboxMessage
from core.messaging.rules import told_body, why_not_resend
from core.messaging.serving import attachment_response
from core.messaging.shipped import shipped_wording

#: What a placeholder stands for, in a word or two.
PLACEHOLDER_WORDS = {
    "nama": _("nama penerima"),
    "nomor": _("nomor permohonan"),
    "skema": _("nama skema"),
    "topik": _("topik pesan"),
    "tautan": _("alamat yang harus dibuka"),
    "lupa": _("alamat lupa sandi"),
    "bagian": _("bagian yang harus diperbaiki"),
    "catatan": _("catatan petugas"),
    "alasan": _("alasan"),
    "jadwal": _("kode jadwal uji"),
    "waktu": _("hari, tanggal, dan jam uji"),
    "tempat": _("nama dan alamat TUK"),
    "surat": _("nomor surat tugas"),
    "jumlah": _("banyaknya asesi"),
    "batas": _("hari terakhir untuk mengajukan banding"),
    "tanggal": _("tanggal"),
    "sertifikat": _("nomor sertifikat"),
    "berlaku": _("hari terakhir sertifikat berlaku"),
    "periksa": _("alamat halaman verifikasi sertifikat"),
    "asesor": _("nama asesor"),
    "belum_kompeten": _("banyaknya yang belum kompeten"),
    "berita_acara": _("nomor berita acara rapat pleno"),
    "berkas": _("nama berkas"),
    "cadangan": _("tempat cadangan yang diuji"),
    "daftar": _("satu baris untuk setiap butir"),
    "dasar": _("pasal undang-undangnya"),
    "dibekukan": _("hari terakhir pembekuan"),
    "dokumen": _("jenis dokumen"),
    "excel": _("alamat rekap sebagai Excel"),
    "formulir": _("nama formulir"),
    "hasil": _("hasilnya"),
    "instansi": _("nama instansi"),
    "jangka": _("masa yang direkap"),
    "jawaban": _("jawaban yang ditulis petugas"),
    "kali": _("berapa kali gagal"),
    "kompeten": _("banyaknya yang kompeten"),
    "masalah": _("apa yang harus dibetulkan"),
    "masuk": _("alamat untuk meminta tautan baru"),
    "pdf": _("alamat rekap sebagai PDF"),
    "pekerjaan": _("nama pekerjaan"),
    "pengganti": _("kalimat tentang surat yang digantikan"),
    "pengusul": _("siapa yang mengusulkan"),
    "permintaan": _("apa yang diminta"),
    "privasi": _("alamat halaman data pribadi"),
    "rekap": _("nama rekap"),
    "sampai": _("hari terakhir sertifikat berlaku"),
    "sebab": _("sebabnya"),
    "sisa": _("banyaknya hari atau kode yang tersisa"),
}


class MessageTemplateAdmin(VersionedAdmin):
    """The words of the letters. A placeholder that the letter does not know is refused when saving."""

    class Media:
        js = ("backoffice/setup.js",)

    list_display = ("title", "subject", "wording_column")
    search_fields = ("title", "subject", "body")
    fields = ("title", "subject", "body", "known")
    text_rows = 14
    readonly_fields = ("known",)
    actions_detail = ("reset",)
    change_form_outer_after_template = "backoffice/setup/message_pane.html"

    @display(description=_("Isian yang dapat disisipkan"))
    def known(self, obj: MessageTemplate) -> SafeString:
        pieces = ((f"{{{{ {name} }}}}", PLACEHOLDER_WORDS.get(name, "")) for name in obj.placeholders)
        return chips(pieces, into="id_body id_subject")

    @display(description=_("Kata-kata"), label={"bawaan": "", "sendiri": "info", "kurang": "warning"})
    def wording_column(self, obj: MessageTemplate) -> tuple[str, str]:
        if missing := services.missing_placeholders(obj):
            return "kurang", _t("Tanpa %(names)s") % {"names": ", ".join(missing)}
        shipped = shipped_wording(obj.key)
        is_shipped = shipped == {"subject": obj.subject, "body": obj.body}
        return ("bawaan", _t("Teks bawaan")) if is_shipped else ("sendiri", _t("Sudah disesuaikan"))

    def get_urls(self) -> list:
        def address(route: str, name: str, view: Any) -> Any:
            return path(route, self.admin_site.admin_view(view), name=f"core_messagetemplate_{name}")

        return [
            address("<int:pk>/pratinjau/", "preview", setup.letter_preview),
            address("<int:pk>/uji/", "test", setup.letter_test),
            *super().get_urls(),
        ]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        form = context["adminform"].form
        if form.instance.pk:
            context["preview"] = setup.letter(form.instance)
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: MessageTemplate, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if missing := services.missing_placeholders(obj):
            messages.warning(
                request,
                _t("Surat ini tidak memuat %(names)s, yang diperlukan penerima. Periksa apakah memang demikian.")
                % {"names": ", ".join(f"{{{{ {name} }}}}" for name in missing)},
            )

    @action(
        description=_("Kembalikan ke teks bawaan"),
        icon="restart_alt",
        permissions=["reset"],
        dialog={
            "title": _("Kembalikan surat ini ke teks bawaan?"),
            "form_submit_text": _("Kembalikan"),
            "description": _("Perihal dan isi yang sekarang diganti; yang lama tetap ada di Riwayat."),
        },
    )
    def reset(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        template = self.get_object(request, object_id)
        with kept(template, by=request.user, reason=_t("Dikembalikan ke teks bawaan")):
            self.attempt(request, services.reset_template, _t("Surat memakai teks bawaan lagi."), template=template)
        return go(request, self.change_url(template))

    def has_reset_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        if not self.may(request, "change"):
            return False
        template = MessageTemplate.objects.filter(pk=object_id).first()
        shipped = shipped_wording(template.key) if template else None
        return shipped is not None and shipped != {"subject": template.subject, "body": template.body}

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


class OutboxMessageAdmin(SpreadsheetMixin, ReadOnlyMixin, LongListAdmin):
    """What was queued, sent, or failed. A body with a secret link is never shown."""

    resource_class = OutboxResource
    empty_hint = _("Surat dibuat oleh tindakan pada kasus dan dikirim setiap menit.")
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
        "attachments_field",
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
        text = _t("(isi tidak ditampilkan karena memuat tautan rahasia)") if obj.is_secret else told_body(obj)
        return format_html('<div class="bo-preview">{}</div>', text)

    @display(description=_("Lampiran"))
    def attachments_field(self, obj: OutboxMessage) -> SafeString | str:
        """Name and size; the file itself while it is kept, to whoever may read the letter."""
        files = obj.attachments.defer("content").annotate(kept=Length("content"))
        return (
            format_html_join(
                mark_safe("<br>"),
                "{}",
                ((self._file(file, is_shown=bool(file.kept) and not obj.is_secret),) for file in files),
            )
            or "–"
        )

    def _file(self, file: OutboxAttachment, *, is_shown: bool) -> SafeString | str:
        words = f"{file.file_name} ({filesizeformat(file.size)})"
        if not is_shown:
            return words
        address = reverse("admin:core_outboxmessage_attachment", args=[file.message_id, file.pk])
        return format_html('<a href="{}" class="bo-link">{}</a>', address, words)

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.attachment_view)
        return [path("<int:pk>/lampiran/<int:file>/", view, name="core_outboxmessage_attachment"), *super().get_urls()]

    def attachment_view(self, request: HttpRequest, pk: int, file: int) -> HttpResponse:
        """One file of a letter, only to be saved."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = OutboxAttachment.objects.filter(pk=file, message=pk, message__is_secret=False).first()
        if found is None or not found.is_kept:
            raise Http404
        return attachment_response(found)

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
        message = OutboxMessage.objects.filter(pk=object_id).first()
        return message is not None and not why_not_resend(message, request.user)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("recipient")
