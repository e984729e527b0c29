"""TUK: until when one may assess there."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.assessments.models import Venue


@pytest.mark.parametrize(
    ("days", "is_active", "is_valid"),
    [(1, True, True), (0, True, True), (-1, True, False), (None, True, True), (None, False, False)],
)
def test_a_venue_is_valid_to_the_end_of_its_last_day(days, is_active, is_valid):
    until = None if days is None else timezone.localdate() + timedelta(days=days)

    assert Venue(valid_until=until, is_active=is_active).is_valid is is_valid
