"""A small writer that draws a Plotly figure's own data as SVG, without a browser.

It knows the traces and attributes that our figures use and refuses every other, so that what the PDF shows never
silently differs from the interactive figure. The bytes are the same for the same figure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

import plotly.graph_objects as go

from reports.right_to_left import as_seen
from reports.symbols import CORNERS

LINE = 1.3
"""Plotly's own line height, as a multiple of the letter size."""
BASELINE = 1.0
"""How far below the top of its line a letter's foot stands, as a multiple of its size."""

TICK = 1.0
"""Pixels between the end of an axis and the top of its labels."""

_TRACE = {"type", "mode", "name", "x", "y", "xaxis", "yaxis", "marker", "line", "cliponaxis", "hoverinfo", "hovertext"}
_BAR = {"type", "name", "x", "y", "base", "width", "xaxis", "yaxis", "marker", "hoverinfo", "hovertext"}
_MARKER = {"symbol", "size", "color", "line", "opacity"}
_LINE = {"color", "width", "dash"}
_SHAPE = {"type", "x0", "x1", "y0", "y1", "xref", "yref", "fillcolor", "line", "layer"}
_WORDS = {"text", "x", "y", "xref", "yref", "xanchor", "yanchor", "align", "showarrow", "borderpad", "font"}
_FONT = {"family", "size", "color", "weight"}
_AXIS = {
    *("domain", "range", "tickvals", "ticktext", "tickfont", "showgrid", "gridcolor", "gridwidth", "zeroline"),
    *("showline", "ticks", "visible", "fixedrange"),
}
_LAYOUT = {
    *("template", "width", "height", "shapes", "annotations", "font", "paper_bgcolor", "plot_bgcolor", "margin"),
    *("showlegend", "hovermode", "dragmode", "bargap", "barmode"),
}
_DASHES = {"solid": "", "dot": "1.5 3", "dash": "5 4"}


class UnknownTrace(ValueError):
    """A kind of trace, shape or mark that this writer does not draw."""


class UnknownAttribute(ValueError):
    """An attribute whose effect this writer does not know."""


def draw(
    figure: go.Figure | Mapping[str, Any],
    *,
    title: str = "",
    description: str = "",
    name: str = "figure",
    roles: Mapping[str, str] | None = None,
    is_printed: bool = False,
) -> str:
    """Return the figure, or its JSON, as an SVG document of its own width and height.

    Title and description are for readers who cannot see it; name makes their ids unique in a page; roles names a
    class for a colour, by which a page's style sheet may paint it anew (`fill-ink`, `stroke-ink`). A printed one has
    right-to-left words as they are seen, because WeasyPrint sets letter by letter.

    :raise UnknownTrace: for a trace, shape or symbol that is not drawn here.
    :raise UnknownAttribute: for an attribute that is not drawn here.
    """
    plain = figure if isinstance(figure, Mapping) else figure.to_plotly_json()
    return _Writer(plain, roles or {}, as_seen if is_printed else str).document(title, description, name)


def number(value: float) -> str:
    """Write a coordinate with at most two decimals, always the same way."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _only(part: str, given: Mapping[str, Any], known: set[str]) -> None:
    for attribute in given:
        if attribute not in known:
            raise UnknownAttribute(f"{part}: the SVG writer does not know {attribute!r}; teach it or leave it out")


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        merged[key] = _merged(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return merged


class _Writer:
    def __init__(self, figure: Mapping[str, Any], roles: Mapping[str, str], spell: Callable[[str], str]) -> None:
        given = figure["layout"]
        template = given.get("template", {}).get("layout", {})
        axes = {key for key in given if re.fullmatch(r"[xy]axis\d*", key)}
        _only("layout", {key: None for key in given if key not in axes}, _LAYOUT)
        self.layout = _merged({k: v for k, v in template.items() if k not in ("xaxis", "yaxis")}, given)
        self.axes: dict[str, dict[str, Any]] = {}
        for key in sorted(axes, key=lambda key: (key[0], int(key[5:] or 1))):
            _only(key, given[key], _AXIS)
            self.axes[key[0] + key[5:]] = _merged(template.get(f"{key[0]}axis", {}), given[key])
        self.traces: Sequence[Mapping[str, Any]] = figure["data"]
        self.width, self.height = float(self.layout["width"]), float(self.layout["height"])
        self.roles, self.spell = roles, spell
        self.parts: list[str] = []

    def document(self, title: str, description: str, name: str) -> str:
        for shape in self.layout.get("shapes", ()):
            self.shape(shape)
        for axis in self.axes:
            if axis[0] == "x":
                self.axis(axis)
        for trace in self.traces:
            kind = trace.get("type")
            if kind == "scatter":
                self.scatter(trace)
            elif kind == "bar":
                self.bar(trace)
            else:
                raise UnknownTrace(f"trace {kind!r}: the SVG writer draws scatter and bar only")
        for annotation in self.layout.get("annotations", ()):
            self.words(annotation)
        told = f'<title id="{name}-title">{escape(title)}</title>' if title else ""
        labelled = f' aria-labelledby="{name}-title"' if title else ""
        if description:
            told += f'<desc id="{name}-desc">{escape(description)}</desc>'
            labelled += f' aria-describedby="{name}-desc"'
        size = f'width="{number(self.width)}" height="{number(self.height)}"'
        box = f'viewBox="0 0 {number(self.width)} {number(self.height)}"'
        font = escape(self.layout["font"]["family"], quote=True)
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box} role="img"{labelled} font-family="{font}">'
        return head + told + "".join(self.parts) + "</svg>"

    def paint(self, fill: str | None = None, stroke: str | None = None) -> str:
        """Return the attributes that fill and stroke in these colours."""
        used = [(role, value) for role, value in (("fill", fill), ("stroke", stroke)) if value is not None]
        classes = " ".join(f"{role}-{self.roles[value]}" for role, value in used if value in self.roles)
        attributes = " ".join(f'{role}="{escape(value, quote=True)}"' for role, value in used)
        return f'class="{classes}" {attributes}' if classes else attributes

    def place(self, axis: str, value: float) -> float:
        """Return where a value of an axis lies, in pixels."""
        layout = self.axes[axis]
        (d0, d1), (r0, r1) = layout["domain"], layout["range"]
        part = d0 + (value - r0) / (r1 - r0) * (d1 - d0)
        return float(part * self.width) if axis[0] == "x" else float((1 - part) * self.height)

    def at(self, ref: str, value: float, direction: str) -> float:
        if ref == "paper":
            return value * self.width if direction == "x" else (1 - value) * self.height
        return self.place(ref, value)

    def axis(self, name: str) -> None:
        layout = self.axes[name]
        if layout.get("visible") is False:
            return
        y0, y1 = (1 - part for part in self.axes["y"]["domain"])
        bottom, top = y0 * self.height, y1 * self.height
        font = _merged(self.layout["font"], layout.get("tickfont", {}))
        _only("tickfont", font, _FONT)
        for value, label in zip(layout["tickvals"], layout["ticktext"], strict=True):
            x = number(self.place(name, value))
            if layout.get("showgrid"):
                stroke, width = self.paint(stroke=layout["gridcolor"]), number(layout["gridwidth"])
                line = f'x1="{x}" x2="{x}" y1="{number(top)}" y2="{number(bottom)}"'
                self.parts.append(f'<line {line} {stroke} stroke-width="{width}"/>')
            self.text([label], float(x), bottom + TICK, font, "middle")

    def scatter(self, trace: Mapping[str, Any]) -> None:
        _only("scatter", trace, _TRACE)
        xs = [self.place(trace["xaxis"], value) for value in trace["x"]]
        ys = [self.place(trace["yaxis"], value) for value in trace["y"]]
        if trace["mode"] not in ("markers", "lines"):
            raise UnknownAttribute(f"scatter.mode: {trace['mode']!r} is not drawn; use markers or lines")
        if trace["mode"] == "lines":
            line = trace["line"]
            _only("scatter.line", line, _LINE)
            path = "M" + "L".join(f"{number(x)} {number(y)}" for x, y in zip(xs, ys, strict=True))
            dash = _DASHES.get(line.get("dash", "solid"))
            if dash is None:
                raise UnknownAttribute(f"line.dash: {line['dash']!r} is not drawn; use {', '.join(_DASHES)}")
            more = f' stroke-dasharray="{dash}"' if dash else ""
            stroke = self.paint(stroke=line["color"])
            self.parts.append(f'<path d="{path}" fill="none" {stroke} stroke-width="{number(line["width"])}"{more}/>')
            return
        self.markers(trace["marker"], xs, ys)

    def markers(self, marker: Mapping[str, Any], xs: Sequence[float], ys: Sequence[float]) -> None:
        _only("marker", marker, _MARKER)
        line = marker.get("line", {})
        _only("marker.line", line, _LINE)
        given = marker["color"]
        colors = [given] * len(xs) if isinstance(given, str) else list(given)
        radius = marker["size"] / 2
        # Marks of one colour share one path: fewer nodes are drawn much faster, and the order of colours is kept.
        for color in dict.fromkeys(colors):
            path = "".join(
                _mark(marker.get("symbol", "circle"), x, y, radius)
                for x, y, own in zip(xs, ys, colors, strict=True)
                if own == color
            )
            if line.get("width"):
                edge = f'{self.paint(color, line["color"])} stroke-width="{number(line["width"])}"'
            else:
                edge = self.paint(color)
            self.parts.append(f'<path d="{path}" {edge}/>')

    def bar(self, trace: Mapping[str, Any]) -> None:
        _only("bar", trace, _BAR)
        _only("marker", trace["marker"], _MARKER)
        rows = zip(trace["x"], trace["y"], trace["base"], trace["width"], trace["marker"]["color"], strict=True)
        for x, y, base, width, color in rows:
            x0, x1 = sorted(self.place(trace["xaxis"], x + side * width / 2) for side in (-1, 1))
            y0, y1 = sorted((self.place(trace["yaxis"], base), self.place(trace["yaxis"], base + y)))
            self.rectangle(x0, y0, x1, y1, color)

    def rectangle(self, x0: float, y0: float, x1: float, y1: float, color: str) -> None:
        box = f'x="{number(x0)}" y="{number(y0)}" width="{number(x1 - x0)}" height="{number(y1 - y0)}"'
        self.parts.append(f"<rect {box} {self.paint(color)}/>")

    def shape(self, shape: Mapping[str, Any]) -> None:
        _only("shape", shape, _SHAPE)
        x0, x1 = (self.at(shape["xref"], shape[end], "x") for end in ("x0", "x1"))
        y0, y1 = (self.at(shape["yref"], shape[end], "y") for end in ("y0", "y1"))
        line = shape.get("line", {})
        _only("shape.line", line, _LINE)
        if shape["type"] == "rect":
            self.rectangle(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1), shape["fillcolor"])
        elif shape["type"] == "line":
            ends = f'x1="{number(x0)}" y1="{number(y0)}" x2="{number(x1)}" y2="{number(y1)}"'
            stroke = self.paint(stroke=line["color"])
            self.parts.append(f'<line {ends} {stroke} stroke-width="{number(line["width"])}"/>')
        else:
            raise UnknownTrace(f"shape {shape['type']!r}: the SVG writer draws rect and line only")

    def words(self, words: Mapping[str, Any]) -> None:
        _only("annotation", words, _WORDS)
        if words.get("showarrow") is not False:
            raise UnknownAttribute("annotation.showarrow: arrows are not drawn; set it to False")
        font = _merged(self.layout["font"], words.get("font", {}))
        _only("annotation.font", font, _FONT)
        lines = re.split(r"<br\s*/?>", words["text"])
        if any("<" in line for line in lines):
            raise UnknownAttribute(f"annotation.text: {words['text']!r} has markup other than <br>")
        block = len(lines) * font["size"] * LINE
        share = {"top": 0.0, "middle": 0.5, "bottom": 1.0}[words["yanchor"]]
        x, y = self.at(words["xref"], words["x"], "x"), self.at(words["yref"], words["y"], "y") - share * block
        anchor = {"left": "start", "center": "middle", "right": "end"}[words["xanchor"]]
        self.text([_unescaped(line) for line in lines], x, y, font, anchor)

    def text(self, lines: Sequence[str], x: float, top: float, font: Mapping[str, Any], anchor: str) -> None:
        """Write lines of text below each other, the first one's line box beginning at top."""
        size = font["size"]
        attributes = f'font-size="{number(size)}" {self.paint(font["color"])}'
        if font.get("weight", 400) != 400:
            attributes += f' font-weight="{font["weight"]}"'
        if anchor != "start":
            attributes += f' text-anchor="{anchor}"'
        for index, line in enumerate(lines):
            y = top + size * (BASELINE + index * LINE)
            told = escape(self.spell(line), quote=False)
            self.parts.append(f'<text x="{number(x)}" y="{number(y)}" {attributes}>{told}</text>')


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _mark(symbol: str, x: float, y: float, radius: float) -> str:
    """Return the path of one mark, of the shape that Plotly gives its symbols."""
    r = radius
    if symbol == "square":
        return f"M{number(x - r)} {number(y - r)}h{number(2 * r)}v{number(2 * r)}h{number(-2 * r)}z"
    if symbol == "circle":
        arc = f"a{number(r)} {number(r)} 0 1 1 "
        return f"M{number(x - r)} {number(y)}{arc}{number(2 * r)} 0{arc}{number(-2 * r)} 0z"
    if symbol in CORNERS:
        return (
            "M" + "L".join(f"{number(x + r * across)} {number(y + r * down)}" for across, down in CORNERS[symbol]) + "z"
        )
    if symbol == "line-ns":
        return f"M{number(x)} {number(y - r * 1.4)}V{number(y + r * 1.4)}"
    if symbol == "line-ew":
        return f"M{number(x - r * 1.4)} {number(y)}H{number(x + r * 1.4)}"
    raise UnknownTrace(f"symbol {symbol!r}: the SVG writer does not draw it")
