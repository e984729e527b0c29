"""Methods that no page speaks are refused before anybody asks who it is."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

PIECE = "/akun/unggahan/00000000-0000-4000-8000-000000000000/"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
@pytest.mark.parametrize("address", ["/", "/masuk/", "/admin/", "/tidak-ada/"])
def test_an_unknown_method_is_refused(method, address):
    answer = Client().generic(method, address)

    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD, POST"
    assert answer.content == b""


def test_ordinary_methods_reach_the_page():
    client = Client()
    assert client.get("/").status_code == 200
    assert client.head("/").status_code == 200
    assert client.post("/masuk/").status_code == 200


@pytest.mark.parametrize(("method", "status"), [("PATCH", 302), ("DELETE", 302), ("PUT", 405)])
def test_pieces_of_an_upload_speak_two_more(method, status):
    """A stranger is led to the log-in by the page itself."""
    answer = Client().generic(method, PIECE)

    assert answer.status_code == status
    if status == 405:
        assert answer["Allow"] == "GET, HEAD, POST, PATCH, DELETE"
