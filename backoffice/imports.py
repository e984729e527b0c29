"""What can be imported: for each kind who may, how a file is checked, and how it is written."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from backoffice.resources import RESOURCES
from core.accounts.models import User
from core.imports.progress import Progress
from core.imports.report import Report
from core.imports.tables import Matching
from core.schemes import workbook, workbook_services


@dataclass(frozen=True)
class Job:
    """One kind of import in the hands of one person."""

    kind: str
    title: str
    is_allowed: bool
    check: Callable[[bytes], Report]
    write: Callable[[bytes], Report]
    list_url: str
    upload_url: str
    may_leave_out_faults: bool = False


def job_of(
    kind: str,
    user: User,
    *,
    change_published_text: bool = False,
    matching: Matching | None = None,
    leaves_out_faults: bool = False,
    progress: Progress | None = None,
) -> Job | None:
    """None for a kind that is no longer imported; its history stays readable."""
    if kind == workbook.KIND:
        return Job(
            kind,
            str(_("Buku kerja skema dan standar")),
            user.has_perms(workbook_services.NEEDED),
            workbook_services.check_workbook,
            lambda content: workbook_services.import_workbook(
                content=content, by=user, change_published_text=change_published_text
            ),
            reverse("admin:core_scheme_changelist"),
            reverse("admin:core_scheme_import_workbook"),
        )
    resource = RESOURCES.get(kind)
    if resource is None or not resource.is_importable:
        return None
    return Job(
        kind,
        str(resource.title),
        resource.may_import(user),
        lambda content: resource(by=user, matching=matching, progress=progress).run(content),
        lambda content: resource(
            by=user, writes=True, matching=matching, leaves_out_faults=leaves_out_faults, progress=progress
        ).run(content),
        reverse(f"admin:core_{kind}_changelist"),
        reverse(f"admin:core_{kind}_import_rows"),
        resource.row_by_row,
    )
