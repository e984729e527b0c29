"""A paper as PDF, laid out as BNSP's are: head, sections, one table per unit, signatures with QR.

Made of its content alone (see content.py): a signed paper prints the same for ever. It is rendered
when somebody first looks at it, and kept.
"""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.applications.enums import Outcome
from core.applications.privacy import notice as privacy_notice
from core.assessments.enums import FormParty, FormSubject, LineKind, Repeat
from core.assessments.models import FilledForm, FormDefinition
from core.assessments.papers.answers import NO, YES
from core.assessments.papers.content import content_of, masked_content, without_answers
from core.assessments.papers.facts import assessor_of
from core.assessments.papers.filing import file_paper
from core.assessments.papers.queries import with_all
from core.assessments.papers.rules import signers
from core.content.queries import logo_data_uri
from core.documents.models import Document
from core.documents.rendering import RenderedPdf, render_pdf
from core.documents.services import store_rendered
from core.documents.signatures import signature_block, verify_address

TEMPLATE = "core/documents/paper.html"

#: Per cent of the width that a column takes; what is left belongs to the words of the unit or KUK.
TICK, OPTION, SHORT, WRITTEN = 7, 8, 12, 22
#: The first column is never narrower: written answers then stand in a line of their own, options in one cell.
FIRST_COLUMN = 23
_WRITTEN = (LineKind.TEXT, LineKind.LONG_TEXT)


def stored_paper(form: FilledForm) -> Document:
    """The PDF of a signed paper, or the scan; rendered now if this is the first look."""
    if form.document_id:
        return form.document
    with transaction.atomic():
        FilledForm.objects.select_for_update().values_list("pk").get(pk=form.pk)  # two who look at once
        form = with_all(FilledForm.objects.filter(pk=form.pk)).get()
        if form.document_id is None:
            rendered = render_paper(form)
            title = f"{form.definition.title} {content_of(form)['number']}"[:150]
            form.document = store_rendered(
                content=rendered.content,
                file_name=f"{form.definition.code} {content_of(form)['number']}.pdf",
                title=title,
                pages=rendered.pages,
                document_type=form.definition.document_type,
                owner=form.application.candidate.user if form.application_id else form.assessor.user,
            )
            form.save(update_fields=["document"])
            file_paper(form)
        return form.document


def render_paper(form: FilledForm, *, empty: bool = False, masked: bool = False) -> RenderedPdf:
    """The PDF of a paper in any state: a paper not signed yet has room for signatures by hand.

    `empty`: with nothing filled in. `masked`: for readers from outside the LSP.
    """
    content = content_of(form)
    if empty:
        content = without_answers(content)
    if masked:
        content = masked_content(content)
    signed = {row.party: row.signature for row in form.signatures.all()} if form.content and not empty else {}
    blocks = {party: signature_block(signature, verify_address(signature.code)) for party, signature in signed.items()}
    context = paper_context(content, form.definition, by_hand=not form.content or empty) | {
        "notice": privacy_notice() if masked else "",
        "signature": next(iter(blocks.values()), None),
        "signers": [_signer(form, party, blocks.get(party), content) for party in signers(form)],
    }
    last = max((s.signed_at for s in signed.values()), default=None)
    return render_pdf(TEMPLATE, context, made_at=timezone.localtime(last) if last else None)


def paper_context(content: dict, definition: FormDefinition, *, by_hand: bool) -> dict[str, Any]:
    """What the template draws of a content, all but the signatures; `by_hand` leaves lines to write on."""
    code, _space, name = content["title"].partition(" ")
    return {
        "form": code if name else content["title"],
        "name": name,
        "snapshot": {"number": content["number"]},
        "is_session": definition.subject == FormSubject.SESSION,
        "lsp": content["lsp"],
        "logo": logo_data_uri(content["lsp"]["logo"]),
        "head": content["head"],
        "people": content["people"],
        "units": content.get("units", []),
        "sections": [_section(section, by_hand=by_hand) for section in _joined(content["sections"])],
        "version": content["version"],
    }


def _joined(sections: list[dict]) -> list[dict]:
    """A section asked per element stands within the one per KUK that follows it, as BNSP's FR.IA.01 has it."""
    found: list[dict] = []
    for section in sections:
        before = found[-1] if found else None
        if before and (before["repeat"], section["repeat"]) == (Repeat.ELEMENT, Repeat.CRITERION):
            found[-1] = section | {"per_element": before}
        else:
            found.append(section)
    return found


def _signer(form: FilledForm, party: FormParty, block: dict | None, content: dict) -> dict[str, Any]:
    """One signature, or the room for one."""
    name = ""
    if party == FormParty.ASSESSOR:
        assessor = assessor_of(form)
        name = assessor.user.full_name if assessor else ""
    elif form.application_id:
        name = form.application.candidate.user.full_name
    return {
        "label": party.label,
        "name": block["name"] if block else name,
        "signed": block,
        "registration": content["assessor"] if party == FormParty.ASSESSOR else "",
    }


# --- sections -----------------------------------------------------------------------------------------


def _section(section: dict, *, by_hand: bool) -> dict[str, Any]:
    printed = {"title": section["title"], "help": section["help"], "blocks": [], "tables": [], "notes": []}
    if section["repeat"] == Repeat.ONCE:
        answers = section["instances"][0]["answers"] if section["instances"] else {}
        printed["blocks"] = _blocks(section["lines"], answers, by_hand)
        if printed["blocks"] and printed["blocks"][0]["kind"] == "ticks":  # as BNSP's: the title heads the table
            printed["blocks"][0]["head"], printed["title"] = section["title"], ""
        return printed
    printed["notes"] = [line["label"] for line in section["lines"] if line["kind"] == LineKind.NOTE]
    asked = [line for line in section["lines"] if line["kind"] != LineKind.NOTE]
    printed["tables"] = _tables(section, asked, by_hand)
    if before := section.get("per_element"):
        printed["help"] = " ".join(filter(None, [before["help"], section["help"]]))
        printed["notes"] = [line["label"] for line in before["lines"] if line["kind"] == LineKind.NOTE] + printed[
            "notes"
        ]
    return printed


def _blocks(lines: list[dict], answers: dict, by_hand: bool) -> list[dict]:
    """Notes as text; several questions of the same kind as one table of ticks; the rest as label and value."""
    blocks: list[dict] = []
    comments = {line["about"]: line for line in lines if "about" in line}
    asked_lines = [line for line in lines if "about" not in line]
    for (is_note, labels), run in groupby(
        asked_lines, lambda line: (line["kind"] == LineKind.NOTE, _tick_labels(line))
    ):
        asked = list(run)
        if is_note:
            blocks += [{"kind": "note", "text": line["label"]} for line in asked]
        elif labels and len(asked) > 1:
            blocks.append(_ticks(labels, asked, comments, answers))
        else:
            if not blocks or blocks[-1]["kind"] != "rows":
                blocks.append({"kind": "rows", "rows": []})
            blocks[-1]["rows"] += [
                {"label": line["label"], "help": line["help"]} | _value(line, answers.get(line["key"], ""), by_hand)
                for question in asked
                for line in (question, comments.get(question["key"]))
                if line
            ]
    return blocks


def _ticks(labels: list[str], asked: list[dict], comments: dict[str, dict], answers: dict) -> dict[str, Any]:
    """One table: a row for each question, a column for each option, and one for comments where some are asked for."""
    width = TICK if len(labels) == 2 else OPTION
    comment = next((comments[line["key"]]["label"] for line in asked if line["key"] in comments), "")
    return {
        "kind": "ticks",
        "options": labels,
        "width": width,
        "comment": comment,
        "comment_width": WRITTEN,
        "first": 94 - width * len(labels) - (WRITTEN if comment else 0),
        "rows": [_ticked(line, comments.get(line["key"]), answers) for line in asked],
    }


def _ticked(line: dict, comment: dict | None, answers: dict) -> dict[str, Any]:
    value = answers.get(line["key"], "")
    return {
        "label": line["label"],
        "help": line["help"],
        "marks": [key == value for key, _label in _tick_options(line)],
        "comment": answers.get(comment["key"], "") if comment else "",
    }


def _tick_labels(line: dict) -> list[str]:
    return [label for _key, label in _tick_options(line)]


def _tick_options(line: dict) -> list[tuple[str, str]]:
    """(key, label) of a question whose answers are columns of their own."""
    if line["kind"] == LineKind.YES_NO:
        return [(YES, _("Ya")), (NO, _("Tidak"))]
    if line["kind"] == LineKind.OUTCOME:
        return [(str(Outcome.COMPETENT), "K"), (str(Outcome.NOT_YET), "BK")]
    if line["kind"] == LineKind.SCALE and len(line["options"]) <= 6:
        return [(option, option) for option in line["options"]]
    return []


def _value(line: dict, value: Any, by_hand: bool) -> dict[str, Any]:
    if line["kind"] == LineKind.YES_NO:
        return {"options": [(label, key == value) for key, label in _tick_options(line)]}
    if line["kind"] == LineKind.OUTCOME:
        return {"options": [(str(outcome.label), outcome == value) for outcome in Outcome]}
    if line["kind"] in (LineKind.CHECKS, LineKind.CHOICE, LineKind.SCALE):
        ticked = value if isinstance(value, list) else [value]
        return {"options": [(option, option in ticked) for option in line["options"]]}
    if line["kind"] == LineKind.DATE and value:
        value = date_format(date.fromisoformat(value), "j F Y")
    room = range(3 if line["kind"] == LineKind.LONG_TEXT else 1) if by_hand and not value else ()
    return {"text": value, "room": list(room)}


def _tables(section: dict, asked: list[dict], by_hand: bool) -> list[dict]:
    """One table for all units, or one for each unit with its elements and KUK."""
    columns, below, first = _columns(asked)
    spans = sum(len(column["options"]) or 1 for column in columns)
    shared = {"columns": columns, "first": first, "spans": spans, "has_two_rows": any(c["options"] for c in columns)}
    of_elements = _of_elements(section.get("per_element"), by_hand)
    tables: list[dict] = []
    for row in section["instances"]:
        if section["repeat"] == Repeat.UNIT:
            if not tables:
                tables.append(shared | {"unit": None, "rows": []})
            title = row["title"]
        else:
            if not tables or tables[-1]["unit"] != row["unit"]:
                tables.append(shared | {"unit": row["unit"], "rows": []})
            title = row["title"]
            if section["repeat"] == Repeat.CRITERION and row["element"] not in tables[-1].setdefault("seen", []):
                tables[-1]["seen"].append(row["element"])
                below_title = of_elements.get(
                    (row["unit"]["id"], row["element"]["number"], row["element"]["title"]), []
                )
                tables[-1]["rows"].append({"element": row["element"], "answers": below_title})
        number = str(row["unit"]["position"]) if section["repeat"] == Repeat.UNIT else row["code"]
        tables[-1]["rows"].append(
            {
                "number": number,
                "code": row["code"] if section["repeat"] == Repeat.UNIT else "",
                "title": title,
                "cells": [cell for column in columns for cell in _cells(column["line"], row["answers"], column)],
                "below": [
                    {"label": line["label"]} | _value(line, row["answers"].get(line["key"], ""), False)
                    for line in below
                ],
            }
        )
    return tables


def _of_elements(section: dict | None, by_hand: bool) -> dict[tuple[str, str, str], list[dict]]:
    """{unit, number and title of an element: what was asked of it}."""
    if section is None:
        return {}
    asked = [line for line in section["lines"] if line["kind"] != LineKind.NOTE]
    return {
        (row["unit"]["id"], row["element"]["number"], row["element"]["title"]): [
            {"label": line["label"]} | _value(line, row["answers"].get(line["key"], ""), by_hand) for line in asked
        ]
        for row in section["instances"]
    }


def _columns(asked: list[dict]) -> tuple[list[dict], list[dict], int]:
    """(columns, questions below each row, width of the first column), so that words keep room."""
    for options_apart, written_beside in ((True, True), (True, False), (False, True), (False, False)):
        beside = [line for line in asked if written_beside or line["kind"] not in _WRITTEN]
        columns = [_column(line, options_apart=options_apart) for line in beside]
        first = 93 - sum(column["width"] * (len(column["options"]) or 1) for column in columns)
        if first >= FIRST_COLUMN:
            break
    return columns, [line for line in asked if line not in beside], max(first, FIRST_COLUMN)


def _column(line: dict, *, options_apart: bool) -> dict[str, Any]:
    options = _tick_options(line)
    if line["kind"] == LineKind.CHECKS and options_apart:
        options = [(option, option) for option in line["options"]]
    if options:
        width = TICK if len(options) == 2 and line["kind"] != LineKind.CHECKS else OPTION
    else:
        width = WRITTEN if line["kind"] in (*_WRITTEN, LineKind.CHECKS) else SHORT
    return {"line": line, "label": line["label"], "options": options, "width": width}


def _cells(line: dict, answers: dict, column: dict) -> Iterable[dict]:
    value = answers.get(line["key"], "")
    if column["options"]:
        ticked = value if isinstance(value, list) else [value]
        yield from ({"mark": True, "on": key in ticked} for key, _label in column["options"])
    else:
        yield {"mark": False} | _value(line, value, False)
