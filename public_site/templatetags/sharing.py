"""Tags for the head of a page: what search engines and messengers read, and the way to the other language."""

import json
from typing import Any

from django import template
from django.http import HttpRequest
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from core.content.models import OfficeData
from core.schemes.models import SchemeVersion
from public_site import sharing
from public_site.languages import english_address, indonesian_address, language_of

register = template.Library()
#: Letters that could end the element in which the facts stand.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


class RememberNode(template.Node):
    """Draws its content and keeps it under a name for what follows in the same template."""

    def __init__(self, name: str, nodes: template.NodeList) -> None:
        self.name, self.nodes = name, nodes

    def render(self, context: Context) -> SafeString:
        context[self.name] = words = mark_safe(self.nodes.render(context).strip())  # noqa: S308 - drawn by the template
        return words


@register.tag
def remember(parser: Any, token: Any) -> RememberNode:
    """`{% remember page_title %}{% block title %}…{% endblock %}{% endremember %}`: a block's words, used twice."""
    _tag, name = token.split_contents()
    nodes = parser.parse(("endremember",))
    parser.delete_first_token()
    return RememberNode(name, nodes)


@register.inclusion_tag("public_site/components/head_links.html", takes_context=True)
def head_links(context: Context) -> dict[str, Any]:
    """The address that counts, the other language, and what a messenger shows; nothing on pages that are not listed."""
    request: HttpRequest | None = context.get("request")
    if request is None or not sharing.is_listed(request):
        return {"is_listed": False}
    language = get_language()
    subject = next((context[name] for name in sharing.SUBJECTS if name in context), None)
    return {
        "is_listed": True,
        "links": sharing.links(request, subject),
        "picture": sharing.picture(language),
        "size": sharing.PICTURE_SIZE,
        "locale": sharing.LOCALES[language],
        "office": context.get("office"),
        "title": context.get("page_title"),
        "description": context.get("page_description"),
    }


@register.inclusion_tag("public_site/components/language_switch.html", takes_context=True)
def language_switch(context: Context) -> dict[str, Any]:
    """A plain link to the same page in the other language; nothing where there is none."""
    request: HttpRequest | None = context.get("request")
    if request is None or request.resolver_match is None:
        return {}
    indonesian = indonesian_address(request.path)
    english = english_address(indonesian)
    if not english:
        return {}
    asked = f"?{query}" if (query := request.GET.urlencode()) and request.method == "GET" else ""
    if language_of(request.path) == "en":
        return {"address": indonesian + asked, "language": "id", "name": "Bahasa Indonesia"}
    return {"address": english + asked, "language": "en", "name": "English"}


def _facts(data: dict[str, Any]) -> SafeString:
    """Data, not a script: browsers do not run it and the content security policy does not ask about it."""
    words = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(words))  # noqa: S308 - escaped


@register.simple_tag
def organization_facts(office: OfficeData) -> SafeString:
    return _facts(sharing.organization(office))


@register.simple_tag
def credential_facts(version: SchemeVersion, units: list) -> SafeString:
    return _facts(sharing.credential(version, units))


@register.simple_tag
def trail_facts(*titles_and_addresses: str) -> SafeString:
    """`{% trail_facts title address title address %}`, from the first page below the front page to this one."""
    pairs = zip(titles_and_addresses[::2], titles_and_addresses[1::2], strict=True)
    return _facts(sharing.trail(*((str(title), address) for title, address in pairs)))
