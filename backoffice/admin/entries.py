"""What the portal lists: questions, announcements, files for everybody."""

from typing import Any

from django import forms
from django.db.models import Max, QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminFileFieldWidget

from backoffice.admin.pages import MARKDOWN_HELP, EnglishMixin, day_and_time
from backoffice.base import ServiceFormMixin, VersionedAdmin
from backoffice.resources.content import AnnouncementResource, DownloadResource, QuestionResource
from backoffice.spreadsheets import SpreadsheetMixin
from core.content import services
from core.content.entries import Announcement, Download, Question, Standing
from core.documents.intake import ACCEPTED


class EntryAdmin(EnglishMixin, VersionedAdmin):
    """With the portal beside the form, drawn with what stands in it."""

    class Media:
        js = ("backoffice/setup.js",)

    change_form_outer_after_template = "backoffice/setup/page_preview.html"
    #: The long text in Markdown.
    markdown_field = ""
    #: What the preview is drawn with beside the words in both languages.
    more_in_preview: tuple[str, ...] = ()

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if self.markdown_field and db_field.name in (self.markdown_field, f"{self.markdown_field}_en"):
            field.widget.attrs |= {"data-markdown": "", "rows": 10}
            field.help_text = MARKDOWN_HELP
        return field

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        row = context.get("original")
        context |= {
            "is_live": row is not None and self.is_shown(row),
            "preview_form": f"{self.opts.model_name}_form",
            "preview_fields": " ".join((*self.model.in_english, *self.model.twins(), *self.more_in_preview)),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def is_shown(self, row: Any) -> bool:
        return row.is_published

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change and hasattr(obj, "position"):  # to the end
            last = self.model._default_manager.aggregate(last=Max("position"))["last"]
            obj.position = (last or 0) + 1
        super().save_model(request, obj, form, change)

    @display(description=_("Keadaan"), label={True: "success", False: ""})
    def shown_column(self, obj: Any) -> tuple[bool, str]:
        return obj.is_published, _t("Tampil") if obj.is_published else _t("Draf")


class QuestionAdmin(SpreadsheetMixin, EntryAdmin):
    """Questions in the order of the page, put in order by dragging."""

    resource_class = QuestionResource
    list_display = ("question", "group", "shown_column")
    list_filter = ("is_published",)
    search_fields = ("question", "answer", "group")
    search_help_text = _("Cari pertanyaan atau jawaban")
    ordering_field = "position"
    hide_ordering_field = True
    fields = ("question", "group", "answer", *Question.twins(), "is_published")
    markdown_field = "answer"


class AnnouncementAdmin(SpreadsheetMixin, EntryAdmin):
    """Announcements, the pinned and the newest first."""

    resource_class = AnnouncementResource
    list_display = ("title", "standing_column", "live_column", "end_column", "pinned_column")
    list_filter = ("is_published", "is_pinned")
    search_fields = ("title", "summary", "body")
    search_help_text = _("Cari judul atau isi pengumuman")
    fieldsets = (
        (None, {"fields": ("title", "slug", "summary", "body", *Announcement.twins())}),
        (
            _("Kapan tampil"),
            {
                "fields": ("is_published", "live_from", "ends_on", "is_pinned"),
                "description": _(
                    "Selama tampil, yang Anda simpan langsung dibaca orang. Tiga pengumuman teratas tampil di halaman "
                    "muka."
                ),
            },
        ),
    )
    markdown_field = "body"

    def get_readonly_fields(self, request: HttpRequest, obj: Announcement | None = None) -> tuple[str, ...]:
        """Once readers know an address it stays, so that no link breaks.

        Asked of the row as it is stored: of a form that comes back with a fault `obj` already has what was typed.
        """
        is_known = obj is not None and Announcement.objects.filter(pk=obj.pk, live_from__isnull=False).exists()
        return ("slug",) if is_known else ()

    def is_shown(self, row: Announcement) -> bool:
        return row.standing() == Standing.SHOWN

    @display(
        description=_("Keadaan"),
        label={Standing.SHOWN: "success", Standing.PLANNED: "info", Standing.DRAFT: "", Standing.ENDED: ""},
    )
    def standing_column(self, obj: Announcement) -> tuple[str, str]:
        standing = obj.standing()
        return standing.value, str(standing.label)

    @display(description=_("Mulai tampil"), ordering="live_from")
    def live_column(self, obj: Announcement) -> str:
        return day_and_time(obj.live_from) if obj.live_from else "–"

    @display(description=_("Sampai"), ordering="ends_on")
    def end_column(self, obj: Announcement) -> str:
        return date_format(obj.ends_on, "j F Y") if obj.ends_on else "–"

    @display(description=_("Disematkan"), label={True: "info", False: ""})
    def pinned_column(self, obj: Announcement) -> tuple[bool, str] | str:
        return (True, _t("Paling atas")) if obj.is_pinned else ""


class DownloadForm(forms.ModelForm):
    """The row, and a file on its way through entry control."""

    new_file = forms.FileField(
        label=_("Berkas baru"),
        required=False,
        widget=UnfoldAdminFileFieldWidget({"accept": ACCEPTED}),
        help_text=_("PDF, JPG, PNG, atau WEBP. Alamatnya tetap; pembaca langsung mendapat berkas yang baru."),
    )

    def clean(self) -> Any:
        cleaned = super().clean()
        has_file = bool(cleaned.get("new_file") or self.instance.document_id)
        if cleaned.get("is_published") and not has_file:
            self.add_error("new_file", _("Pilih berkasnya sebelum unduhan ini ditampilkan."))
        return cleaned


class DownloadAdmin(SpreadsheetMixin, ServiceFormMixin, EntryAdmin):
    """Files that anybody may have."""

    resource_class = DownloadResource
    form = DownloadForm
    records_edits = True  # the service tells of the file only
    list_display = ("title", "version", "file_column", "shown_column")
    list_filter = ("is_published",)
    search_fields = ("title", "description")
    search_help_text = _("Cari judul atau keterangan")
    ordering_field = "position"
    hide_ordering_field = True
    readonly_fields = ("current_file",)
    fields = ("title", "description", *Download.twins(), "version", "current_file", "new_file", "is_published")
    more_in_preview = ("version",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Download]:
        return super().get_queryset(request).prefetch_related("document")

    def get_fields(self, request: HttpRequest, obj: Download | None = None) -> tuple[str, ...]:
        return self.fields if obj else tuple(name for name in self.fields if name != "current_file")

    def save_model(self, request: HttpRequest, obj: Download, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if upload := form.cleaned_data.get("new_file"):
            services.set_download_file(download=obj, stream=upload, file_name=upload.name, by=request.user)

    @display(description=_("Berkas"))
    def file_column(self, obj: Download) -> str:
        if obj.document is None:
            return _t("Belum ada berkas")
        return f"{obj.document.file_name} · {filesizeformat(obj.document.size)}"

    @display(description=_("Berkas sekarang"))
    def current_file(self, obj: Download) -> SafeString | str:
        if obj.document is None:
            return _t("Belum ada berkas")
        address = reverse("admin:document", args=[obj.document.public_id])
        waits = "" if obj.document.can_be_opened else f" · {obj.document.get_state_display()}"
        return format_html('<a class="bo-link" href="{}">{}</a>{}', address, self.file_column(obj), waits)
