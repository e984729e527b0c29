"""One person by NIK, whose number never stands in an address."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core import signing
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.accounts.models import CandidateProfile
from core.accounts.nik import nik_hash
from core.applications.queries import cases_of

NIK_SALT = "backoffice.nik"


def nik_token(number: str) -> str:
    """What stands in the address instead of the NIK; of no use outside this system nor after half a day."""
    return signing.dumps(nik_hash(number), salt=NIK_SALT)


class NikFilter(admin.SimpleListFilter):
    """One person by NIK. The address holds a signed token of the look-up hash, never the number itself."""

    title = _("NIK")
    parameter_name = "nik"
    template = "backoffice/filter_hidden.html"
    path = "candidate__nik_hash"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return ()

    def has_output(self) -> bool:
        return True

    def choices(self, changelist: Any) -> list:
        return []

    def chosen_text(self) -> str:
        return _t("yang Anda cari") if self.value() else ""

    def digest(self, request: HttpRequest) -> str:
        """The look-up hash, one that nobody has for those who may not open a candidate's profile."""
        if not request.user.has_perm("core.view_candidateprofile"):
            return ""
        try:
            return signing.loads(self.value(), salt=NIK_SALT, max_age=timedelta(hours=12))
        except signing.BadSignature as error:
            raise IncorrectLookupParameters from error

    def people(self, request: HttpRequest) -> QuerySet[CandidateProfile]:
        return CandidateProfile.objects.filter(nik_hash=self.digest(request))

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return cases_of(queryset, self.people(request)) if self.value() else queryset
