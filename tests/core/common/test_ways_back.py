"""Where a page leads on: to a path of ours, or where it would lead anyway."""

import pytest
from django.test import RequestFactory

from core.common.ways_back import asked_way


@pytest.mark.parametrize("target", ["/akun/", "/admin/core/scheme/1/change/?versi=2", "/"])
def test_a_path_of_ours_is_the_way(target):
    assert asked_way(RequestFactory().get("/masuk/kode/", {"next": target}), "next") == target


@pytest.mark.parametrize(
    "target",
    ["", "zzq", "home", "akun/", "//jahat.example/", "/\\jahat.example", "https://jahat.example/", "javascript:x"],
)
def test_anything_else_is_no_way(target):
    assert asked_way(RequestFactory().get("/masuk/kode/", {"next": target}), "next") == ""


def test_what_the_form_says_comes_first():
    request = RequestFactory().post("/masuk/kode/?next=/satu/", {"next": "/dua/"})

    assert asked_way(request, "next") == "/dua/"
