"""Documents as one self-contained HTML page: figures are SVG at once and become interactive where they may."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Literal

import plotly.io
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reports import svg
from reports.blocks import Chart, Document
from reports.figures import PALETTE, Drawn
from reports.languages import Foreign, Language, install, language

HERE = Path(__file__).parent
ROLES = {color: role for role, color in PALETTE.items()}
"""The class by which a page's style sheet paints a colour of a figure anew."""


def render(document: Document, *, script: Literal["inline", "none"] | str = "none", nonce: str = "") -> str:
    """Return the document as an HTML page that needs nothing else.

    script says where plotly.js comes from: "none" leaves the figures still, "inline" puts the installed package's copy
    into the page, anything else is the address to load it from. nonce marks styles and scripts for a content policy.
    """
    plotly_js = Markup(_plotly_js()) if script == "inline" else ""  # noqa: S704 - the installed package's own file
    return page(
        document,
        "screen.html",
        styles=("report.css", "screen.css"),
        drawn=_inline,
        script=script,
        plotly_js=plotly_js,
        upgrade=_upgrade() if script != "none" else "",
        data=lambda drawn: Markup(_json(drawn)),  # noqa: S704 - escaped there
        nonce=nonce,
    )


def embed(chart: Chart, code: str, *, script: str = "none") -> Markup:
    """Return one figure for a page that is not a report: still at once, and interactive where it may.

    :param code: the language of the page.
    :param script: the address of plotly.js, or "none" for a figure that stays still.
    """
    html = (
        _environment(code)
        .get_template("embedded.html")
        .render(
            it=chart,
            drawn=_inline,
            script=script,
            upgrade=_upgrade() if script != "none" else "",
            data=lambda drawn: Markup(_json(drawn)),  # noqa: S704 - escaped there
        )
    )
    return Markup(html)  # noqa: S704 - our own template, which escapes


def page(
    document: Document,
    template: str,
    *,
    styles: tuple[str, ...],
    drawn: Callable[[Chart, Drawn, str], Markup],
    **values: object,
) -> str:
    """Fill a template with a document; `drawn` puts a figure in its place."""
    spoken = language(document.language)
    environment = _environment(document.language)
    css = Markup("\n".join(_read(f"static/{name}") for name in styles))  # noqa: S704 - our own files
    return environment.get_template(template).render(
        document=document, css=css, drawn=drawn, roles=PALETTE, spoken=spoken, **values
    )


@cache
def _environment(code: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        finalize=_together,
    )
    # An attribute has no room for markup.
    environment.filters["plain"] = str

    def current() -> Language:
        return language(code)

    install(environment, current)
    return environment


def _together(value: object) -> object:
    """Keep a number and its per cent sign on one line, and say where words are in another language; markup stays."""
    if type(value) not in (str, Foreign):
        return value
    text = re.sub(r"(?<=\d) (?=%)", "\u00a0", str(value))
    return Markup('<span lang="{}">{}</span>').format(value.code, text) if isinstance(value, Foreign) else text


def _inline(chart: Chart, drawn: Drawn, shape: str) -> Markup:
    name = f"{chart.name}-{shape}"
    picture = svg.draw(drawn.plain, title=chart.title, description=drawn.alt, name=name, roles=ROLES)
    return Markup(picture)  # noqa: S704 - every text in it is escaped by the writer


def _json(drawn: Drawn) -> str:
    """Return a figure as JSON that cannot end the script element it stands in."""
    text: str = plotly.io.to_json(drawn.figure, engine="json")
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


@cache
def _upgrade() -> Markup:
    return Markup(_read("static/figures.js").replace("PALETTE", json.dumps(PALETTE)))  # noqa: S704 - our own file


@cache
def _plotly_js() -> str:
    from plotly.offline import get_plotlyjs

    text: str = get_plotlyjs()
    return text.replace("</script", "<\\/script")


@cache
def _read(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")
