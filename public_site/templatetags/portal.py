"""Tags of the public portal: icons, form fields, error summaries, menu marks.

The markup lives in ``templates/public_site/components``; the tags only work out
what a template cannot: attributes of a widget, ids to link to, sums of errors.
"""

import re

from django import forms, template
from django.template.defaultfilters import date
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from core.common.languages import INDONESIAN, reads_english
from core.content.markdown import render_markdown
from public_site.help import help_address, name_of, page_of
from public_site.languages import english_address

register = template.Library()

INDONESIAN_MARK = mark_safe(' lang="id"')
#: A link to a page of the portal, up to where its address ends or a place on it begins.
OWN_LINK = re.compile(r'href="(/[^"#?]*)')

# Strokes on a 24 × 24 grid; colour and size come from the class `icon`.
ICONS = {
    "alert": '<path d="M12 3 2 20h20L12 3Z"/><path d="M12 10v4m0 3v.01"/>',
    "arrow-right": '<path d="M4 12h16m-6-6 6 6-6 6"/>',
    "calendar": '<path d="M4 6h16v14H4zM4 11h16M8 3v5m8-5v5"/>',
    "camera": '<path d="M3 8h4l2-3h6l2 3h4v11H3z"/><circle cx="12" cy="13" r="3.5"/>',
    "certificate": '<path d="M4 4h16v11H4zM8 8h8m-8 3h4"/><path d="M14 14v7l2.5-2 2.5 2v-7"/>',
    "check": '<path d="m5 12.5 5 5L19.5 7"/>',
    "check-circle": '<circle cx="12" cy="12" r="9"/><path d="m8 12.5 3 3 5.5-6"/>',
    "chevron-down": '<path d="m6 9 6 6 6-6"/>',
    "chevron-left": '<path d="m15 6-6 6 6 6"/>',
    "chevron-right": '<path d="m9 6 6 6-6 6"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5.5l3.5 2"/>',
    "close": '<path d="m6 6 12 12M18 6 6 18"/>',
    "cross-circle": '<circle cx="12" cy="12" r="9"/><path d="m9 9 6 6m0-6-6 6"/>',
    "download": '<path d="M12 4v11m-5-5 5 5 5-5M4 20h16"/>',
    "file": '<path d="M6 3h8l4 4v14H6zM14 3v5h4"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5M12 7.5v.01"/>',
    "lock": '<path d="M5 11h14v10H5zM8 11V8a4 4 0 0 1 8 0v3"/>',
    "mail": '<path d="M3 6h18v13H3z"/><path d="m3 7 9 7 9-7"/>',
    "menu": '<path d="M4 7h16M4 12h16M4 17h16"/>',
    "pen": '<path d="M4 20v-4L16 4l4 4L8 20zM13 7l4 4"/>',
    "phone": '<path d="M5 4h4l2 5-2.5 2a12 12 0 0 0 5 5l2-2.5 5 2v4c-9 1.5-16-6-15.5-15.5Z"/>',
    "pin": '<path d="M12 21s7-6.5 7-11.5a7 7 0 0 0-14 0C5 14.5 12 21 12 21Z"/><circle cx="12" cy="9.5" r="2.5"/>',
    "print": '<path d="M7 9V3h10v6M7 17H4V9h16v8h-3M7 14h10v7H7z"/>',
    "search": '<circle cx="11" cy="11" r="7"/><path d="m20.5 20.5-4.5-4.5"/>',
    "shield": '<path d="M12 3 4 6v6c0 5 3.5 7.5 8 9 4.5-1.5 8-4 8-9V6z"/><path d="m8.5 12 2.5 2.5 4.5-5"/>',
    "upload": '<path d="M12 16V5m-5 5 5-5 5 5M4 20h16"/>',
    "user": '<circle cx="12" cy="8" r="4"/><path d="M4 21c.5-4.5 3.5-7 8-7s7.5 2.5 8 7"/>',
}

TONE_ICONS = {"success": "check-circle", "warning": "alert", "danger": "cross-circle"}
MESSAGE_TONES = {"error": "danger", "debug": "neutral"}


@register.simple_tag
def icon(name):
    """Return the inline SVG ``name``, hidden from assistive technology."""
    return format_html(
        '<svg class="icon icon--{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        name,
        mark_safe(ICONS[name]),  # noqa: S308 - a constant of this module
    )


@register.simple_tag
def tone_icon(tone):
    """Return the icon that goes with a tone, so that colour never speaks alone."""
    return icon(TONE_ICONS.get(tone, "info"))


@register.filter
def tone(level_tag):
    """Turn the level tag of a Django message into a tone of the design system."""
    return MESSAGE_TONES.get(level_tag, level_tag or "info")


@register.simple_tag(takes_context=True)
def current(context, path):
    """Return ``aria-current`` when the page shown lies at or below ``path``."""
    request = context.get("request")
    if request is None or not request.path.startswith(path) or (path == "/" and request.path != "/"):
        return ""
    return format_html('aria-current="{}"', "page" if request.path == path else "true")


@register.filter
def get(values, key):
    """Return what a dict has under ``key``, where a template's dot cannot spell it."""
    return values.get(key, "")


@register.filter
def markdown(text):
    """Turn Markdown of staff into clean HTML; on an English page its links lead on in English."""
    html = render_markdown(text)
    if not reads_english():
        return html
    return mark_safe(OWN_LINK.sub(lambda match: f'href="{localized(match[1])}', html))  # noqa: S308 - cleaned, and our own addresses


@register.inclusion_tag("public_site/components/field.html")
def field(bound, hint=None, page_heading=False, segmented=False):
    """Render one form field with its label, hint, error and ARIA wiring.

    ``hint`` replaces the help text, ``page_heading`` makes the label the page's
    ``h1``, ``segmented`` draws radios as big buttons side by side. A form field with
    ``is_needed`` may be saved empty in a draft, but is not called optional.
    """
    widget = bound.field.widget
    hint = bound.help_text if hint is None else hint
    hint_id = f"{bound.auto_id}_helptext" if hint else ""
    error_id = f"{bound.auto_id}_error" if bound.errors else ""
    described_by = " ".join(filter(None, (widget.attrs.get("aria-describedby"), hint_id, error_id)))

    attrs = {}
    if described_by and not bound.use_fieldset:
        attrs["aria-describedby"] = described_by
    if isinstance(widget, forms.PasswordInput):
        attrs["data-toggle"] = ""

    return {
        "field": bound,
        "kind": _kind(widget),
        "control": bound.as_widget(attrs=attrs),
        "target_id": _target_id(bound),
        "described_by": described_by,
        "hint": hint,
        "hint_id": hint_id,
        "error_id": error_id,
        "optional": not getattr(bound.field, "is_needed", bound.field.required),
        "page_heading": page_heading,
        "segmented": segmented,
    }


@register.inclusion_tag("public_site/components/error_summary.html")
def error_summary(*forms_or_formsets, extra=()):
    """List every error of the given forms and formsets, linked to its field.

    ``extra`` adds errors that belong to no form: dicts with ``text`` and,
    when there is something to go to, ``target`` (an element's id).
    """
    errors = list(extra)
    for item in forms_or_formsets:
        if isinstance(item, forms.BaseFormSet):
            errors += [{"text": text} for text in item.non_form_errors()]
            members = item.forms
        else:
            members = [item]
        for form in members:
            errors += [{"text": text} for text in form.non_field_errors()]
            for bound in form:
                target = "" if bound.is_hidden else _target_id(bound)
                errors += [{"text": _named(bound, text), "target": target} for text in bound.errors]
    return {"errors": errors}


def _kind(widget):
    """Name the markup that a widget needs."""
    if widget.use_fieldset:
        return "choices" if isinstance(widget, forms.RadioSelect) else "group"
    return "checkbox" if isinstance(widget, forms.CheckboxInput) else "single"


def _named(bound, text):
    """Put the field's label before an error that does not name its field itself."""
    label = str(bound.label)
    if isinstance(bound.field.widget, forms.CheckboxInput):
        return text  # the label of a single box is a sentence of its own
    return text if label.lower() in text.lower() else f"{label}: {text}"


def _target_id(bound):
    """Return the id of the first control, where an error link should lead."""
    if isinstance(bound.field.widget, forms.RadioSelect):
        return f"{bound.auto_id}_0"
    return bound.id_for_label or bound.auto_id


# --- the portal in English ----------------------------------------------------------------------------


@register.filter
def said(row, name):
    """The row's words in the language of the page, in Indonesian where they were never put into English."""
    return row.said(name)


@register.simple_tag
def lang_of(row):
    """Return ``lang="id"`` for a row that speaks Indonesian on an English page."""
    return INDONESIAN_MARK if reads_english() and row.language == INDONESIAN else ""


@register.filter
def moment(value, pattern):
    """As `date`; on an English page hours and minutes stand with a colon in between."""
    return date(value, pattern.replace("H.i", "H:i") if reads_english() else pattern)


@register.simple_tag
def office_hours(office):
    """Return when the office is open, in the language of the page."""
    mark = lang_of(office)
    hours = office.said("office_hours")
    return format_html("<span{}>{}</span>", mark, hours) if mark and hours else hours


@register.simple_tag
def in_indonesian():
    """Return ``lang="id"`` on an English page, for words that only exist in Indonesian (units, criteria)."""
    return INDONESIAN_MARK if reads_english() else ""


@register.inclusion_tag("public_site/components/indonesian_only.html")
def indonesian_only(row):
    """Tell an English reader why the text that follows is Indonesian."""
    return {"is_missing": reads_english() and row.language == INDONESIAN}


@register.filter
def localized(address):
    """An address that stands in a row, in the language of the page where it exists there."""
    return (reads_english() and english_address(address)) or address


@register.inclusion_tag("public_site/components/help_link.html", takes_context=True)
def help_link(context):
    """The page of the manual about this page, or all manuals; nothing in English, in which there is no manual.

    A page of its own opens in another tab: what is typed here stays.
    """
    request = context.get("request")
    name = name_of(request)
    if reads_english() or name.startswith("manual_"):
        return {}
    slug = page_of(name, user=getattr(request, "user", None), case=context.get("application"))
    return {"address": help_address(slug), "in_new_tab": bool(slug)}
