"""A candidate at a screen, as in the journeys, who reads letters in the mailbox of the demonstration."""

from playwright.sync_api import Page

from tests.acceptance.site import Site
from tests.journeys.steps import CandidateSteps


class Candidate(CandidateSteps):
    def __init__(self, page: Page, site: Site) -> None:
        super().__init__(page, site.url)
        self.site = site

    def follow_letter(self, email: str) -> None:
        self.site.letter(self.page, email)
        self.page.locator("main .inset a").first.click()
