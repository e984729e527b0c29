"""Code lists of BNSP, one row per entry; and the regions, whose codes other lists ask for."""

from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from backoffice.resources.base import Column, SheetResource
from backoffice.resources.documents import yes_no
from backoffice.resources.widgets import NumberWidget, SlugWidget, YesNoWidget
from core.codelists.models import CodeList, CodeListEntry, Region


class ListWidget(SlugWidget):
    """The list of an entry: one that is there, or a new one that its first entry brings along."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, CodeList] = {}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> CodeList | None:
        code = super().clean(value)
        return self.known.setdefault(code, CodeList(code=code)) if code else None

    def shown(self, value: Any) -> str:
        return value.code if value else ""


class CodeListResource(SheetResource):
    kind = "codelist"
    title = _("Daftar kode")
    about = _("Satu baris per kode. Kode yang tidak disebut di berkas tetap ada.")
    key = ("code_list", "code")

    code_list = Column(
        "code_list",
        "Kunci daftar",
        ListWidget(),
        required=True,
        help="Daftar dikenali dari kunci ini.",
        example="pendidikan",
    )
    list_title = Column(
        "code_list__title", "Nama daftar", help="Wajib untuk daftar yang baru.", example="Pendidikan", width=30
    )
    code = Column("code", "Kode", required=True, help="Kode menurut BNSP. Format sel Teks.", example="01", width=14)
    title_ = Column("title", "Uraian", required=True, example="SMA/sederajat", width=40)
    title_en = Column("title_en", "Uraian (Inggris)", help="Hanya untuk topik pesan di portal.", width=40)
    position = Column("position", "Urutan", NumberWidget(), example="1", width=10)
    is_active = Column("is_active", "Dipakai", YesNoWidget(blank=True), example="ya", choices=yes_no, width=12)

    class Meta:
        model = CodeListEntry
        fields = ("code_list", "list_title", "code", "title_", "title_en", "position", "is_active")

    def prepare(self) -> None:
        lists = CodeList.objects.select_for_update() if self.writes else CodeList.objects.all()
        self.fields["code_list"].widget.known = {row.code: row for row in lists}
        self.stored_titles = {row.code: row.title for row in self.fields["code_list"].widget.known.values()}
        self.told_titles: dict[str, str] = {}

    def _fold(self, value: Any) -> Any:
        return value.code if isinstance(value, CodeList) else value

    def load(self, keys: set[Any]) -> dict[Any, Model]:
        lists = self.fields["code_list"].widget.known
        found = {}
        for entry in self.stored().filter(code_list__code__in={code for code, _entry in keys}):
            entry.code_list = next(row for row in lists.values() if row.pk == entry.code_list_id)
            found[entry.code_list.code, entry.code] = entry
        return found

    def label(self, instance: Model) -> str:
        return f"{instance.code_list.code}: {instance.code}"

    def problems(self, instance: Model, row: dict[str, Any]) -> dict[str, str]:
        if not instance.code_list.title:
            return {"list_title": _t("Daftar ini baru; isi namanya pada baris pertamanya.")}
        return self._two_titles(instance.code_list, row)

    def _two_titles(self, code_list: CodeList, row: dict[str, Any]) -> dict[str, str]:
        """One list has one name: of two in a file the last would win, and the same file again would change it again."""
        if self.fields["list_title"].column_name not in row:
            return {}
        told = self.told_titles.setdefault(code_list.code, code_list.title)
        if told == code_list.title:
            return {}
        sentence = _t("Daftar ini sudah disebut “%(name)s” pada baris lain. Samakan namanya.")
        return {"list_title": sentence % {"name": told}}

    def write(self, instance: Model, is_create: bool) -> None:
        owner = instance.code_list
        if self.stored_titles.get(owner.code) != owner.title:
            owner.save()
            self.stored_titles[owner.code] = owner.title
        instance.code_list = owner  # saved by now: an unsaved one has no key to refer to
        super().write(instance, is_create)

    def for_export(self, rows: QuerySet) -> QuerySet:
        entries = CodeListEntry.objects.filter(code_list__in=rows.order_by().values("pk"))
        return entries.select_related("code_list").order_by("code_list__title", "position", "code")


class RegionResource(SheetResource):
    """Out only: the codes come with the reference data."""

    kind = "region"
    title = _("Wilayah")
    is_importable = False

    code = Column("code", "Kode", width=12)
    name = Column("name", "Nama", width=40)
    province_code = Column("province__code", "Kode provinsi", width=14)
    province = Column("province__name", "Provinsi", width=32)
    is_current = Column("is_current", "Dipakai", YesNoWidget(blank=True), width=12)

    class Meta:
        model = Region
        fields = ("code", "name", "province_code", "province", "is_current")
