"""A background job in the demonstration, so that its list has a result to be fetched. Carried like any other one."""

from core.accounts.models import User
from core.common.fields import encrypted
from core.jobs.services import request_job


def seed_jobs(*, clerk: User) -> None:
    """An export is asked for; the face that knows how to make it, does."""
    wanted = {"list": "certificate", "query": encrypted(""), "columns": ["number", "scheme"], "format": "xlsx"}
    request_job(kind="ekspor", title="Ekspor Sertifikat (XLSX)", parameters=wanted, by=clerk, tell_when_ready=False)
