"""The only writers of certificates and of what becomes of them."""

from core.certificates.services.aftercare import (
    end_suspensions,
    reinstate_certificate,
    suspend_certificate,
    withdraw_certificate,
)
from core.certificates.services.blanks import free_blank_numbers, record_blank_number, record_blank_numbers
from core.certificates.services.issuing import Issued, issue_certificate, issue_for_plenary, replace_certificate
from core.certificates.services.past import (
    correct_past_certificate,
    forget_past_holder,
    keep_past_certificate,
    keep_past_certificates,
    link_own_past_certificates,
    link_past_certificate,
    remind_past_expiring,
    unlink_past_certificate,
)
from core.certificates.services.past_acts import (
    end_past_suspensions,
    reinstate_past_certificate,
    suspend_past_certificate,
    withdraw_past_certificate,
)
from core.certificates.services.reminders import announce_surveillances, remind_expiring, tell_secretariat
from core.certificates.services.renewal import start_renewal
from core.certificates.services.surveillance import (
    close_finished,
    close_surveillances,
    plan_surveillance,
    record_surveillance,
)

__all__ = [
    "Issued",
    "announce_surveillances",
    "close_finished",
    "close_surveillances",
    "correct_past_certificate",
    "end_past_suspensions",
    "end_suspensions",
    "forget_past_holder",
    "free_blank_numbers",
    "issue_certificate",
    "issue_for_plenary",
    "keep_past_certificate",
    "keep_past_certificates",
    "link_own_past_certificates",
    "link_past_certificate",
    "plan_surveillance",
    "record_blank_number",
    "record_blank_numbers",
    "record_surveillance",
    "reinstate_certificate",
    "reinstate_past_certificate",
    "remind_expiring",
    "remind_past_expiring",
    "replace_certificate",
    "start_renewal",
    "suspend_certificate",
    "suspend_past_certificate",
    "tell_secretariat",
    "unlink_past_certificate",
    "withdraw_certificate",
    "withdraw_past_certificate",
]
