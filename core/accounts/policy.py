"""The one writer of the policy. It lives here and not beside its model, because the log stands after texts."""

from typing import Any

from django.db import transaction

from core.activity.services import record_activity
from core.policy.models import SystemPolicy


@transaction.atomic
def change_policy(*, policy: SystemPolicy, changed: list[str], by: Any) -> None:
    """Save what an administrator decided; it holds from the next request on, for open log-ins too."""
    policy.save()
    record_activity("policy.change", by=by, subject=policy, fields=sorted(changed))
