"""What stands in a page that a content security policy has to do with."""

from html.parser import HTMLParser


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.scripts: list[dict[str, str | None]] = []
        self.inline: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        words = dict(attrs)
        if tag == "script":
            self.scripts.append(words)
        runs = (
            tag == "script"
            and not words.get("src")
            and words.get("type") not in ("application/json", "application/ld+json")
        )
        if runs or tag == "style":
            self.inline.append(f"<{tag}>")
        self.inline += [
            f"<{tag} {name}>" for name, value in attrs if value and name.startswith("on") and name.isalpha()
        ]
        self.inline += [f"<{tag} {name}>" for name, value in attrs if (value or "").lower().startswith("javascript:")]


def scripts_of(page: str) -> list[dict[str, str | None]]:
    """The attributes of each <script>."""
    return _Reader(page).scripts


def inline_of(page: str) -> list[str]:
    """Scripts, handlers and style sheets that stand in the page itself."""
    return _Reader(page).inline
