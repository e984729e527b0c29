"""Drawings by graphviz, kept as SVG together with the fingerprint of what they were drawn from.

So a drawing is known to be stale without drawing it again: graphviz is needed by whoever changes one, by nobody else.
"""

import hashlib
import html
import re
import shutil
import subprocess

FONT = "Helvetica,Arial,sans-serif"


class NoGraphviz(Exception):
    """The program `dot` is not on this machine."""


def escaped(text: object) -> str:
    return html.escape(str(text), quote=True)


def fingerprint(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()


def is_fresh(svg: str, source: str) -> bool:
    return f"<!-- source {fingerprint(source)} -->" in svg


def svg_of(source: str) -> str:
    """What `dot` draws, on white (dark screens), without its remarks about who drew it and when."""
    if shutil.which("dot") is None:
        raise NoGraphviz
    drawn = subprocess.run(["dot", "-Tsvg"], input=source, capture_output=True, text=True, check=True).stdout  # noqa: S607
    drawn = re.sub(r"<!--.*?-->\n?|<title>.*?</title>\n?|<\?xml.*?\?>\n?|<!DOCTYPE.*?>\n?", "", drawn, flags=re.DOTALL)
    return f"<!-- source {fingerprint(source)} -->\n{drawn}"
