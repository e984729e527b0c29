"""Markdown of staff as safe HTML for the portal.

Two locks: Markdown is told to leave HTML alone (it comes out as the letters that were typed), and
what it made passes a strict list of tags. No picture, style, script or frame can get through.
"""

import re
from functools import lru_cache

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown import Markdown
from markdown.extensions.toc import TocExtension

TAGS = {
    "p", "br", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "a", "blockquote", "hr", "code",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
SCHEMES = {"https", "http", "mailto", "tel"}
#: Unclosed brackets make Markdown try every pair: its time grows with their square.
MAX_BRACKETS = 200

_LIST_LINE = re.compile(r"^(\d+\.|[-*+]) ")
_HEADING = re.compile(r"</?h([2-4])(?=>)")
_HREF = re.compile(r'<a [^>]*href="([^"]*)"')
_HTML_TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,200}>")
_AUTOLINK = re.compile(r"<(https?://|mailto:|[^<>@\s]+@)[^<>\s]+>")


@lru_cache(maxsize=128)
def render_markdown(text: str) -> SafeString:
    """Clean HTML. The highest heading becomes h2, since the page's title is the h1 and no level is skipped."""
    if text.count("[") > MAX_BRACKETS:
        text = text.replace("[", "(")
    try:
        html = _convert(text)
    except RecursionError:  # thousands of lists within lists
        html = f"<p>{escape(text)}</p>"
    clean = nh3.clean(
        html,
        tags=TAGS,
        attributes={"*": set(), "a": {"href"}},
        url_schemes=SCHEMES,
        link_rel="noopener",
        clean_content_tags=set(),
    )
    return mark_safe(_raised(clean))  # noqa: S308 - cleaned above


def _raised(html: str) -> str:
    """Headings moved up together until the highest is h2: most people begin with “##”."""
    levels = [int(level) for level in _HEADING.findall(html)]
    steps = min(levels, default=2) - 2
    return _HEADING.sub(lambda tag: f"{tag[0][:-1]}{int(tag[1]) - steps}", html) if steps else html


def find_fault(text: str) -> str:
    """What would surprise the author, in a sentence; "" when all is well."""
    if text.count("[") > MAX_BRACKETS:
        return _("Terlalu banyak kurung siku “[”. Kurangi menjadi paling banyak %(limit)d.") % {"limit": MAX_BRACKETS}
    if match := _HTML_TAG.search(_AUTOLINK.sub("", text)):
        return _("Kode HTML seperti %(code)s tidak dapat dipakai. Gunakan tanda pada petunjuk di bawah isian.") % {
            "code": match[0][:40]
        }
    try:
        html = _convert(text)
    except RecursionError:
        return _("Daftar di dalam daftar terlalu dalam. Sederhanakan isinya.")
    for address in _HREF.findall(html):
        scheme = re.match(r"\s*([a-zA-Z][a-zA-Z0-9+.-]*):", _decoded(address))
        if address.startswith("//") or (scheme and scheme[1].lower() not in SCHEMES):
            return _("Tautan ke %(address)s tidak dapat dipakai. Awali dengan https:// atau / untuk portal ini.") % {
                "address": address[:60]
            }
        if not scheme and not address.startswith(("/", "#")):
            return _("Tautan ke “%(address)s” tidak lengkap. Awali dengan https:// atau / untuk portal ini.") % {
                "address": address[:60]
            }
    return ""


def _decoded(address: str) -> str:
    """Markdown writes mail addresses as numbered characters, so that robots do not read them."""
    return re.sub(r"&#(\d+);", lambda match: chr(int(match[1])), address)


def _convert(text: str) -> str:
    # A converter of its own each time: it keeps state, and requests run side by side.
    converter = Markdown(extensions=["nl2br", "sane_lists", "tables", TocExtension(baselevel=2)])
    converter.preprocessors.deregister("html_block")
    for name in ("html", "image_link", "image_reference", "short_image_ref"):
        converter.inlinePatterns.deregister(name)
    return converter.convert(_with_room_for_lists(text.replace("\r\n", "\n")))


def _with_room_for_lists(text: str) -> str:
    """An empty line before a list, which Markdown wants and nobody types."""
    lines: list[str] = []
    in_list = False
    for line in text.split("\n"):
        starts = bool(_LIST_LINE.match(line))
        if starts and not in_list and lines and lines[-1].strip():
            lines.append("")
        in_list = starts or (in_list and bool(line.strip()))
        lines.append(line)
    return "\n".join(lines)
