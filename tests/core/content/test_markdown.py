"""Markdown of staff: what it becomes, and that nothing dangerous or slow gets through."""

import time

import pytest

from core.content.markdown import MAX_BRACKETS, find_fault, render_markdown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("**tebal** dan *miring*", "<p><strong>tebal</strong> dan <em>miring</em></p>"),
        ("# Judul", "<h2>Judul</h2>"),  # the page's title is the h1
        ("## Judul", "<h2>Judul</h2>"),  # nothing above it: no level is skipped
        ("# A\n\n## B", "<h2>A</h2>\n<h3>B</h3>"),
        ("satu\ndua", "<p>satu<br>\ndua</p>"),
        ("[skema](/skema/)", '<p><a href="/skema/" rel="noopener">skema</a></p>'),
        ("[kami](mailto:lsp@contoh.id)", '<p><a href="mailto:lsp@contoh.id" rel="noopener">kami</a></p>'),
    ],
)
def test_signs_become_html(typed, shown):
    assert render_markdown(typed) == shown


def test_a_list_needs_no_empty_line_before_it():
    assert render_markdown("Bawa:\n- KTP\n- ijazah").count("<li>") == 2
    assert render_markdown("1. **Satu**\n   uraian\n2. **Dua**\n   uraian").count("<li>") == 2


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<iframe src='https://jahat.id'></iframe>",
        "<style>body{display:none}</style>",
        "[klik](javascript:alert(1))",
        "[klik](JaVaScRiPt:alert(1))",
        "[klik](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://jahat.id/pelacak.png)",
        '[x](https://a.id "onmouseover=alert(1)")',
        "<a href='javascript:alert(1)'>x</a>",
        "`<script>alert(1)</script>`",
        "[a]: javascript:alert(1)\n\n[a]",
    ],
)
def test_nothing_that_runs_or_loads_gets_through(evil):
    html = render_markdown(evil).lower()

    for word in (
        "<script",
        "<img",
        "<iframe",
        "<style",
        'href="javascript',
        'href="data:',
        "onmouseover",
        "<a onclick",
    ):
        assert word not in html


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("Halo <b>dunia</b>", "Kode HTML seperti <b>"),
        ("<script>alert(1)</script>", "Kode HTML seperti <script>"),
        ("[klik](javascript:alert(1))", "javascript:alert(1"),
        ("[klik](www.contoh.id)", "tidak lengkap"),
        ("[klik](//jahat.id)", "tidak dapat dipakai"),
        ("[" * (MAX_BRACKETS + 1), "kurung siku"),
    ],
)
def test_the_author_is_told_what_would_not_work(typed, told):
    assert told in find_fault(typed)


@pytest.mark.parametrize(
    "typed",
    ["3 < 4 dan 5 > 4", "<https://bnsp.go.id>", "<lsp@contoh.id>", "[kontak](tel:021345)", "[atas](#isi)", "a <- b"],
)
def test_honest_text_is_not_accused(typed):
    assert find_fault(typed) == ""


@pytest.mark.parametrize(
    "text", ["[" * 20_000, "([" * 10_000, "> " * 10_000, "*_" * 10_000, "1. " * 6_000, "`" * 20_000]
)
def test_no_text_keeps_the_server_busy(text):
    start = time.process_time()

    render_markdown(text)
    find_fault(text)

    assert time.process_time() - start < 3
