"""The figures of all reports: Plotly figures at their printed size, made of released values only.

Each builder returns `Drawn`: the figure, its alternative text and its size in millimetres. `narrow` asks for the shape
that fits a phone.
"""

from __future__ import annotations

from reports.figures.accumulation import accumulation
from reports.figures.aspects import MOST_SQUARES, aspects
from reports.figures.canvas import PALETTE, TEMPLATE, Drawn
from reports.figures.change import since_last_time, trend
from reports.figures.choices import choice
from reports.figures.funnels import funnels
from reports.figures.health import health
from reports.figures.ladders import ladders
from reports.figures.participation import participation
from reports.figures.roles import roles
from reports.figures.strips import rungs, strips

__all__ = [
    "MOST_SQUARES",
    "PALETTE",
    "TEMPLATE",
    "Drawn",
    "accumulation",
    "aspects",
    "choice",
    "funnels",
    "health",
    "ladders",
    "participation",
    "roles",
    "rungs",
    "since_last_time",
    "strips",
    "trend",
]
