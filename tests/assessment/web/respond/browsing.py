"""A browser without scripts: reads a page's form as it would be sent, and knows what the page loads."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Page:
    """What a page holds for somebody who uses it."""

    fields: dict[str, str] = field(default_factory=dict)
    offered: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)
    legends: int = 0
    tags: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    text: str = ""

    def filled(self, to: str, **values: str) -> dict[str, str]:
        """The body that pressing the button `to` sends, with these radios chosen."""
        return self.fields | values | {"to": to}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        page = self.page
        page.tags.add(tag)
        page.attributes.update(given)
        page.legends += tag == "legend"
        page.addresses += [given[name] for name in ("href", "src", "action", "formaction") if name in given]
        if tag in {"link", "img", "script", "iframe", "object", "source", "video", "audio"}:
            page.loaded += [given[name] for name in ("href", "src", "data") if name in given]
        if tag == "button":
            page.buttons.append((given.get("name", ""), given.get("value", "")))
        if tag == "input" and given.get("type") == "radio":
            page.offered.setdefault(given["name"], []).append(given["value"])
            if "checked" in given:
                page.fields[given["name"]] = given["value"]
        elif tag == "input" and given.get("type") == "hidden":
            page.fields[given["name"]] = given["value"]

    def handle_data(self, data: str) -> None:
        self.page.text += data


def read(html: str) -> Page:
    """Read a page."""
    reader = _Reader()
    reader.feed(html)
    reader.page.text = " ".join(reader.page.text.split())
    return reader.page
