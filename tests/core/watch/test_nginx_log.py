"""One name from nginx's line to ours and to the answer, with exactly the nginx.conf of the examples."""

import contextlib
import http.client
import json
import logging

import pytest

from tests.deployment import servers

pytestmark = pytest.mark.django_db(transaction=True)


def test_nginx_names_the_request_and_its_line_tells_nothing_of_what_was_asked(live_server, tmp_path, settings, caplog):
    settings.TRUSTED_PROXIES = 1
    address = f"{live_server.thread.host}:{live_server.thread.port}"
    logging.getLogger("core.watch.request").setLevel(logging.INFO)
    with servers.nginx(tmp_path / "nginx", address, documents=tmp_path) as (port, _plain):
        line = http.client.HTTPSConnection("localhost", port, timeout=60, context=servers.trusting())
        with contextlib.closing(line):
            line.request("GET", "/verifikasi/tkn-9f8e7d/?q=Zulaikha", headers={"X-Request-ID": "0" * 32})
            answer = line.getresponse()
            answer.read()
    name = answer.headers["X-Request-ID"]
    (told,) = [json.loads(text) for text in (tmp_path / "nginx" / "lsp.log").read_text().splitlines()]

    assert told["request_id"] == name != "0" * 32  # the proxy's, not the visitor's
    assert (told["method"], told["path"], told["status"]) == ("GET", "/verifikasi/", answer.status)
    assert "tkn-9f8e7d" not in json.dumps(told)
    assert "Zulaikha" not in json.dumps(told)
    assert [record.route for record in caplog.records if record.name == "core.watch.request"] == [
        "public_site:verification"
    ]
