"""Whose clock a place goes by."""

from datetime import datetime

import pytest

from core.codelists.models import Region
from core.codelists.zones import zone_of

NOON = datetime(2026, 12, 2, 12)


@pytest.mark.parametrize(
    ("region", "name"),
    [
        ("3201", "WIB"), ("6171", "WIB"), ("6271", "WIB"),  # Bogor, Pontianak, Palangka Raya
        ("5171", "WITA"), ("6371", "WITA"), ("6571", "WITA"), ("7371", "WITA"),  # Denpasar … Makassar
        ("8171", "WIT"), ("9171", "WIT"), ("96", "WIT"),  # Ambon, Jayapura, a province
        (None, "WIB"), ("", "WIB"),
    ],
)  # fmt: skip
def test_a_place_goes_by_the_clock_of_its_province(region, name):
    assert zone_of(region).tzname(NOON) == name


@pytest.mark.django_db
def test_the_provinces_of_each_zone_are_those_of_the_decree():
    """Keputusan Presiden 41/1987, with the provinces that were made since: 18 in the west, 12 in the middle, 8 in the east."""
    names = [zone_of(code).tzname(NOON) for code in Region.objects.filter(province=None).values_list("pk", flat=True)]

    assert {name: names.count(name) for name in names} == {"WIB": 18, "WITA": 12, "WIT": 8}
