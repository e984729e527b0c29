"""The only writers of institutions, their officers and invitations."""

from core.institutions.services.answers import (
    accept_as_candidate,
    accept_invitation,
    decline_invitation,
    mark_opened,
    share_result,
)
from core.institutions.services.decisions import (
    approve_institution,
    close_institution,
    refuse_institution,
    reopen_institution,
)
from core.institutions.services.forgetting import forget_invitations, forget_officer, forget_unanswered, forget_uploads
from core.institutions.services.invitations import (
    MAX_CORRECTIONS_PER_HOUR,
    correct_invitation,
    resend_batch,
    resend_invitation,
    withdraw_invitation,
)
from core.institutions.services.joining import add_officer, register_institution, save_institution
from core.institutions.services.looking import view_institution, view_people
from core.institutions.services.sending import check_upload, send_invitations

__all__ = [
    "MAX_CORRECTIONS_PER_HOUR",
    "accept_as_candidate",
    "accept_invitation",
    "add_officer",
    "approve_institution",
    "check_upload",
    "close_institution",
    "correct_invitation",
    "decline_invitation",
    "forget_invitations",
    "forget_officer",
    "forget_unanswered",
    "forget_uploads",
    "mark_opened",
    "refuse_institution",
    "register_institution",
    "reopen_institution",
    "resend_batch",
    "resend_invitation",
    "save_institution",
    "send_invitations",
    "share_result",
    "view_institution",
    "view_people",
    "withdraw_invitation",
]
