"""The back office itself."""

from unfold.sites import UnfoldAdminSite


class BackofficeSite(UnfoldAdminSite):
    """Opens for active staff; everybody else is asked to log in."""
