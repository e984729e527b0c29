"""“Kesehatan sistem”: what does not work first, with what to do; and the runbook beside it."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from backoffice import runbook
from core.watch.secret_ages import note_secrets

pytestmark = pytest.mark.django_db

PAGE = "/admin/kesehatan/"


def text_of(page) -> str:
    return " ".join(strip_tags(page.content.decode()).split())


def test_an_administrator_reads_that_all_is_well_and_what_is_not(as_role, settings):
    client = as_role("administrator")
    assert "Sehat Semua bagian bekerja" in text_of(client.get(PAGE))

    settings.DISK_FREE_LIMIT = 1 << 60
    page = client.get(PAGE)

    assert "Perlu ditangani 1 bagian tidak bekerja" in text_of(page)
    assert "Ruang cakram Sisa" in text_of(page)
    assert "Yang dilakukan: Kosongkan atau perbesar cakram sebelum penuh. Langkah demi langkah" in text_of(page)
    step_by_step = client.get(reverse("admin:runbook", args=["disk-penuh"]))
    assert reverse("admin:runbook", args=["disk-penuh"]) in page.content.decode()
    assert "df -h" in text_of(step_by_step)


def test_it_costs_little(as_role, django_assert_max_num_queries):
    client = as_role("administrator")
    client.get(PAGE)
    with django_assert_max_num_queries(35):
        client.get(PAGE)


def test_the_front_page_of_the_runbook_leads_to_the_sheet_for_what_is_seen():
    assert '<a href="../disk-penuh/">Disk penuh</a>' in runbook.read_page(runbook.FRONT_PAGE).html


def test_every_page_of_the_runbook_opens_and_its_links_lead_on(as_role):
    client = as_role("administrator")
    slugs = [runbook.FRONT_PAGE, *runbook.slugs()]
    assert {"server-hilang", "kebocoran-data", "surat-pemberitahuan", "serah-terima-ti"} <= set(slugs)
    for slug in slugs:
        page = client.get(reverse("admin:runbook", args=[slug])).content.decode()
        article = page[page.index("<article") : page.index("</article>")]
        assert ".md" not in re.sub(r"<code>[^<]*</code>", "", article), slug
        assert "```" not in article, slug
        assert not re.search(r"\n\d+\. ", article), slug  # a step that became part of the one before
        for target, heading in re.findall(r'href="\.\./([a-z0-9-]+)/(?:#([^"]+))?"', article):
            found = runbook.read_page(target)
            assert found is not None, target
            assert not heading or f'id="{heading}"' in found.html, f"{target}#{heading}"
    assert client.get("/admin/kesehatan/panduan/tidak-ada/").status_code == 404


def test_administrators_see_what_it_is_time_to_change(as_role, settings):
    client = as_role("administrator")
    assert "Dicatat malam ini." in client.get(PAGE).content.decode()
    with time_machine.travel(timezone.now() - timedelta(days=366)):
        note_secrets()
    page = client.get(PAGE).content.decode()
    assert "Sedikitnya sejak" in page
    assert "Waktunya diganti" in page
    assert "Semua bagian bekerja" in page, "an old key is no failure of the system"
    assert settings.SECRET_KEY not in page
