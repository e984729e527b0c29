"""The people of a plenary and a plenary ready to be written down."""

from datetime import date

import pytest
from django.utils import timezone

from core.decisions.models import Plenary
from core.decisions.services import Seat, add_cases, create_plenary, follow_recommendations, save_members
from tests.factories.accounts import make_user


@pytest.fixture
def clerk(db):
    return make_user(role="sekretariat", full_name="Dewi Lestari")


@pytest.fixture
def second(db):
    return make_user(role="sekretariat", full_name="Rudi Hartono")


def held(day: date | None = None, *, by, cases=(), seats=None) -> Plenary:
    """A plenary with a chair and a member, its cases decided as their assessors recommend."""
    plenary = create_plenary(title="Rapat pleno uji", held_on=day or timezone.localdate(), place="Sentul", by=by)
    seats = seats or [Seat(name="Ketua Komite", role="ketua"), Seat(name="Anggota Komite")]
    save_members(plenary=plenary, seats=seats, by=by)
    if cases:
        add_cases(plenary=plenary, applications=[case.application for case in cases], by=by)
        follow_recommendations(plenary=plenary, by=by)
    plenary.refresh_from_db()
    return plenary
