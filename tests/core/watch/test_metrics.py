"""/metrik/: nothing without the token; requests of all processes added up; figures from tallies."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.conf import settings as django_settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.messaging.models import OutboxMessage
from core.watch.figures import FIGURES
from tests.factories.applications import make_application
from tests.factories.jobs import make_job

TOKEN = "token-of-the-metrics-of-the-tests-32"
EXAMPLES = Path(django_settings.BASE_DIR, "server_docs", "examples")


@pytest.fixture
def token(settings):
    settings.METRICS_TOKEN = TOKEN
    return {"authorization": f"Bearer {TOKEN}"}


def figures(client, token) -> dict[str, float]:
    answer = client.get("/metrik/", headers=token)
    assert (answer.status_code, answer["Cache-Control"].split(",")[0]) == (200, "max-age=0")
    lines = [line for line in answer.content.decode().splitlines() if not line.startswith("#")]
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines}


@pytest.mark.django_db
def test_without_the_token_there_is_no_such_address(client, settings, token):
    for given in ({}, {"authorization": "Bearer x"}, {"authorization": TOKEN}, {"authorization": f"Bearer {TOKEN}x"}):
        assert client.get("/metrik/", headers=given).status_code == 404
    assert client.post("/metrik/", headers=token).status_code == 405
    settings.METRICS_TOKEN = ""
    assert client.get("/metrik/", headers={"authorization": "Bearer "}).status_code == 404


@pytest.mark.django_db
def test_requests_by_route_and_status_and_how_long_they_took(token, client):
    def seen(name):
        return figures(client, token).get(name, 0)

    page = 'lsp_requests_total{method="GET",route="public_site:faq",status="200"}'
    nowhere = 'lsp_requests_total{method="-",route="-",status="405"}'
    before = {name: seen(name) for name in (page, nowhere)}

    client.get("/faq/", {"q": "zulaikha"})
    client.generic("ZULAIKHA", "/zulaikha/")

    assert seen(page) == before[page] + 1
    assert seen('lsp_request_seconds_bucket{le="+Inf",route="public_site:faq"}') >= 1
    assert seen('lsp_request_queries_total{route="public_site:faq"}') >= 1
    assert "zulaikha" not in " ".join(figures(client, token)).casefold()


@pytest.mark.django_db
def test_figures_of_the_database_without_counting_rows(token, client):
    make_application()
    make_job()
    OutboxMessage.objects.create(address="a@contoh.id", template_key="x", subject="x", body="x")
    client.get("/metrik/", headers=token)
    with CaptureQueriesContext(connection) as asked:
        found = figures(client, token)
    assert found['lsp_cases{status="submitted"}'] == 1
    assert found['lsp_jobs{state="menunggu"}'] == 1
    assert found["lsp_outbox_waiting"] >= 1
    assert found['lsp_part_works{part="database"}'] == 1
    assert found['lsp_disk_free_bytes{folder="var"}'] > 0
    assert len(asked) < 45
    assert not [
        query["sql"] for query in asked if re.search(r"COUNT.*FROM .core_(application|certificate).( |$)", query["sql"])
    ]


@pytest.mark.django_db
def test_figures_that_cannot_be_read_are_left_out_and_the_rest_comes(token, client):
    def refuse(execute, sql, params, many, context):
        raise connection.Database.OperationalError(2002, "no server")

    with connection.execute_wrapper(refuse):
        found = figures(client, token)
    assert found['lsp_part_works{part="database"}'] == 0
    assert "lsp_outbox_waiting" not in found
    assert 'lsp_disk_free_bytes{folder="var"}' in found


COUNTING = """
import os, sys, django
os.environ |= {"ENVIRONMENT": "test", "IGNORE_DOTENV": "1", "DJANGO_SETTINGS_MODULE": "core.config.settings"}
os.environ["PROMETHEUS_MULTIPROC_DIR"] = sys.argv[1]
django.setup()
from pathlib import Path
from django.conf import settings
settings.METRICS_DIR = Path(sys.argv[1])
from core.watch import metrics
from core.watch.figures import FIGURES
FIGURES.clear()
metrics.count_request("GET", "a", 200, 0.01, 2)
for _child in range(2):
    if child := os.fork():
        os.waitpid(child, 0)
    else:
        for _each in range(10):
            metrics.count_request("GET", "a", 200, 0.2, 3)
        os._exit(0)
print(metrics.exposition().decode())
print("places", sorted(name for name in os.listdir(sys.argv[1]) if name.endswith(".db")))
"""


def test_processes_are_added_up_and_one_that_ended_leaves_its_place_to_the_next(tmp_path):
    folder = tmp_path / "metrics"
    for times in (1, 2):  # the second run is the server started anew: it goes on from where the first was
        environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path)}
        done = subprocess.run(
            [sys.executable, "-c", COUNTING, str(folder)],
            cwd=django_settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=120, check=True,
        )  # fmt: skip
        assert f'lsp_requests_total{{method="GET",route="a",status="200"}} {21 * times}.0' in done.stdout
        assert f'lsp_request_seconds_bucket{{le="0.05",route="a"}} {times}.0' in done.stdout
        assert f'lsp_request_queries_total{{route="a"}} {62 * times}.0' in done.stdout
        assert "places ['counter_0.db', 'counter_1.db', 'histogram_0.db', 'histogram_1.db']" in done.stdout


def test_the_alerts_ask_for_figures_that_there_are_and_lead_to_the_runbook():
    rules = yaml.safe_load((EXAMPLES / "prometheus-alerts.yml").read_text(encoding="utf-8"))["groups"][0]["rules"]
    counted = {"lsp_requests_total", "lsp_request_seconds_bucket"}
    named = {name for rule in rules for name in re.findall(r"lsp_\w+", rule["expr"])}
    assert named - counted <= set(FIGURES)
    assert {"lsp_backup_age_seconds", "lsp_part_works", "lsp_timetable_read_age_seconds"} <= named
    for rule in rules:
        assert (EXAMPLES.parent / "runbook" / rule["annotations"]["runbook"]).exists(), rule["alert"]


def test_prometheus_asks_at_the_address_with_the_token():
    (asked,) = yaml.safe_load((EXAMPLES / "prometheus.yml").read_text(encoding="utf-8"))["scrape_configs"]
    assert asked["metrics_path"] == reverse("public_site:metrics")
    assert (asked["scheme"], list(asked["authorization"])) == ("https", ["credentials_file"])
