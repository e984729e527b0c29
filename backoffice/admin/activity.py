"""The activity log: read by those who may, changed by nobody."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from backoffice.base import LongListAdmin, ReadOnlyMixin
from backoffice.filters import ActFilter, ActorFilter, DayRangeFilter
from core.activity.labels import sentence
from core.activity.models import ActivityEntry


class ActivityEntryAdmin(ReadOnlyMixin, LongListAdmin):
    """Who did what, when, from where, in sentences."""

    list_display = ("at", "sentence_column", "ip_address")
    list_display_links = ("sentence_column",)
    list_filter = (ActFilter, ActorFilter, ("at", DayRangeFilter))
    search_fields = ("^subject_label",)
    search_help_text = _("Cari objek, misalnya nomor permohonan")
    sortable_by = ()
    fields = ("at", "sentence_column", "code", "ip_address", "data")
    readonly_fields = fields

    @display(description=_("Kejadian"))
    def sentence_column(self, obj: ActivityEntry) -> str:
        return sentence(obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ActivityEntry]:
        return super().get_queryset(request).prefetch_related("actor")
