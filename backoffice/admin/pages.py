"""The portal's pages and menus."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Max, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import action, display
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminTextInputWidget

from backoffice.base import HttpsAddressMixin, VersionedAdmin, go
from core.activity.versions import kept
from core.common.exceptions import DomainError
from core.content import services
from core.content.models import BUILT_IN, MenuItem, MenuPlace, Page
from core.content.queries import page_state, with_state

EDITIONS_SHOWN = 5
ENGLISH = Page.twins()
MARKDOWN_HELP = _(
    "Tanda: **tebal** · *miring* · ## judul bagian · - butir · 1. langkah · [tulisan](https://alamat) atau "
    "[tulisan](/skema/) · baris kosong untuk paragraf baru. Kode HTML tidak dipakai."
)

ENGLISH_HELP = _(
    "Untuk portal berbahasa Inggris. Selama ada bagian yang belum ditulis, pembacanya melihat teks Indonesia dengan "
    "keterangan singkat."
)


def day_and_time(moment: Any) -> str:
    return date_format(timezone.localtime(moment), "j F Y, H.i")


class EnglishMixin:
    """Forms of rows that may stand in English: which fields are English, and whether their words keep pace.

    Comes before the admin's other bases; `fields` names the twins behind the Indonesian ones.
    """

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        twins = self.model.twins()
        if db_field.name in twins:
            field.widget.attrs["lang"] = "en"
        if db_field.name == twins[0]:
            field.help_text = ENGLISH_HELP
        return field

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        changed = set(form.changed_data)
        if obj.is_half_english:
            messages.warning(request, _t("Teks Inggris belum lengkap, jadi pembacanya melihat teks Indonesia."))
        elif change and obj.has_english and changed & set(obj.in_english) and not changed & set(obj.twins()):
            messages.warning(request, _t("Teks Inggris belum ikut diubah. Periksa apakah artinya masih sama."))


class PublishForm(BaseDialogForm):
    """When readers get to see the draft."""

    live_from = forms.DateTimeField(
        label=_("Terbit mulai"),
        required=False,
        widget=UnfoldAdminTextInputWidget({"type": "datetime-local"}),
        help_text=_("Kosongkan untuk menerbitkan sekarang. Teks yang terbit sekarang tetap tampil sampai saat itu."),
    )


class PageAdmin(EnglishMixin, VersionedAdmin):
    """Drafts of the portal's texts; what readers see changes only by publishing."""

    class Media:
        js = ("backoffice/setup.js",)

    list_display = ("name_column", "title_column", "address_column", "state_column", "updated_column")
    readonly_fields = ("use", "address_column", "state", "past_editions")
    search_fields = ("title", "slug", "body")
    search_help_text = _("Cari judul atau isi halaman")
    fields = ("use", "title", "address_column", "summary", "body", *ENGLISH, "state", "past_editions")
    text_rows = 14
    actions_detail = ("publish", "unschedule", "discard", "withdraw")
    change_form_outer_after_template = "backoffice/setup/page_preview.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Page]:
        return with_state(super().get_queryset(request))

    def get_fields(self, request: HttpRequest, obj: Page | None = None) -> tuple[str, ...]:
        if obj is None:
            return ("title", "slug", "summary", "body", *ENGLISH)
        if obj.built_in:
            return self.fields
        # Once readers know an address it stays, so that no link breaks.
        address = "address_column" if obj.editions.exists() else "slug"
        return ("title", address, *self.fields[3:])

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in ("body", "body_en"):
            field.widget.attrs["data-markdown"] = ""
            field.help_text = MARKDOWN_HELP
        return field

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        page = context.get("original")
        context["is_live"] = page is not None and page_state(page)["live"] is not None
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Page, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        messages.info(request, _t("Ini masih draf: pembaca portal melihatnya setelah Anda menekan Terbitkan."))

    @display(description=_("Halaman"), ordering="title")
    def name_column(self, obj: Page) -> str:
        return str(obj)

    @display(description=_("Judul"))
    def title_column(self, obj: Page) -> str:
        return obj.title

    @display(description=_("Tempat"))
    def use(self, obj: Page) -> str:
        return obj.built_in.use

    @display(description=_("Alamat"))
    def address_column(self, obj: Page) -> str:
        return obj.address or _t("bagian dari setiap halaman")

    @display(
        description=_("Keadaan"),
        label={"terbit": "success", "berbeda": "warning", "terjadwal": "info", "draf": "", "ditarik": ""},
    )
    def state_column(self, obj: Page) -> tuple[str, str]:
        state = page_state(obj)
        if state["planned"]:
            return "terjadwal", _t("Terbit %(moment)s") % {"moment": day_and_time(state["planned"].live_from)}
        if state["live"] is None:
            return ("ditarik", _t("Ditarik")) if obj.withdrawn_at else ("draf", _t("Belum terbit"))
        return ("berbeda", _t("Terbit, draf berbeda")) if state["has_changes"] else ("terbit", _t("Terbit"))

    @display(description=_("Diubah"))
    def updated_column(self, obj: Page) -> str:
        return day_and_time(obj.updated_at)

    @display(description=_("Keadaan"))
    def state(self, obj: Page) -> SafeString:
        state = page_state(obj)
        lines = []
        if state["live"]:
            lines.append(_t("Terbit sejak %(moment)s.") % {"moment": day_and_time(state["live"].live_from)})
        else:
            lines.append(_t("Sudah ditarik dari portal.") if obj.withdrawn_at else _t("Belum pernah terbit."))
        if state["planned"]:
            lines.append(
                _t("Terbitan berikutnya dijadwalkan %(moment)s.") % {"moment": day_and_time(state["planned"].live_from)}
            )
        if state["has_changes"] and (state["live"] or state["planned"]):
            lines.append(_t("Draf ini berbeda dengan terbitan terakhir."))
        return format_html_join(" ", "{}", ((line,) for line in lines))

    @display(description=_("Terbitan terakhir"))
    def past_editions(self, obj: Page) -> SafeString:
        editions = obj.editions.select_related("published_by")[:EDITIONS_SHOWN]
        rows = format_html_join(
            "",
            "<li>{} · {}</li>",
            (
                (day_and_time(e.live_from), e.published_by.full_name if e.published_by else _t("teks bawaan"))
                for e in editions
            ),
        )
        return format_html("<ul>{}</ul>", rows) if rows else mark_safe("–")

    # --- acts ---------------------------------------------------------------------------------------

    @action(
        description=_("Terbitkan"),
        icon="publish",
        permissions=["publish"],
        dialog={
            "title": _("Terbitkan draf yang tersimpan?"),
            "form_class": PublishForm,
            "form_submit_text": _("Terbitkan"),
            "description": _("Isian yang belum disimpan tidak ikut terbit."),
        },
    )
    def publish(self, request: HttpRequest, form: PublishForm, object_id: str) -> HttpResponse:
        page, moment = self.get_object(request, object_id), form.cleaned_data["live_from"]
        try:
            services.publish_page(page=page, by=request.user, live_from=moment)
        except DomainError as refusal:
            if refusal.field is None:
                messages.error(request, refusal.message)
                return go(request, self.change_url(page))
            form.add_error(refusal.field, refusal.message)
            dialog = type(self).publish.dialog
            context = {"dialog": dialog, "form": form, "form_submit_text": dialog["form_submit_text"]}
            return render(request, "unfold/helpers/dialog.html", context)
        done = _t("Halaman terbit %(moment)s.") % {"moment": day_and_time(moment)} if moment else _t("Halaman terbit.")
        messages.success(request, done)
        return go(request, self.change_url(page))

    @action(
        description=_("Batalkan jadwal"),
        icon="event_busy",
        permissions=["unschedule"],
        dialog={
            "title": _("Batalkan penerbitan yang dijadwalkan?"),
            "form_submit_text": _("Batalkan jadwal"),
            "description": _("Draf tetap tersimpan; teks yang terbit sekarang tetap tampil."),
        },
    )
    def unschedule(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        return self._act(request, object_id, services.unschedule_page, _t("Jadwal terbit dibatalkan."))

    @action(
        description=_("Buang draf"),
        icon="undo",
        permissions=["discard"],
        dialog={
            "title": _("Kembalikan draf ke terbitan terakhir?"),
            "form_submit_text": _("Buang draf"),
            "description": _("Perubahan yang belum terbit hilang dari draf; versi lamanya ada di Riwayat."),
        },
    )
    def discard(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        return self._act(request, object_id, services.discard_draft, _t("Draf sama lagi dengan terbitan terakhir."))

    @action(
        description=_("Tarik dari portal"),
        icon="visibility_off",
        permissions=["withdraw"],
        dialog={
            "title": _("Tarik halaman ini dari portal?"),
            "form_submit_text": _("Tarik"),
            "description": _("Alamatnya tidak dapat dibuka dan menunya hilang sampai halaman terbit kembali."),
        },
    )
    def withdraw(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        return self._act(request, object_id, services.withdraw_page, _t("Halaman ditarik dari portal."))

    def _act(self, request: HttpRequest, object_id: str, act: Any, done: str) -> HttpResponse:
        page = self.get_object(request, object_id)
        with kept(page, by=request.user, reason=done):
            self.attempt(request, act, done, page=page)
        return go(request, self.change_url(page))

    def _state(self, request: HttpRequest, object_id: str | None) -> tuple[Page | None, dict[str, Any]]:
        page = Page.objects.filter(pk=object_id).first() if object_id and self.may(request, "change") else None
        return page, page_state(page) if page else {}

    def has_publish_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        page, state = self._state(request, object_id)
        return page is not None and (state["has_changes"] or state["planned"] is not None)

    def has_unschedule_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        _page, state = self._state(request, object_id)
        return state.get("planned") is not None

    def has_discard_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        _page, state = self._state(request, object_id)
        return bool(state) and state["has_changes"] and (state["live"] or state["planned"]) is not None

    def has_withdraw_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        page, state = self._state(request, object_id)
        return page is not None and page.built_in is None and (state["live"] or state["planned"]) is not None

    def has_delete_permission(self, request: HttpRequest, obj: Page | None = None) -> bool:
        """Not what the portal itself reads, nor what readers see or will see: that is withdrawn first."""
        if not super().has_delete_permission(request, obj):
            return False
        if obj is None:
            return True
        state = page_state(obj)
        return obj.built_in is None and state["live"] is None and state["planned"] is None


class MenuItemAdmin(EnglishMixin, HttpsAddressMixin, VersionedAdmin):
    """The lines of the portal's menus, put in order by dragging."""

    list_display = ("label", "place_column", "target_column", "shown_column")
    list_filter = (("place", ChoicesDropdownFilter),)
    ordering = ("position", "pk")
    ordering_field = "position"
    hide_ordering_field = True
    fieldsets = (
        (None, {"fields": ("place", "label", "label_en", "is_active")}),
        (_("Tujuan: pilih satu"), {"fields": ("portal_page", "page", "url")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[MenuItem]:
        return super().get_queryset(request).prefetch_related(Prefetch("page", with_state(Page.objects.all())))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "page":
            kwargs["queryset"] = Page.objects.exclude(slug__in=BUILT_IN)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: MenuItem, form: Any, change: bool) -> None:
        if not change:  # to the end
            obj.position = (MenuItem.objects.aggregate(last=Max("position"))["last"] or 0) + 1
        super().save_model(request, obj, form, change)

    @display(description=_("Tempat"), label={MenuPlace.HEADER: "info", MenuPlace.FOOTER: ""})
    def place_column(self, obj: MenuItem) -> tuple[str, str]:
        return obj.place, obj.get_place_display()

    @display(description=_("Menuju"))
    def target_column(self, obj: MenuItem) -> str:
        name = obj.get_portal_page_display() if obj.portal_page else obj.page.title if obj.page else ""
        return f"{name} ({obj.address})" if name else obj.address

    @display(description=_("Keadaan"), label={"tampil": "success", "menunggu": "warning", "sembunyi": ""})
    def shown_column(self, obj: MenuItem) -> tuple[str, str]:
        if not obj.is_active:
            return "sembunyi", _t("Disembunyikan")
        if obj.page and page_state(obj.page)["live"] is None:
            return "menunggu", _t("Menunggu halamannya terbit")
        return "tampil", _t("Tampil")
