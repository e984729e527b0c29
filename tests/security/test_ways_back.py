"""A word where a path belongs: Django takes it for the name of a view, and a page that believes it breaks."""

import pytest
from django.urls import reverse

from tests.factories.accounts import make_user
from tests.factories.schemes import make_unit

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "name", "home"),
    [
        ("asesi", "public_site:verify_code", "/akun/"),
        ("asesi", "public_site:consent", "/akun/"),
        ("administrator", "admin:second_factor", "/admin/"),
    ],
)
def test_whoever_is_in_already_is_led_home(client, role, name, home):
    client.force_login(make_user(role=role))

    answer = client.get(reverse(name), {"next": "zzq"})

    assert (answer.status_code, answer.url) == (302, home)


def test_the_text_of_a_unit_is_saved_and_leads_to_the_unit(client):
    unit = make_unit()
    client.force_login(make_user(role="administrator"))
    address = reverse("admin:core_competencyunit_text", args=[unit.pk])
    shown = client.get(address).context["form"]

    answer = client.post(address, {"text": shown["text"].value(), "seen": shown["seen"].value(), "back": "zzq"})

    assert (answer.status_code, answer.url) == (302, reverse("admin:core_competencyunit_change", args=[unit.pk]))
