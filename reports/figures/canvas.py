"""What all figures share: one template, one palette, one way to place words and marks.

A figure is a Plotly figure designed at its printed size, with no margin: axes and words share one drawing area, whose
vertical axis counts pixels (96 to the inch) downwards. The horizontal axes carry the data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

import plotly.graph_objects as go

MM = 96 / 25.4
"""Pixels in a millimetre."""
WIDE_MM = 174.0
"""The text width of an A4 page with 18 mm margins."""
NARROW_MM = 90.0
"""The text width of a phone."""

FAMILY = "Inter, Noto Sans, sans-serif"
INK, MUTED, FAINT, MIDDLE = "#1d2733", "#56636f", "#dfe5ea", "#a7b2bd"
LOW, MID, HIGH = "#c9652f", "#87929e", "#175d78"
GREY, PAPER, WASH = "#8e99a4", "#fffffe", "#f3f6f8"
PALETTE: Mapping[str, str] = {
    "ink": INK,
    "muted": MUTED,
    "faint": FAINT,
    "middle": MIDDLE,
    "low": LOW,
    "mid": MID,
    "high": HIGH,
    "grey": GREY,
    "paper": PAPER,
    "wash": WASH,
}
"""Colours by their role. Pages map each onto a style variable, so that a figure follows a dark page."""

LABEL, SMALL, TINY = 12.0, 10.5, 9.5
LINE = 1.3
"""Height of a line of text, as a multiple of its size."""

MEAN, UNCERTAIN = "diamond", "x"
"""The mark of a mean, and of one that speaks for no group because views split or few answered: grey tells it too."""

TEMPLATE = go.layout.Template(
    layout={
        "font": {"family": FAMILY, "size": LABEL, "color": INK},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "showlegend": False,
        "hovermode": "closest",
        "dragmode": False,
        "bargap": 0,
        # Each aspect's bars are a trace of their own; side by side they would leave their places on the scale.
        "barmode": "overlay",
        "xaxis": {
            "showgrid": True,
            "gridcolor": FAINT,
            "gridwidth": 1,
            "zeroline": False,
            "showline": False,
            "ticks": "",
            "tickfont": {"size": SMALL, "color": MUTED},
            "fixedrange": True,
        },
        "yaxis": {"visible": False, "fixedrange": True, "zeroline": False, "showgrid": False},
    }
)


@dataclass(frozen=True)
class Drawn:
    """A figure with what a reader who cannot see it is told, and its printed size."""

    traces: Sequence[Mapping[str, Any]]
    layout: Mapping[str, Any]
    """Beside the template that all figures share."""
    alt: str
    width_mm: float
    height_mm: float

    @cached_property
    def figure(self) -> go.Figure:
        """The Plotly figure. Checking every attribute takes long, so it is made when somebody needs it."""
        return go.Figure(data=self.traces, layout={"template": TEMPLATE, **self.layout})

    @property
    def plain(self) -> dict[str, Any]:
        """What the figure's JSON holds, for `svg.draw`, which refuses what it does not know."""
        return {"data": self.traces, "layout": {"template": _template(), **self.layout}}


@cache
def _template() -> dict[str, Any]:
    plain: dict[str, Any] = TEMPLATE.to_plotly_json()
    return plain


@dataclass
class Canvas:
    """A figure in the making. All places are pixels from the upper left, but for the data on a scale's own axis."""

    width: float
    height: float
    traces: list[dict[str, Any]] = field(default_factory=list)
    shapes: list[dict[str, Any]] = field(default_factory=list)
    annotations: list[dict[str, Any]] = field(default_factory=list)
    axes: dict[str, dict[str, Any]] = field(default_factory=dict)

    def scale(
        self,
        number: int,
        left: float,
        right: float,
        values: tuple[float, float],
        ticks: Sequence[int],
        labels: Sequence[str] | None = None,
        **more: Any,
    ) -> str:
        """Lay a horizontal axis between two places and return its name for traces: x, x2, …"""
        suffix = "" if number == 1 else str(number)
        self.axes[f"xaxis{suffix}"] = {
            "domain": [left / self.width, right / self.width],
            "range": list(values),
            "tickvals": list(ticks),
            "ticktext": list(labels) if labels is not None else [str(tick) for tick in ticks],
            **more,
        }
        return f"x{suffix}"

    def words(
        self,
        text: str | Sequence[str],
        x: float,
        y: float,
        *,
        size: float = LABEL,
        color: str = INK,
        anchor: str = "left",
        vertical: str = "top",
        weight: int = 400,
    ) -> None:
        """Write one or more lines of plain text at a place; what could be read as markup is escaped."""
        lines = [text] if isinstance(text, str) else list(text)
        escaped = [line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for line in lines]
        self.annotations.append(
            {
                "text": "<br>".join(escaped),
                "x": x / self.width,
                "y": 1 - y / self.height,
                "xref": "paper",
                "yref": "paper",
                "xanchor": anchor,
                "yanchor": vertical,
                "align": anchor,
                "showarrow": False,
                "borderpad": 0,
                "font": {"size": size, "color": color, "weight": weight},
            }
        )

    def marks(
        self,
        x: Sequence[float],
        y: Sequence[float],
        *,
        axis: str = "x",
        symbol: str = "square",
        size: float = 8,
        color: str | Sequence[str] = INK,
        edge: str | None = None,
        edge_width: float = 0,
        hover: Sequence[str] | None = None,
        name: str = "",
    ) -> None:
        """Place marks at values of a scale and heights in pixels."""
        self.traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": name,
                "x": list(x),
                "y": list(y),
                "xaxis": axis,
                "yaxis": "y",
                "marker": {
                    "symbol": symbol,
                    "size": size,
                    "opacity": 1,
                    "color": color if isinstance(color, str) else list(color),
                    "line": {"color": edge or INK, "width": edge_width},
                },
                "cliponaxis": False,
                **_hover(hover),
            }
        )

    def line(
        self,
        x: Sequence[float],
        y: Sequence[float],
        *,
        axis: str = "x",
        color: str = INK,
        width: float = 1.5,
        dash: str = "solid",
        name: str = "",
    ) -> None:
        """Draw a line through values of a scale and heights in pixels."""
        self.traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": name,
                "x": list(x),
                "y": list(y),
                "xaxis": axis,
                "yaxis": "y",
                "line": {"color": color, "width": width, "dash": dash},
                "cliponaxis": False,
                **_hover(None),
            }
        )

    def bars(
        self,
        x: Sequence[float],
        heights: Sequence[float],
        base: float,
        *,
        axis: str = "x",
        width: float,
        color: Sequence[str],
        hover: Sequence[str] | None = None,
        name: str = "",
    ) -> None:
        """Stand bars of heights in pixels on a base line."""
        self.traces.append(
            {
                "type": "bar",
                "name": name,
                "x": list(x),
                "y": [-height for height in heights],
                "base": [base] * len(heights),
                "width": [width] * len(heights),
                "xaxis": axis,
                "yaxis": "y",
                "marker": {"color": list(color), "line": {"width": 0}},
                **_hover(hover),
            }
        )

    def box(self, x0: float, y0: float, x1: float, y1: float, color: str) -> None:
        """Fill a rectangle behind everything else."""
        place = {"x0": x0 / self.width, "x1": x1 / self.width, "y0": 1 - y0 / self.height, "y1": 1 - y1 / self.height}
        ref = {"xref": "paper", "yref": "paper"}
        self.shapes.append({"type": "rect", **place, **ref, "fillcolor": color, "line": {"width": 0}, "layer": "below"})

    def rule(self, x0: float, y0: float, x1: float, y1: float, color: str, width: float = 1) -> None:
        """Draw a straight line behind everything else."""
        place = {"x0": x0 / self.width, "x1": x1 / self.width, "y0": 1 - y0 / self.height, "y1": 1 - y1 / self.height}
        ref = {"xref": "paper", "yref": "paper"}
        self.shapes.append({"type": "line", **place, **ref, "line": {"color": color, "width": width}, "layer": "below"})

    def finish(self, alt: str, top: float = 0, bottom: float | None = None) -> Drawn:
        """Return the figure; the grid of its scales runs between top and bottom."""
        bottom = self.height if bottom is None else bottom
        y = {"domain": [1 - bottom / self.height, 1 - top / self.height], "range": [bottom, top]}
        layout = {
            "width": round(self.width, 2),
            "height": round(self.height, 2),
            **self.axes,
            "yaxis": y,
            "shapes": self.shapes,
            "annotations": self.annotations,
        }
        return Drawn(self.traces, layout, alt, self.width / MM, self.height / MM)


def _hover(texts: Sequence[str] | None) -> dict[str, Any]:
    return {"hoverinfo": "skip"} if texts is None else {"hoverinfo": "text", "hovertext": list(texts)}
