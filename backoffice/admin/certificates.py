"""The list of certificates, and the page of one."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from backoffice.base import LongListAdmin, ReadOnlyMixin
from backoffice.displays import CERTIFICATE_TONES
from backoffice.filters import CertificateStateFilter, DateRangeFilter
from backoffice.views import certificate_acts
from core.certificates.models import Certificate
from core.certificates.standing import status_now


class CertificateAdmin(ReadOnlyMixin, LongListAdmin):
    """What was issued; its acts and what became of it stand on its page."""

    list_display = ("number_column", "holder_name", "scheme_column", "state_column", "end_column")
    list_display_links = ("number_column",)
    list_filter = (CertificateStateFilter, ("valid_until", DateRangeFilter))
    search_fields = ("^number",)
    sortable_by = ()
    fields = ("number", "holder_name", "scheme", "issued_on", "valid_until")
    change_form_outer_before_template = "backoffice/certificate/aftercare.html"

    @display(description=_("Nomor"))
    def number_column(self, obj: Certificate) -> SafeString:
        return format_html('<span class="bo-number">{}</span>', obj.number)

    @display(description=_("Skema"))
    def scheme_column(self, obj: Certificate) -> SafeString:
        return format_html('<span class="bo-clamp">{}</span>', obj.scheme.title)

    @display(description=_("Keadaan"), label=CERTIFICATE_TONES)
    def state_column(self, obj: Certificate) -> tuple[str, str]:
        now = status_now(obj)
        return now.state, now.label

    @display(description=_("Berlaku sampai"))
    def end_column(self, obj: Certificate) -> str:
        return f"{obj.valid_until:%d-%m-%Y}"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Certificate]:
        return super().get_queryset(request).prefetch_related("scheme")

    def get_urls(self) -> list:
        return [*certificate_acts.certificate_act_urls(self), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        if kwargs.get("obj") is not None:
            context |= certificate_acts.aftercare(kwargs["obj"], request.user)
        return super().render_change_form(request, context, *args, **kwargs)
