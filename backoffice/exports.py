"""What one person takes out of one list: which rows, which columns, in which form; at once or in the background.

The keys of the rows are read first, in the order of the list; then the rows, some at a time, each time with
everything their columns look up. So the memory is the same for any number of rows, the progress is true, and
nobody's change in between moves a row over the border of two pages.
"""

from array import array
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from tempfile import TemporaryFile
from typing import IO, Any
from urllib.parse import parse_qsl, urlencode

from django.contrib import admin as site_of
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import AutoField, Model, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.lists import known_parameters
from backoffice.resources import RESOURCES
from core.accounts.models import User
from core.accounts.rules import role_of
from core.common.exceptions import DomainError
from core.common.fields import decrypted, encrypted
from core.common.replica import on_replica
from core.imports.services import record_export
from core.imports.workbooks import BookWriter
from core.imports.writing import CSV_TYPE, XLSX_TYPE, csv_lines
from core.jobs.kinds import job_kind
from core.jobs.models import Job
from core.jobs.progress import Progress
from core.jobs.services import request_job
from core.savedviews.rules import cleaned_query

KIND = "ekspor"
FORMATS = {"xlsx": XLSX_TYPE, "csv": CSV_TYPE}
#: So many rows are handed out at once; more are made ready in the background.
DIRECT = 10_000
#: Rows that are in memory at a time.
CHUNK = 1_000


class Extract:
    """Rows of a list as its address narrows them, for one person."""

    def __init__(self, request: HttpRequest, admin: Any, *, names: Sequence[str], form: str):
        self.request, self.admin, self.form = request, admin, form
        self.resource = admin.resource_class
        self.columns = self.resource.export_columns(request.user)
        self.names = [name for name in self.columns if name in names]
        request.draws_no_page = True  # type: ignore[attr-defined]
        self.rows_of_list: QuerySet = admin.get_changelist_instance(request).queryset

    @cached_property
    def first_keys(self) -> list[Any]:
        """Of so many rows as are handed out at once, and of one more."""
        return list(self.rows_of_list.values_list("pk", flat=True)[: DIRECT + 1])

    @property
    def is_long(self) -> bool:
        """More rows than are handed out at once."""
        return len(self.first_keys) > DIRECT

    @property
    def file_name(self) -> str:
        return f"{slugify(str(self.resource.title))}-{timezone.localdate():%Y-%m-%d}.{self.form}"

    def keys(self) -> Sequence[Any]:
        """Of all rows, in the order of the list."""
        kept: Callable[[Iterator[Any]], Sequence[Any]] = list
        if isinstance(self.admin.model._meta.pk, AutoField):
            kept = partial(array, "q")
        pks = self.rows_of_list.values_list("pk", flat=True)
        return on_replica(lambda: kept(pks.iterator(chunk_size=10_000)))

    def rows(self, keys: Sequence[Any], tell: Callable[[int], None] = lambda count: None) -> Iterator[list[Any]]:
        tool = self.resource(by=self.request.user, names=self.names)
        all_rows = self.admin.get_queryset(self.request).order_by()
        for start in range(0, len(keys), CHUNK):
            wanted = list(keys[start : start + CHUNK])
            yield from on_replica(lambda wanted=wanted: self._chunk(tool, all_rows.filter(pk__in=wanted), wanted))
            tell(len(wanted))

    def _chunk(self, tool: Any, rows: QuerySet, keys: Sequence[Any]) -> list[list[Any]]:
        found: dict[Any, Model] = {row.pk: row for row in tool.for_export(rows)}
        return list(tool.export_rows([found[key] for key in keys if key in found], self.names))

    def csv(self, keys: Sequence[Any], tell: Callable[[int], None] = lambda count: None) -> Iterator[bytes]:
        return csv_lines([self.columns[name].column_name for name in self.names], self.rows(keys, tell))

    def file(self, keys: Sequence[Any], tell: Callable[[int], None] = lambda count: None) -> IO[bytes]:
        """A temporary file that is gone when it is closed."""
        out = TemporaryFile()  # noqa: SIM115 - closed with the answer that sends it
        if self.form == "csv":
            out.writelines(self.csv(keys, tell))
        else:
            with BookWriter(out) as book:
                book.add_sheet("Data", [self.columns[name].spec for name in self.names], self.rows(keys, tell))
        out.seek(0)
        return out

    def record(self, count: int) -> None:
        """Who took out what, narrowed how; never the words that were searched for."""
        query = self.request.GET.urlencode()
        record_export(
            kind=self.resource.kind,
            title=str(self.resource.title),
            count=count,
            by=self.request.user,
            format=self.form,
            filter=cleaned_query(query, known_parameters(self.admin, self.request)),
            columns=self.names,
        )

    def ask_for(self, *, tell_when_ready: bool) -> Job:
        """Have it made in the background."""
        return request_job(
            kind=KIND,
            title=_("Ekspor %(title)s (%(form)s)") % {"title": self.resource.title, "form": self.form.upper()},
            parameters={
                "list": self.resource.kind,
                "query": encrypted(narrowing(self.request.GET.urlencode())),  # it may hold the words of a search
                "columns": self.names,
                "format": self.form,
                "role": role_of(self.request.user),
            },
            by=self.request.user,
            tell_when_ready=tell_when_ready,
        )


@job_kind(KIND, title=gettext_lazy("Ekspor"), restartable=True)
def export_in_background(job: Job, progress: Progress) -> None:
    """With the rights that the person has now, not those of when they asked."""
    progress.begin(0, _("Membaca daftar"))
    extract = _extract_of(job)
    keys = extract.keys()
    progress.begin(len(keys), _("Menulis baris"))
    with extract.file(keys, progress.step) as file:
        extract.record(len(keys))
        progress.keep(file, extract.file_name, FORMATS[extract.form])


def _extract_of(job: Job) -> Extract:
    wanted = job.parameters
    model_admin = admin_of(wanted["list"])
    request = request_of(job.by, decrypted(wanted["query"]))
    if model_admin is None or not (job.by.is_active and model_admin.has_view_permission(request)):
        raise DomainError(_("Anda tidak lagi berhak membuka daftar ini."), code="export.forbidden")
    try:
        extract = Extract(request, model_admin, names=wanted["columns"], form=wanted["format"])
    except IncorrectLookupParameters as error:  # a search by NIK that is too old, or a filter that is gone
        raise DomainError(
            _("Saringan daftar ini tidak berlaku lagi. Saring daftar lagi, lalu ekspor."), code="export.filter"
        ) from error
    if not extract.names:
        raise DomainError(_("Kolom yang dipilih tidak ada lagi. Pilih kolomnya lagi."), code="export.columns")
    return extract


def admin_of(kind: str) -> Any:
    """The list with this kind of rows, or None."""
    resource = RESOURCES.get(kind)
    return site_of.site._registry.get(resource._meta.model) if resource is not None else None


def request_of(user: User, query: str) -> HttpRequest:
    """What a list needs to know to narrow its rows, where nobody sits in front of it."""
    request = HttpRequest()
    request.method, request.GET, request.user = "GET", QueryDict(query), user
    request.htmx = False  # type: ignore[attr-defined]
    return request


def narrowing(query: str) -> str:
    """The address of a list without places in it."""
    return urlencode([(name, value) for name, value in parse_qsl(query) if name not in {"p", "profil"}])
